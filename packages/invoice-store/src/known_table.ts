import type { TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";
import { hasUnknownRows, journalOf, type LoadJournal } from "./load_journal.js";
import { hasAnyRow } from "./loads.js";
import { type Counting, countingOf } from "./read_invoices.js";
import { refuseStoppedLoads, unfinishedText } from "./stopped_load.js";

export const UNKNOWN_ROWS =
  "The table has rows of which no load is on record: whether their amounts are in the currency of the others, and their dates read in the same way, is not known. If in doubt, load what you have into a new `table`.";

/** What is on record of a table before it is read, and how its lines count by that. */
export interface KnownTable extends Counting {
  readonly journal: LoadJournal;
  /** As far as loads that were done have brought them. */
  readonly rows: number;
  /** In sentences, where files alone would have had other rules, a load has not come to its end, or rows are of none on record. */
  readonly conflicts: readonly string[];
}

/**
 * Looks up what a table is made of, whoever reads it then.
 *
 * @param options.analysisDate YYYY-MM-DD; null: the date of the last line
 * @throws StepError when a request fails for good, or the load of a file into the table has stopped half way
 */
export async function lookAtTable(
  client: Client,
  name: TableName,
  { analysisDate }: { analysisDate: string | null },
): Promise<KnownTable> {
  const journal = await journalOf(client, name);
  await refuseStoppedLoads(client, name, journal.loads);
  const { conflicts, cut, rules, until } = countingOf(journal.loads, { analysisDate });
  const rowsOf = ({ stored, file, overlap }: LoadJournal["loads"][number]) =>
    Math.max(0, stored - file.repeated.lines - overlap.same.lines);
  const isUnknown = hasUnknownRows(journal) && (await hasAnyRow(client, name, { before: "it is read" }));
  return {
    journal,
    rows: journal.loads.reduce((sum, load) => sum + rowsOf(load), 0),
    conflicts: [...unfinishedText(journal), ...(isUnknown ? [UNKNOWN_ROWS] : []), ...conflicts],
    cut,
    rules,
    until,
  };
}
