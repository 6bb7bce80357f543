import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import {
  type AwsSession,
  isDenied,
  type ObjectLocation,
  objectExists,
  uploadBytes,
} from "@keyspaces-segmentation/aws-session";
import { messageOf, StepError } from "@keyspaces-segmentation/common";
import { HASH_LENGTH } from "./keys.js";

/** Where files go, and how they are kept. */
export interface FilesPlace {
  readonly bucket: string;
  /** Without a slash at its end. */
  readonly prefix: string;
  readonly kmsKey: string | null;
}

/**
 * Stores a file under the hash of what is in it, unless it is there already: an unchanged file is not sent twice, and a run that goes
 * on with an older version keeps it.
 *
 * @returns its URI
 * @throws StepError for a file that is not there, with `hint`, or what S3 refuses; the signal's reason when aborted
 */
export async function storeFile(
  aws: AwsSession,
  path: string,
  { bucket, prefix, kmsKey }: FilesPlace,
  { hint, signal }: { hint: string; signal?: AbortSignal | undefined },
): Promise<string> {
  const bytes = await readFile(path).catch((cause) => {
    throw new StepError({ tried: `read ${path}`, got: messageOf(cause), hint, cause });
  });
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, HASH_LENGTH);
  const key = `${prefix}/jobs/${hash}/${basename(path)}`;
  if (await isStored(aws, { bucket, key }, signal)) return `s3://${bucket}/${key}`;
  return uploadBytes(aws, { bucket, key }, bytes, { kmsKey: kmsKey ?? undefined, signal });
}

/**
 * Who may not list the bucket is told of an object that is not there that it is denied. The same file once more does no harm.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
 */
async function isStored(aws: AwsSession, at: ObjectLocation, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    return await objectExists(aws, at, { signal });
  } catch (error) {
    if (isDenied(error)) return false;
    throw error;
  }
}
