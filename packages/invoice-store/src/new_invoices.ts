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

/** The invoices that a load has brought, which the table had no rows of before: what a read of what changed reads. */
export const invoicesOfLoadTable: TableDefinition = {
  columns: { data_table: "text", fingerprint: "text", loaded_at: "timestamp", bucket: "int", invoice: "text" },
  primaryKey: "(data_table, fingerprint, loaded_at, bucket), invoice",
};

/** A partition takes 1,000 writes a second: a second's worth. */
const invoicesPerBucket = 1000;
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

/** Batches of one bucket each, from each bucket in turn, so that those under way at one time are for several partitions. */
function* batchesOf(
  invoices: readonly string[],
  statementFor: (invoice: string, bucket: number) => BoundStatement,
): Generator<BoundStatement[]> {
  const buckets = bucketsFor(invoices.length);
  for (let round = 0; round * batchSize * buckets < invoices.length; round++) {
    for (let bucket = 0; bucket < buckets; bucket++) {
      const batch: BoundStatement[] = [];
      for (let i = 0; i < batchSize; i++) {
        const invoice = invoices[(round * batchSize + i) * buckets + bucket];
        if (invoice !== undefined) batch.push(statementFor(invoice, bucket));
      }
      if (batch.length > 0) yield batch;
    }
  }
}

/**
 * Lists the invoices that a load has brought, a row each. To be called before the load is put on record: a load without a record has no
 * list either.
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
  const batches = batchesOf([...invoices], (invoice, bucket) => {
    return { query, params: [name.table, fingerprint, loadedAt, bucket, invoice] };
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
      for (const row of rows) invoices.push(row.invoice);
    });
    return invoices;
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`read which invoices were loaded into ${name.keyspace}.${name.table}`, error);
  }
}
