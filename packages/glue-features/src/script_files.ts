import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { type AwsSession, objectExists, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { messageOf, StepError } from "@keyspaces-segmentation/common";

/** Where files go, and how they are kept. */
export interface FilesPlace {
  readonly bucket: string;
  /** Without a slash at its end. */
  readonly prefix: string;
  readonly kmsKey: string | null;
}

/** Characters of a hash that tell the versions of a file apart. */
const HASH_LENGTH = 16;

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
  if (await objectExists(aws, { bucket, key }, { signal })) return `s3://${bucket}/${key}`;
  return uploadBytes(aws, { bucket, key }, bytes, { kmsKey: kmsKey ?? undefined, signal });
}
