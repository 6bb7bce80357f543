import {
  type AwsSession,
  type DeletedObjects,
  deleteOwnObjects,
  findOwnObjects,
  isCurrent,
  madeBySageMaker,
  ownerOf,
  type Written,
} from "@keyspaces-segmentation/aws-session";
import { notedOfTable, type RegistryLocation, registryObject } from "@keyspaces-segmentation/cluster-store";
import type { StepError } from "@keyspaces-segmentation/common";

/** Which run it was, in words. */
export const runInWords = (run: string | undefined): string =>
  run === undefined ? "a run of unknown name" : `run ${run}`;

/** Whether it was written for somebody else. */
export const isOfOthers = (aws: Pick<AwsSession, "arn">, owner: string | undefined): owner is string =>
  owner !== undefined && owner !== ownerOf(aws);

/**
 * Deletes what runs have written below a prefix, as {@link deleteOwnObjects} does.
 *
 * @param reasonAmong tells, of all that there is, why something stays; undefined where it goes
 * @returns what became of it, and why something stays that runs have written
 * @throws StepError when S3 refuses; the signal's reason when aborted
 */
export async function deleteUnless(
  aws: AwsSession,
  at: { bucket: string; prefix: string },
  reasonAmong: (own: readonly Written[]) => (written: Written) => string | undefined,
  signal: AbortSignal | undefined,
): Promise<DeletedObjects & { readonly reasons: ReadonlySet<string> }> {
  const reasons = new Set<string>();
  const staysAmong = (there: readonly Written[]) => {
    const whyStays = reasonAmong(there);
    return (written: Written): boolean => {
      const why = whyStays(written);
      if (why !== undefined) reasons.add(why);
      return why !== undefined;
    };
  };
  const { deleted, foreign } = await deleteOwnObjects(aws, at, { madeOf: madeBySageMaker, staysAmong, signal });
  return { deleted, foreign, reasons };
}

/** What the registry in S3 has of a run, and of others in its keyspace. */
export interface Registered {
  /** Whether there is an entry of that id, and who has written what a reader gets. */
  readonly entry: Written | undefined;
  /** Other runs that have kept the same: they have written a version of the entry which was not deleted. */
  readonly keptBy: readonly Written[];
  /** An entry that somebody else has written of results in the same keyspace. */
  readonly ofOthers: Written | undefined;
  /** Whether there is one of results of the same table. */
  readonly isTableOfOthers: boolean;
  /** The URI of one that may be such, as it may not be looked at. */
  readonly unread: string | undefined;
}

/** Looks through the entries of a keyspace. @throws StepError when S3 refuses; the signal's reason when aborted */
export async function lookAtRegistry(
  aws: AwsSession,
  where: RegistryLocation,
  run: string,
  signal: AbortSignal | undefined,
): Promise<Registered> {
  const { bucket, prefix } = where;
  const { key } = registryObject(aws, where, run);
  const ofKeyspace = key.slice(0, key.lastIndexOf("/", key.lastIndexOf("/") - 1) + 1);
  const unread = new Map<string, StepError>();
  const onUnread = (of: string, failure: StepError) => unread.set(of, failure);
  const { own } = await findOwnObjects(aws, { bucket, prefix: ofKeyspace }, { onUnread, signal });
  const ofThisRun = unread.get(key);
  if (ofThisRun !== undefined) throw ofThisRun;
  const [other] = unread.keys();
  const versions = own.filter((version) => version.key === key);
  const markers = versions.filter(({ isMarker }) => isMarker);
  const isGone = markers.some(({ isLatest }) => isLatest);
  const deletedAt = Math.max(...markers.map(({ at }) => at.getTime()));
  const others = own
    .filter(isCurrent)
    .filter((each) => isOfOthers(aws, each.owner) && notedOfTable({ prefix, key: each.key })?.kind === "run");
  return {
    entry: versions.find(isCurrent),
    // What was written in the second of a deletion may have come after it.
    keptBy: versions.filter((of) => !isGone && !of.isMarker && of.run !== aws.run && !(of.at.getTime() < deletedAt)),
    ofOthers: others[0],
    isTableOfOthers: others.some((each) => notedOfTable({ prefix, key: each.key })?.table === where.table),
    unread: other && `s3://${bucket}/${other}`,
  };
}
