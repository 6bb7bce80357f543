import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { messageOf } from "@keyspaces-segmentation/common";
import type { RegisteredClusters } from "@keyspaces-segmentation/customer-clusters";
import {
  entryText,
  type MadeOf,
  type RegistryEntry,
  readEntry,
  type StoredEntry,
  whyNotComparable,
} from "@keyspaces-segmentation/customer-clusters";
import type { Client } from "cassandra-driver";
import { entryObjects, type RegistryLocation, uploadEntry } from "./registry_objects.js";
import { entryRows, saveEntry } from "./registry_rows.js";

/** The clusters that a run has registered, and when and where that was kept. */
export interface RegisteredRun {
  readonly known: RegisteredClusters;
  readonly savedAt: Date;
  readonly from: string;
}

/**
 * Registers a run: keeps what the next one needs to know its clusters again. To be called when the results are stored, so that no entry
 * points at results that are missing. Returns the URI of the object in S3.
 *
 * @throws ArgumentError when `known` would not be understood later on
 * @throws StepError when Keyspaces or S3 refuses
 */
export async function registerRun(
  keyspaces: Client,
  aws: AwsSession,
  where: RegistryLocation,
  known: RegisteredClusters,
  { loads, preparation, now }: MadeOf & { now: Date },
): Promise<string> {
  const { keyspace, table } = where;
  const entry = { keyspace, table, savedAt: now, loads: [...loads].sort(), preparation, known };
  const text = entryText(entry);
  // The object first: by it, and not by the row, a clean-up knows which run has kept results.
  const uri = await uploadEntry(aws, where, { runId: known.runId, text });
  await saveEntry(keyspaces, entry, text);
  return uri;
}

export interface ComparableOptions extends MadeOf {
  /** The run that is being made. */
  except: string;
  /** Told of each entry that is left out, and why: it is damaged, may not be read, or is not about these customers. */
  onLeftOut: (note: { message: string }) => void;
}

/**
 * The entry of the last run on this table: the newest of what Keyspaces and S3 have of runs on the same data, prepared in the same
 * way. Null for a first run. One that cannot be read is left out, with a word, and the next one counts.
 *
 * @throws StepError when Keyspaces or S3 refuses
 */
export async function lastComparableRun(
  keyspaces: Client,
  aws: AwsSession,
  where: RegistryLocation,
  options: ComparableOptions,
): Promise<RegisteredRun | null> {
  const [rows, objects] = await Promise.all([entryRows(keyspaces, where), entryObjects(aws, where)]);
  const told = new Set<string>();
  const found: RegisteredRun[] = [];
  for (const kept of [rows, objects]) {
    const newest = await newestComparable(kept, where, { ...options, told });
    if (newest !== null) found.push(newest);
  }
  return found.reduce<RegisteredRun | null>((a, b) => (a === null || b.savedAt > a.savedAt ? b : a), null);
}

async function newestComparable(
  entries: readonly StoredEntry[],
  { keyspace, table }: RegistryLocation,
  { except, onLeftOut, told, ...present }: ComparableOptions & { told: Set<string> },
): Promise<RegisteredRun | null> {
  for (const kept of entries) {
    const { runId, from } = kept;
    if (runId === except) continue;
    const entry = await read(kept, { keyspace, table, runId });
    if (entry === null) continue;
    if (entry instanceof Error) {
      const got = messageOf(entry).slice(0, 300);
      onLeftOut({
        message: `Left out the registry entry of run ${runId} in ${from}: ${got}. To delete it: ${kept.toDelete}`,
      });
      continue;
    }
    const reason = whyNotComparable(entry, present);
    if (reason === undefined) return { known: entry.known, savedAt: entry.savedAt, from };
    // Both may have it.
    if (!told.has(runId))
      onLeftOut({ message: `The clusters of run ${runId} are not compared with these: ${reason}.` });
    told.add(runId);
  }
  return null;
}

async function read(
  kept: StoredEntry,
  of: Pick<RegistryEntry, "keyspace" | "table"> & { runId: string },
): Promise<RegistryEntry | Error | null> {
  const text = await kept.read();
  if (typeof text !== "string") return text;
  try {
    const entry = readEntry(text);
    const { keyspace, table, known } = entry;
    const isOther = keyspace !== of.keyspace || table !== of.table || known.runId !== of.runId;
    return isOther ? new Error(`it is of run ${known.runId} on ${keyspace}.${table}`) : entry;
  } catch (error) {
    return error instanceof Error ? error : new Error(messageOf(error));
  }
}
