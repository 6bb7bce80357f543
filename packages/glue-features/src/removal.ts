import type { JobRun } from "@aws-sdk/client-glue";
import {
  type AwsSession,
  abortUpload,
  deleteVersions,
  findOwnObjects,
  isDenied,
  type Origin,
  ownerOf,
} from "@keyspaces-segmentation/aws-session";
import { folderOf } from "./features.js";
import { deleteJob } from "./glue_job.js";
import { runsUnderWay, writerUnderWay } from "./runs_under_way.js";
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
 * Deletes the jobs and the features of a table, if that is wanted, and says of each what is left of it. What a run that is under way has
 * written stays. Scripts and jar stay: other notebooks on the same prefix may be about to run them, and they cost next to nothing. Where this
 * run did without Spark, an earlier one of the same owner may have left features: they go too, those of others stay. Glue is then asked
 * only where there are some, as it may be that nobody is allowed to.
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
  const folder = `${folderOf(parameters)}/`;
  const what = {
    job: (name: string) => `Glue job ${name}`,
    objects: `features in s3://${bucket}/${folder}`,
    files: `scripts and jar in s3://${bucket}/${prefix}/jobs/`,
  };
  if (engine === "node" && (!cleanUp || tableStays)) return [];
  if (!cleanUp) {
    const outcome = "left in place; costs nothing while it does not run";
    return [
      ...names.map((name) => ({ what: what.job(name), outcome })),
      { what: what.objects, outcome: "left in place; their storage is billed" },
    ];
  }
  const outcome = tableStays
    ? "stay, as their table does; their storage is billed"
    : await deleteFeatures(aws, { bucket, folder, names, engine }, signal);
  const objects = outcome === undefined ? [] : [{ what: what.objects, outcome }];
  if (engine === "node") {
    if (outcome === undefined) return [];
    const stay = "stay where an earlier run has made them; later: npm run cleanup -- --all";
    return [...objects, { what: `${names.map(what.job).join(", ")}, ${what.files}`, outcome: stay }];
  }
  const jobs: RemovedFeatures[] = [];
  for (const name of names) jobs.push({ what: what.job(name), outcome: (await deleteJob(aws, name, signal)).outcome });
  return [...jobs, ...objects, { what: what.files, outcome: "stay, other notebooks may run them" }];
}

/** The features of a table, and who asks for their removal: one that did without Spark removes those of its own owner. */
interface FeaturesOfTable extends Pick<RemovalParameters, "engine"> {
  readonly bucket: string;
  readonly folder: string;
  /** Of the jobs that have written them. */
  readonly names: readonly string[];
}

/** Deletes what may go. @returns what has become of the features, in words; undefined where there were none */
async function deleteFeatures(
  aws: AwsSession,
  { bucket, folder, names, engine }: FeaturesOfTable,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const { own, uploads, foreign } = await findOwnObjects(aws, { bucket, prefix: folder }, { signal });
  if (own.length + uploads.length + foreign.length === 0 && engine === "node") return undefined;
  const isOthers = ({ owner }: Origin) => engine === "node" && owner !== ownerOf(aws);
  const candidates = [...own, ...uploads];
  const writer = candidates.every(isOthers) ? () => undefined : await writerOf(aws, { names, engine }, signal);
  const whyStays = (of: Origin) => (isOthers(of) ? "no run of yours made them" : writer(of));
  for (const upload of uploads) if (whyStays(upload) === undefined) await abortUpload(aws, bucket, upload);
  const going = own.filter((version) => whyStays(version) === undefined);
  await deleteVersions(aws, bucket, going, { signal });
  const staying = new Map<string, Set<string>>();
  for (const of of candidates) {
    const why = whyStays(of);
    if (why !== undefined) staying.set(why, (staying.get(why) ?? new Set()).add(of.key));
  }
  if (foreign.length > 0) staying.set("no run of this walkthrough made them", new Set(foreign));
  const stay = [...staying].map(([why, keys]) => `; ${keys.size} stay, ${why}`);
  return `${new Set(going.map(({ key }) => key)).size} deleted${stay.join("")}`;
}

/** Looks which runs are under way. @returns tells why what a run has written has to stay */
async function writerOf(
  aws: AwsSession,
  { names, engine }: Pick<FeaturesOfTable, "names" | "engine">,
  signal: AbortSignal | undefined,
): Promise<(of: Origin) => string | undefined> {
  try {
    const runs: JobRun[] = [];
    for (const name of names) runs.push(...(await runsUnderWay(aws, name, signal)));
    return (of) => writerUnderWay(aws, of, runs);
  } catch (error) {
    signal?.throwIfAborted();
    // Who does without Spark may not be allowed to ask for its runs.
    if (engine === "spark" || !isDenied(error)) throw error;
    return () => "whether a run that writes them is under way could not be seen";
  }
}
