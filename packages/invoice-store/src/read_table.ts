import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import type { RegistryLocation } from "@keyspaces-segmentation/cluster-store";
import { formatNumber, formatPlural, messageOf, StepError } from "@keyspaces-segmentation/common";
import { type KeptSums, type RetailFold, type SumsBasis, sumsBasis, sumsOn } from "@keyspaces-segmentation/invoices";
import type { ScanOptions, TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";
import { lookAtTable } from "./known_table.js";
import { keepRead, lastRead, type ReadState, stateOf } from "./last_read.js";
import { journalOf, type LoadJournal } from "./load_journal.js";
import { hasRow, type Load } from "./loads.js";
import { listedInvoices } from "./new_invoices.js";
import { type CustomerScan, scanCustomers, scanInvoices } from "./read_invoices.js";

/** What a table was found to hold, and how it was read. */
export interface TableRead extends CustomerScan {
  /** Invoices that were read one by one, all else being taken from the last read; null where the whole table was read. */
  readonly newInvoices: number | null;
  /** Why the whole table was read, in a clause; null where it was the first time, or asked for. */
  readonly whyWhole: string | null;
  /** Why there is no cut, in a sentence; null where there is one. */
  readonly whyNoCut: string | null;
  /** Why nothing is kept for the next read, in a clause; null where it is, or where that was not asked for. */
  readonly whyNotKept: string | null;
  /** In sentences, where the files of the table alone would have had other rules, or a load has not come to its end. */
  readonly conflicts: readonly string[];
}

export interface TableReadOptions extends ScanOptions {
  /** `changed`: only what loads since the last read have brought, as far as that gives the same; `full`: every row. */
  readonly read: "changed" | "full";
  /** Whether what is read is kept for the next read. */
  readonly keep: boolean;
  /** Whether an earlier run may have read the table. */
  readonly isContinued: boolean;
  /** YYYY-MM-DD; lines behind it are left out; null: all count. */
  readonly analysisDate: string | null;
  /** What a read of a table of so many rows takes, in read units. */
  readonly unitsOfScan: (rows: number) => number;
  /** Told how many rows the table has, as far as is known, before all of it is read; what it throws is thrown. */
  readonly beginWholeRead?: (rows: number) => void;
}

/** Invoices that are read one by one, on top of what the last read came to. */
interface Plan {
  readonly from: KeptSums;
  readonly invoices: readonly string[];
}

/**
 * Reads a table of invoice lines as `readCustomers` does, or, with the same result, only the invoices that loads since the last read
 * have brought: sums of customers and ledger add up over invoice numbers, as long as no number has rows of both. Whatever does not add
 * up, or is not known for sure, is a reason to read the whole table: a load that added lines to an invoice which was there, one that was
 * interrupted, other rules, an analysis date that has not only moved on or had lines behind it, a damaged record of the last read.
 *
 * The cut is that of the last read, as long as it has not moved: what came before it is not known anew.
 *
 * Rows that other software writes to the table are seen by a read of the whole table only.
 *
 * @param where the table, and where the last read is kept
 * @throws as `readCustomers`; StepError when S3 does not answer, or the load of a file into the table has stopped half way
 */
export async function readTable(
  client: Client,
  aws: AwsSession,
  where: RegistryLocation,
  {
    read,
    keep,
    isContinued,
    analysisDate,
    unitsOfScan,
    beginWholeRead = () => undefined,
    ...options
  }: TableReadOptions,
): Promise<TableRead> {
  const { signal } = options;
  const name = { keyspace: where.keyspace, table: where.table };
  const { journal, rows, conflicts, cut, until, rules } = await lookAtTable(client, name, { analysisDate });
  const known = { journal, basis: sumsBasis(rules, until), unitsOfScan, signal };
  const plan = read === "full" || !isContinued ? null : await planOf(client, aws, where, known);
  const isWhole = plan === null || typeof plan === "string";
  if (isWhole) beginWholeRead(rows);
  const { fold, report } = isWhole
    ? await scanCustomers(client, name, { ...options, cut, until, rules })
    : await scanInvoices(client, name, plan.invoices, {
        ...options,
        until,
        rules,
        from: plan.from,
        cut: plan.from.cut === (cut?.toISOString() ?? null) ? cut : null,
      });
  const totals = fold.totals();
  const whyNotKept = keep ? await kept(client, aws, where, { journal, fold, signal }) : null;
  return {
    ...totals,
    ...report,
    whyNotKept,
    conflicts,
    newInvoices: isWhole ? null : plan.invoices.length,
    whyWhole: typeof plan === "string" ? plan : null,
    whyNoCut:
      isWhole || totals.cut !== null
        ? null
        : 'Only what changed was read, and a backtest needs the invoices before its cut: the parameter `read: "full"` reads them all.',
  };
}

/** What to read; a clause where the whole table has to be read, with the reason. */
async function planOf(
  client: Client,
  aws: AwsSession,
  where: RegistryLocation,
  {
    journal,
    basis,
    unitsOfScan,
    signal,
  }: { journal: LoadJournal; basis: SumsBasis; signal: AbortSignal | undefined } & Pick<
    TableReadOptions,
    "unitsOfScan"
  >,
): Promise<Plan | string> {
  const now = stateOf(journal);
  if (now === null) {
    const begun = journal.open.find(({ hasFailed }) => !hasFailed);
    return `a load of ${begun?.uri} has begun and is not done`;
  }
  const last = await lastRead(aws, where, { signal });
  if (last === null) return "nothing is kept of an earlier read";
  if (last instanceof Error) return `what was kept of the last read cannot be used (${messageOf(last).slice(0, 200)})`;
  if (journal.loads.length === 0) return "no load into it is on record";
  const from = sumsOn(basis, last.sums);
  if (typeof from === "string") return from;
  const added = loadsSince(last.state, now, journal.loads);
  if (typeof added === "string") return added;
  if (last.witness === null) return "the last read has found no row by which the table could be known again";
  if (!(await hasRow(client, where, { invoice: last.witness, signal }))) return "rows of the last read are gone";
  const brought = added.reduce((sum, load) => sum + (load.brought ?? 0), 0);
  const rows = from.lines + added.reduce((sum, { stored }) => sum + stored, 0);
  if (brought > unitsOfScan(rows))
    return `${formatPlural(brought, "invoice")} came in since the last read, and one by one they take more than all ${formatNumber(rows)} rows together`;
  const invoices: string[] = [];
  for (const load of added) {
    const ofLoad = await listedInvoices(client, where, load, load.brought ?? 0, { signal });
    if (ofLoad.length !== load.brought) return `the list of the invoices in ${load.uri} is not complete`;
    for (const invoice of ofLoad) invoices.push(invoice);
  }
  if (new Set(invoices).size !== invoices.length) return "two loads say of the same invoice that they have brought it";
  return { from, invoices };
}

/** The loads since the last read, which have only brought invoices that the table had no rows of; else what speaks against it. */
function loadsSince(last: ReadState, now: ReadState, loads: readonly Load[]): Load[] | string {
  if (last.failed.join() !== now.failed.join()) return "a load has failed since the last read, or was done again";
  const before = new Map(last.loads.map(({ fingerprint, loadedAt }) => [fingerprint, loadedAt]));
  const added: Load[] = [];
  for (const load of loads) {
    const loadedAt = before.get(load.fingerprint);
    before.delete(load.fingerprint);
    if (loadedAt === load.loadedAt.toISOString()) continue;
    if (loadedAt !== undefined) return `${load.uri} was written again since the last read`;
    const { invoices, further } = load.overlap;
    if (further.lines > 0)
      return `${load.uri} added ${formatPlural(further.lines, "line")} to invoices that were there (it has ${formatPlural(invoices, "invoice")} of the table)`;
    if (load.brought === null) return `it is not on record which invoices ${load.uri} has brought`;
    added.push(load);
  }
  return before.size > 0 ? "a file that was read last time is not on record any more" : added;
}

/**
 * An invoice by which a table is known again, as it may be dropped and made anew behind the record's back: the first that is there of those
 * that files begin and end with; null where none is.
 */
async function witnessOf(
  client: Client,
  name: TableName,
  loads: readonly Load[],
  signal: AbortSignal | undefined,
): Promise<string | null> {
  for (const { firstInvoiceNumber, lastInvoiceNumber } of loads)
    for (const invoice of [firstInvoiceNumber, lastInvoiceNumber])
      if (invoice !== null && (await hasRow(client, name, { invoice, signal }))) return invoice;
  return null;
}

/** Keeps what was read, if nothing has been written meanwhile; a clause where it is not kept. */
async function kept(
  client: Client,
  aws: AwsSession,
  where: RegistryLocation,
  { journal, fold, signal }: { journal: LoadJournal; fold: RetailFold; signal: AbortSignal | undefined },
): Promise<string | null> {
  const [before, after] = [stateOf(journal), stateOf(await journalOf(client, where))];
  if (before === null || after === null) return "a load is under way, or was killed";
  if (JSON.stringify(before) !== JSON.stringify(after)) return "the loads on record have changed while it was read";
  try {
    const witness = await witnessOf(client, where, journal.loads, signal);
    await keepRead(aws, where, { state: before, witness }, fold.records(), { signal });
    return null;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof StepError)) throw error;
    // What was read is as good.
    return messageOf(error);
  }
}
