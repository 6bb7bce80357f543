import { messageOf, StepError } from "@keyspaces-segmentation/common";
import { type Leftovers, rowOf } from "./find_leftovers.js";
import type { Leftover, Row } from "./rows.js";
import { withStatement } from "./statements.js";
import { userOf } from "./uses.js";

/** The rows of what was found, as they are before anything is removed. */
export const plannedRows = ({ active, goes, stays }: Pick<Leftovers, "active" | "goes" | "stays">): Row[] => [
  ...goes.map((each) => rowOf(each, { active, goes: true, outcome: "would be removed" })),
  ...stays,
];

/**
 * Removes what was found, in its order. What cannot be removed keeps nothing from it but what it needs, and is there the next time: nothing
 * is noted anywhere but in the account itself.
 *
 * @param options.policies folder with the policies, to name the statement that a refused permission is in
 * @returns the same rows as without removing, with what became of each
 */
export async function removeLeftovers(
  { active, goes, stays }: Pick<Leftovers, "active" | "goes" | "stays">,
  { policies }: { policies: string },
): Promise<Row[]> {
  const rows: Row[] = [];
  const left: Leftover[] = [];
  for (const each of goes) {
    const user = userOf(left, each);
    const row = user
      ? rowOf(each, {
          active,
          goes: false,
          outcome: `stays: it is needed by ${user.what}, and that could not be removed`,
        })
      : await removeOne(each, active, policies);
    if (user !== undefined || row.failed) left.push(each);
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
