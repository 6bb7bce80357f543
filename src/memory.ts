import type { Client } from "cassandra-driver";
import { type KnownClustersPlace, newestKnownObject, uploadKnown } from "./aws/known_clusters.js";
import type { AwsSession } from "./aws/session.js";
import type { KnownClusters } from "./clustering/identity.js";
import { type Remembered, readKnownClusters } from "./clustering/known_clusters.js";
import { newestKnown, saveKnown } from "./keyspaces/known_clusters.js";

/** Where memories of runs on a table are kept: in its keyspace, and in the bucket, which outlives the keyspace. */
export interface MemoryPlace extends KnownClustersPlace {
  keyspace: string;
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
  now: Date,
): Promise<string> {
  const checked = readKnownClusters(known);
  await saveKnown(keyspaces, where, checked, now);
  return uploadKnown(aws, where, checked, now);
}

/**
 * The memory of the last run on this table: the newest of what Keyspaces and S3 have, but of the run that is being made. Null for a
 * first run.
 *
 * @throws StepError when Keyspaces or S3 refuses, or the memory found is broken
 */
export async function recallRun(
  keyspaces: Client,
  aws: AwsSession,
  where: MemoryPlace,
  { except }: { except: string },
): Promise<Remembered | null> {
  const [inKeyspace, inBucket] = await Promise.all([
    newestKnown(keyspaces, where, except),
    newestKnownObject(aws, where, except),
  ]);
  if (inKeyspace === null || inBucket === null) return inKeyspace ?? inBucket;
  return inBucket.savedAt > inKeyspace.savedAt ? inBucket : inKeyspace;
}
