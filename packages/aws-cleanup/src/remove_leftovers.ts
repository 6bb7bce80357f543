import { messageOf, StepError } from "@keyspaces-segmentation/common";
import { type Leftovers, rowOf } from "./find_leftovers.js";
import { holderOf } from "./last_reads.js";
import type { Leftover, Row } from "./rows.js";
import { withStatement } from "./statements.js";

/** The rows of what was found, as they are before anything is removed. */
export const plannedRows = ({ active, goes, stays }: Pick<Leftovers, "active" | "goes" | "stays">): Row[] => [
  ...goes.map((each) => rowOf(each, { active, goes: true, outcome: "would be removed" })),
  ...stays,
];

/**
 * Removes what was found, in its order. What cannot be removed does not keep the rest from it, and is there the next time: nothing is
 * noted anywhere but in the account itself.
 *
 * @param options.policies folder with the policies, to name the statement that a refused permission is in
 * @returns the same rows as without removing, with what became of each
 */
export async function removeLeftovers(
  { active, goes, stays }: Pick<Leftovers, "active" | "goes" | "stays">,
  { policies }: { policies: string },
): Promise<Row[]> {
  const rows: Row[] = [];
  const failed: Leftover[] = [];
  for (const each of goes) {
    const isOfTableThatStays = holderOf(failed, each) !== undefined;
    const row = isOfTableThatStays
      ? rowOf(each, { active, goes: false, outcome: "stays: its table could not be removed" })
      : await removeOne(each, active, policies);
    if (row.failed) failed.push(each);
    rows.push(row);
  }
  return [...rows, ...stays];
}

async function removeOne(each: Leftover, active: Leftovers["active"], policies: string): Promise<Row> {
  try {
    return rowOf(each, { active, goes: true, outcome: (await each.remove()) ?? "removed" });
  } catch (error) {
    const tried = `remove ${each.what}`;
    const failure = error instanceof StepError ? error : new StepError({ tried, got: messageOf(error), cause: error });
    const { message, hint = "" } = withStatement(failure, policies);
    return rowOf(each, { active, goes: true, outcome: `${message} ${hint}`.trim(), failed: true });
  }
}
