import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, extname } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  GetObjectCommand,
  HeadObjectCommand,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type PutObjectCommandInput,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import type { Exact } from "@keyspaces-segmentation/common";
import { ArgumentError, ownSignal, StepError } from "@keyspaces-segmentation/common";
import { s3Of } from "./clients.js";
import { awsFailure } from "./failure.js";
import type { AwsSession } from "./session.js";
import { objectMetadata } from "./tags.js";

/** Where an object lies. */
export interface ObjectLocation {
  bucket: string;
  key: string;
}

/** Where objects lie whose keys start alike. A prefix ends with a slash, or `s3://b/train` would also mean `train-2/`. */
export interface PrefixLocation {
  bucket: string;
  prefix: string;
}

export interface DownloadedObject {
  uri: string;
  path: string;
  bytes: number;
  /** The object's own metadata (x-amz-meta-…), names in lower case. */
  metadata: Record<string, string>;
}

const uriOf = ({ bucket, key }: ObjectLocation): string => `s3://${bucket}/${key}`;

/** @throws ArgumentError when it is not of the form s3://bucket/key */
export function locationOf(uri: string): ObjectLocation {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (!bucket || !key) throw new ArgumentError("uri", "of the form s3://bucket/key", uri);
  return { bucket, key };
}

export const hintsFor = ({ bucket }: { bucket: string }): Record<string, string> => ({
  NoSuchBucket: `There is no bucket ${bucket}. Check its spelling and the account.`,
  NoSuchKey: "The bucket is there, the object is not. Check the key's spelling; capitals count.",
  AccessDenied: "The object does not exist or the signed-in identity may not read it (s3:GetObject, s3:ListBucket).",
});

function checkPrefix(prefix: string): void {
  if (!/^[^/].*\/$/.test(prefix)) throw new ArgumentError("prefix", "a key prefix that ends with a slash", prefix);
}

/**
 * Copies an object to a file. The file appears under its name only once it is complete.
 *
 * @throws StepError for a missing bucket or object, no permission, no answer, or a connection that broke off
 */
export async function downloadObject(
  aws: AwsSession,
  from: ObjectLocation,
  path: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<DownloadedObject> {
  const uri = uriOf(from);
  const partial = `${path}.${process.pid}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const answer = await s3Of(aws).send(
      new GetObjectCommand({ Bucket: from.bucket, Key: from.key }),
      signal ? { abortSignal: signal } : {},
    );
    // It may be a shop's customers.
    const file = createWriteStream(partial, { mode: 0o600 });
    await pipeline(answer.Body as Readable, file, signal ? { signal: ownSignal(signal) } : {});
    if (answer.ContentLength !== undefined && file.bytesWritten !== answer.ContentLength) {
      throw new Error(`${file.bytesWritten} of ${answer.ContentLength} bytes came`);
    }
    await rename(partial, path);
    return { uri, path, bytes: file.bytesWritten, metadata: answer.Metadata ?? {} };
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    signal?.throwIfAborted();
    throw awsFailure(`download ${uri}`, error, hintsFor(from));
  }
}

/**
 * Reads a whole object into memory; for small ones such as a model.
 *
 * @param options.maxBytes larger objects are refused before they are read
 * @throws StepError as {@link downloadObject}
 */
export async function readObject(
  aws: AwsSession,
  from: ObjectLocation,
  { maxBytes = 1 << 30, signal }: { maxBytes?: number; signal?: AbortSignal | undefined } = {},
): Promise<Uint8Array> {
  try {
    const answer = await s3Of(aws).send(
      new GetObjectCommand({ Bucket: from.bucket, Key: from.key }),
      signal ? { abortSignal: signal } : {},
    );
    const { Body: body, ContentLength: bytes = 0 } = answer;
    if (bytes > maxBytes) {
      (body as Readable).destroy();
      throw new StepError({ tried: `read ${uriOf(from)}`, got: `it has ${bytes} bytes, more than ${maxBytes}` });
    }
    return (await body?.transformToByteArray()) ?? new Uint8Array();
  } catch (error) {
    signal?.throwIfAborted();
    throw awsFailure(`read ${uriOf(from)}`, error, hintsFor(from));
  }
}

/** Whether a reason for which S3 did not give an object is about this one, so that another may still be had. */
export const isAboutTheObject = (reason: string): boolean =>
  ["AccessDenied", "InvalidObjectState"].includes(reason) || reason.startsWith("KMS.");

/** Whether an object is there. @throws StepError where that cannot be told, as for a lack of permission */
export async function objectExists(
  aws: AwsSession,
  at: ObjectLocation,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<boolean> {
  try {
    await s3Of(aws).send(
      new HeadObjectCommand({ Bucket: at.bucket, Key: at.key }),
      signal ? { abortSignal: signal } : {},
    );
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    if ((error as Error).name === "NotFound" || (error as Error).name === "NoSuchBucket") return false;
    throw awsFailure(`look for ${uriOf(at)}`, error, hintsFor(at));
  }
}

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

/** An object as S3 lists it. */
export interface ListedObject {
  key: string;
  bytes: number;
  modified: Date;
}

/** The objects under a prefix, in S3's order. */
async function listed(aws: AwsSession, at: PrefixLocation): Promise<ListedObject[]> {
  const { bucket, prefix } = at;
  checkPrefix(prefix);
  const objects: ListedObject[] = [];
  try {
    const pages = paginateListObjectsV2({ client: s3Of(aws) }, { Bucket: bucket, Prefix: prefix });
    for await (const page of pages as AsyncIterable<ListObjectsV2CommandOutput>) {
      for (const { Key: key, Size: bytes = 0, LastModified: modified = new Date(0) } of page.Contents ?? []) {
        if (key !== undefined) objects.push({ key, bytes, modified });
      }
    }
    return objects;
  } catch (error) {
    throw awsFailure(`list s3://${bucket}/${prefix}`, error, hintsFor(at));
  }
}

/** All keys under a prefix, in S3's order. @throws StepError */
export async function listObjects(aws: AwsSession, at: PrefixLocation): Promise<string[]> {
  return (await listed(aws, at)).map(({ key }) => key);
}

/** All objects under a prefix, those that were written last first; S3 tells that to the second. @throws StepError */
export async function listNewestFirst(aws: AwsSession, at: PrefixLocation): Promise<ListedObject[]> {
  const objects = await listed(aws, at);
  return objects.sort((a, b) => b.modified.getTime() - a.modified.getTime() || (a.key < b.key ? 1 : -1));
}
