import vm from "node:vm";
import { TestEnvironment } from "jest-environment-node";

type Given = ConstructorParameters<typeof TestEnvironment>;

type Sandbox = InstanceType<typeof TestEnvironment>;

let sandbox: Sandbox | undefined;

/** Jest's environment for Node, with a plain global object: Jest's is a proxy behind interceptors. */
function plainSandbox(given: Given): Sandbox {
  const { createContext } = vm;
  vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
  try {
    return new TestEnvironment(...given);
  } finally {
    vm.createContext = createContext;
  }
}

/** The `process` that tests and modules of this worker see. */
export const sandboxProcess = (): NodeJS.Process => sandbox?.global.process as NodeJS.Process;

/** The context in which tests and modules of this worker are evaluated. */
export const sandboxContext = (): vm.Context => sandbox?.getVmContext() as vm.Context;

/**
 * An environment that all suites of a worker share, so that modules are evaluated once a worker (`shared_modules`), and whose global
 * object is a plain one: through a proxy goes each `Math`, `Number` or `Map` in a loop, and k-means then takes up to eight times as
 * long. Each suite begins with the environment variables of the worker, real timers, and none of the mocks of the suite before.
 */
export default class PlainEnvironment {
  readonly global: Sandbox["global"];
  readonly fakeTimers: Sandbox["fakeTimers"];
  readonly fakeTimersModern: Sandbox["fakeTimersModern"];
  readonly moduleMocker: Sandbox["moduleMocker"];

  constructor(...given: Given) {
    sandbox ??= plainSandbox(given);
    this.global = sandbox.global;
    this.fakeTimers = sandbox.fakeTimers;
    this.fakeTimersModern = sandbox.fakeTimersModern;
    this.moduleMocker = sandbox.moduleMocker;
  }

  async setup(): Promise<void> {
    const { env } = sandboxProcess();
    for (const name of Object.keys(env)) if (!(name in process.env)) delete env[name];
    Object.assign(env, process.env);
  }

  async teardown(): Promise<void> {
    this.fakeTimers?.useRealTimers();
    this.fakeTimersModern?.useRealTimers();
    this.moduleMocker?.restoreAllMocks();
  }

  exportConditions(): string[] {
    return sandbox?.exportConditions() ?? [];
  }

  getVmContext(): vm.Context {
    return sandboxContext();
  }
}
