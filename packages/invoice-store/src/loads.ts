import type { ReadingRow } from "@keyspaces-segmentation/invoice-files";
import type { FileLedger } from "@keyspaces-segmentation/invoices";
import { noEvidence, noExtremes, noOverlap, type Overlap, rulesOf } from "@keyspaces-segmentation/invoices";
import {
  type BoundStatement,
  createTable,
  hasOwnTable,
  insertInto,
  keyspacesFailure,
  type NewTableOptions,
  qualified,
  readRows,
  type SchemaOptions,
  type TableDefinition,
  type TableName,
  withRetries,
} from "@keyspaces-segmentation/keyspaces-bulk";
import { type Client, types } from "cassandra-driver";

/** A file that was loaded into a table, to its end or to where it stopped. */
export interface Load {
  /** SHA-256 of the file. */
  fingerprint: string;
  uri: string;
  loadedAt: Date;
  lines: number;
  stored: number;
  /** Lines that did not become rows, those that the service refused among them. */
  rejected: number;
  refused: number;
  /** Σ quantity × price of the file's lines, exact decimal text. */
  amount: string;
  /** Of the lines that are rows, in the order of the file; null where none is. */
  firstInvoiceNumber: string | null;
  lastInvoiceNumber: string | null;
  /** Every line of the file with its money. */
  file: FileLedger;
  /** What the table had of it before. */
  overlap: Overlap;
  /** How it was read; none where that was not noted. */
  reading: readonly ReadingRow[];
  /** Why the file ended its load before its end; null where it did not. */
  stopped: string | null;
  /** How many invoices it brought that the table had no rows of, see `listInvoices`; null where they are not listed. */
  brought: number | null;
  /** Whether it has met rows in the table of which no load was on record. */
  isBesideUnknown: boolean;
}

/** The files that were loaded into a table, by their fingerprint. */
export const loadsTable: TableDefinition = {
  columns: {
    data_table: "text",
    fingerprint: "text",
    uri: "text",
    loaded_at: "timestamp",
    lines: "int",
    stored: "int",
    rejected: "int",
    refused: "int",
    amount: "decimal",
    first_invoice: "text",
    last_invoice: "text",
    account: "text",
  },
  primaryKey: "data_table, fingerprint",
};

export const loadsIn = ({ keyspace }: TableName): TableName => ({ keyspace, table: "loads" });

/** What was recorded of a file; records may be older than some of its properties. */
type RecordedLedger = Omit<FileLedger, keyof typeof unrecorded> &
  Partial<Pick<FileLedger, keyof typeof unrecorded>> & {
    overlap?: Overlap;
    reading?: ReadingRow[];
    stopped?: string | null;
    brought?: number | null;
    isBesideUnknown?: boolean;
    /** Of versions that may list too little, as they do not see other attempts at the file. */
    listedInvoices?: unknown;
  };

const unrecorded = { repeated: { lines: 0, amount: "0" }, rules: rulesOf(noEvidence), extremes: noExtremes };

export function loadOf(row: types.Row): Load {
  const account = JSON.parse(row.account) as RecordedLedger;
  const {
    overlap = noOverlap,
    reading = [],
    stopped = null,
    brought = null,
    isBesideUnknown = false,
    listedInvoices: _,
    ...ledger
  } = account;
  const file = { ...unrecorded, ...ledger };
  return {
    fingerprint: row.fingerprint,
    uri: row.uri,
    loadedAt: row.loaded_at,
    lines: row.lines,
    stored: row.stored,
    rejected: row.rejected,
    refused: row.refused,
    amount: String(row.amount),
    firstInvoiceNumber: row.first_invoice,
    lastInvoiceNumber: row.last_invoice,
    file,
    overlap,
    reading,
    stopped,
    brought,
    isBesideUnknown,
  };
}

/** One of a load that has not come to its end counts none. */
export const isDone = (row: types.Row): boolean => row.lines !== null;

