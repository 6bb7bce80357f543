import { readFileSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, extname } from "node:path";
import vm from "node:vm";
import Runtime from "jest-runtime";
import { sandboxContext, sandboxProcess } from "./plain_environment.js";

const PARAMETERS = ["module", "exports", "require", "__dirname", "__filename"];
/** Tests, and what supports them, are evaluated for each suite: they keep state of their own. */
const isTest = (path: string): boolean => /\/dist\/(packages\/[^/]+\/)?test\//.test(path);

const loaded = new Map<string, { exports: unknown }>();

function evaluate(path: string, module: { exports: unknown }): void {
  const nodes = createRequire(path);
  const requireShared = (name: string): unknown => {
    if (!isBuiltin(name)) return load(nodes.resolve(name));
    return name === "process" || name === "node:process" ? sandboxProcess() : nodes(name);
  };
  const properties = { resolve: nodes.resolve, cache: nodes.cache, main: nodes.main, extensions: nodes.extensions };
  const code = vm.compileFunction(readFileSync(path, "utf8").replace(/^#!.*/, ""), PARAMETERS, {
    filename: path,
    parsingContext: sandboxContext(),
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const given = Object.assign(requireShared, properties);
  code.call(module.exports, module, module.exports, given, dirname(path), path);
}

/** The exports of a module that all suites of this worker share. */
function load(path: string): unknown {
  const known = loaded.get(path);
  if (known) return known.exports;
  if (extname(path) === ".node") return require(path);
  const module = { exports: {} as unknown, id: path, filename: path };
  loaded.set(path, module);
  try {
    if (extname(path) === ".json") module.exports = JSON.parse(readFileSync(path, "utf8"));
    else evaluate(path, module);
  } catch (error) {
    loaded.delete(path);
    throw error;
  }
  return module.exports;
}

const resolved = new Map<string, string>();

/** Where Node finds a module, or undefined where it finds none. */
function resolve(from: string, name: string): string | undefined {
  const key = `${from}\0${name}`;
  if (!resolved.has(key))
    try {
      resolved.set(key, createRequire(from).resolve(name));
    } catch {
      return undefined;
    }
  return resolved.get(key);
}

/**
 * Jest's module loader, which evaluates what tests import once for all suites of a worker, as Node does in one process, instead of
 * anew for each of them. Tests and their support are evaluated for each suite, and so is everything inside `jest.isolateModules`.
 */
export default class SharedModules extends Runtime {
  #isolated = false;

  override requireModuleOrMock<T = unknown>(from: string, name: string): T {
    if (this.#isolated || isBuiltin(name) || name.startsWith("@jest/")) return super.requireModuleOrMock(from, name);
    const path = resolve(from, name);
    if (path === undefined || isTest(path)) return super.requireModuleOrMock(from, name);
    return load(path) as T;
  }

  override isolateModules(run: () => void): void {
    this.#isolated = true;
    try {
      super.isolateModules(run);
    } finally {
      this.#isolated = false;
    }
  }
}
