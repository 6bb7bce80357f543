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
 * notebooks on the same prefix may be about to run them, and they cost next to nothing.
 *
 * @returns nothing where Spark was not asked for
 * @throws StepError naming what could not be removed; the signal's reason when aborted
 */
export async function removeFeatures(
  aws: AwsSession,
  { bucket, parameters }: { bucket: string; parameters: RemovalParameters },
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<RemovedFeatures[]> {
  if (parameters.engine === "node") return [];
  const names = JOB_KINDS.map((kind) => jobNameFor({ kind, bucket, prefix: parameters.prefix }));
  const folder = `${folderOf(parameters)}/`;
  const what = { job: (name: string) => `Glue job ${name}`, objects: `features in s3://${bucket}/${folder}` };
  if (!parameters.cleanUp) {
    const outcome = "left in place; costs nothing while it does not run";
    return [
      ...names.map((name) => ({ what: what.job(name), outcome })),
      { what: what.objects, outcome: "left in place; their storage is billed" },
    ];
  }
  const { deleted, foreign } = await deleteOwnObjects(aws, { bucket, prefix: folder }, { signal });
  const outcomes = { deleted: "deleted", absent: "was not there", foreign: "stays, this project did not make it" };
  const stays = foreign.length > 0 ? `; ${foreign.length} stay, no run of this walkthrough made them` : "";
  const jobs: RemovedFeatures[] = [];
  for (const name of names) jobs.push({ what: what.job(name), outcome: outcomes[await deleteJob(aws, name)] });
  return [
    ...jobs,
    { what: what.objects, outcome: `${deleted} deleted${stays}` },
    {
      what: `scripts and jar in s3://${bucket}/${parameters.prefix}/jobs/`,
      outcome: "stay, other notebooks may run them",
    },
  ];
}
