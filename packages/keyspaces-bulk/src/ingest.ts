import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ArgumentError, formatNumber, messageOf, StepError } from "@keyspaces-segmentation/common";
import { accountForFile, type FileAccount, type ParsedChunk, parseInvoices } from "@keyspaces-segmentation/invoices";
import { type Account, openAccount } from "./account.js";
import { type Batch, createBatcher, type Row } from "./batches.js";
import { fingerprintOf } from "./checkpoint.js";
import { keyspacesFailure } from "./failure.js";
import { matcherFor } from "./find_overlap.js";
import { inFlight } from "./in_flight.js";
import { type CoursePoint, recordCourse } from "./ingest_course.js";
import { type IngestProgress, ingestPace } from "./ingest_pace.js";
import type { KeyspacesClient } from "./keyspaces_client.js";
import { type MaxRejects, readMaxRejects } from "./max_rejects.js";
import { type LineMatcher, noOverlap, type Overlap } from "./overlap.js";
import { GaveUp } from "./retry.js";
import { createRowWriter } from "./row_writer.js";
import { insertInto, retailTable, type TableName } from "./tables.js";

/** Every line of the data is either stored or rejected: `lines` = `stored` + `rejected`. */
export interface IngestReport extends Omit<IngestProgress, "fraction" | "remainingSeconds"> {
  /** Of the lines, those that an earlier, interrupted run had settled. */
  resumed: number;
  seconds: number;
  requests: number;
  /** Requests that looked for rows of the file's invoices; none where the table was empty. */
  reads: number;
  /** What the table had of the file before it was loaded; all zero where it was empty. */
  overlap: Overlap;
  /** How it went over time; from its first point on, which holds what an earlier run had stored. */
  course: CoursePoint[];
  /** Whether the rows were in the table already, so that none was written. */
  reused: boolean;
  /** SHA-256 of the file. */
  fingerprint: string;
  /** Of the lines that are rows, in the order of the file; null where none is. */
  firstInvoiceNumber: string | null;
  lastInvoiceNumber: string | null;
  /** Every line of the file with its money, whatever became of it. */
  file: FileAccount;
}

export interface IngestOptions {
  /** CSV of the lines that could not be stored, in the order of the file; see `rejects_file`. */
  rejectsFile: string;
  /** Stop when more lines are rejected: a number of them, or a share such as "5%", judged from 1,000 lines on. Default "20%". */
  maxRejects?: MaxRejects;
  /** A ceiling, to stay below the capacity of a provisioned table; default none. */
  maxRowsPerSecond?: number;
  /** How long a row is tried before it goes to the rejects, in milliseconds; default two minutes. */
  giveUpAfterMs?: number;
  /** Whether the rows of the file with this SHA-256 are all in the table; if so, it is read and accounted for, and nothing is written. */
  isLoaded?: (fingerprint: string) => Promise<boolean>;
  /** Whether other files than that with this SHA-256 are on record as in the table; asked before an interrupted first load goes on. */
  isShared?: (fingerprint: string) => Promise<boolean>;
  /** Whether rows that are in the table already are written again; default false. */
  rewrite?: boolean;
  onProgress?: (progress: IngestProgress) => void;
  signal?: AbortSignal;
}

/** So many batches may wait for an earlier one that is being retried; what is kept of them is small. */
const BATCHES_AHEAD = 20_000;
/** A small file is parsed at once, while that code is still slow; of a longer one, so much that it dies young in memory. Bytes. */
const SMALL_FILE = 4 << 20;
const CHUNK = 256 << 10;
/** How often a checkpoint is written and progress told, in milliseconds. */
const CHECKPOINT_MS = 1000;
const PROGRESS_MS = 200;

async function sizeOf(file: string): Promise<number> {
  const tried = `read the retail data in ${file}`;
  const info = await stat(file).catch((cause: unknown) => {
    throw new StepError({ tried, got: messageOf(cause), hint: "Get the data first; the path is a CSV file.", cause });
  });
  if (!info.isFile()) throw new StepError({ tried, got: "it is not a file" });
  if (info.size === 0) throw new StepError({ tried, got: "it is empty", hint: "Delete it and get the data again." });
  return info.size;
}

