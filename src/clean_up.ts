import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Client } from "cassandra-driver";
import { deleteKnown, knownClustersObject } from "./aws/known_clusters.js";
import { deletePrefix } from "./aws/objects.js";
import type { AwsSession } from "./aws/session.js";
import { dropKeyspace } from "./keyspaces/schema.js";

/** What a run has made, and where. */
interface Leftovers {
  keyspace: string;
  table: string;
  bucket: string;
  /** Key prefix of all runs, without slashes at its ends. Below it lie the run's results by its id, the training's objects by its job. */
  prefix: string;
  /** The id of the run. */
  run: string;
  /** The training job. */
  job: string;
  /** The downloaded data file, in a temporary folder of its own. */
  dataFile: string;
  /** False: leave keyspace and objects where they are. */
  cleanUp: boolean;
}

/** One thing that the run has made, and what has become of it. */
export interface Cleaned {
  what: string;
  outcome: string;
}

/**
 * Drops the keyspace and deletes the run's objects in S3, if that is wanted, and says of each thing what is left of it. Without its
 * results, the run's memory goes as well; that of an earlier run, which was kept, stays.
 *
 * @throws StepError naming what could not be removed; the signal's reason when aborted
 */
export async function cleanUp(
  keyspaces: Client,
  aws: AwsSession,
  made: Leftovers,
  options: { signal?: AbortSignal } = {},
): Promise<Cleaned[]> {
  const { keyspace, table, bucket, prefix, run, job, dataFile } = made;
  await rm(dirname(dataFile), { recursive: true, force: true });
  const folders = [`${prefix}/${job}/`, `${prefix}/${run}/`];
  const keyspaceRow = { what: `keyspace ${keyspace}` };
  const objectsRow = { what: `objects in ${folders.map((folder) => `s3://${bucket}/${folder}`).join(" and ")}` };
  const memoryRow = { what: `memory of this run, s3://${bucket}/${knownClustersObject(aws, made, run).key}` };
  const left = { what: `training job ${job}`, outcome: "stays in the account's history, costs nothing" };
  if (!made.cleanUp) {
    const outcome = "left in place; its storage is billed";
    return [
      { ...keyspaceRow, outcome },
      { ...objectsRow, outcome },
      { ...memoryRow, outcome: "left in place; the next run knows these clusters by it" },
      left,
    ];
  }
  // First, so that no memory points at results that are gone.
  await deleteKnown(aws, made, run);
  await dropKeyspace(keyspaces, { keyspace, table }, options);
  let objects = 0;
  for (const prefixOf of folders) objects += await deletePrefix(aws, { bucket, prefix: prefixOf }, options);
  return [
    { ...keyspaceRow, outcome: "dropped, with its tables" },
    { ...objectsRow, outcome: `${objects} deleted` },
    { ...memoryRow, outcome: "deleted; those of earlier runs stay" },
    { what: `bucket ${bucket}`, outcome: "stays, other work may be in it" },
    left,
  ];
}
