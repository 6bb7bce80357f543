import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import {
  isAboutTheObject,
  listNewestFirst,
  type ObjectLocation,
  readObject,
  reasonOf,
  uploadBytes,
} from "@keyspaces-segmentation/aws-session";
import { messageOf, type StepError, shellWord } from "@keyspaces-segmentation/common";
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

const LAST_READ = "last_read.jsonl.gz";
const registryKey = new RegExp(`^clusters(/[^/]+){3}/(${RUN_ID}\\.json|last_read\\.jsonl\\.gz)$`);

/** A bucket is shared by the regions of an account, each of which may have a keyspace of that name. */
function folderOf({ region }: AwsSession, { prefix, keyspace, table }: RegistryLocation): string {
  return `${prefix}/clusters/${region}/${keyspace}/${table}/`;
}

/** What an object beside a table's registry is about: a run that was kept, what the table came to in the last read, or something else. */
export interface NotedOfTable {
  readonly region: string;
  readonly keyspace: string;
  readonly table: string;
  readonly kind: "run" | "last read" | "other";
  /** The run that was kept; null where it is about something else. */
  readonly runId: string | null;
}

/** Of which table an object below the prefix was noted, in whichever region, and what; undefined for any other object. */
export function notedOfTable({ prefix, key }: { prefix: string; key: string }): NotedOfTable | undefined {
  const folder = `${prefix}/clusters/`;
  const parts = key.startsWith(folder) ? key.slice(folder.length).split("/") : [];
  const [region, keyspace, table, file, ...rest] = parts;
  if (file === undefined || rest.length > 0) return undefined;
  const name = file.slice(0, -".json".length);
  const runId = file.endsWith(".json") && isRunId(name) ? name : null;
  const kind = runId !== null ? "run" : file === LAST_READ ? "last read" : "other";
  return { region: region!, keyspace: keyspace!, table: table!, kind, runId };
}

/** Whether a key, as it goes on behind `<prefix>/`, is of an entry or of what was read last, in any region. */
export const isRegistryKey = (key: string): boolean => registryKey.test(key);

/** Where the entry of a run lies. */
export function registryObject(aws: AwsSession, location: RegistryLocation, runId: string): ObjectLocation {
  return { bucket: location.bucket, key: `${folderOf(aws, location)}${runId}.json` };
}

/** Where what the table's customers came to in the last read lies, whichever run has read it; see `readTable` of invoice-store. */
export function lastReadObject(aws: AwsSession, location: RegistryLocation): ObjectLocation {
  return { bucket: location.bucket, key: `${folderOf(aws, location)}${LAST_READ}` };
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
    return isRunId(runId) ? [{ runId, from, toDelete: `aws s3 rm ${shellWord(from)}`, read }] : [];
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
