import { createWriteStream } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, extname } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { ownSignal } from "../abort.js";
import { ArgumentError, StepError } from "../errors.js";
import type { Exact } from "../exact.js";
import { s3Of } from "./clients.js";
import { awsFailure } from "./failure.js";
import type { AwsSession } from "./session.js";

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

const hintsFor = ({ bucket }: { bucket: string }): Record<string, string> => ({
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

/** Stores bytes as an object and returns its URI. @throws StepError; the signal's reason when aborted */
export async function uploadBytes(
  aws: AwsSession,
  to: ObjectLocation,
  bytes: Uint8Array | string,
  options: UploadOptions = {},
): Promise<string> {
  const { bucket, key } = to;
  const { contentType = contentTypes[extname(key)] ?? "application/octet-stream", kmsKey, signal } = options;
  try {
    await s3Of(aws).send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: bytes,
        ContentType: contentType,
        ...(kmsKey !== undefined && { ServerSideEncryption: "aws:kms", SSEKMSKeyId: kmsKey }),
      }),
      signal ? { abortSignal: signal } : {},
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw awsFailure(`upload to ${uriOf(to)}`, error, { NoSuchBucket: `There is no bucket ${bucket}.` });
  }
  return uriOf(to);
}

/**
 * Stores files under a prefix, each under its own base name, and returns their URIs in the same order.
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
    const key = to.prefix + basename(file);
    uris.push(await uploadBytes(aws, { bucket: to.bucket, key }, await readFile(file), options));
  }
  return uris;
}

/** An object as S3 lists it. */
export interface ListedObject {
  key: string;
  bytes: number;
  modified: Date;
}

/** The objects under a prefix, a page (at most 1,000) at a time. */
async function* pagesOfObjects(aws: AwsSession, { bucket, prefix }: PrefixLocation): AsyncGenerator<ListedObject[]> {
  checkPrefix(prefix);
  const pages = paginateListObjectsV2({ client: s3Of(aws) }, { Bucket: bucket, Prefix: prefix });
  for await (const page of pages as AsyncIterable<ListObjectsV2CommandOutput>) {
    yield (page.Contents ?? []).flatMap(({ Key: key, Size: bytes = 0, LastModified: modified = new Date(0) }) =>
      key === undefined ? [] : { key, bytes, modified },
    );
  }
}

async function listed(aws: AwsSession, at: PrefixLocation): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  try {
    for await (const page of pagesOfObjects(aws, at)) objects.push(...page);
    return objects;
  } catch (error) {
    if (error instanceof ArgumentError) throw error;
    throw awsFailure(`list s3://${at.bucket}/${at.prefix}`, error, hintsFor(at));
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

/** Deletes an object; one that is not there is no failure. @throws StepError */
export async function deleteObject(aws: AwsSession, { bucket, key }: ObjectLocation): Promise<void> {
  try {
    await s3Of(aws).send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  } catch (error) {
    throw awsFailure(`delete ${uriOf({ bucket, key })}`, error, { NoSuchBucket: `There is no bucket ${bucket}.` });
  }
}

/**
 * Deletes every object under a prefix and returns how many there were.
 *
 * @throws StepError also when some could not be deleted
 */
export async function deletePrefix(
  aws: AwsSession,
  at: PrefixLocation,
  { signal }: { signal?: AbortSignal } = {},
): Promise<number> {
  let deleted = 0;
  try {
    for await (const objects of pagesOfObjects(aws, at)) {
      signal?.throwIfAborted();
      const keys = objects.map(({ key }) => key);
      if (keys.length === 0) continue;
      const { Errors: errors = [] } = await s3Of(aws).send(
        new DeleteObjectsCommand({ Bucket: at.bucket, Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true } }),
      );
      const [first] = errors;
      if (first) throw new Error(`${first.Code} for ${first.Key}: ${first.Message}, and ${errors.length - 1} others`);
      deleted += keys.length;
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ArgumentError) throw error;
    throw awsFailure(`delete the objects under s3://${at.bucket}/${at.prefix}`, error, hintsFor(at));
  }
  return deleted;
}
