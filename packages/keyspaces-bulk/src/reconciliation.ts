import { stat } from "node:fs/promises";
import { formatPlural, StepError } from "@keyspaces-segmentation/common";
import type { Client } from "cassandra-driver";
import type { Batch, Row } from "./batches.js";
import { type Checkpoint, ifThere, readCheckpoint, removeCheckpoint, writeCheckpoint } from "./checkpoint.js";
import { openRejectsFile, type RejectsFile } from "./rejects.js";
import { withRetries } from "./retry.js";
import { copyRow, type EncodedRow, keyReader } from "./row_encoding.js";
import type { Reject } from "./source.js";
import { keyOf, qualified, type TableDefinition } from "./statements.js";

/** Accounts for every line of an ingest: which are settled, that is, stored or in the rejects file. */
export interface Reconciliation {
  /** Lines up to this one are settled. */
  settledLine(): number;
  stored(): number;
  rejected(): number;
  /** Of the settled lines, those that an earlier run has settled. */
  readonly resumed: number;
  /** The checkpoint that is gone on from. */
  readonly from: Checkpoint | undefined;
  /** What checkpoints are to hold of the rows that were there before, and the key of one of these. */
  keepOverlap(state: () => unknown, key: Checkpoint["storedKey"]): void;
  /** Opens the rejects file; an older one that is not continued is replaced. May be called again. */
  begin(): Promise<void>;
  /**
   * Enters a batch; to be called in the order of the file. Batches may end in any order, and are settled in that of the file.
   *
   * @returns a function to be called when the batch is done, with those of its rows that were not stored
   */
  enter(batch: Batch): (unstored: readonly Reject[]) => void;
  /** Batches that are entered and not settled. */
  pending(): number;
  /** The line rejected last. */
  lastReject(): Reject | undefined;
  /** Writes rejects and checkpoint, so that another run can go on from here. */
  save(): Promise<void>;
  /** The last `save`; where all is done, the checkpoint goes. */
  close(done: boolean): Promise<void>;
}

/** A run, as a record of the table's loads knows it. */
export interface Attempt {
  /** Undefined until it is. */
  readonly id: string | undefined;
  /** Whether an earlier one is on record. */
  readonly isOnRecord: (id: string) => boolean;
}

/** What tells an ingest from others, and how its rows and its checkpoint are read. */
export interface ReconciliationOf extends Pick<Checkpoint, "file" | "keyspace" | "table" | "readAs"> {
  readonly definition: TableDefinition;
  /** Whether it is what `keepOverlap` has left; default: none is. */
  readonly isOverlap?: ((value: unknown) => boolean) | undefined;
  /** Undefined where no record is kept of the table. */
  readonly attempt?: Attempt | undefined;
}

export interface ReconciliationFiles {
  readonly rejectsFile: string;
  readonly checkpointFile: string;
}

/**
 * The checkpoint of an interrupted run, if it is of this file and table, its rejects file is still there, and so are the record of the
 * run and the last row that it stored: a table that was made anew has to be filled from the beginning, and other files may have brought
 * that row again.
 *
 * @throws StepError where it has stored rows of the file that were read otherwise: those of this run would come in beside them
 */
async function usableCheckpoint(
  client: Client,
  { definition, isOverlap, attempt, ...wanted }: ReconciliationOf,
  { rejectsFile, checkpointFile }: ReconciliationFiles,
  signal: AbortSignal | undefined,
): Promise<Checkpoint | undefined> {
  const key = keyOf(definition).columns;
  const found = await readCheckpoint(checkpointFile, isOverlap);
  if (found?.storedKey.length !== key.length) return undefined;
  if (found.file !== wanted.file || found.keyspace !== wanted.keyspace || found.table !== wanted.table)
    return undefined;
  if (found.attempt !== undefined && attempt?.isOnRecord(found.attempt) === false) return undefined;
  const rejects = await ifThere(stat(rejectsFile));
  if (rejects === undefined || rejects.size < found.rejectsBytes) return undefined;
  const query = `SELECT ${key.at(-1)} FROM ${qualified(wanted)} WHERE ${key.map((column) => `${column} = ?`).join(" AND ")}`;
  const { rows } = await withRetries(() => client.execute(query, [...found.storedKey]), { signal });
  if (rows.length !== 1) return undefined;
  if (found.readAs !== wanted.readAs && found.stored > 0) throw readOtherwise(found, wanted.readAs ?? "");
  // Without the name of its run, as versions before wrote it, nothing tells whether the table is still the same.
  const isOfTable = attempt === undefined || found.attempt !== undefined;
  return isOfTable && found.readAs === wanted.readAs ? found : undefined;
}

function readOtherwise({ keyspace, table, stored, readAs = "" }: Checkpoint, wanted: string): StepError {
  const [before, now] = [readAs.split("\n"), wanted.split("\n")];
  const was = before.find((decision) => !now.includes(decision)) ?? "–";
  const is = now.find((decision) => !before.includes(decision)) ?? "–";
  return new StepError({
    tried: `go on with an interrupted load into ${keyspace}.${table}`,
    got: `it has stored ${formatPlural(stored, "row")} of this very file and read it otherwise (${was}; and now ${is}), so its lines would be there twice`,
    hint: "Set the parameters as they were, or another `keyspace` or `table`.",
  });
}

