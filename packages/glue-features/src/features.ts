import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { StatusChange } from "@keyspaces-segmentation/aws-jobs";
import { type AwsSession, deleteOwnObjects, findExecutionRole, ownerOf } from "@keyspaces-segmentation/aws-session";
import { messageOf, StepError } from "@keyspaces-segmentation/common";
import type { LineRules, RetailTotals } from "@keyspaces-segmentation/invoices";
import { type Manifest, readManifest, readTotals } from "./feature_objects.js";
import { deleteJob, ensureJob, jobNameFor } from "./glue_job.js";
import { type RunOptions, runJob } from "./glue_run.js";
import { storeFile } from "./script_files.js";
import type { SparkParameters } from "./spark_parameters.js";

/** The files that make up the job. */
export interface JobFiles {
  /** The folder of the scripts: `rfm_features.py` and the modules that it imports. */
  readonly scripts: string;
  /** The class path in one file: connector, driver, SigV4. */
  readonly jar: string;
  /** The command that makes the jar. */
  readonly install: string;
}

/** Where the table is, and where the job and what it writes are kept. */
export interface FeaturesParameters extends Omit<SparkParameters, "engine"> {
  readonly keyspace: string;
  readonly table: string;
  readonly prefix: string;
  readonly kmsKey: string | null;
  readonly preparation: string;
  readonly scaling: string;
  readonly format: string;
  /** That will train: there is an object of features for each of them. */
  readonly instances: number;
  /** YYYY-MM-DD. */
  readonly analysisDate: string | null;
}

/** Parameters, and where Keyspaces is reached. */
export interface FeaturesSettings {
  readonly parameters: FeaturesParameters;
  /** null: the Keyspaces endpoint of the region. */
  readonly keyspacesEndpoint: { readonly host: string; readonly port: number } | null;
  /** PEM file with the certificate authorities to trust, where the job runs; null: those of Java. */
  readonly keyspacesCaFile: string | null;
}

export interface FeaturesRequest {
  readonly settings: FeaturesSettings;
  /** The bucket, and the role that jobs run as where the parameters name none for this one. */
  readonly place: { readonly bucket: string; readonly role: string };
  readonly rules: LineRules;
  /** The invoices before it are tallied apart as well. */
  readonly cut: Date | null;
  /** Default those of the checkout. */
  readonly files?: JobFiles;
}

/** What Spark has found in a table: what a scan of it comes to, and where features and reports lie. */
export interface SparkFeatures extends RetailTotals {
  readonly job: string;
  readonly run: string;
  /** `s3://bucket/prefix` of all that the run has written. */
  readonly uri: string;
  readonly manifest: Manifest;
  /** Pages of the table that were read, at least: one for each token range. */
  readonly requests: number;
  readonly seconds: number;
}

const checkout = join(__dirname, "..", "..", "..");
const ownFiles: JobFiles = {
  scripts: join(checkout, "jobs"),
  jar: join(checkout, ".cache", "spark_jars", "keyspaces-spark.jar"),
  install: "Run `node setup.mjs --spark`",
};

/** The token ranges that the table is read in. */
const RANGES = 128;

const SCRIPT = "rfm_features.py";

export interface FeaturesOptions extends RunOptions {
  /** Shows where the run stands. */
  readonly update?: (state: { text: string }) => void;
  readonly now?: () => Date;
}

/** Below it lie the features of a table, a folder a run. */
const folderOf = ({ prefix, keyspace, table }: Pick<FeaturesParameters, "prefix" | "keyspace" | "table">): string =>
  `${prefix}/features/${keyspace}.${table}`;

function argumentsOf(aws: AwsSession, { settings, rules, cut }: FeaturesRequest, output: string) {
  const { parameters, keyspacesEndpoint: at, keyspacesCaFile } = settings;
  const { keyspace, table, preparation, scaling, format, instances, analysisDate, kmsKey } = parameters;
  const given = {
    ...{ keyspace, table, output, preparation, scaling, format },
    ...{ shards: String(instances), ranges: String(RANGES) },
    credit_prefix: rules.creditPrefix ?? "none",
    product_code: rules.productCode ?? "none",
    // By which clean-up knows the run, and what it writes.
    made_for: ownerOf(aws),
    ...(aws.run !== undefined && { run: aws.run }),
    ...(analysisDate !== null && { analysis_date: analysisDate }),
    ...(cut !== null && { cut: cut.toISOString() }),
    ...(at !== null && { keyspaces_endpoint: `${at.host}:${at.port}` }),
    ...(kmsKey !== null && { kms_key: kmsKey }),
    ...(keyspacesCaFile !== null && { ca_file: keyspacesCaFile }),
  };
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [`--${name}`, value]));
}

