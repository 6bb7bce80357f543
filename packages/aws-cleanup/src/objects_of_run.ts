import { type AwsSession, findOwnObjects, isCurrent, ownerOf, type Written } from "@keyspaces-segmentation/aws-session";
import { type RegistryLocation, registryObject } from "@keyspaces-segmentation/cluster-store";
import type { StepError } from "@keyspaces-segmentation/common";
import { type KeptIn, keptByKeyspace, nothingKept } from "./kept_in.js";

/** Which run it was, in words. */
export const runInWords = (run: string | undefined): string =>
  run === undefined ? "a run of unknown name" : `run ${run}`;

/** Whether it was written for somebody else. */
export const isOfOthers = (aws: Pick<AwsSession, "arn">, owner: string | undefined): owner is string =>
  owner !== undefined && owner !== ownerOf(aws);

/** What the registry in S3 has of a run, and of others in its keyspace. */
export interface Registered {
  /** Whether there is an entry of that id, and who has written what a reader gets. */
  readonly entry: Written | undefined;
  /** Other runs that have kept the same: they have written a version of the entry which was not deleted. */
  readonly keptBy: readonly Written[];
  /** What was kept in the keyspace. */
  readonly kept: KeptIn;
}

/** Looks through the entries of a keyspace. @throws StepError when S3 refuses; the signal's reason when aborted */
export async function lookAtRegistry(
  aws: AwsSession,
  where: RegistryLocation,
  run: string,
  signal: AbortSignal | undefined,
): Promise<Registered> {
  const { bucket, prefix, keyspace } = where;
  const { key } = registryObject(aws, where, run);
  const ofKeyspace = key.slice(0, key.lastIndexOf("/", key.lastIndexOf("/") - 1) + 1);
  const unread = new Map<string, StepError>();
  const onUnread = (of: string, failure: StepError) => unread.set(of, failure);
  const { own } = await findOwnObjects(aws, { bucket, prefix: ofKeyspace }, { onUnread, signal });
  const ofThisRun = unread.get(key);
  if (ofThisRun !== undefined) throw ofThisRun;
  const versions = own.filter((version) => version.key === key);
  const markers = versions.filter(({ isMarker }) => isMarker);
  const isGone = markers.some(({ isLatest }) => isLatest);
  const deletedAt = Math.max(...markers.map(({ at }) => at.getTime()));
  return {
    entry: versions.find(isCurrent),
    // What was written in the second of a deletion may have come after it.
    keptBy: versions.filter((of) => !isGone && !of.isMarker && of.run !== aws.run && !(of.at.getTime() < deletedAt)),
    kept:
      keptByKeyspace({ own, unread: unread.keys() }, { region: aws.region, bucket, prefix }).get(keyspace) ??
      nothingKept({ isListed: true }),
  };
}
