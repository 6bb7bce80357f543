import { dirname } from "node:path";
import { aloneIn, StepError } from "@keyspaces-segmentation/common";
import { type FileNotes, type InvoiceFile, UnreadableError } from "@keyspaces-segmentation/invoice-files";
import {
  createFileLedger,
  createLineMatcher,
  type FileLedger,
  isOverlapState,
  type LineMatcher,
  noOverlap,
  type Overlap,
  type ParsedChunk,
  type ReadInvoice,
  retailTable,
} from "@keyspaces-segmentation/invoices";
import {
  type IngestOptions,
  type IngestReport,
  ingestFile,
  type KeyspacesClient,
  qualified,
  readRows,
  type TableName,
} from "@keyspaces-segmentation/keyspaces-bulk";
import { StoppedLoadError } from "./stopped_load.js";

/** The decision that words amounts and changes no row. */
export const CURRENCY = "currency";

/** What became of a file of invoice lines. */
export interface LoadReport extends IngestReport {
  /** Requests that looked for rows of the file's invoices; none where the table was empty. */
  reads: number;
  /** What the table had of the file before it was loaded; all zero where it was empty. */
  overlap: Overlap;
  /** Invoices of the file that the table had no rows of when this run met them; null where no rows were looked for. */
  newInvoices: ReadonlySet<string> | null;
  /** Of the lines that are rows, in the order of the file; null where none is. */
  firstInvoiceNumber: string | null;
  lastInvoiceNumber: string | null;
  /** Every line of the file with its money, whatever became of it. */
  file: FileLedger;
  /** What was seen while it was read, and costs no line. */
  notes: FileNotes;
}

/** The rows that a table has of an invoice. */
function invoiceReader(client: KeyspacesClient, name: TableName, signal: AbortSignal): ReadInvoice {
  const columns = "stock_code, line, description, quantity, invoice_date, price, customer_id, country";
  const query = `SELECT ${columns} FROM ${qualified(name)} WHERE invoice = ?`;
  return async (invoice) =>
    (await readRows(client, query, [invoice], { freshTableMs: 10_000, signal })).map((row) => ({
      stockCode: row.stock_code,
      line: row.line,
      description: row.description,
      quantity: row.quantity === null ? null : String(row.quantity),
      invoiceDate: row.invoice_date,
      price: row.price === null ? null : String(row.price),
      customerId: row.customer_id,
      country: row.country,
    }));
}

/**
 * Stores a file of invoice lines in a table made by `createRetailTable`, as `ingestFile` does. Rows that are in the table already are
 * never overwritten by others: a line that equals one is that row, and other lines of its invoice go in beside it; see
 * `createLineMatcher`.
 *
 * @throws as `ingestFile`; StepError where another process writes to the folder of the rejects; StoppedLoadError where the file is not what its beginning promises
 */
export async function ingestInvoices(
  client: KeyspacesClient,
  name: TableName,
  data: InvoiceFile,
  options: IngestOptions,
): Promise<LoadReport> {
  const ledger = createFileLedger();
  let matcher: LineMatcher | undefined;
  let firstInvoiceNumber: string | null = null;
  let lastInvoiceNumber: string | null = null;
  async function* parse(_: unknown, count: (bytes: number) => void): AsyncGenerator<ParsedChunk> {
    try {
      for await (const chunk of data.lines(count)) {
        ledger.add(chunk);
        firstInvoiceNumber ??= chunk.lines[0]?.invoice ?? null;
        lastInvoiceNumber = chunk.lines.at(-1)?.invoice ?? lastInvoiceNumber;
        yield chunk;
      }
    } catch (error) {
      // Thrown by the file, not by whoever takes its lines.
      const isContrary = error instanceof StepError && !(error instanceof UnreadableError);
      if (!isContrary || firstInvoiceNumber === null) throw error;
      throw new StoppedLoadError(error, { name, file: ledger.report(), firstInvoiceNumber });
    }
  }
  const matching = {
    isState: isOverlapState,
    begin: ({ settledLine, state, signal }: { settledLine: number; state: unknown; signal: AbortSignal }) => {
      const from = isOverlapState(state) ? state : undefined;
      matcher = createLineMatcher(invoiceReader(client, name, signal), { settledLine, from });
      return matcher;
    },
  };
  const readAs = data.rows
    .filter(({ what }) => what !== CURRENCY)
    .map((row) => `${row.what}: ${row.readAs}`)
    .join("\n");
  const source = { what: "retail data", path: data.path, readAs, parse, table: retailTable, matching };
  const report = await aloneIn(dirname(options.rejectsFile), () => ingestFile(client, name, source, options));
  const found = {
    reads: matcher?.count.reads ?? 0,
    overlap: matcher?.overlap() ?? noOverlap,
    newInvoices: matcher?.newInvoices ?? null,
  };
  return { ...report, ...found, firstInvoiceNumber, lastInvoiceNumber, file: ledger.report(), notes: data.notes() };
}
