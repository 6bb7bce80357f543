import { StepError } from "@keyspaces-segmentation/common";

/** What the argument at a position, or a name in it, goes by in a sentence, where it has no value; undefined where all have one. */
function missingIn(given: readonly unknown[]): string | undefined {
  for (const [at, value] of given.entries()) {
    if (value === undefined) return `its ${["first", "second", "third"][at] ?? `${at + 1}th`} argument`;
    if (value === null || Object.getPrototypeOf(value) !== Object.prototype) continue;
    const name = Object.entries(value).find(([, inside]) => inside === undefined)?.[0];
    if (name !== undefined) return `\`${name}\``;
  }
  return undefined;
}

/**
 * Functions for cells to call, which refuse an argument that has no value before anything happens: of a cell that is run once more, and
 * fails, the kernel leaves the names without their values, and later cells can use them. An argument that is left out is not one of those.
 *
 * @param namespace what the functions go by in a cell
 * @throws StepError each function does, when an argument, or something in an object among them, is undefined
 * @example export const keyspaces = forCells("keyspaces", { connect, load });
 */
export function forCells<Functions extends object>(namespace: string, functions: Functions): Functions {
  const checked = Object.entries(functions).map(([name, run]: [string, unknown]) => {
    if (typeof run !== "function") return [name, run];
    const call = (...given: unknown[]): unknown => {
      const missing = missingIn(given);
      if (missing === undefined) return run(...given);
      throw new StepError({
        tried: `run ${namespace}.${name}`,
        got: `${missing} has no value`,
        hint: "The cell that makes it has failed, was interrupted or has not run: run that to its end, then this one.",
      });
    };
    return [name, call];
  });
  return Object.fromEntries(checked) as Functions;
}
