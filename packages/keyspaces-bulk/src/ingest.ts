import { basename, dirname, join } from "node:path";
import { formatNumber, messageOf, StepError } from "@keyspaces-segmentation/common";
import { type Batch, createBatcher, type Row } from "./batches.js";
import { fingerprintOf } from "./checkpoint.js";
import type { KeyspacesClient } from "./driver/keyspaces_client.js";
import { keyspacesFailure } from "./failure.js";
import { inFlight } from "./flow_control.js";
import { every, type HistoryPoint, type IngestProgress, ingestPace, recordHistory } from "./ingest_progress.js";
import { type Matching, matcherFor, type RowMatcher } from "./matching.js";
import { type Attempt, openReconciliation, type Reconciliation } from "./reconciliation.js";
import { type MaxRejects, readMaxRejects } from "./rejects.js";
import { GaveUp } from "./retry.js";
import type { RowTable } from "./row_encoding.js";
import { createRowWriter } from "./row_writer.js";
import { counted, fileState, lastLineOf, openFile, type Parse, refuseChanged } from "./source.js";
import { insertInto, type TableName } from "./statements.js";

/** Every line of the data is either stored or rejected: `lines` = `stored` + `rejected`. */
export interface IngestReport extends Omit<IngestProgress, "fraction" | "remainingSeconds"> {
  /** Of the lines, those that an earlier, interrupted run had settled. */
  resumed: number;
  seconds: number;
  /** Batches that were sent, again after a failure included. */
  requests: number;
  /** How it went over time; from its first point on, which holds what an earlier run had stored. */
  history: HistoryPoint[];
  /** Whether the rows were in the table already, so that none was written. */
  reused: boolean;
  /** SHA-256 of the file. */
  fingerprint: string;
}

export interface IngestOptions {
  /** CSV of the lines that could not be stored, in the order of the file; see `openRejectsFile`. */
  rejectsFile: string;
  /** Stop when more lines are rejected: a number of them, or a share such as "5%", judged from 1,000 lines on. Default "20%". */
  maxRejects?: MaxRejects;
  /** A ceiling, to stay below the capacity of a provisioned table; default none. */
  maxRowsPerSecond?: number;
  /** How long a row is tried before it goes to the rejects, in milliseconds; default two minutes. */
  giveUpAfterMs?: number;
  /** Whether the rows of the file with this SHA-256 are all in the table; if so, it is read through, and nothing is written. */
  isLoaded?: (fingerprint: string) => Promise<boolean>;
  /** Whether other files than that with this SHA-256 are on record as in the table; asked before an interrupted first load goes on. */
  isShared?: (fingerprint: string) => Promise<boolean>;
  /**
   * The name by which this run is on record of the table, and whether an earlier one is; asked after `isLoaded`. One that is not has
   * written to a table that is gone, and is not gone on from. Without it, a table that has its last row is taken for the same.
   */
  attempt?: () => Attempt;
  /** Called once, before the first row is looked for or written; not where none is. */
  onFirstRow?: (start: {
    /** The earlier run that is gone on from, by its name on record; undefined where none is. */
    readonly from: string | undefined;
  }) => Promise<void>;
  /** Called when rows of the file are in the table: they were `found` there, or `written`, as far as is known. */
  onRows?: (how: "found" | "written") => void;
  /** Whether rows that are in the table already are written again; default false. */
  rewrite?: boolean;
  onProgress?: (progress: IngestProgress) => void;
  signal?: AbortSignal;
}

/** What a file holds, and what becomes of it. */
export interface IngestSource<Line> {
  /** What its records are, for error texts: "retail data". */
  readonly what: string;
  readonly path: string;
  /** How its records are read, where that can differ, a decision a line: an interrupted run that read them otherwise is not gone on from. */
  readonly readAs?: string;
  readonly parse: Parse<Line>;
  readonly table: RowTable<Line>;
  /** How its lines are found among rows that other files have brought; without it, each is written over what has its key. */
  readonly matching?: Matching<Line>;
}

