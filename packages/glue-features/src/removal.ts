import type { JobRun } from "@aws-sdk/client-glue";
import {
  type AwsSession,
  cleanupCommand,
  deleteOwnObjects,
  isDenied,
  type LookedAt,
  madeBySageMaker,
  ownerOf,
  type WhyStays,
  type Written,
} from "@keyspaces-segmentation/aws-session";
import { StepError } from "@keyspaces-segmentation/common";
import { folderOf } from "./features.js";
import { deleteJob } from "./glue_job.js";
import { isFeature, isJobFile } from "./keys.js";
import { otherUnderWay, runsUnderWay, writerUnderWay } from "./runs_under_way.js";
import { JOB_KINDS, jobNameFor } from "./script_job.js";
import type { SparkParameters } from "./spark_parameters.js";

/** What was made, and whether it is to be removed. */
export interface RemovalParameters extends Pick<SparkParameters, "engine"> {
  readonly prefix: string;
  readonly keyspace: string;
  readonly table: string;
  readonly cleanUp: boolean;
}

/** What has become of something that was made for Spark. */
export interface RemovedFeatures {
  readonly what: string;
  readonly outcome: string;
}

/** Where it was made, and what is to become of it. */
export interface RemovalRequest {
  readonly bucket: string;
  readonly parameters: RemovalParameters;
  /** Whether the table that the features are of is still there: they stay with it then. Default false. */
  readonly tableStays?: boolean;
}

/**
 * Deletes the features of a table, the jobs and their files, if that is wanted, and says of each what is left of it. Of features and files
 * those go that runs of the same owner have made; what a run that is under way has written stays, and while anybody's is, so do the files.
 * Where this run did without Spark, an earlier one of the same owner may have left features: they go too, jobs and files stay. Glue is
 * then asked only where there are some, as it may be that nobody is allowed to.
 *
 * @returns nothing where Spark was not asked for and has left no features
 * @throws StepError naming what could not be removed; the signal's reason when aborted
 */
export async function removeFeatures(
  aws: AwsSession,
  { bucket, parameters, tableStays = false }: RemovalRequest,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<RemovedFeatures[]> {
  const { engine, cleanUp, prefix } = parameters;
  const names = JOB_KINDS.map((kind) => jobNameFor({ kind, bucket, prefix }));
  const removeAll = cleanupCommand({ bucket, prefix }, "--all");
  const features = { bucket, prefix: `${folderOf(parameters)}/`, isOfPrefix: isBelow(prefix, isFeature), removeAll };
  const files = { bucket, prefix: `${prefix}/jobs/`, isOfPrefix: isBelow(prefix, isJobFile), removeAll };
  const what = {
    job: (name: string) => `Glue job ${name}`,
    objects: `features in s3://${bucket}/${features.prefix}`,
    files: `scripts and jar in s3://${bucket}/${files.prefix}`,
  };
  if (engine === "node" && (!cleanUp || tableStays)) return [];
  if (!cleanUp) {
    const outcome = "left in place; costs nothing while it does not run";
    const stored = "left in place; their storage is billed";
    return [
      ...names.map((name) => ({ what: what.job(name), outcome })),
      { what: what.objects, outcome: stored },
      { what: what.files, outcome: stored },
    ];
  }
  const outcome = tableStays
    ? "stay, as their table does; their storage is billed"
    : await deleteOwn(aws, features, () => writerOf(aws, { names, engine }, signal), signal);
  const objects = outcome === undefined ? [] : [{ what: what.objects, outcome }];
  if (engine === "node") {
    if (outcome === undefined) return [];
    const stay = `stay where an earlier run has made them; later: ${removeAll}`;
    return [...objects, { what: `${names.map(what.job).join(", ")}, ${what.files}`, outcome: stay }];
  }
  const jobs: RemovedFeatures[] = [];
  const own: string[] = [];
  for (const name of names) {
    const { isForeign, outcome: ofJob } = await deleteJob(aws, name, signal);
    jobs.push({ what: what.job(name), outcome: ofJob });
    // Runs of somebody else's job do not read these files.
    if (!isForeign) own.push(name);
  }
  const left = await deleteFiles(aws, files, own, signal);
  return [...jobs, ...objects, ...(left === undefined ? [] : [{ what: what.files, outcome: left }])];
}

const isBelow =
  (prefix: string, isWritten: (key: string) => boolean) =>
  (key: string): boolean =>
    isWritten(key.slice(prefix.length + 1));

/**
 * Deletes scripts, modules and jars, unless a run is under way that may read them: also one that was started since the jobs were looked at.
 * Who may not is told so, and the jobs have gone nevertheless.
 */
async function deleteFiles(
  aws: AwsSession,
  files: RunsFolder,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const lookForNeed = async () => {
    const other = otherUnderWay(aws, await runsOf(aws, names, signal));
    return () => other;
  };
  try {
    return await deleteOwn(aws, files, lookForNeed, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof StepError && isDenied(error))) throw error;
    return `stay: ${error.message} ${error.hint ?? ""}`.trim();
  }
}

