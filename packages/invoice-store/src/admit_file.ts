import { formatNumber, StepError } from "@keyspaces-segmentation/common";
import type { InvoiceFile, ReadingRow } from "@keyspaces-segmentation/invoice-files";
import type { TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";
import { CURRENCY } from "./ingest_invoices.js";
import {
  forget,
  hasUnknownRows,
  type JournalOfFile,
  journalOf,
  type LoadJournal,
  type OpenLoad,
  ofFile,
} from "./load_journal.js";
import { hasAnyRow, type Load, leftOf } from "./loads.js";

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
  /** Whether the table has rows of which no load is on record. */
  readonly isBesideUnknown: boolean;
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
  const { journal, isBesideUnknown } = await journalOfRows(client, name, uri);
  const { own, others } = ofFile(journal, fingerprint);
  const what = { uri, name };
  const [load] = own.loads;
  const left = load === undefined ? "nothing" : await leftOf(client, name, load);
  refuseOtherReading({ loads: left === "nothing" ? [] : own.loads, open: own.open }, data.rows, what);
  refuseOtherCurrency(others, data, what);
  refuseBesideStopped(others.loads, what);
  return { own, others, earlier: left === "all" ? load! : null, isBesideUnknown };
}

/**
 * What is known of the loads that a table may have rows of. Where it has none, whatever is over is forgotten now: once the table has rows
 * of others, a load that has failed before its first row could not be told from one that has not, nor the table from one that was dropped.
 *
 * @throws StepError when a request fails for good
 */
async function journalOfRows(
  client: Client,
  name: TableName,
  uri: string,
): Promise<{ journal: LoadJournal; isBesideUnknown: boolean }> {
  const journal = await journalOf(client, name);
  if (await hasAnyRow(client, name, { before: `${uri} is loaded` })) {
    // Whoever has brought them meanwhile is on record by now.
    const known = hasUnknownRows(journal) ? await journalOf(client, name) : journal;
    return { journal: known, isBesideUnknown: hasUnknownRows(known) };
  }
  const open = journal.open.filter(({ hasFailed }) => !hasFailed);
  // One that is under way may be put on record at any moment, in place of the one that is there of its file.
  const loads = open.length === 0 ? [] : journal.loads;
  const isOver = (of: Load | OpenLoad) => ![...loads, ...open].includes(of);
  await forget(client, name, { loads: journal.loads.filter(isOver), open: journal.open.filter(isOver) });
  return { journal: { loads, open }, isBesideUnknown: false };
}

/** A load, and how its file was read. */
interface KnownReading {
  readonly uri: string;
  readonly reading: readonly ReadingRow[];
  readonly state: "is done" | "has begun" | "has failed";
}

const readingsOf = ({ loads, open }: LoadJournal): KnownReading[] => [
  // Where no line was stored, none is there twice.
  ...loads.filter(({ stored }) => stored > 0).map(({ uri, reading }) => ({ uri, reading, state: "is done" as const })),
  ...open.map(({ uri, reading, hasFailed }) => {
    return { uri, reading, state: hasFailed ? ("has failed" as const) : ("has begun" as const) };
  }),
];

/** Lines that are read otherwise than before are not the rows that they were, and would come in beside them. @throws StepError */
function refuseOtherReading(
  own: LoadJournal,
  rows: readonly ReadingRow[],
  { uri, name }: { uri: string; name: TableName },
): void {
  for (const { reading, state } of readingsOf(own)) {
    // Not noted with every load.
    if (reading.length === 0) continue;
    const [before, now] = [reading, rows].map((of) => new Map(of.map(({ what, readAs }) => [what, readAs])));
    const decisions = [...new Set([...now!.keys(), ...before!.keys()])].filter((what) => what !== CURRENCY);
    const differing = decisions.find((what) => before!.get(what) !== now!.get(what));
    if (differing === undefined) continue;
    const difference = `${differing}: ${before!.get(differing) ?? "–"}, and now ${now!.get(differing) ?? "–"}`;
    const found =
      state === "is done"
        ? "this very file is in the table and was read otherwise"
        : `a load of this very file ${state} that has read it otherwise`;
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
  for (const { uri: other, reading, state } of readingsOf(others)) {
    const theirs: string = reading.find(({ what }) => what === CURRENCY)?.readAs ?? currency;
    if (theirs === currency) continue;
    const whose = state === "is done" ? "which is in the table" : `whose load ${state}`;
    throw new StepError({
      tried: `load ${uri} into ${name.keyspace}.${name.table}`,
      got: `its amounts are in ${currency}, and those of ${other}, ${whose}, in ${theirs}: they cannot be added up`,
      hint: "Name another `keyspace` or `table`, or set the parameter `currency` if the file is misread.",
    });
  }
}

/** What a load that has stopped half way has brought may be misread. @throws StepError */
function refuseBesideStopped(others: readonly Load[], { uri, name }: { uri: string; name: TableName }): void {
  const first = others.find((load) => load.stopped !== null);
  if (first === undefined) return;
  throw new StepError({
    tried: `load ${uri} into ${name.keyspace}.${name.table}`,
    got: `the load of ${first.uri} has stopped half way (${first.stopped}), and what its first ${formatNumber(first.lines)} lines have brought is in the table`,
    hint: "Name another `keyspace` or `table`, or drop this one.",
  });
}
