import type { CallExpression, Node, ShorthandPropertyAssignment } from "@tslab/typescript-for-tslab";
import { type CellSyntax, nodesOf } from "./cell_syntax.js";
import { ts } from "./tslab_compiler.js";

/** What the kernel knows when it comes to a cell. */
export interface Surroundings {
  /** Names that earlier cells declare or import. */
  earlier: ReadonlySet<string>;
  /** Names that later cells use. */
  later: ReadonlySet<string>;
  /** Whether the kernel sees that the cell awaits something, and so runs it as an asynchronous one. */
  runsAsync: boolean;
}

/** A way to write a cell that type-checks and then fails at run time, or does harm there: what is wrong and what to write. */
type Trap = (cell: CellSyntax, surroundings: Surroundings) => string[];

/** The kernel turns `name` of an earlier cell into `exports.name`, but not inside of `{ name }`. */
const shorthand: Trap = ({ file, checker }, { earlier }) =>
  nodesOf(file)
    .filter((node): node is ShorthandPropertyAssignment => ts.isShorthandPropertyAssignment(node))
    .filter((node) => checker.getShorthandAssignmentValueSymbol(node) === undefined && earlier.has(node.name.text))
    .map(({ name: { text } }) => `\`{ ${text} }\` of an earlier cell's ${text} fails: write \`{ ${text}: ${text} }\``);

const isAwait = (node: Node): boolean =>
  ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier !== undefined);

/** `await (…)` is a call of a function named await to the kernel, unless another await makes the cell asynchronous. */
const unseenAwait: Trap = ({ file }, { runsAsync }) => {
  const awaits = nodesOf(file, (node) => !ts.isFunctionLike(node)).filter(isAwait);
  if (runsAsync || awaits.length === 0) return [];
  const [first = ""] = awaits[0]!.getText(file).split("\n");
  return [`the kernel does not see the cell's only await, \`${first}\`: await a name or a call, \`await f()\``];
};

const lineSeparator: Trap = ({ source }) =>
  /[\u2028\u2029]/.test(source) ? ["a raw U+2028 or U+2029 ends the line for the kernel: write it as \\u2028"] : [];

const LISTENERS = new Set(["on", "once", "addListener", "prependListener", "prependOnceListener"]);

/** Node's watchdog of interrupts resets such a listener, and the next interrupt ends the kernel. */
const interruptListener: Trap = ({ file }) =>
  nodesOf(file)
    .filter((node): node is CallExpression => ts.isCallExpression(node))
    .filter(({ expression, arguments: [event] }) => {
      if (!ts.isPropertyAccessExpression(expression) || event === undefined) return false;
      const { expression: object, name } = expression;
      const listens = ts.isIdentifier(object) && object.text === "process" && LISTENERS.has(name.text);
      return listens && ts.isStringLiteralLike(event) && event.text === "SIGINT";
    })
    .map(() => "a listener for SIGINT in a cell ends the kernel at the next interrupt: use `interruptible`");

/** What the kernel gives to a cell besides Node's globals. */
const OF_THE_KERNEL = new Set(["require", "exports"]);

/** Types of the browser come in with other packages' types, so the compiler has nothing against its globals. */
const unknownName: Trap = ({ free }, { earlier }) =>
  [...free]
    .filter((name) => !earlier.has(name) && !(name in globalThis) && !OF_THE_KERNEL.has(name))
    .map((name) => `${name} is neither in an earlier cell nor in Node`);

const unusedImport: Trap = ({ imported, used }, { later }) =>
  [...imported]
    .filter((name) => !used.has(name) && !later.has(name))
    .map((name) => `the import ${name} is used in no cell`);

/** All traps of the kernel that a cell walks into. */
export function trapsIn(cell: CellSyntax, surroundings: Surroundings): string[] {
  const traps = [shorthand, unseenAwait, lineSeparator, interruptListener, unknownName, unusedImport];
  return traps.flatMap((trap) => trap(cell, surroundings));
}
