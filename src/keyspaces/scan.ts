import { type Client, types } from "cassandra-driver";
import { parseDecimal } from "../retail/decimal.js";
import type { InvoiceLine } from "../retail/parse.js";
import { forEachConcurrently } from "./concurrency.js";
import { keyspacesFailure } from "./failure.js";
import { withRetries } from "./retry.js";
import { qualified, type TableName } from "./tables.js";
import { splitTokenRing, type TokenRange } from "./token_ranges.js";

interface ScanProgress {
  lines: number;
  requests: number;
  /** Share of the token ranges that are read, 0 to 1. */
  fraction: number;
}

export interface ScanOptions {
  /** LOCAL_ONE reads cost half, and may miss what was written a moment ago. */
  consistency?: "LOCAL_QUORUM" | "LOCAL_ONE";
  onProgress?: (progress: ScanProgress) => void;
  signal?: AbortSignal;
}

export interface ScanResult {
  /** In the order of invoice, stock code, line. */
  lines: InvoiceLine[];
  requests: number;
  seconds: number;
}

const levels = { LOCAL_QUORUM: types.consistencies.localQuorum, LOCAL_ONE: types.consistencies.localOne } as const;

/** Ranges are read this many at a time; cutting the ring finer only makes progress smoother. */
const rangesAtOnce = 4;
const rangeCount = 16;

/** The only partitioner whose tokens we can cut evenly without asking. Keyspaces lets each account choose. */
async function rangesOf(client: Client): Promise<(TokenRange | null)[]> {
  const { rows } = await withRetries(() => client.execute("SELECT partitioner FROM system.local WHERE key = 'local'"));
  return String(rows[0]?.partitioner).endsWith(".Murmur3Partitioner") ? splitTokenRing(rangeCount) : [null];
}

function toInvoiceLine(row: types.Row): InvoiceLine {
  const price = parseDecimal(String(row.price));
  if (price === undefined) throw new TypeError(`price of ${row.invoice} ${row.stock_code} is ${row.price}`);
  return {
    invoice: row.invoice,
    stockCode: row.stock_code,
    line: row.line,
    description: row.description,
    quantity: row.quantity,
    invoiceDate: row.invoice_date,
    price,
    customerId: row.customer_id,
    country: row.country,
  };
}

const compare = <T>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Reads all invoice lines of a table, several token ranges at a time.
 *
 * @throws StepError when a request fails for good; the signal's reason when aborted
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/paginating-results.html
 */
export async function readInvoiceLines(
  client: Client,
  name: TableName,
  { consistency = "LOCAL_QUORUM", onProgress, signal }: ScanOptions = {},
): Promise<ScanResult> {
  const start = performance.now();
  const lines: InvoiceLine[] = [];
  let requests = 0;
  let rangesRead = 0;
  const select =
    "SELECT invoice, stock_code, line, description, quantity, invoice_date, price, customer_id, country " +
    `FROM ${qualified(name)}`;

  const readRange = async (range: TokenRange | null, share: number): Promise<void> => {
    const query = range ? `${select} WHERE token(invoice) >= ? AND token(invoice) <= ?` : select;
    const params = range ? [range.first, range.last].map((token) => types.Long.fromString(String(token))) : [];
    let pageState: string | undefined;
    do {
      const options = { consistency: levels[consistency], ...(pageState !== undefined && { pageState }) };
      const page = await withRetries(() => client.execute(query, params, options), { signal });
      requests++;
      for (const row of page.rows) lines.push(toInvoiceLine(row));
      // A page may be short or empty and still not be the last: only the paging state tells.
      pageState = page.pageState || undefined;
      if (pageState === undefined) rangesRead += share;
      onProgress?.({ lines: lines.length, requests, fraction: Math.min(1, rangesRead) });
    } while (pageState !== undefined);
  };

  try {
    const ranges = await rangesOf(client);
    await forEachConcurrently(ranges, rangesAtOnce, (range) => readRange(range, 1 / ranges.length));
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`read the table ${name.keyspace}.${name.table}`, error);
  }
  lines.sort((a, b) => compare(a.invoice, b.invoice) || compare(a.stockCode, b.stockCode) || a.line - b.line);
  return { lines, requests, seconds: (performance.now() - start) / 1000 };
}