/** Where runs have put something. */
interface RunsFolder {
  readonly bucket: string;
  /** Ends in a slash. */
  readonly prefix: string;
  /** Whether runs on this very prefix write such a key. */
  readonly isOfPrefix: (key: string) => boolean;
  /** The command that removes whatever lies there, for a reader to type. */
  readonly removeAll: string;
}

/**
 * Deletes what runs of the same owner have put into a folder.
 *
 * @param lookForNeed finds out what of it is still needed; asked only where something might go
 * @returns what has become of it, in words; undefined where there was nothing
 */
async function deleteOwn(
  aws: AwsSession,
  folder: RunsFolder,
  lookForNeed: () => Promise<WhyStays>,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const whyNotOurs = ({ key, owner }: Written): string | undefined => {
    if (!folder.isOfPrefix(key)) return "no run on this prefix writes there: they may be of another one, below it";
    if (owner === undefined) return `who made them is not noted; ${folder.removeAll} removes them`;
    return owner === ownerOf(aws) ? undefined : "no run of yours made them";
  };
  const lookForReasons = async ({ own, uploads }: LookedAt): Promise<WhyStays> => {
    const mightGo = [...own, ...uploads].some((written) => whyNotOurs(written) === undefined);
    const whyNeeded = mightGo ? await lookForNeed() : () => undefined;
    return (written) => whyNotOurs(written) ?? whyNeeded(written);
  };
  const options = { madeOf: madeBySageMaker, lookForReasons, signal };
  const { deleted, uploads, foreign, staying, unread } = await deleteOwnObjects(aws, folder, options);
  const stay = [
    ...[...staying].map(([why, keys]) => ({ why, count: keys.size })),
    { why: "no run of this walkthrough made them", count: foreign.length },
    { why: "they may not be looked at", count: unread.size },
  ].flatMap(({ why, count }) => (count === 0 ? [] : [`; ${count} stay, ${why}`]));
  return deleted + uploads + stay.length === 0 ? undefined : `${deleted} deleted${stay.join("")}`;
}

/** Looks which runs are under way. @returns tells why what a run has written has to stay */
async function writerOf(
  aws: AwsSession,
  { names, engine }: Pick<RemovalParameters, "engine"> & { readonly names: readonly string[] },
  signal: AbortSignal | undefined,
): Promise<WhyStays> {
  try {
    const runs = await runsOf(aws, names, signal);
    return (of) => writerUnderWay(aws, of, runs);
  } catch (error) {
    signal?.throwIfAborted();
    // Who does without Spark may not be allowed to ask for its runs.
    if (engine === "spark" || !isDenied(error)) throw error;
    return () => "whether a run that writes them is under way could not be seen";
  }
}

/** The runs of several jobs that are under way. */
async function runsOf(
  aws: AwsSession,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly JobRun[]> {
  const runs: JobRun[] = [];
  for (const name of names) runs.push(...(await runsUnderWay(aws, name, signal)));
  return runs;
}
