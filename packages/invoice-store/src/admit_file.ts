import { formatNumber, StepError } from "@keyspaces-segmentation/common";
import type { InvoiceFile, ReadingRow } from "@keyspaces-segmentation/invoice-files";
import { keyspacesFailure, type TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";
import { CURRENCY } from "./ingest_invoices.js";
import {
  forgetDoneLoads,
  type JournalOfFile,
  journalOf,
  type LoadJournal,
  type OpenLoad,
  ofFile,
} from "./load_journal.js";
import { hasRow, type Load, leftOf } from "./loads.js";

/** A file that is to go into a table. */
export interface Candidate {
  readonly fingerprint: string;
  readonly uri: string;
  readonly data: Pick<InvoiceFile, "rows" | "currency">;
}

/** What is known of a table's loads where it takes a file. */
export interface Admission extends JournalOfFile {
  /** The load of this very file whose rows are in the table; null where there is none. */
  readonly earlier: Load | null;
}

/**
 * Looks whether a table takes a file beside what is in it: loads that were done, and those that have begun and whose rows may be in.
 *
 * @throws StepError where this file was read otherwise, others are in another currency, or the load of another has stopped half way;
 *   when a request fails for good
 */
export async function admitFile(
  client: Client,
  name: TableName,
  { fingerprint, uri, data }: Candidate,
): Promise<Admission> {
  const journal = await journalOf(client, name);
  const { own, others } = ofFile(journal, fingerprint);
  const what = { uri, name };
  // Attempts that have failed write nothing more.
  const hasNoRow = journal.open.some((open) => open.hasFailed) && !(await hasAnyRow(client, name, uri));
  const written = (open: readonly OpenLoad[]) => open.filter(({ hasFailed }) => !(hasFailed && hasNoRow));
  const [load] = own.loads;
  const left = load === undefined ? "nothing" : await leftOf(client, name, load);
  refuseOtherReading({ loads: left === "nothing" ? [] : own.loads, open: written(own.open) }, data.rows, what);
  refuseOtherCurrency({ loads: others.loads, open: written(others.open) }, data, what);
  await refuseBesideStopped(client, others.loads, what);
  return { own, others, earlier: left === "all" ? load! : null };
}

/** @throws StepError when a request fails for good */
const hasAnyRow = (client: Client, name: TableName, uri: string): Promise<boolean> =>
  hasRow(client, name).catch((error: unknown) => {
    throw keyspacesFailure(`look whether ${name.keyspace}.${name.table} has rows before ${uri} is loaded`, error);
  });

/** A load, and how its file was read. */
interface KnownReading {
  readonly uri: string;
  readonly reading: readonly ReadingRow[];
  readonly isDone: boolean;
}

const readingsOf = ({ loads, open }: LoadJournal): KnownReading[] => [
  // Where no line was stored, none is there twice.
  ...loads.filter(({ stored }) => stored > 0).map(({ uri, reading }) => ({ uri, reading, isDone: true })),
  ...open.map(({ uri, reading }) => ({ uri, reading, isDone: false })),
];

/** Lines that are read otherwise than before are not the rows that they were, and would come in beside them. @throws StepError */
function refuseOtherReading(
  own: LoadJournal,
  rows: readonly ReadingRow[],
  { uri, name }: { uri: string; name: TableName },
): void {
  for (const { reading, isDone } of readingsOf(own)) {
    // Not noted with every load.
    if (reading.length === 0) continue;
    const [before, now] = [reading, rows].map((of) => new Map(of.map(({ what, readAs }) => [what, readAs])));
    const decisions = [...new Set([...now!.keys(), ...before!.keys()])].filter((what) => what !== CURRENCY);
    const differing = decisions.find((what) => before!.get(what) !== now!.get(what));
    if (differing === undefined) continue;
    const difference = `${differing}: ${before!.get(differing) ?? "–"}, and now ${now!.get(differing) ?? "–"}`;
    const found = isDone
      ? "this very file is in the table and was read otherwise"
      : "a load of this very file has begun that has read it otherwise";
    throw new StepError({
      tried: `load ${uri} into ${name.keyspace}.${name.table}`,
      got: `${found} (${difference}), so its lines would be there twice`,
      hint: "Set the parameters as they were, or another `keyspace` or `table`.",
    });
  }
}

/** Amounts of two currencies cannot be added up. @throws StepError */
function refuseOtherCurrency(
  others: LoadJournal,
  { currency }: Candidate["data"],
  { uri, name }: { uri: string; name: TableName },
): void {
  if (currency === null) return;
  for (const { uri: other, reading, isDone } of readingsOf(others)) {
    const theirs: string = reading.find(({ what }) => what === CURRENCY)?.readAs ?? currency;
    if (theirs === currency) continue;
    throw new StepError({
      tried: `load ${uri} into ${name.keyspace}.${name.table}`,
      got: `its amounts are in ${currency}, and those of ${other}, ${isDone ? "which is in the table" : "whose load has begun"}, in ${theirs}: they cannot be added up`,
      hint: "Name another `keyspace` or `table`, or set the parameter `currency` if the file is misread.",
    });
  }
}

/** What a load that has stopped half way has brought may be misread. @throws StepError */
async function refuseBesideStopped(
  client: Client,
  others: readonly Load[],
  { uri, name }: { uri: string; name: TableName },
): Promise<void> {
  const stopped = others.filter((load) => load.stopped !== null);
  const [first] = stopped;
  if (first === undefined) return;
  // Before the table has rows of others, by which it could not be told from the one that was dropped.
  if ((await leftOf(client, name, first)) === "nothing") return forgetDoneLoads(client, name, stopped);
  throw new StepError({
    tried: `load ${uri} into ${name.keyspace}.${name.table}`,
    got: `the load of ${first.uri} has stopped half way (${first.stopped}), and what its first ${formatNumber(first.lines)} lines have brought is in the table`,
    hint: "Name another `keyspace` or `table`, or drop this one.",
  });
}
