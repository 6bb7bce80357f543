import vm from "node:vm";
import { expect, test } from "@jest/globals";
import { compiledOnce } from "./support/compiled_once.js";

interface Counter {
  readonly next: () => number;
  readonly fail: () => never;
  readonly Array: unknown;
}

const SOURCE = `exports.fail = () => { throw new Error("as asked") };
let count = 0;
exports.next = () => ++count;
exports.Array = Array;
`;

function run(compile: typeof vm.compileFunction, source: string, parsingContext = vm.createContext()): Counter {
  const made = { exports: {} as Counter };
  const options = { filename: "/somewhere/counter.js", parsingContext };
  compile(source, ["module", "exports"], options).call(made.exports, made, made.exports);
  return made.exports;
}

test("a file that was compiled before runs anew, with a state and a global object of its own", () => {
  const compile = compiledOnce(vm.compileFunction);
  const [first, second] = [run(compile, SOURCE), run(compile, SOURCE)];
  expect([first.next(), first.next(), second.next()]).toEqual([1, 2, 1]);
  expect(first.Array).not.toBe(second.Array);
});

test("a file that has changed since is compiled again", () => {
  const compile = compiledOnce(vm.compileFunction);
  run(compile, SOURCE);
  expect(run(compile, SOURCE.replace("count = 0", "count = 10")).next()).toBe(11);
});

test.each([1, 2])("an error is told at its place in the file, in context %i", (nth) => {
  const compile = compiledOnce(vm.compileFunction);
  const { fail } = Array.from({ length: nth }, () => run(compile, SOURCE)).at(-1)!;
  const thrown = (() => {
    try {
      return fail();
    } catch (error) {
      return error as Error;
    }
  })();
  expect(thrown.stack).toContain("/somewhere/counter.js:1:30");
});

test("what is not of a file in a context is left to Node", () => {
  const compile = compiledOnce(vm.compileFunction);
  expect(compile("return a + 1", ["a"])(2)).toBe(3);
});