/** Runs something at most so often, and tells when it is called. */
function every<T>(milliseconds: number, run: () => T): () => T | undefined {
  let last = performance.now();
  return () => {
    if (performance.now() - last < milliseconds) return undefined;
    last = performance.now();
    return run();
  };
}

async function* counted(chunks: AsyncIterable<Uint8Array>, count: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}

const lastLineOf = ({ lineNumbers, rejects }: ParsedChunk): number =>
  Math.max(lineNumbers.at(-1) ?? 0, rejects.at(-1)?.lineNumber ?? 0);

function tooMany(account: Account): StepError {
  const last = account.lastReject();
  return new StepError({
    tried: `store more of the file`,
    got: `${formatNumber(account.rejected())} of its first ${formatNumber(account.stored() + account.rejected())} lines were rejected, the last one (line ${last?.lineNumber}) because: ${last?.reason}`,
    hint: "rejects.csv has them all. Mend the file, or set the parameter `maxRejects` higher, and run again: it goes on from here.",
  });
}

/**
 * Stores a CSV of retail data in a table made by `createRetailTable`. Reads it as a stream and writes the rows of each invoice in
 * unlogged batches of at most 30, as many at a time as the service takes: fewer after each timeout, then more again. What fails
 * for the moment is tried again after a growing pause. Lines that cannot be stored go to the rejects file as they were.
 *
 * Rows that are in the table already are never overwritten by others: a line that equals one is that row, and other lines of its
 * invoice go in beside it; see {@link createLineMatcher}.
 *
 * An interrupted run, be it aborted or killed, leaves `ingest.checkpoint.json` beside the rejects; the same call goes on from there.
 * Storing a line again overwrites its row with the same one, so the table ends up as if nothing had happened.
 *
 * @throws ArgumentError for a `maxRejects` or `maxRowsPerSecond` that is none
 * @throws StepError when the file is missing, empty or has another header (before anything is written), when too many lines are
 *   rejected, or the service fails for good; the signal's reason when aborted
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/batch-statements.html
 */
