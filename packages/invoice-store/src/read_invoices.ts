import { getHeapStatistics } from "node:v8";
import { ArgumentError, formatNumber, StepError } from "@keyspaces-segmentation/common";
import type { InvoiceLine } from "@keyspaces-segmentation/invoices";
import {
  combineRules,
  dayAfter,
  type FileLedger,
  type FoldedLine,
  type FoldOptions,
  foldInvoices,
  onlineRetailRules,
  quarterBefore,
  type RetailFold,
  type RetailTotals,
  roomIn,
} from "@keyspaces-segmentation/invoices";
import type { PartitionFold, RowCursor, TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import {
  type CellReader,
  decimalReader,
  readInt,
  readPartitions,
  runningTextReader,
  type ScanOptions,
  type ScanReport,
  scanTable,
  textReader,
  timestampReader,
} from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";

/** What the scan of a table of invoice lines came to. */
export interface CustomerScan extends RetailTotals, ScanReport {}

/** `line` is in the key and so decides the order in which repeats of a stock code come; its value says no more than that. */
const foldedColumns = ["invoice", "stock_code", "quantity", "invoice_date", "price", "customer_id", "country"] as const;
const allColumns = [...foldedColumns, "line", "description"] as const;

/** Reads the {@link foldedColumns} of a row; `createRetailTable` makes them, but other software may have written the row. */
function foldedLineReader(): (row: RowCursor) => FoldedLine {
  const [readInvoice, readStockCode, readCustomer, readCountry] = [
    runningTextReader(),
    textReader(),
    runningTextReader(),
    textReader(),
  ];
  const [readQuantity, readTimestamp, readPrice] = [decimalReader(), timestampReader(), decimalReader()];
  return (row) => {
    const invoice = readInvoice(row, 0) ?? "";
    const stockCode = readStockCode(row, 1) ?? "";
    const needed = <T>(read: CellReader<T>, column: number): T => {
      const value = read(row, column);
      if (value === null)
        throw new TypeError(`${foldedColumns[column]} is missing for ${stockCode} on invoice ${invoice}`);
      return value;
    };
    return {
      invoice,
      stockCode,
      quantity: needed(readQuantity, 2),
      invoiceDate: needed(readTimestamp, 3),
      price: needed(readPrice, 4),
      customerId: readCustomer(row, 5),
      country: readCountry(row, 6),
    };
  };
}

export interface CustomerScanOptions extends ScanOptions, FoldOptions {}

const roomHere = () => roomIn(getHeapStatistics().heap_size_limit);

/**
 * Reads a table of invoice lines and folds each page, as it arrives, into its customers: one pass that yields the ledger and what
 * every preparation needs. Memory grows with the customers, not with the lines. With the option `cut`, a moment, the invoices before
 * it are tallied apart as well, in the same pass; see `backtestSegments`. `rules` are those of the files that the table is made of, see
 * `combineRules`; `until` leaves out what is later.
 *
 * @throws ArgumentError when `cut` or `until` is no date
 * @throws StepError when a request fails for good, or there are more customers than there is `room` for, by default in the heap that this
 *   process may take; the signal's reason when aborted
 */
export async function readCustomers(
  client: Client,
  name: TableName,
  options: CustomerScanOptions = {},
): Promise<CustomerScan> {
  const { fold, report } = await scanCustomers(client, name, options);
  return { ...fold.totals(), ...report };
}

/** A fold that rows have gone into, and what reading them took. */
export interface FoldedScan {
  readonly fold: RetailFold;
  readonly report: ScanReport;
}

/** As {@link readCustomers}, to go on from. @throws as {@link readCustomers} */
export async function scanCustomers(
  client: Client,
  name: TableName,
  { cut = null, rules = onlineRetailRules, until = null, room = roomHere(), ...options }: CustomerScanOptions = {},
): Promise<FoldedScan> {
  const fold = foldInvoices({ cut, rules, until, room });
  return { fold, report: await scanTable(client, name, foldedColumns, rowFolds(fold), options) };
}

/**
 * Reads the rows of some invoices alone, and folds them onto what others have come to.
 *
 * @param options.from what other invoices have come to
 * @throws as {@link readCustomers}
 */
export async function scanInvoices(
  client: Client,
  name: TableName,
  invoices: readonly string[],
  { from, cut = null, rules = onlineRetailRules, until = null, room = roomHere(), ...options }: CustomerScanOptions,
): Promise<FoldedScan> {
  const fold = foldInvoices({ cut, rules, until, room, ...(from && { from }) });
  return { fold, report: await readPartitions(client, name, foldedColumns, invoices, rowFolds(fold), options) };
}

/** Makes what takes the rows of one range or partition to a fold. */
function rowFolds(fold: RetailFold): () => PartitionFold {
  const readLine = foldedLineReader();
  return () => {
    const invoices = fold.invoices();
    return { ...invoices, row: (row) => invoices.add(readLine(row)) };
  };
}

/** How the lines of a table count. */
export interface Counting extends Required<Pick<FoldOptions, "cut" | "until" | "rules">> {
  /** In sentences, where files alone would have had other rules. */
  readonly conflicts: readonly string[];
}

/**
 * How the lines of a table count that is made of these files: by the rules that fit all of them, up to the analysis date, and cut a
 * quarter before the last one that counts.
 *
 * @param options.analysisDate YYYY-MM-DD; null: the date of the last line
 */
export function countingOf(
  loads: readonly { readonly file: Pick<FileLedger, "rules" | "lastInvoice"> }[],
  { analysisDate }: { analysisDate: string | null },
): Counting {
  const { conflicts, ...rules } = combineRules(loads.map(({ file }) => file.rules));
  const until = analysisDate === null ? null : dayAfter(analysisDate);
  const lastLine = loads.map(({ file }) => file.lastInvoice ?? "").reduce((a, b) => (b > a ? b : a), "");
  const cut = quarterBefore(until !== null && lastLine > until.toISOString() ? until : lastLine);
  return { conflicts, rules, until, cut };
}

export interface LineOptions extends ScanOptions {
  /** Lines that fit into memory, about 1 KB each once they are in a DataFrame; more are refused. */
  atMost?: number;
  /** Only as many lines, the first that the table gives. */
  limit?: number;
}

export interface LineScan extends ScanReport {
  /** In the order of invoice, stock code, line. */
  lines: InvoiceLine[];
}

const manyLines = 500_000;

/**
 * Reads invoice lines, all columns: the whole table where it fits into memory, or its first lines. What customers come to
 * can be had of a table of any size; see {@link readCustomers}.
 *
 * @throws StepError when the table has more lines than fit, or a request fails for good; the signal's reason when aborted
 */
export async function readInvoiceLines(
  client: Client,
  name: TableName,
  { atMost = manyLines, limit, ...options }: LineOptions = {},
): Promise<LineScan> {
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
    throw new ArgumentError("limit", "a whole number above 0", limit);
  }
  const lines: InvoiceLine[] = [];
  const readFolded = foldedLineReader();
  const readDescription = textReader();
  const readLine = (row: RowCursor): InvoiceLine => ({
    ...readFolded(row),
    line: readInt(row, 7) ?? 1,
    description: readDescription(row, 8),
  });
  let held = 0;
  const newFold = () => {
    let ofInvoice: InvoiceLine[] = [];
    return {
      row: (row: RowCursor) => {
        ofInvoice.push(readLine(row));
        if (++held > atMost) throw tooMany(name, atMost);
      },
      end: () => {
        for (const line of ofInvoice) lines.push(line);
        ofInvoice = [];
      },
      drop: () => {
        held -= ofInvoice.length;
        ofInvoice = [];
      },
    };
  };
  const report = await scanTable(
    client,
    name,
    allColumns,
    newFold,
    limit === undefined ? options : { ...options, limit },
  );
  if (limit !== undefined) lines.splice(limit);
  lines.sort((a, b) => compare(a.invoice, b.invoice) || compare(a.stockCode, b.stockCode) || a.line - b.line);
  return { lines, ...report };
}

const compare = <T>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

function tooMany({ keyspace, table }: TableName, atMost: number): StepError {
  return new StepError({
    tried: `read the table ${keyspace}.${table} into memory`,
    got: `it has more than ${formatNumber(atMost)} lines`,
    hint:
      "readCustomers() sums up a table of any size; `limit` reads the first lines only; `atMost` sets another bound, if memory " +
      "allows; a table with the lines of one file alone comes from a `keyspace` of its own.",
  });
}
