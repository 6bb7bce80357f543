import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { forEachConcurrently, StepError } from "@keyspaces-segmentation/common";
import {
  abortUpload,
  deleteVersions,
  type ObjectVersion,
  type OpenUpload,
  uploadsUnder,
  versionsUnder,
  withMarkers,
} from "./bucket_versions.js";
import { s3Of } from "./clients.js";
import { awsFailure, statusOf } from "./failure.js";
import { hintsFor } from "./object_location.js";
import type { AwsSession } from "./session.js";
import { type Origin, originOfObject } from "./tags.js";

const looksAtOnce = 16;
/** One that the walkthrough has written, or a service for it. */
export interface OwnVersion extends ObjectVersion, Origin {
  /** Whether a service has written it, so that it is known by what it was made of alone. */
  readonly isOfService: boolean;
}

/** An unfinished upload of the walkthrough, or of a service for it. */
export interface UnfinishedUpload extends OpenUpload, Origin {}

/** What lies below a prefix. */
export interface FoundObjects {
  readonly own: readonly OwnVersion[];
  readonly uploads: readonly UnfinishedUpload[];
  /** Uploads of which nothing tells whose they are. */
  readonly unknownUploads: readonly OpenUpload[];
  /** Keys of what somebody else has written. */
  readonly foreign: readonly string[];
}

/**
 * Of an object that a service has written, which puts no metadata on it, the object of the walkthrough's that it was made of.
 *
 * @param own the walkthrough's own objects
 * @returns one of their keys; undefined for what was not made for the walkthrough
 */
export type MadeOf = (key: string, own: ReadonlySet<string>) => string | undefined;

export interface FindObjectsOptions {
  madeOf?: MadeOf;
  /** Is told of each key that S3 does not let anybody of this session look at; default: it is thrown, and nothing is found. */
  onUnread?: (key: string, failure: StepError) => void;
  signal?: AbortSignal | undefined;
}

/**
 * Tells what the walkthrough has written below a prefix, by its metadata, from what is somebody else's: each version by itself, and
 * uploads in parts, of which no metadata can be read, by what they would become, or what the walkthrough has written beside them. Nothing is there in a bucket that is not there.
 *
 * @param at.prefix a folder with its slash, or the whole key of one object
 * @throws StepError when S3 refuses; the signal's reason when aborted
 */
export async function findOwnObjects(
  aws: AwsSession,
  { bucket, prefix }: { bucket: string; prefix: string },
  { madeOf = () => undefined, onUnread, signal }: FindObjectsOptions = {},
): Promise<FoundObjects> {
  const isWanted = (key: string) => prefix.endsWith("/") || key === prefix;
  const versions = (await versionsUnder(aws, { bucket, prefix }, signal)).filter(({ key }) => isWanted(key));
  const written = new Map<ObjectVersion, Origin | undefined>();
  const unread = new Set<string>();
  const real = versions.filter(({ isMarker }) => !isMarker);
  await forEachConcurrently(real, looksAtOnce, async (version) => {
    signal?.throwIfAborted();
    try {
      const origin = await originOfVersion(aws, bucket, version);
      if (origin !== null) written.set(version, origin);
    } catch (error) {
      if (onUnread === undefined || !(error instanceof StepError && isOfOneObject(error.cause))) throw error;
      if (!unread.has(version.key)) onUnread(version.key, error);
      unread.add(version.key);
    }
  });
  const originByKey = new Map<string, Origin>();
  // In S3's order the newest of a key comes first.
  for (const { version, origin } of inOrder(real, written)) {
    if (origin && !originByKey.has(version.key)) originByKey.set(version.key, origin);
  }
  const ownKeys = new Set(originByKey.keys());
  const ofService = (key: string): Origin | undefined => {
    const source = madeOf(key, ownKeys);
    return source === undefined ? undefined : originByKey.get(source);
  };
  const own: OwnVersion[] = [];
  const foreign = new Set<string>();
  for (const { version, origin = ofService(version.key) } of inOrder(real, written)) {
    if (origin) own.push({ ...version, ...origin, isOfService: written.get(version) === undefined });
    else foreign.add(version.key);
  }
  const newest = new Map(own.toReversed().map((version) => [version.key, version]));
  const markers = versions.flatMap((version) => {
    const of = version.isMarker && !foreign.has(version.key) ? newest.get(version.key) : undefined;
    return of ? [{ ...version, run: of.run, owner: of.owner, isOfService: of.isOfService }] : [];
  });
  const originByFolder = new Map<string, Origin>();
  for (const [key, origin] of originByKey) originByFolder.set(folderOf(key), origin);
  const uploads: UnfinishedUpload[] = [];
  const unknownUploads: OpenUpload[] = [];
  for (const upload of await uploadsUnder(aws, { bucket, prefix }, signal)) {
    const { key, id, at, by } = upload;
    if (!isWanted(key) || foreign.has(key) || unread.has(key)) continue;
    const origin = originByKey.get(key) ?? ofService(key) ?? originByFolder.get(folderOf(key));
    if (origin) uploads.push({ key, id, at, by, ...origin });
    else unknownUploads.push(upload);
  }
  return { own: [...markers, ...own], uploads, unknownUploads, foreign: [...foreign] };
}

