import { DeleteObjectsCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { forEachConcurrently } from "@keyspaces-segmentation/common";
import { s3Of } from "./clients.js";
import { awsFailure } from "./failure.js";
import { hintsFor, type ObjectLocation, ownMetadata } from "./objects.js";
import type { AwsSession } from "./session.js";

const looksAtOnce = 16;
/** As many as S3 deletes in one request. */
const deletesAtOnce = 1000;

/**
 * The metadata that whoever wrote an object has given it, names in lower case.
 *
 * @param hints what to do, by the name of the failure
 * @throws StepError when there is no such object, or it may not be looked at
 */
export async function metadataOf(
  aws: AwsSession,
  { bucket, key }: ObjectLocation,
  hints: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  try {
    return (await s3Of(aws).send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).Metadata ?? {};
  } catch (error) {
    throw awsFailure(`look at s3://${bucket}/${key}`, error, { ...hintsFor({ bucket }), ...hints });
  }
}

/** Whether the walkthrough has written an object; null where there is none. @throws StepError */
async function isOwn(aws: AwsSession, at: ObjectLocation): Promise<boolean | null> {
  const { bucket, key } = at;
  try {
    const head = new HeadObjectCommand({ Bucket: bucket, Key: key });
    const { Metadata: metadata = {} } = await s3Of(aws).send(head);
    return Object.entries(ownMetadata).every(([name, value]) => metadata[name] === value);
  } catch (error) {
    if ((error as Error).name === "NotFound") return null;
    throw awsFailure(`look whose s3://${bucket}/${key} is`, error, hintsFor(at));
  }
}

/** What became of objects. */
export interface DeletedObjects {
  deleted: number;
  /** Keys of those that stay, as the walkthrough has not written them. */
  foreign: string[];
}

/**
 * Deletes those of the given objects that the walkthrough has written. What it has had written by a service, which puts no metadata on
 * it, is known by its key.
 *
 * @param options.isMadeForUs tells such keys, given those of the walkthrough's own objects among `keys`
 * @throws StepError when S3 refuses, also when some could not be deleted; the signal's reason when aborted
 */
export async function deleteOwnObjects(
  aws: AwsSession,
  { bucket, keys }: { bucket: string; keys: readonly string[] },
  {
    isMadeForUs = () => false,
    signal,
  }: { isMadeForUs?: (key: string, own: ReadonlySet<string>) => boolean; signal?: AbortSignal | undefined } = {},
): Promise<DeletedObjects> {
  const [own, others] = [new Set<string>(), new Set<string>()];
  await forEachConcurrently(keys, looksAtOnce, async (key) => {
    signal?.throwIfAborted();
    const found = await isOwn(aws, { bucket, key });
    if (found !== null) (found ? own : others).add(key);
  });
  const ours = keys.filter((key) => own.has(key) || (others.has(key) && isMadeForUs(key, own)));
  for (let i = 0; i < ours.length; i += deletesAtOnce) {
    signal?.throwIfAborted();
    await deleteObjects(aws, bucket, ours.slice(i, i + deletesAtOnce));
  }
  return { deleted: ours.length, foreign: keys.filter((key) => others.has(key) && !ours.includes(key)) };
}

async function deleteObjects(aws: AwsSession, bucket: string, keys: readonly string[]): Promise<void> {
  try {
    const objects = { Objects: keys.map((Key) => ({ Key })), Quiet: true };
    const { Errors: errors = [] } = await s3Of(aws).send(new DeleteObjectsCommand({ Bucket: bucket, Delete: objects }));
    const [first] = errors;
    if (first) throw new Error(`${first.Code} for ${first.Key}: ${first.Message}, and ${errors.length - 1} others`);
  } catch (error) {
    throw awsFailure(`delete ${keys.length} objects in s3://${bucket}, ${keys[0]} first`, error, hintsFor({ bucket }));
  }
}
