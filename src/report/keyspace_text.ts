import type { ChosenKeyspace } from "../keyspaces/choose_keyspace.js";

const listed = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

/** Which keyspace a run works in, why, and what the last step will do with it. Markdown. */
export function keyspaceText(chosen: ChosenKeyspace, { cleanUp }: { cleanUp: boolean }): string {
  const { keyspace, how, isOwn, invoices, holds, others } = chosen;
  const name = `Keyspace \`${keyspace}\``;
  const kind = invoices === "own" ? "invoices of your own" : "the sample";
  if (how === "new") {
    const next = `step 13 will leave it, for the next run on ${kind} to continue`;
    return `${name} is new; ${cleanUp ? "step 13 will drop it" : next}.`;
  }
  if (!isOwn) {
    const tables = cleanUp ? "step 13 will leave it, and drop the tables that it makes in it" : "step 13 will leave it";
    return `${name} was there already, and this walkthrough did not make it: ${tables}.`;
  }
  const why = how === "continued" ? `that an earlier run on ${kind} has kept` : "of an earlier run";
  const fate =
    holds === "own" && invoices === "sample"
      ? "leave it, as it holds invoices of your own and this run is on the sample"
      : cleanUp
        ? "drop it, with all that earlier runs have put into it"
        : "leave it";
  const rest = others.length === 0 ? "" : ` Others that were kept stay as they are: ${listed(others)}.`;
  return `${name} ${why} is **continued**: its rows count as well, and step 13 will ${fate}.${rest}`;
}
