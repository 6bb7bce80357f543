import type { KnownClusters } from "../clustering/identity.js";
import { type Remembered, readKnownClusters } from "../clustering/known_clusters.js";
import { messageOf, StepError } from "../errors.js";
import { type ListedObject, listNewestFirst, type ObjectLocation, readObject, uploadBytes } from "./objects.js";
import { deleteOwnObjects } from "./own_objects.js";
import type { AwsSession } from "./session.js";

/** Where the walkthrough keeps its objects, and of which table of invoice lines a memory is. */
export interface KnownClustersPlace {
  bucket: string;
  /** Without slashes at its ends. */
  prefix: string;
  table: string;
  /** KMS key to encrypt with; null or none: the bucket's own way. */
  kmsKey?: string | null;
}

/** More than the centroids of a thousand clusters come to, in bytes. */
const maxBytes = 1 << 20;

/** Where the memory of a run lies. */
export function knownClustersObject(
  { bucket, prefix }: Pick<KnownClustersPlace, "bucket" | "prefix">,
  runId: string,
): ObjectLocation {
  return { bucket, key: `${prefix}/clusters/${runId}.json` };
}

/** Keeps the memory of a run as an object and returns its URI. @throws StepError */
export async function uploadKnown(
  aws: AwsSession,
  place: KnownClustersPlace,
  known: KnownClusters,
  savedAt: Date,
): Promise<string> {
  const text = `${JSON.stringify({ savedAt, table: place.table, known }, null, 2)}\n`;
  return uploadBytes(aws, knownClustersObject(place, known.runId), text, { kmsKey: place.kmsKey ?? undefined });
}

/**
 * The newest memory that the bucket has of the runs on a table of that name, leaving out one run. Null where there is none.
 *
 * @throws StepError when S3 refuses, or what is there is no memory of a run
 */
export async function newestKnownObject(
  aws: AwsSession,
  { bucket, prefix, table }: KnownClustersPlace,
  except: string,
): Promise<Remembered | null> {
  const folder = `${prefix}/clusters/`;
  for (const object of await listNewestFirst(aws, { bucket, prefix: folder })) {
    const [, runId] = /^([^/]+)\.json$/.exec(object.key.slice(folder.length)) ?? [];
    if (runId === undefined || runId === except) continue;
    const found = await readKnown(aws, bucket, object, runId);
    if (found.table === table)
      return { known: found.known, savedAt: found.savedAt, from: `s3://${bucket}/${object.key}` };
  }
  return null;
}

async function readKnown(
  aws: AwsSession,
  bucket: string,
  { key, bytes: size }: ListedObject,
  runId: string,
): Promise<{ known: KnownClusters; savedAt: Date; table: string }> {
  const bytes = size > maxBytes ? null : await readObject(aws, { bucket, key }, { maxBytes });
  try {
    if (bytes === null) throw new Error(`it has ${size} bytes, more than a memory can have`);
    const { savedAt, table, known: fields } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    const [known, moment] = [readKnownClusters(fields), new Date(savedAt)];
    if (typeof savedAt !== "string" || Number.isNaN(moment.getTime())) throw new Error("`savedAt` is no moment");
    if (typeof table !== "string") throw new Error("`table` is no text");
    if (known.runId !== runId) throw new Error(`it is of another run, ${known.runId}`);
    return { known, savedAt: moment, table };
  } catch (cause) {
    const uri = `s3://${bucket}/${key}`;
    throw new StepError({
      tried: `recall the clusters of run ${runId} from ${uri}`,
      got: messageOf(cause),
      hint: `Delete that object (aws s3 rm ${uri}): the run before it counts then, or none.`,
      cause,
    });
  }
}

/** Deletes the memory of a run, where a run of this walkthrough has written it, and tells whether there was one. @throws StepError */
export async function deleteKnown(
  aws: AwsSession,
  place: Pick<KnownClustersPlace, "bucket" | "prefix">,
  runId: string,
): Promise<boolean> {
  const { bucket, key } = knownClustersObject(place, runId);
  return (await deleteOwnObjects(aws, { bucket, keys: [key] })).deleted > 0;
}
