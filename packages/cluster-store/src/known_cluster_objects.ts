import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import {
  deleteOwnObjects,
  isAboutTheObject,
  listNewestFirst,
  type ObjectLocation,
  readObject,
  reasonOf,
  uploadBytes,
} from "@keyspaces-segmentation/aws-session";
import { messageOf, type StepError } from "@keyspaces-segmentation/common";
import type { KeptMemory } from "@keyspaces-segmentation/customer-clusters";
import { isRunId } from "@keyspaces-segmentation/customer-clusters";

/** Of which table memories are, and where the walkthrough keeps its objects. */
export interface KnownClustersPlace {
  keyspace: string;
  table: string;
  bucket: string;
  /** Without slashes at its ends. */
  prefix: string;
  /** KMS key to encrypt with; null or none: the bucket's own way. */
  kmsKey?: string | null;
}

/** More than the centroids of a thousand clusters and ten years of daily files come to, in bytes. */
const maxBytes = 1 << 20;

/** A bucket is shared by the regions of an account, each of which may have a keyspace of that name. */
function folderOf({ region }: AwsSession, { prefix, keyspace, table }: KnownClustersPlace): string {
  return `${prefix}/clusters/${region}/${keyspace}/${table}/`;
}

/** Where the memory of a run lies. */
export function knownClustersObject(aws: AwsSession, place: KnownClustersPlace, runId: string): ObjectLocation {
  return { bucket: place.bucket, key: `${folderOf(aws, place)}${runId}.json` };
}

/** Keeps the memory of a run as an object and returns its URI. @throws StepError */
export async function uploadKnown(
  aws: AwsSession,
  place: KnownClustersPlace,
  { runId, text }: { runId: string; text: string },
): Promise<string> {
  return uploadBytes(aws, knownClustersObject(aws, place, runId), text, { kmsKey: place.kmsKey ?? undefined });
}

/** The memories that the bucket has of the runs on a table, the newest first. @throws StepError when S3 does not list them */
export async function keptObjects(aws: AwsSession, place: KnownClustersPlace): Promise<KeptMemory[]> {
  const { bucket } = place;
  const folder = folderOf(aws, place);
  const objects = await listNewestFirst(aws, { bucket, prefix: folder });
  return objects.flatMap(({ key, bytes }) => {
    const [, runId = ""] = /^([^/]+)\.json$/.exec(key.slice(folder.length)) ?? [];
    const from = `s3://${bucket}/${key}`;
    const read = () => textOf(aws, { bucket, key }, bytes);
    return isRunId(runId) ? [{ runId, from, toDelete: `aws s3 rm ${from}`, read }] : [];
  });
}

async function textOf(aws: AwsSession, at: ObjectLocation, bytes: number): Promise<string | Error | null> {
  if (bytes > maxBytes) return new Error(`it has ${bytes} bytes, more than a memory can have`);
  let content: Uint8Array;
  try {
    content = await readObject(aws, at);
  } catch (error) {
    const reason = reasonOf((error as StepError).cause);
    if (reason === "NoSuchKey") return null;
    if (isAboutTheObject(reason)) return new Error(messageOf((error as StepError).cause), { cause: error });
    throw error;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch (cause) {
    return new Error("it is no text in UTF-8", { cause });
  }
}

/** Deletes the memory of a run, where a run of this walkthrough has written it, and tells whether there was one. @throws StepError */
export async function deleteKnown(aws: AwsSession, place: KnownClustersPlace, runId: string): Promise<boolean> {
  const { bucket, key } = knownClustersObject(aws, place, runId);
  return (await deleteOwnObjects(aws, { bucket, keys: [key] })).deleted > 0;
}