/** What became of a batch. */
interface Outcome {
  readonly stored: number;
  readonly rejects: readonly Reject[];
  readonly last: EncodedRow | undefined;
  readonly lastLine: number;
}

/** Of its own, so that it keeps neither the slab that the row shares nor a piece of Node's pool. */
function copyOf(row: EncodedRow): EncodedRow {
  const slab = Buffer.alloc(row.end - row.start);
  return { slab, start: 0, end: copyRow(row, slab, 0) };
}

function lastStoredOf(rows: readonly Row[], unstored: readonly Reject[]): Row | undefined {
  if (unstored.length === 0) return rows.at(-1);
  const left = new Set(unstored.map(({ lineNumber }) => lineNumber));
  return rows.findLast(({ lineNumber }) => !left.has(lineNumber));
}

/** Empties the batch: it may have to wait for an earlier one, and its rows would with it. */
function outcomeOf({ rows, rejects, lastLine }: Batch, unstored: readonly Reject[]): Outcome {
  const last = lastStoredOf(rows, unstored)?.values;
  const outcome = {
    stored: rows.length - unstored.length,
    rejects: unstored.length === 0 ? rejects : [...rejects, ...unstored].sort((a, b) => a.lineNumber - b.lineNumber),
    last: last && copyOf(last),
    lastLine,
  };
  // What was part of the request may be in the old generation of memory by now, and would take the rows there with it.
  rows.length = 0;
  return outcome;
}

/**
 * Begins to account for an ingest, at the checkpoint of an interrupted run where there is one to go on from.
 *
 * @throws what the service answers; StepError for files that cannot be read
 */
export async function openReconciliation(
  client: Client,
  of: ReconciliationOf,
  files: ReconciliationFiles,
  signal?: AbortSignal,
): Promise<Reconciliation> {
  const from = await usableCheckpoint(client, of, files, signal);
  const readKey = keyReader(of.definition);
  let { settledLine, stored, rejected } = from ?? { settledLine: 0, stored: 0, rejected: 0 };
  let lastStored: EncodedRow | undefined;
  let lastReject: Reject | undefined;
  let rejectsFile: RejectsFile | undefined;
  let overlap: (() => unknown) | undefined;
  let keyBefore: Checkpoint["storedKey"] | undefined;
  const queue: ({ outcome?: Outcome } | undefined)[] = [];
  let settled = 0;

  const settle = ({ stored: rows, rejects, last, lastLine }: Outcome): void => {
    rejectsFile?.add(rejects);
    lastReject = rejects.at(-1) ?? lastReject;
    stored += rows;
    rejected += rejects.length;
    settledLine = lastLine;
    lastStored = last ?? lastStored;
  };
  const save = async (): Promise<void> => {
    const { file, keyspace, table, readAs, attempt } = of;
    // That stays on record as long as any run that goes on from it, and this one only once it has rows of its own.
    const by = from?.attempt ?? attempt?.id;
    const now = { file, keyspace, table, readAs, attempt: by, settledLine, stored, rejected };
    const key = lastStored === undefined ? (from?.storedKey ?? keyBefore) : readKey(lastStored);
    const rejectsBytes = await rejectsFile?.flush();
    if (rejectsBytes === undefined || key === undefined) return;
    const common = overlap === undefined ? {} : { overlap: overlap() };
    await writeCheckpoint(files.checkpointFile, { ...now, rejectsBytes, storedKey: key, ...common });
  };

  return {
    settledLine: () => settledLine,
    stored: () => stored,
    rejected: () => rejected,
    resumed: stored + rejected,
    from,
    keepOverlap(state, key) {
      overlap = state;
      keyBefore = key;
    },
    async begin() {
      if (rejectsFile !== undefined) return;
      // It belongs to the rejects that are about to be replaced.
      if (from === undefined) await removeCheckpoint(files.checkpointFile);
      rejectsFile = await openRejectsFile(files.rejectsFile, from?.rejectsBytes);
    },
    enter(batch) {
      const entry: NonNullable<(typeof queue)[number]> = {};
      queue.push(entry);
      return (unstored) => {
        entry.outcome = outcomeOf(batch, unstored);
        for (let next = queue[settled]; next?.outcome !== undefined; next = queue[settled]) {
          settle(next.outcome);
          queue[settled++] = undefined;
        }
        if (settled > 1024 && settled * 2 > queue.length) {
          queue.splice(0, settled);
          settled = 0;
        }
      };
    },
    pending: () => queue.length - settled,
    lastReject: () => lastReject,
    save,
    async close(done) {
      try {
        if (!done) await save();
      } finally {
        await rejectsFile?.close();
      }
      if (done) await removeCheckpoint(files.checkpointFile);
    },
  };
}
