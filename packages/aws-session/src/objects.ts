import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  GetObjectCommand,
  HeadObjectCommand,
  type ListObjectsV2CommandOutput,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { ownSignal, StepError } from "@keyspaces-segmentation/common";
import { s3Of } from "./clients.js";
import { awsFailure } from "./failure.js";
import { checkPrefix, hintsFor, type ObjectLocation, type PrefixLocation, uriOf } from "./object_location.js";
import type { AwsSession } from "./session.js";

export interface DownloadedObject {
  uri: string;
  path: string;
  bytes: number;
  /** The object's own metadata (x-amz-meta-…), names in lower case. */
  metadata: Record<string, string>;
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
