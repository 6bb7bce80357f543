import { type AwsSession, deleteOwnObjects } from "@keyspaces-segmentation/aws-session";
import { folderOf } from "./features.js";
import { deleteJob } from "./glue_job.js";
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

/**
 * Deletes the jobs and the features of a table, if that is wanted, and says of each what is left of it. Scripts and jar stay: other
 * notebooks on the same prefix may be about to run them, and they cost next to nothing. Where this run did without Spark, an earlier one may
 * have left features: they go too, but Glue is asked nothing, as it may be that nobody is allowed to.
 *
 * @returns nothing where Spark was not asked for and has left no features
 * @throws StepError naming what could not be removed; the signal's reason when aborted
 */
export async function removeFeatures(
  aws: AwsSession,
  { bucket, parameters }: { bucket: string; parameters: RemovalParameters },
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
  if (!cleanUp) {
    if (engine === "node") return [];
    const outcome = "left in place; costs nothing while it does not run";
    return [
      ...names.map((name) => ({ what: what.job(name), outcome })),
      { what: what.objects, outcome: "left in place; their storage is billed" },
    ];
  }
  const { deleted, foreign } = await deleteOwnObjects(aws, { bucket, prefix: folder }, { signal });
  const stays = foreign.length > 0 ? `; ${foreign.length} stay, no run of this walkthrough made them` : "";
  const objects = { what: what.objects, outcome: `${deleted} deleted${stays}` };
  if (engine === "node") {
    if (deleted === 0 && foreign.length === 0) return [];
    const outcome = "stay where an earlier run has made them; later: npm run cleanup -- --all";
    return [objects, { what: `${names.map(what.job).join(", ")}, ${what.files}`, outcome }];
  }
  const jobs: RemovedFeatures[] = [];
  for (const name of names) jobs.push({ what: what.job(name), outcome: (await deleteJob(aws, name, signal)).outcome });
  return [...jobs, objects, { what: what.files, outcome: "stay, other notebooks may run them" }];
}