/** So many batches may wait for an earlier one that is being retried; what is kept of them is small. */
const BATCHES_AHEAD = 20_000;
/** How often a checkpoint is written and progress told, in milliseconds. */
const CHECKPOINT_MS = 1000;
const PROGRESS_MS = 200;

function tooMany(reconciliation: Reconciliation, rejectsFile: string): StepError {
  const last = reconciliation.lastReject();
  const [rejected, lines] = [reconciliation.rejected(), reconciliation.stored() + reconciliation.rejected()];
  return new StepError({
    tried: "store more of the file",
    got: `${formatNumber(rejected)} of its first ${formatNumber(lines)} lines were rejected, the last one (line ${last?.lineNumber}) because: ${last?.reason}`,
    hint: `${basename(rejectsFile)} has them all. Mend the file, or set the parameter \`maxRejects\` higher, and run again: it goes on from here.`,
  });
}

/**
 * Stores a file in a table. Reads it as a stream and writes the rows of each partition in unlogged batches of at most 30, as many at
 * a time as the service takes: fewer after each timeout, then more again. What fails for the moment is tried again after a growing
 * pause. Lines that cannot be stored go to the rejects file as they were.
 *
 * With `matching`, rows that are in the table already are never overwritten by others.
 *
 * An interrupted run, be it aborted or killed, leaves `ingest.checkpoint.json` beside the rejects; the same call goes on from there.
 * Storing a line again overwrites its row with the same one, so the table ends up as if nothing had happened.
 *
 * @throws ArgumentError for a `maxRejects` or `maxRowsPerSecond` that is none, or a column of a type that cannot be written
 * @throws StepError when the file is missing or empty, or as `parse` says (before anything is written), when it is written to
 *   meanwhile, too many lines are rejected, or the service fails for good; the signal's reason when aborted
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/batch-statements.html
 */
