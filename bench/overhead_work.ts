import { retailTable } from "@keyspaces-segmentation/invoices";
import { insertInto, qualified, type TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import { type Client, types } from "cassandra-driver";

/** What is done in turns through the gateway and straight to Cassandra: prepared statements, as many in flight as a bulk program has. */

/** One invoice a batch. */
const BATCH_ROWS = 20;
const IN_FLIGHT = 60;
/** Of a scan. */
const RANGES = 8;
const PAGE_ROWS = 2000;
const FIRST_INVOICE = 489_434;

export interface Work {
  readonly name: string;
  /** @returns how many rows went through */
  run(client: Client): Promise<number>;
}

/** A load of so many rows, and then reading them: every invoice by its key, and all of the table page by page. */
export function workOn(table: TableName, rows: number): readonly Work[] {
  return [
    { name: "load", run: (client) => load(client, table, rows) },
    { name: "reads", run: (client) => readInvoices(client, table, rows) },
    { name: "pages", run: (client) => readPages(client, table) },
  ];
}

/** Makes the calls of 0, 1, … some at a time, as long as they are below `count`. */
async function inFlight(count: number, atOnce: number, call: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < count) await call(next++);
    }),
  );
}

async function load(client: Client, table: TableName, rows: number): Promise<number> {
  const query = insertInto(table, retailTable);
  const price = types.BigDecimal.fromString("2.95");
  const date = new Date("2009-12-01T07:45:00Z");
  const batchOf = (invoice: number) =>
    Array.from({ length: BATCH_ROWS }, (_, line) => ({
      query,
      params: [
        ...[`${FIRST_INVOICE + invoice}`, `${85_048 + line}`, 1, "15CM CHRISTMAS GLASS BALL 20 LIGHTS"],
        ...[types.BigDecimal.fromString("12"), date, price, "13085", "United Kingdom"],
      ],
    }));
  await inFlight(rows / BATCH_ROWS, IN_FLIGHT, async (invoice) => {
    await client.batch(batchOf(invoice), { prepare: true, logged: false });
  });
  return rows;
}

async function readInvoices(client: Client, table: TableName, rows: number): Promise<number> {
  const query = `SELECT * FROM ${qualified(table)} WHERE invoice = ?`;
  let read = 0;
  await inFlight(rows / BATCH_ROWS, IN_FLIGHT, async (invoice) => {
    const { rowLength } = await client.execute(query, [`${FIRST_INVOICE + invoice}`], { prepare: true });
    read += rowLength;
  });
  return read;
}

async function readPages(client: Client, table: TableName): Promise<number> {
  const query = `SELECT * FROM ${qualified(table)} WHERE token(invoice) > ? AND token(invoice) <= ?`;
  const bound = (range: number) =>
    types.Long.fromString(String(BigInt.asIntN(64, (2n ** 64n / BigInt(RANGES)) * BigInt(range) - 2n ** 63n)));
  let read = 0;
  await inFlight(RANGES, RANGES, async (range) => {
    const last = range === RANGES - 1 ? types.Long.MAX_VALUE : bound(range + 1);
    let pageState: string | undefined;
    do {
      const options = { prepare: true, fetchSize: PAGE_ROWS, ...(pageState !== undefined && { pageState }) };
      const page = await client.execute(query, [bound(range), last], options);
      read += page.rowLength;
      pageState = page.pageState ?? undefined;
    } while (pageState !== undefined);
  });
  return read;
}