export async function ingestFile(
  client: KeyspacesClient,
  name: TableName,
  file: string,
  options: IngestOptions,
): Promise<IngestReport> {
  const { rejectsFile, signal } = options;
  const checkpointFile = join(dirname(rejectsFile), "ingest.checkpoint.json");
  const { maxRowsPerSecond = Number.POSITIVE_INFINITY, giveUpAfterMs = 120_000, isLoaded, onProgress } = options;
  const isTooMany = readMaxRejects(options.maxRejects ?? "20%");
  if (!(maxRowsPerSecond > 0)) throw new ArgumentError("maxRowsPerSecond", "a number above 0", maxRowsPerSecond);
  const start = performance.now();
  const bytes = await sizeOf(file);
  const fingerprint = await fingerprintOf(file);
  const reused = (await isLoaded?.(fingerprint)) ?? false;
  const identity = { file: fingerprint, keyspace: name.keyspace, table: name.table };
  const account = await openAccount(client, identity, { rejectsFile, checkpointFile }, signal).catch((error) => {
    throw keyspacesFailure(`look where the last run on ${file} stopped`, error);
  });
  const stop = new AbortController();
  const stopped = AbortSignal.any(signal ? [signal, stop.signal] : [stop.signal]);
  const limits = { maxRowsPerSecond, giveUpAfterMs, signal: stopped };
  const writer = createRowWriter(client, insertInto(name, retailTable), limits);
  const batcher = createBatcher(account.settledLine());
  const source = createReadStream(file, { highWaterMark: bytes <= SMALL_FILE ? bytes : CHUNK });
  const pace = ingestPace(bytes, account);
  const accountant = accountForFile();
  const isShared = async () => (await options.isShared?.(fingerprint)) ?? false;
  let matcher: LineMatcher | undefined;
  const isNew = ({ lineNumber }: Row): boolean => !matcher?.isThere(lineNumber);
  const toWrite = ({ rows }: Batch): Row[] => (matcher === undefined || options.rewrite ? rows : rows.filter(isNew));

  const progress = (): IngestProgress => {
    const [stored, rejected] = [account.stored(), account.rejected()];
    const { retries } = writer.count;
    return { lines: stored + rejected, stored, rejected, retries, ...pace.read() };
  };
  const course = recordCourse();
  const tell = (state: IngestProgress): void => {
    const { stored, rejected, retries } = state;
    course.add({ seconds: (performance.now() - start) / 1000, stored, rejected, retries });
    onProgress?.(state);
  };
  const telling = every(PROGRESS_MS, () => tell(progress()));
  const saving = every(CHECKPOINT_MS, account.save);

  const requests = inFlight({
    isFull: (running) => running >= writer.window() || account.pending() >= BATCHES_AHEAD,
    async onWait() {
      telling();
      await saving();
    },
    onFailure: () => stop.abort(),
    signal,
  });
  const launch = async (batch: Batch): Promise<void> => {
    await requests.start(async () => {
      pace.start();
      const book = account.enter(batch);
      const rows = reused ? [] : toWrite(batch);
      book(rows.length === 0 ? [] : await writer.store(rows));
      if (isTooMany(account.rejected(), account.stored() + account.rejected())) throw tooMany(account);
    });
  };

  let firstInvoiceNumber: string | null = null;
  let lastInvoiceNumber: string | null = null;
  let done = false;
  let begun = false;
  tell(progress());
  try {
    for await (const chunk of parseInvoices(counted(source, pace.take))) {
      signal?.throwIfAborted();
      if (chunk.lines.length + chunk.rejects.length === 0) continue;
      // Only now, with a header that was understood: an older file of rejects is not lost to a wrong path.
      await account.begin();
      if (!begun && !reused) matcher = await matcherFor(client, name, account, { isShared, signal: stopped });
      begun = true;
      pace.parsed(lastLineOf(chunk));
      accountant.add(chunk);
      firstInvoiceNumber ??= chunk.lines[0]?.invoice ?? null;
      lastInvoiceNumber = chunk.lines.at(-1)?.invoice ?? lastInvoiceNumber;
      if (matcher === undefined) for (const batch of batcher.add(chunk)) await launch(batch);
      else {
        await requests.finish();
        const matched = await matcher.match(chunk);
        // Before the first write: what this run adds is not taken for what it found, should it be killed.
        if (lastLineOf(chunk) > account.settledLine()) await account.save();
        for (const batch of [...batcher.add(matched), ...batcher.end()]) await launch(batch);
      }
      telling();
      await saving();
    }
    for (const batch of batcher.end()) await launch(batch);
    await requests.finish();
    done = true;
  } catch (error) {
    signal?.throwIfAborted();
    const tried = `store ${file} in ${name.keyspace}.${name.table} (${formatNumber(account.stored())} rows are in)`;
    if (!(error instanceof GaveUp)) throw keyspacesFailure(tried, error);
    const hint = "Run it again when the service is well: it goes on from here.";
    throw new StepError({ tried, got: messageOf(error), hint, cause: error });
  } finally {
    source.destroy();
    stop.abort();
    // Nothing goes on behind the reader's back.
    await requests.drain();
    await account.close(done).catch((error: unknown) => {
      // Otherwise the first failure is the one to tell; what could not be saved is done again from the last checkpoint.
      if (done) throw error;
    });
  }
  const { fraction: _, remainingSeconds: __, ...totals } = progress();
  tell({ ...totals, fraction: 1, remainingSeconds: 0 });
  const seconds = (performance.now() - start) / 1000;
  const { requests: sent } = writer.count;
  const invoices = { firstInvoiceNumber, lastInvoiceNumber };
  const books = { resumed: account.resumed, reused, fingerprint, ...invoices, file: accountant.account() };
  const found = { reads: matcher?.count.reads ?? 0, overlap: matcher?.overlap() ?? noOverlap };
  return { ...totals, ...books, ...found, seconds, requests: sent, course: course.points() };
}
