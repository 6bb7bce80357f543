import { AsyncLocalStorage } from "node:async_hooks";
import vm from "node:vm";
import { TestEnvironment } from "jest-environment-node";
import { compiledOnce } from "./compiled_once.js";
import { storagesOfSuite } from "./storages_of_suite.js";

vm.compileFunction = compiledOnce(vm.compileFunction);
const endStorages = storagesOfSuite(AsyncLocalStorage);

/**
 * Jest's environment for Node, with a global object of its own that is a plain one. That of Jest is a proxy behind interceptors, and
 * each `Math`, `Number` or `Map` in a loop goes through both: k-means then takes up to eight times as long.
 */
export default class PlainEnvironment extends TestEnvironment {
  constructor(...given: ConstructorParameters<typeof TestEnvironment>) {
    const { createContext } = vm;
    vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
    try {
      super(...given);
    } finally {
      vm.createContext = createContext;
    }
  }

  override async teardown(): Promise<void> {
    endStorages();
    await super.teardown();
  }
}
