import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type AwsSession, roleArn } from "@keyspaces-segmentation/aws-session";
import { messageOf, StepError } from "@keyspaces-segmentation/common";
import { ensureJob } from "./glue_job.js";
import { storeFile } from "./script_files.js";
import { type JobKind, jobNameFor, type ScriptJob } from "./script_job.js";
import type { SparkParameters } from "./spark_parameters.js";

/** The files that make up the jobs. */
export interface JobFiles {
  /** The folder of the scripts: `rfm_features.py`, `assign_clusters.py` and the modules that they import. */
  readonly scripts: string;
  /** The class path in one file: connector, driver, SigV4. */
  readonly jar: string;
  /** The command that makes the jar. */
  readonly install: string;
}

const checkout = join(__dirname, "..", "..", "..");
const ownFiles: JobFiles = {
  scripts: join(checkout, "jobs"),
  jar: join(checkout, ".cache", "spark_jars", "keyspaces-spark.jar"),
  install: "Run `node setup.mjs --spark`",
};

/** The script of each job; what else lies in the folder are modules. */
const SCRIPTS: Readonly<Record<JobKind, string>> = { features: "rfm_features.py", clusters: "assign_clusters.py" };

/** What a job is, and where it is kept. */
export interface JobRequest {
  readonly kind: JobKind;
  readonly parameters: Omit<SparkParameters, "engine"> & { readonly prefix: string; readonly kmsKey: string | null };
  /** The bucket, and the role that jobs run as where the parameters name none for this one. */
  readonly place: { readonly bucket: string; readonly role: string };
  /** Default those of the checkout. */
  readonly files?: JobFiles | undefined;
}

/** Script, modules and jar in S3: those that have changed are sent. */
async function storeFiles(aws: AwsSession, request: JobRequest, signal: AbortSignal | undefined) {
  const { files = ownFiles, kind, parameters } = request;
  const place = { bucket: request.place.bucket, prefix: parameters.prefix, kmsKey: parameters.kmsKey };
  const hint = `${files.install}, on a machine that has Java 17 and Maven.`;
  const store = (path: string) => storeFile(aws, path, place, { hint, signal });
  const names = await readdir(files.scripts).catch((cause) => {
    throw new StepError({ tried: `look into ${files.scripts}`, got: messageOf(cause), cause });
  });
  const modules: string[] = [];
  for (const name of names.sort()) {
    if (name.endsWith(".py") && !Object.values(SCRIPTS).includes(name))
      modules.push(await store(join(files.scripts, name)));
  }
  return { script: await store(join(files.scripts, SCRIPTS[kind])), modules, jars: [await store(files.jar)] };
}

/**
 * Sees to it that a job is there, with its files in S3.
 *
 * @throws StepError for files that are not there, and for what Glue, IAM or S3 refuse; the signal's reason when aborted
 */
export async function prepareJob(
  aws: AwsSession,
  request: JobRequest,
  signal: AbortSignal | undefined,
): Promise<ScriptJob> {
  const { kind, parameters, place } = request;
  const { sparkWorkerType: workerType, sparkWorkers: workers, sparkTimeoutMinutes: timeoutMinutes } = parameters;
  const name = jobNameFor({ kind, bucket: place.bucket, prefix: parameters.prefix });
  const files = await storeFiles(aws, request, signal);
  const role = await roleArn(aws, parameters.sparkRole ?? place.role, "sparkRole");
  const job = { name, ...files, role, workerType, workers, timeoutMinutes };
  await ensureJob(aws, job, { signal });
  return job;
}
