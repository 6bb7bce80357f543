import { forEachConcurrently } from "@keyspaces-segmentation/common";
import {
  type BoundStatement,
  batchSize,
  createTable,
  insertInto,
  keyspacesFailure,
  type NewTableOptions,
  qualified,
  readRows,
  type TableDefinition,
  type TableName,
  writeBatches,
} from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";

/** The invoices that a load has brought, which the table had no rows of before, some in a row: what a read of what changed reads. */
export const invoicesOfLoadTable: TableDefinition = {
  columns: { data_table: "text", fingerprint: "text", loaded_at: "timestamp", bucket: "int", invoice: "text" },
  primaryKey: "(data_table, fingerprint, loaded_at, bucket), invoice",
};

/** So many in a partition, for lists of any length. */
const invoicesPerBucket = 1000;
/** A row with more of them in it is more than a write unit: what is in the key counts twice, and the key has a fingerprint as well. */
const ROW_BYTES = 340;
/** Between the invoices of a row. A number that has it in it makes the list longer than it should be, which is then not used. */
const SEPARATOR = "\n";
/** Partitions that are read at a time. */
const readsAtOnce = 8;

const listIn = ({ keyspace }: TableName): TableName => ({ keyspace, table: "invoices_of_load" });

/** A load on record, and how many invoices are listed of it. */
interface ListedLoad {
  readonly fingerprint: string;
  readonly loadedAt: Date;
}

/** Creates the table of lists and waits until it can be used. @throws StepError */
export async function createInvoicesOfLoadTable(
  client: Client,
  name: TableName,
  options: NewTableOptions = {},
): Promise<void> {
  await createTable(client, listIn(name), invoicesOfLoadTable, options);
}

const bucketsFor = (invoices: number): number => Math.max(1, Math.ceil(invoices / invoicesPerBucket));

/** What the rows of a bucket hold: as many invoices each as a write unit has room for, or one. */
function* rowsOf(invoices: readonly string[]): Generator<string> {
  let row = "";
  for (const invoice of invoices) {
    const more = row === "" ? invoice : row + SEPARATOR + invoice;
    if (row !== "" && Buffer.byteLength(more) > ROW_BYTES) {
      yield row;
      row = invoice;
    } else row = more;
  }
  if (row !== "") yield row;
}

/** Batches of one bucket each. */
function* batchesOf(
  invoices: readonly string[],
  statementFor: (row: string, bucket: number) => BoundStatement,
): Generator<BoundStatement[]> {
  for (let bucket = 0; bucket < bucketsFor(invoices.length); bucket++) {
    const from = bucket * invoicesPerBucket;
    const rows = [...rowsOf(invoices.slice(from, from + invoicesPerBucket))];
    for (let at = 0; at < rows.length; at += batchSize)
      yield rows.slice(at, at + batchSize).map((row) => statementFor(row, bucket));
  }
}

/**
 * Lists the invoices that a load has brought. To be called before the load is put on record: a load without a record has no list either.
 *
 * @returns whether they are listed: the rows of the load are in, and what is missing here only has the whole table read
 * @throws the signal's reason when aborted
 */
export async function listInvoices(
  client: Client,
  name: TableName,
  { fingerprint, loadedAt }: ListedLoad,
  invoices: ReadonlySet<string>,
  { maxRowsPerSecond, signal }: { maxRowsPerSecond: number; signal?: AbortSignal | undefined },
): Promise<boolean> {
  const query = insertInto(listIn(name), invoicesOfLoadTable);
  const batches = batchesOf([...invoices], (row, bucket) => {
    return { query, params: [name.table, fingerprint, loadedAt, bucket, row] };
  });
  try {
    await writeBatches(client, batches, { maxRowsPerSecond, giveUpAfterMs: 120_000, signal });
    return true;
  } catch {
    signal?.throwIfAborted();
    // Such as for an invoice number that is too long for this table, whose limit is a lower one.
    return false;
  }
}

/**
 * The invoices that a load has brought, in no order.
 *
 * @param count how many were listed
 * @throws StepError when a request fails for good; the signal's reason when aborted
 */
export async function listedInvoices(
  client: Client,
  name: TableName,
  { fingerprint, loadedAt }: ListedLoad,
  count: number,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<string[]> {
  const of = "data_table = ? AND fingerprint = ? AND loaded_at = ? AND bucket = ?";
  const query = `SELECT invoice FROM ${qualified(listIn(name))} WHERE ${of}`;
  const buckets = count === 0 ? [] : Array.from({ length: bucketsFor(count) }, (_, bucket) => bucket);
  const invoices: string[] = [];
  try {
    await forEachConcurrently(buckets, readsAtOnce, async (bucket) => {
      const rows = await readRows(client, query, [name.table, fingerprint, loadedAt, bucket], { signal });
      for (const { invoice } of rows) for (const each of String(invoice).split(SEPARATOR)) invoices.push(each);
    });
    return invoices;
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`read which invoices were loaded into ${name.keyspace}.${name.table}`, error);
  }
}