export async function ingestFile<Line>(
  client: KeyspacesClient,
  name: TableName,
  source: IngestSource<Line>,
  options: IngestOptions,
): Promise<IngestReport> {
  const { path: file, table, matching } = source;
  const { rejectsFile, signal } = options;
  const checkpointFile = join(dirname(rejectsFile), "ingest.checkpoint.json");
  const { maxRowsPerSecond = Number.POSITIVE_INFINITY, giveUpAfterMs = 120_000, isLoaded, onProgress } = options;
  const isTooMany = readMaxRejects(options.maxRejects ?? "20%");
  const stop = new AbortController();
  const stopped = AbortSignal.any(signal ? [signal, stop.signal] : [stop.signal]);
  const onRows = () => options.onRows?.("written");
  const limits = { maxRowsPerSecond, giveUpAfterMs, signal: stopped, onRows };
  const writer = createRowWriter(client, insertInto(name, table), limits);
  const start = performance.now();
  const before = await fileState(source);
  const bytes = before.size;
  const fingerprint = await fingerprintOf(file);
  const reused = (await isLoaded?.(fingerprint)) ?? false;
  const identity = { file: fingerprint, keyspace: name.keyspace, table: name.table, readAs: source.readAs };
  const files = { rejectsFile, checkpointFile };
  const reconciliation = await openReconciliation(
    client,
    { ...identity, definition: table, isOverlap: matching?.isState, attempt: options.attempt?.() },
    files,
    signal,
  ).catch((error) => {
    throw keyspacesFailure(`look where the last run on ${file} stopped`, error);
  });
  const batcher = createBatcher(table, reconciliation.settledLine());
  const stream = openFile(file, bytes);
  const pace = ingestPace(bytes, reconciliation);
  const isShared = async () => (await options.isShared?.(fingerprint)) ?? false;
  let matcher: RowMatcher<Line> | undefined;
  const isNew = ({ lineNumber }: Row): boolean => !matcher?.isThere(lineNumber);
  const toWrite = ({ rows }: Batch): Row[] => (matcher === undefined || options.rewrite ? rows : rows.filter(isNew));

  const progress = (): IngestProgress => {
    const [stored, rejected] = [reconciliation.stored(), reconciliation.rejected()];
    const { retries, throttled } = writer.count;
    return { lines: stored + rejected, stored, rejected, retries, throttled, ...pace.read() };
  };
  const history = recordHistory();
  const tell = (state: IngestProgress): void => {
    const { stored, rejected, retries } = state;
    history.add({ seconds: (performance.now() - start) / 1000, stored, rejected, retries });
    onProgress?.(state);
  };
  const telling = every(PROGRESS_MS, () => tell(progress()));
  const saving = every(CHECKPOINT_MS, reconciliation.save);

  const requests = inFlight({
    isFull: (running) => running >= writer.window() || reconciliation.pending() >= BATCHES_AHEAD,
    onWait() {
      telling();
      return saving();
    },
    onFailure: () => stop.abort(),
    signal,
  });
  const launch = (batch: Batch): Promise<void> =>
    requests.start(async () => {
      pace.start();
      const settle = reconciliation.enter(batch);
      const rows = reused ? [] : toWrite(batch);
      if (!reused && rows.length < batch.rows.length) options.onRows?.("found");
      settle(rows.length === 0 ? [] : await writer.store(rows));
      if (isTooMany(reconciliation.rejected(), reconciliation.stored() + reconciliation.rejected())) {
        throw tooMany(reconciliation, rejectsFile);
      }
    });

  let done = false;
  let begun = false;
  let hasRows = false;
  tell(progress());
  try {
    for await (const chunk of source.parse(counted(stream, pace.take), pace.take)) {
      signal?.throwIfAborted();
      await refuseChanged(source, before);
      if (chunk.lines.length + chunk.rejects.length === 0) continue;
      // Only now, with a header that was understood: an older file of rejects is not lost to a wrong path.
      await reconciliation.begin();
      if (!hasRows && !reused && chunk.lines.length > 0) {
        hasRows = true;
        await options.onFirstRow?.({ from: reconciliation.from?.attempt });
      }
      if (!begun && !reused && matching !== undefined) {
        const how = { definition: table, matching, isShared, signal: stopped };
        matcher = await matcherFor(client, name, reconciliation, how);
      }
      begun = true;
      pace.parsed(lastLineOf(chunk));
      if (matcher === undefined) for (const batch of batcher.add(chunk)) await launch(batch);
      else {
        await requests.finish();
        const matched = await matcher.match(chunk);
        // Before the first write: what this run adds is not taken for what it found, should it be killed.
        if (lastLineOf(chunk) > reconciliation.settledLine()) await reconciliation.save();
        for (const batch of [...batcher.add(matched), ...batcher.end()]) await launch(batch);
      }
      telling();
      await saving();
    }
    await refuseChanged(source, before);
    for (const batch of batcher.end()) await launch(batch);
    await requests.finish();
    done = true;
  } catch (error) {
    // Nothing goes on behind the reader's back, and what is under way may come in yet.
    stop.abort();
    await requests.drain();
    signal?.throwIfAborted();
    // What a file says that is being written to is not what it says.
    if (error instanceof StepError && !(error instanceof GaveUp)) await refuseChanged(source, before);
    const tried = `store ${file} in ${name.keyspace}.${name.table} (${formatNumber(reconciliation.stored())} rows are in)`;
    if (!(error instanceof GaveUp)) throw keyspacesFailure(tried, error);
    const hint = "Run it again when the service is well: it goes on from here.";
    throw new StepError({ tried, got: messageOf(error), hint, cause: error });
  } finally {
    stream.destroy();
    await reconciliation.close(done).catch((error: unknown) => {
      // Otherwise the first failure is the one to tell; what could not be saved is done again from the last checkpoint.
      if (done) throw error;
    });
  }
  const { fraction: _, remainingSeconds: __, ...totals } = progress();
  tell({ ...totals, fraction: 1, remainingSeconds: 0 });
  const seconds = (performance.now() - start) / 1000;
  const { resumed } = reconciliation;
  return {
    ...totals,
    resumed,
    reused,
    fingerprint,
    seconds,
    requests: writer.count.requests,
    history: history.points(),
  };
}
