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
import type { StoredEntry } from "@keyspaces-segmentation/customer-clusters";
import { isRunId } from "@keyspaces-segmentation/customer-clusters";
import { RUN_ID } from "./run_id.js";

/** Whose registry of clusters it is, of a table in a keyspace, and the bucket and prefix of its objects. The bucket outlives the keyspace. */
export interface RegistryLocation {
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

const registryKey = new RegExp(`^clusters(/[^/]+){3}/(${RUN_ID}\\.json|last_read\\.jsonl\\.gz)$`);

/** A bucket is shared by the regions of an account, each of which may have a keyspace of that name. */
function folderOf({ region }: AwsSession, { prefix, keyspace, table }: RegistryLocation): string {
  return `${prefix}/clusters/${region}/${keyspace}/${table}/`;
}

/**
 * The keyspace that an object below the prefix is the registry entry for, of a run that was kept; undefined for any other object, and for
 * an entry of another region.
 */
export function keyspaceOfEntry(
  { region }: Pick<AwsSession, "region">,
  { prefix, key }: { prefix: string; key: string },
): string | undefined {
  const folder = `${prefix}/clusters/${region}/`;
  const [, keyspace, runId = ""] = /^([^/]+)\/[^/]+\/([^/]+)\.json$/.exec(key.slice(folder.length)) ?? [];
  return key.startsWith(folder) && isRunId(runId) ? keyspace : undefined;
}

/** The keyspace that an object below the prefix is noted of, be it an entry or what was read last; undefined for any other object. */
export function keyspaceOfRegistry(
  { region }: Pick<AwsSession, "region">,
  { prefix, key }: { prefix: string; key: string },
): string | undefined {
  const folder = `${prefix}/clusters/${region}/`;
  const [keyspace, ...rest] = key.startsWith(folder) ? key.slice(folder.length).split("/") : [];
  return rest.length > 0 ? keyspace : undefined;
}

/** Whether a key, as it goes on behind `<prefix>/`, is of an entry or of what was read last, in any region. */
export const isRegistryKey = (key: string): boolean => registryKey.test(key);

/** Where the entry of a run lies. */
export function registryObject(aws: AwsSession, location: RegistryLocation, runId: string): ObjectLocation {
  return { bucket: location.bucket, key: `${folderOf(aws, location)}${runId}.json` };
}

/** Where what the table's customers came to in the last read lies, whichever run has read it; see `readTable` of invoice-store. */
export function lastReadObject(aws: AwsSession, location: RegistryLocation): ObjectLocation {
  return { bucket: location.bucket, key: `${folderOf(aws, location)}last_read.jsonl.gz` };
}

/** Keeps the entry of a run as an object and returns its URI. @throws StepError */
export async function uploadEntry(
  aws: AwsSession,
  location: RegistryLocation,
  { runId, text }: { runId: string; text: string },
): Promise<string> {
  return uploadBytes(aws, registryObject(aws, location, runId), text, { kmsKey: location.kmsKey ?? undefined });
}

/** The entries that the bucket has of the runs on a table, the newest first. @throws StepError when S3 does not list them */
export async function entryObjects(aws: AwsSession, location: RegistryLocation): Promise<StoredEntry[]> {
  const { bucket } = location;
  const folder = folderOf(aws, location);
  const objects = await listNewestFirst(aws, { bucket, prefix: folder });
  return objects.flatMap(({ key, bytes }) => {
    const [, runId = ""] = /^([^/]+)\.json$/.exec(key.slice(folder.length)) ?? [];
    const from = `s3://${bucket}/${key}`;
    const read = () => textOf(aws, { bucket, key }, bytes);
    return isRunId(runId) ? [{ runId, from, toDelete: `aws s3 rm ${from}`, read }] : [];
  });
}

async function textOf(aws: AwsSession, at: ObjectLocation, bytes: number): Promise<string | Error | null> {
  if (bytes > maxBytes) return new Error(`it has ${bytes} bytes, more than an entry can have`);
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

/** Deletes the entry of a run, where a run of this walkthrough has written it, and tells whether there was one. @throws StepError */
export async function deleteEntry(aws: AwsSession, location: RegistryLocation, runId: string): Promise<boolean> {
  const { bucket, key } = registryObject(aws, location, runId);
  return (await deleteOwnObjects(aws, { bucket, prefix: key })).deleted > 0;
}
