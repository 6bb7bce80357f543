import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename, extname } from "node:path";
import { PutObjectCommand, type PutObjectCommandInput } from "@aws-sdk/client-s3";
import type { Exact, StepError } from "@keyspaces-segmentation/common";
import { ownSignal } from "@keyspaces-segmentation/common";
import { s3Of } from "./clients.js";
import { awsFailure } from "./failure.js";
import { checkPrefix, type ObjectLocation, type PrefixLocation, uriOf } from "./object_location.js";
import type { AwsSession } from "./session.js";
import { objectMetadata } from "./tags.js";

const contentTypes: Readonly<Record<string, string>> = {
  ".csv": "text/csv; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ipynb": "application/x-ipynb+json",
  ".json": "application/json",
};

export interface UploadOptions {
  /** Default: by the key's ending. */
  contentType?: string;
  /** Id, ARN or alias of the KMS key to encrypt with; otherwise the bucket's own way. */
  kmsKey?: string | undefined;
  signal?: AbortSignal | undefined;
}

/** What is asked of S3 with every object that is stored. */
function requestFor(
  aws: AwsSession,
  { bucket, key }: ObjectLocation,
  { contentType, kmsKey }: UploadOptions,
): PutObjectCommandInput {
  return {
    Bucket: bucket,
    Key: key,
    ContentType: contentType ?? contentTypes[extname(key)] ?? "application/octet-stream",
    Metadata: objectMetadata(aws),
    ...(kmsKey !== undefined && { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKey }),
  };
}

const uploadFailure = (to: ObjectLocation, error: unknown): StepError =>
  awsFailure(`upload to ${uriOf(to)}`, error, { NoSuchBucket: `There is no bucket ${to.bucket}.` });

/** Stores bytes as an object and returns its URI. @throws StepError; the signal's reason when aborted */
export async function uploadBytes(
  aws: AwsSession,
  to: ObjectLocation,
  bytes: Uint8Array | string,
  options: UploadOptions = {},
): Promise<string> {
  const { signal } = options;
  try {
    const command = new PutObjectCommand({ ...requestFor(aws, to, options), Body: bytes });
    await s3Of(aws).send(command, signal ? { abortSignal: signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw uploadFailure(to, error);
  }
  return uriOf(to);
}

/** A file of more bytes is sent in parts of so many, two at a time. */
const PART_BYTES = 8 << 20;

/**
 * Stores a file as an object, however long: it is never in memory as a whole. Where that fails or is aborted, the parts that were sent
 * are taken back.
 */
async function uploadInParts(aws: AwsSession, to: ObjectLocation, file: string, options: UploadOptions): Promise<void> {
  const { signal } = options;
  // Loaded where it is needed: files of this size are rare.
  const { Upload } = require("@aws-sdk/lib-storage") as typeof import("@aws-sdk/lib-storage");
  // The signal ends the stream, and with it the upload; the library's own abort does not wait until the parts are taken back.
  const stream = createReadStream(file, { highWaterMark: 1 << 20, ...(signal && { signal: ownSignal(signal) }) });
  const params = { ...requestFor(aws, to, options), Body: stream };
  try {
    await new Upload({ client: s3Of(aws), params, partSize: PART_BYTES, queueSize: 2 }).done();
  } catch (error) {
    signal?.throwIfAborted();
    throw uploadFailure(to, error);
  } finally {
    stream.destroy();
  }
}

/**
 * Stores files under a prefix, each under its own base name, and returns their URIs in the same order. Long ones are streamed in parts.
 *
 * @param options.kmsKey id, ARN or alias of the KMS key to encrypt with; null or none: the bucket's own way
 * @throws StepError; the signal's reason when aborted
 */
export async function uploadFiles<P extends PrefixLocation>(
  aws: AwsSession,
  to: Exact<P, PrefixLocation>,
  files: readonly string[],
  { kmsKey, signal }: { kmsKey?: string | null; signal?: AbortSignal } = {},
): Promise<string[]> {
  checkPrefix(to.prefix);
  const options = { kmsKey: kmsKey ?? undefined, signal };
  const uris: string[] = [];
  for (const file of files) {
    const at = { bucket: to.bucket, key: to.prefix + basename(file) };
    if ((await stat(file)).size > PART_BYTES) await uploadInParts(aws, at, file, options);
    else await uploadBytes(aws, at, await readFile(file), options);
    uris.push(uriOf(at));
  }
  return uris;
}
