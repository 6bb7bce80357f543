import type { ChosenKeyspace } from "./choose_keyspace.js";

/** Which keyspace a run works in, why, and what the last step will do with it. */
export function keyspaceText(chosen: ChosenKeyspace, { cleanUp }: { cleanUp: boolean }): string {
  const { keyspace, how, isOwn, invoices, holds, others, ofOthers } = chosen;
  const name = `Keyspace ${keyspace}`;
  const kind = invoices === "own" ? "invoices of your own" : "the sample";
  const theirs =
    ofOthers.length === 0
      ? ""
      : ` Others in this account have kept ${ofOthers.join(", ")}; if one is yours, name it in the parameter keyspace.`;
  if (how === "new") {
    return `${name} is new; step 9 will ${cleanUp ? "drop it" : "leave it, for later runs to continue"}.${theirs}`;
  }
  if (!isOwn) {
    const tables = cleanUp ? "step 9 will leave it, and drop the tables that it makes in it" : "step 9 will leave it";
    return `${name} was there already, and this walkthrough did not make it: ${tables}.`;
  }
  const why = how === "continued" ? `that an earlier run on ${kind} has kept` : "of an earlier run";
  const fate =
    holds === "own" && invoices === "sample"
      ? "leave it, as it holds invoices of your own and this run is on the sample"
      : cleanUp
        ? "drop it, with all that earlier runs have put into it"
        : "leave it";
  const rest = others.length === 0 ? "" : ` Others that were kept stay as they are: ${others.join(", ")}.`;
  return `${name} ${why} is continued: its rows count as well, and step 9 will ${fate}.${rest}${theirs}`;
}