/** Script, modules and jar in S3: those that have changed are sent. */
async function storeFiles(aws: AwsSession, request: FeaturesRequest, signal: AbortSignal | undefined) {
  const { files = ownFiles, settings } = request;
  const { prefix, kmsKey } = settings.parameters;
  const place = { bucket: request.place.bucket, prefix, kmsKey };
  const hint = `${files.install}, on a machine that has Java 17 and Maven.`;
  const store = (path: string) => storeFile(aws, path, place, { hint, signal });
  const names = await readdir(files.scripts).catch((cause) => {
    throw new StepError({ tried: `look into ${files.scripts}`, got: messageOf(cause), cause });
  });
  const modules: string[] = [];
  for (const name of names.sort()) {
    if (name.endsWith(".py") && name !== SCRIPT) modules.push(await store(join(files.scripts, name)));
  }
  return { script: await store(join(files.scripts, SCRIPT)), modules, jars: [await store(files.jar)] };
}

/**
 * Has Apache Spark read a table of invoice lines and compute the features of its customers, as a job of AWS Glue: what of the job is not
 * in S3 is sent there, the job is made or changed, run and followed to its end, and what it has found is read back. An interruption
 * stops it.
 *
 * @throws StepError for files that are not there, and for what Glue or S3 refuse; when the run fails, with why
 */
export async function computeFeatures(
  aws: AwsSession,
  request: FeaturesRequest,
  { update = () => undefined, onStatus, signal, now = () => new Date() }: FeaturesOptions = {},
): Promise<SparkFeatures> {
  const { parameters } = request.settings;
  const { bucket } = request.place;
  const { sparkWorkerType: workerType, sparkWorkers: workers, sparkTimeoutMinutes: timeoutMinutes } = parameters;
  const name = jobNameFor({ bucket, prefix: parameters.prefix });
  const files = await storeFiles(aws, request, signal);
  const { arn: role } = await findExecutionRole(aws, parameters.sparkRole ?? request.place.role);
  const job = { name, ...files, role, workerType, workers, timeoutMinutes };
  await ensureJob(aws, job, { signal });
  const stamp = now().toISOString().slice(0, 23).replace(/[T:.]/g, "-");
  const place = { bucket, prefix: `${folderOf(parameters)}/${stamp}` };
  const uri = `s3://${bucket}/${place.prefix}`;
  const told = (change: StatusChange) => {
    update({ text: `${change.secondaryStatus}: ${change.message}` });
    onStatus?.(change);
  };
  const run = await runJob(aws, job, argumentsOf(aws, request, uri), "--output", { signal, onStatus: told });
  const manifest = await readManifest(aws, place, signal);
  const totals = await readTotals(aws, place, manifest, { signal });
  return { ...totals, job: name, run: run.id, uri, manifest, requests: RANGES, seconds: run.seconds };
}

/** What was made, and whether it is to be removed. */
export interface RemovalParameters
  extends Pick<FeaturesParameters, "prefix" | "keyspace" | "table">,
    Pick<SparkParameters, "engine"> {
  readonly cleanUp: boolean;
}

/** What has become of something that was made for Spark. */
export interface RemovedFeatures {
  readonly what: string;
  readonly outcome: string;
}

/**
 * Deletes the job and the features of a table, if that is wanted, and says of each what is left of it. Scripts and jar stay: other
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
  const name = jobNameFor({ bucket, prefix: parameters.prefix });
  const folder = `${folderOf(parameters)}/`;
  const what = { job: `Glue job ${name}`, objects: `features in s3://${bucket}/${folder}` };
  if (!parameters.cleanUp) {
    return [
      { what: what.job, outcome: "left in place; costs nothing while it does not run" },
      { what: what.objects, outcome: "left in place; their storage is billed" },
    ];
  }
  const { deleted, foreign } = await deleteOwnObjects(aws, { bucket, prefix: folder }, { signal });
  const outcomes = { deleted: "deleted", absent: "was not there", foreign: "stays, this project did not make it" };
  const stays = foreign.length > 0 ? `; ${foreign.length} stay, no run of this walkthrough made them` : "";
  return [
    { what: what.job, outcome: outcomes[await deleteJob(aws, name)] },
    { what: what.objects, outcome: `${deleted} deleted${stays}` },
    {
      what: `scripts and jar in s3://${bucket}/${parameters.prefix}/jobs/`,
      outcome: "stay, other notebooks may run them",
    },
  ];
}