/** Whether a refusal may be of one object alone: its key, or that of its encryption, is somebody else's. */
const isOfOneObject = (error: unknown): boolean => [400, 403].includes(statusOf(error) ?? 0);

const folderOf = (key: string): string => key.slice(0, key.lastIndexOf("/") + 1);

const inOrder = (versions: readonly ObjectVersion[], written: ReadonlyMap<ObjectVersion, Origin | undefined>) =>
  versions.filter((version) => written.has(version)).map((version) => ({ version, origin: written.get(version) }));

/** Null for one that has gone in the meantime. @throws StepError */
async function originOfVersion(
  aws: AwsSession,
  bucket: string,
  { key, version, isLatest }: ObjectVersion,
): Promise<Origin | undefined | null> {
  const named = isLatest ? {} : { VersionId: version };
  try {
    const { Metadata = {} } = await s3Of(aws).send(new HeadObjectCommand({ Bucket: bucket, Key: key, ...named }));
    return originOfObject(Metadata);
  } catch (error) {
    if ((error as Error).name === "NotFound") return null;
    throw awsFailure(`look whose s3://${bucket}/${key} is`, error, hintsFor({ bucket }));
  }
}

/** Something that the walkthrough has written, or begun to. */
export type Written = Pick<OwnVersion, "key" | "run" | "owner">;

/** Tells why something that the walkthrough has written stays all the same; undefined where it goes. */
export type WhyStays = (written: Written) => string | undefined;

/** What lies below a prefix, and what of it may not be looked at. */
export interface LookedAt extends FoundObjects {
  /** By its key, why not. */
  readonly unread: ReadonlyMap<string, StepError>;
}

export interface DeleteObjectsOptions extends Pick<FindObjectsOptions, "madeOf" | "signal"> {
  /** Finds out, by all that lies there, what of it stays. */
  lookForReasons?: (there: LookedAt) => WhyStays | Promise<WhyStays>;
}

/** What became of objects. */
export interface DeletedObjects extends Pick<LookedAt, "foreign" | "unread"> {
  /** How many objects, whatever versions they had. */
  readonly deleted: number;
  /** How many unfinished uploads were given up. */
  readonly uploads: number;
  /** Keys of what the walkthrough has written that stays, by the reason. */
  readonly staying: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * Deletes what the walkthrough has written below a prefix, or had written: all versions of it, and uploads that were not completed. What S3
 * does not let this session look at stays.
 *
 * @throws StepError when S3 refuses, also when some could not be deleted; the signal's reason when aborted
 */
export async function deleteOwnObjects(
  aws: AwsSession,
  at: { bucket: string; prefix: string },
  { lookForReasons = () => () => undefined, madeOf, signal }: DeleteObjectsOptions = {},
): Promise<DeletedObjects> {
  const unread = new Map<string, StepError>();
  const onUnread = (key: string, failure: StepError) => unread.set(key, failure);
  const { own, uploads, unknownUploads, foreign } = await findOwnObjects(aws, at, {
    ...(madeOf && { madeOf }),
    onUnread,
    signal,
  });
  const whyStays = await lookForReasons({ own, uploads, unknownUploads, foreign, unread });
  const goes = (written: Written) => whyStays(written) === undefined;
  const givenUp = uploads.filter(goes);
  for (const upload of givenUp) await abortUpload(aws, at.bucket, upload);
  const going = withMarkers(own, goes);
  await deleteVersions(aws, at.bucket, going, { signal });
  const staying = new Map<string, Set<string>>();
  for (const written of [...own.filter(({ isMarker }) => !isMarker), ...uploads]) {
    const why = whyStays(written);
    if (why !== undefined) staying.set(why, (staying.get(why) ?? new Set()).add(written.key));
  }
  const deleted = new Set(going.map(({ key }) => key)).size;
  return { deleted, uploads: givenUp.length, foreign, staying, unread };
}
