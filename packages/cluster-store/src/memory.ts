import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { messageOf } from "@keyspaces-segmentation/common";
import type { KnownClusters } from "@keyspaces-segmentation/customer-clusters";
import {
  type KeptMemory,
  type MadeOf,
  memoryText,
  type RunMemory,
  readMemory,
  whyNotComparable,
} from "@keyspaces-segmentation/customer-clusters";
import type { Client } from "cassandra-driver";
import { type KnownClustersPlace, keptObjects, uploadKnown } from "./known_cluster_objects.js";
import { keptRows, saveKnown } from "./known_cluster_rows.js";

/** Where memories of runs on a table are kept: in its keyspace, and in the bucket, which outlives the keyspace. */
export type MemoryPlace = KnownClustersPlace;

/** The memory of a run, and when and where it was kept. */
export interface Remembered {
  readonly known: KnownClusters;
  readonly savedAt: Date;
  readonly from: string;
}

/**
 * Keeps what the next run needs to know this one's clusters again. To be called when the results are stored, so that no memory points
 * at results that are missing. Returns the URI of the object in S3.
 *
 * @throws ArgumentError when `known` would not be understood later on
 * @throws StepError when Keyspaces or S3 refuses
 */
export async function rememberRun(
  keyspaces: Client,
  aws: AwsSession,
  where: MemoryPlace,
  known: KnownClusters,
  { loads, preparation, now }: MadeOf & { now: Date },
): Promise<string> {
  const { keyspace, table } = where;
  const memory = { keyspace, table, savedAt: now, loads: [...loads].sort(), preparation, known };
  const text = memoryText(memory);
  await saveKnown(keyspaces, memory, text);
  return uploadKnown(aws, where, { runId: known.runId, text });
}

export interface RecallOptions extends MadeOf {
  /** The run that is being made. */
  except: string;
  /** Told of each memory that is left out, and why: it is damaged, may not be read, or is not about these customers. */
  onLeftOut: (note: { message: string }) => void;
}

/**
 * The memory of the last run on this table: the newest of what Keyspaces and S3 have of runs on the same data, prepared in the same
 * way. Null for a first run. One that cannot be read is left out, with a word, and the next one counts.
 *
 * @throws StepError when Keyspaces or S3 refuses
 */
export async function recallRun(
  keyspaces: Client,
  aws: AwsSession,
  where: MemoryPlace,
  options: RecallOptions,
): Promise<Remembered | null> {
  const [rows, objects] = await Promise.all([keptRows(keyspaces, where), keptObjects(aws, where)]);
  const told = new Set<string>();
  const found: Remembered[] = [];
  for (const kept of [rows, objects]) {
    const newest = await newestComparable(kept, where, { ...options, told });
    if (newest !== null) found.push(newest);
  }
  return found.reduce<Remembered | null>((a, b) => (a === null || b.savedAt > a.savedAt ? b : a), null);
}

async function newestComparable(
  memories: readonly KeptMemory[],
  { keyspace, table }: MemoryPlace,
  { except, onLeftOut, told, ...present }: RecallOptions & { told: Set<string> },
): Promise<Remembered | null> {
  for (const kept of memories) {
    const { runId, from } = kept;
    if (runId === except) continue;
    const memory = await read(kept, { keyspace, table, runId });
    if (memory === null) continue;
    if (memory instanceof Error) {
      const got = messageOf(memory).slice(0, 300);
      onLeftOut({ message: `Left out the memory of run ${runId} in ${from}: ${got}. To delete it: ${kept.toDelete}` });
      continue;
    }
    const reason = whyNotComparable(memory, present);
    if (reason === undefined) return { known: memory.known, savedAt: memory.savedAt, from };
    // Both places have it.
    if (!told.has(runId))
      onLeftOut({ message: `The clusters of run ${runId} are not compared with these: ${reason}.` });
    told.add(runId);
  }
  return null;
}

async function read(
  kept: KeptMemory,
  of: Pick<RunMemory, "keyspace" | "table"> & { runId: string },
): Promise<RunMemory | Error | null> {
  const text = await kept.read();
  if (typeof text !== "string") return text;
  try {
    const memory = readMemory(text);
    const { keyspace, table, known } = memory;
    const isOther = keyspace !== of.keyspace || table !== of.table || known.runId !== of.runId;
    return isOther ? new Error(`it is of run ${known.runId} on ${keyspace}.${table}`) : memory;
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}
