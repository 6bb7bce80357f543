import {
  AbortMultipartUploadCommand,
  DeleteObjectsCommand,
  ListMultipartUploadsCommand,
  type ListMultipartUploadsCommandOutput,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
} from "@aws-sdk/client-s3";
import { s3Of } from "./clients.js";
import { awsFailure, reasonOf } from "./failure.js";
import { hintsNaming } from "./object_location.js";
import type { AwsSession } from "./session.js";

/** As many as S3 deletes in one request. */
const deletesAtOnce = 1000;

/** One version of an object; of a bucket that keeps none, the object. */
export interface ObjectVersion {
  readonly key: string;
  /** Its id; "null" where the bucket keeps no versions. */
  readonly version: string;
  readonly bytes: number;
  /** Whether it only says that the object was deleted. */
  readonly isMarker: boolean;
  readonly isLatest: boolean;
  /** When it was written. */
  readonly at: Date;
}

/** Whether it is what a reader of its key gets. */
export const isCurrent = ({ isLatest, isMarker }: Pick<ObjectVersion, "isLatest" | "isMarker">): boolean =>
  isLatest && !isMarker;

/**
 * The versions that go of those that there are: all that are to, and a marker, which only says that its object was deleted, where no
 * version of that object stays, which would come back without it.
 */
export function withMarkers<V extends ObjectVersion>(versions: readonly V[], goes: (version: V) => boolean): V[] {
  const staying = new Set(versions.filter((each) => !each.isMarker && !goes(each)).map(({ key }) => key));
  return versions.filter((each) => (each.isMarker ? !staying.has(each.key) : goes(each)));
}

/** An upload in parts that was neither completed nor given up; its parts are billed. */
export interface OpenUpload {
  readonly key: string;
  readonly id: string;
  /** When it was begun. */
  readonly at: Date;
  /** By whom: an ARN, or the id of an account; undefined where S3 does not say. */
  readonly by: string | undefined;
}

/** Where nothing can be. */
const isMissingBucket = (error: unknown): boolean => reasonOf(error) === "NoSuchBucket";

/** All versions below a prefix, in S3's order, markers of each page first; none in a bucket that is not there. @throws StepError */
export async function versionsUnder(
  aws: AwsSession,
  { bucket, prefix }: { bucket: string; prefix: string },
  signal: AbortSignal | undefined,
): Promise<ObjectVersion[]> {
  const found: ObjectVersion[] = [];
  let after: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
  while (after) {
    signal?.throwIfAborted();
    try {
      const request = new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix, ...after });
      const page: ListObjectVersionsCommandOutput = await s3Of(aws).send(request);
      const add = (isMarker: boolean, listed: ListObjectVersionsCommandOutput["Versions"] = []) => {
        for (const { Key: key = "", VersionId: version = "null", Size: bytes = 0, ...of } of listed) {
          const { IsLatest: isLatest = true, LastModified: at = new Date(0) } = of;
          found.push({ key, version, bytes, isMarker, isLatest, at });
        }
      };
      add(true, page.DeleteMarkers);
      add(false, page.Versions);
      const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
      const next = { ...(KeyMarker && { KeyMarker }), ...(VersionIdMarker && { VersionIdMarker }) };
      after = page.IsTruncated ? next : undefined;
    } catch (error) {
      if (isMissingBucket(error)) return [];
      throw awsFailure(
        `list the versions in s3://${bucket}/${prefix}`,
        error,
        hintsNaming(bucket, "s3:ListBucketVersions"),
      );
    }
  }
  return found;
}

/** Uploads in parts below a prefix that were not completed. @throws StepError */
export async function uploadsUnder(
  aws: AwsSession,
  { bucket, prefix }: { bucket: string; prefix: string },
  signal: AbortSignal | undefined,
): Promise<OpenUpload[]> {
  const found: OpenUpload[] = [];
  let after: { KeyMarker?: string; UploadIdMarker?: string } | undefined = {};
  while (after) {
    signal?.throwIfAborted();
    try {
      const request = new ListMultipartUploadsCommand({ Bucket: bucket, Prefix: prefix, ...after });
      const page: ListMultipartUploadsCommandOutput = await s3Of(aws).send(request);
      for (const { Key: key = "", UploadId: id = "", Initiated: at = new Date(0), Initiator } of page.Uploads ?? []) {
        found.push({ key, id, at, by: Initiator?.ID });
      }
      const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page;
      const next = { ...(KeyMarker && { KeyMarker }), ...(UploadIdMarker && { UploadIdMarker }) };
      after = page.IsTruncated ? next : undefined;
    } catch (error) {
      if (isMissingBucket(error)) return [];
      throw awsFailure(
        `list the unfinished uploads in s3://${bucket}/${prefix}`,
        error,
        hintsNaming(bucket, "s3:ListBucketMultipartUploads"),
      );
    }
  }
  return found;
}

/**
 * Deletes versions for good, so that nothing of them is billed any more: in the order given, and what is known as ours only by what it was
 * made of before that, so that whatever stops it half-way leaves nothing that is not known any more.
 *
 * @throws StepError when S3 refuses, also when some could not be deleted; the signal's reason when aborted
 */
export async function deleteVersions(
  aws: AwsSession,
  bucket: string,
  versions: readonly (Pick<ObjectVersion, "key" | "version"> & { readonly isOfService?: boolean })[],
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  for (const which of [true, false]) {
    const some = versions.filter(({ isOfService = false }) => isOfService === which);
    await deleteInOrder(aws, bucket, some, signal);
  }
}

async function deleteInOrder(
  aws: AwsSession,
  bucket: string,
  versions: readonly Pick<ObjectVersion, "key" | "version">[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let i = 0; i < versions.length; i += deletesAtOnce) {
    signal?.throwIfAborted();
    const some = versions.slice(i, i + deletesAtOnce);
    const Objects = some.map(({ key: Key, version: VersionId }) => ({ Key, VersionId }));
    try {
      const request = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } });
      const { Errors: errors = [] } = await s3Of(aws).send(request);
      const [first] = errors;
      const got = `${first?.Code} for ${first?.Key}: ${first?.Message}, and ${errors.length - 1} others`;
      if (first) throw Object.assign(new Error(got), { name: first.Code });
    } catch (error) {
      const tried = `delete ${some.length} objects in s3://${bucket}, ${some[0]?.key} first`;
      throw awsFailure(tried, error, hintsNaming(bucket, "s3:DeleteObject and s3:DeleteObjectVersion"));
    }
  }
}

/** Gives up an upload in parts; one that is not there any more is as good. @throws StepError */
export async function abortUpload(
  aws: AwsSession,
  bucket: string,
  { key, id }: Pick<OpenUpload, "key" | "id">,
): Promise<void> {
  try {
    await s3Of(aws).send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: id }));
  } catch (error) {
    if (reasonOf(error) === "NoSuchUpload") return;
    throw awsFailure(
      `give up the upload of s3://${bucket}/${key}`,
      error,
      hintsNaming(bucket, "s3:AbortMultipartUpload"),
    );
  }
}