/** Creates the table of loads and waits until it can be used. @throws StepError */
export async function createLoadsTable(client: Client, name: TableName, options: NewTableOptions = {}): Promise<void> {
  await createTable(client, loadsIn(name), loadsTable, options);
}

/** Puts a load on record; one of the same file replaces what was there. @throws StepError */
export async function recordLoad(client: Client, name: TableName, load: Load): Promise<void> {
  const { firstInvoiceNumber, lastInvoiceNumber, file, overlap, reading, stopped, brought, amount, isBesideUnknown } =
    load;
  const params = [
    ...[name.table, load.fingerprint, load.uri, load.loadedAt],
    ...[load.lines, load.stored, load.rejected, load.refused],
    ...[
      types.BigDecimal.fromString(amount),
      firstInvoiceNumber,
      lastInvoiceNumber,
      JSON.stringify({ ...file, overlap, reading, brought, isBesideUnknown, ...(stopped !== null && { stopped }) }),
    ],
  ];
  await writeLoads(client, name, { query: insertInto(loadsIn(name), loadsTable), params });
}

/** Changes what is on record of a table's loads. @throws StepError; the signal's reason when aborted */
export async function writeLoads(
  client: Client,
  name: TableName,
  { query, params }: BoundStatement,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await withRetries(() => client.execute(query, params, { prepare: true }), { freshTableMs: 10_000, signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`record what was loaded into ${name.keyspace}.${name.table}`, error);
  }
}

/** Whether all lines of its file that can be rows are in the table. */
export const isComplete = ({ refused, stopped }: Load): boolean => refused === 0 && stopped === null;

/** Whether a table has a row; with an invoice: one of that. @throws what the service answers */
export async function hasRow(
  client: Client,
  name: TableName,
  { invoice, signal }: { invoice?: string; signal?: AbortSignal | undefined } = {},
): Promise<boolean> {
  const one = `SELECT invoice FROM ${qualified(name)}${invoice === undefined ? "" : " WHERE invoice = ?"} LIMIT 1`;
  const params = invoice === undefined ? [] : [invoice];
  return (await readRows(client, one, params, { limit: 1, freshTableMs: 10_000, signal })).length > 0;
}

/** Whether a table has a row, asked `before` what is said in a clause. @throws StepError when a request fails for good */
export const hasAnyRow = (client: Client, name: TableName, { before }: { before: string }): Promise<boolean> =>
  hasRow(client, name).catch((error: unknown) => {
    throw keyspacesFailure(`look whether ${name.keyspace}.${name.table} has rows before ${before}`, error);
  });

/**
 * What is left of a load in its table, by the first and the last invoice of its file: a table may have been dropped and made anew behind
 * the record's back. Of one that has stopped it is not known which rows are in, only whether the table has any.
 *
 * @throws StepError when a request fails for good
 */
export async function leftOf(client: Client, name: TableName, load: Load): Promise<"all" | "some" | "nothing"> {
  try {
    if (load.stopped !== null) return (await hasRow(client, name)) ? "all" : "nothing";
    const areThere: boolean[] = [];
    for (const invoice of [load.firstInvoiceNumber, load.lastInvoiceNumber])
      if (invoice !== null) areThere.push(await hasRow(client, name, { invoice }));
    if (areThere.every(Boolean)) return "all";
    return areThere.some(Boolean) ? "some" : "nothing";
  } catch (error) {
    throw keyspacesFailure(`look whether ${load.uri} is in ${name.keyspace}.${name.table} already`, error);
  }
}

/** Forgets all loads into a table that is not there. @throws StepError */
export async function forgetLoads(client: Client, name: TableName, { signal }: SchemaOptions = {}): Promise<void> {
  try {
    if (!(await hasOwnTable(client, loadsIn(name), signal))) return;
    const request = () =>
      client.execute(`DELETE FROM ${qualified(loadsIn(name))} WHERE data_table = ?`, [name.table], { prepare: true });
    await withRetries(request, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`forget what was loaded into ${name.keyspace}.${name.table}, which is gone`, error);
  }
}
