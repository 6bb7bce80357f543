import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { type Client, types } from "cassandra-driver";
import { messageOf, StepError } from "../errors.js";
import { formatDecimal } from "../retail/decimal.js";
import { type InvoiceLine, type ParsedChunk, parseInvoices, type Reject } from "../retail/parse.js";
import { forEachConcurrently } from "./concurrency.js";
import { codeOf, innermost, keyspacesFailure } from "./failure.js";
import { batchSize, requestsAtOnce } from "./limits.js";
import { openRejectsFile, type RejectsFile } from "./rejects_file.js";
import { isNotReadyYet, withRetries } from "./retry.js";
import { insertInto, retailTable, type TableName } from "./tables.js";

export interface IngestProgress {
  lines: number;
  stored: number;
  rejected: number;
  retries: number;
  rowsPerSecond: number;
  /** Share of the file that is read, 0 to 1. */
  fraction: number;
}

/** Every line of the data is either stored or rejected: `lines` = `stored` + `rejected`. */
export interface IngestReport extends Omit<IngestProgress, "fraction"> {
  seconds: number;
  requests: number;
}

export interface IngestOptions {
  /** CSV of the lines that could not be stored, see {@link RejectsFile}. */
  rejectsFile: string;
  onProgress?: (progress: IngestProgress) => void;
  signal?: AbortSignal;
}

/** A row on its way to the table, with what the rejects file needs if the service refuses it. */
interface Row {
  params: unknown[];
  lineNumber: number;
  original: string;
}

/** In the order of the table's columns. Undefined leaves a column unset, which costs nothing; null would write a tombstone. */
function paramsOf(line: InvoiceLine): unknown[] {
  return [
    line.invoice,
    line.stockCode,
    line.line,
    line.description ?? undefined,
    line.quantity,
    line.invoiceDate,
    types.BigDecimal.fromString(formatDecimal(line.price)),
    line.customerId ?? undefined,
    line.country ?? undefined,
  ];
}

/** Rows of one invoice are one partition, and lie together in the file: a batch of them is one write for the service. */
function* batchesOf({ lines, lineNumbers, originals }: ParsedChunk): Generator<Row[]> {
  let batch: Row[] = [];
  let invoice: string | undefined;
  for (const [i, line] of lines.entries()) {
    if (batch.length === batchSize || (batch.length > 0 && line.invoice !== invoice)) {
      yield batch;
      batch = [];
    }
    invoice = line.invoice;
    batch.push({ params: paramsOf(line), lineNumber: lineNumbers[i] as number, original: originals[i] as string });
  }
  if (batch.length > 0) yield batch;
}

/** Whether a failure is about the row itself, so that other rows may still go in: a value refused by service or driver. */
function isAboutTheRow(error: unknown): boolean {
  const reason = innermost(error);
  if (reason instanceof StepError) return false;
  const code = codeOf(reason);
  if (code !== undefined) return code === types.responseErrorCodes.invalid && !isNotReadyYet(reason);
  return reason instanceof TypeError || reason instanceof RangeError;
}

async function sizeOf(file: string): Promise<number> {
  const tried = `read the retail data in ${file}`;
  const info = await stat(file).catch((cause: unknown) => {
    throw new StepError({ tried, got: messageOf(cause), hint: "Get the data first; the path is a CSV file.", cause });
  });
  if (!info.isFile()) throw new StepError({ tried, got: "it is not a file" });
  if (info.size === 0) throw new StepError({ tried, got: "it is empty", hint: "Delete it and get the data again." });
  return info.size;
}

/**
 * Stores a CSV of retail data in a table made by `createRetailTable`. Reads it as a stream, writes each invoice in unlogged
 * batches of at most 30 rows, several at a time, and tries again what Keyspaces throttles. Lines that cannot be stored go to the
 * rejects file as they were. Storing a file again overwrites its rows with the same ones.
 *
 * @throws StepError when the file is missing, empty or has another header (before anything is written), or the service fails for
 *   good; the signal's reason when aborted
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/batch-statements.html
 */
export async function ingestFile(
  client: Client,
  name: TableName,
  file: string,
  { rejectsFile, onProgress, signal }: IngestOptions,
): Promise<IngestReport> {
  const bytes = await sizeOf(file);
  const query = insertInto(name, retailTable);
  const start = performance.now();
  const count = { stored: 0, rejected: 0, retries: 0, requests: 0 };
  const source = createReadStream(file, { highWaterMark: 256 * 1024 });
  let rejects: RejectsFile | undefined;

  const progress = (): IngestProgress => {
    const { stored, rejected, retries } = count;
    const rowsPerSecond = Math.round((stored * 1000) / Math.max(1, performance.now() - start));
    return { lines: stored + rejected, stored, rejected, retries, rowsPerSecond, fraction: source.bytesRead / bytes };
  };
  const reject = async (rejected: Reject): Promise<void> => {
    count.rejected++;
    await rejects?.add(rejected);
  };
  const send = async (rows: readonly Row[]): Promise<void> => {
    const statements = rows.map(({ params }) => ({ query, params }));
    const attempt = () => {
      count.requests++;
      return client.batch(statements, { prepare: true, logged: false });
    };
    const onRetry = () => {
      count.retries++;
    };
    await withRetries(attempt, { freshTableMs: 10_000, onRetry, signal });
    count.stored += rows.length;
  };
  const store = async (rows: readonly Row[]): Promise<void> => {
    try {
      await send(rows);
    } catch (error) {
      if (!isAboutTheRow(error)) throw error;
      const [only] = rows;
      if (rows.length > 1) for (const row of rows) await store([row]);
      else if (only)
        await reject({ lineNumber: only.lineNumber, line: only.original, reason: messageOf(innermost(error)) });
    }
  };
  async function* batches(): AsyncGenerator<Row[]> {
    for await (const chunk of parseInvoices(source)) {
      signal?.throwIfAborted();
      if (chunk.lines.length + chunk.rejects.length === 0) continue;
      // Only now, with a header that was understood: an older file of rejects is not lost to a wrong path.
      rejects ??= await openRejectsFile(rejectsFile);
      for (const rejected of chunk.rejects) await reject(rejected);
      yield* batchesOf(chunk);
      onProgress?.(progress());
    }
  }

  try {
    await forEachConcurrently(batches(), requestsAtOnce, store);
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`store ${file} in ${name.keyspace}.${name.table} (${count.stored} rows are in)`, error);
  } finally {
    source.destroy();
    await rejects?.close();
  }
  const { fraction: _, ...totals } = progress();
  onProgress?.({ ...totals, fraction: 1 });
  return { ...totals, seconds: (performance.now() - start) / 1000, requests: count.requests };
}
