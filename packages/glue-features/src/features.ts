import type { StatusChange } from "@keyspaces-segmentation/aws-jobs";
import { type AwsSession, ownerOf, usesFips } from "@keyspaces-segmentation/aws-session";
import type { Scaler } from "@keyspaces-segmentation/customer-clusters";
import type { LineRules, RetailTotals, ScoredCustomer } from "@keyspaces-segmentation/invoices";
import { endpointFor, type KeyspacesSettings } from "@keyspaces-segmentation/keyspaces-bulk";
import { readFeatures } from "./feature_objects.js";
import { runJob } from "./glue_run.js";
import { type JobFiles, prepareJob } from "./job_files.js";
import { readManifest, type StoredFeatures, storedFeatures } from "./manifest.js";
import type { RunOptions } from "./script_job.js";
import type { SparkParameters } from "./spark_parameters.js";

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
  /** Four bounds for the scores of each feature; null: fifths of the customers. */
  readonly recencyCuts: readonly number[] | null;
  readonly frequencyCuts: readonly number[] | null;
  readonly monetaryCuts: readonly number[] | null;
}

/** Parameters, and where Keyspaces is reached. */
export interface FeaturesSettings extends KeyspacesSettings {
  readonly parameters: FeaturesParameters;
}

export interface FeaturesRequest {
  readonly settings: FeaturesSettings;
  /** The bucket, and the role that jobs run as where the parameters name none for this one. */
  readonly place: { readonly bucket: string; readonly role: string };
  readonly rules: LineRules;
  /** The invoices before it are tallied apart as well. */
  readonly cut: Date | null;
  /** Rows that the table has, as far as is known, and what one weighs on average, in bytes, by which read units are counted. */
  readonly rows: number;
  readonly rowBytes: number;
  /** Default those of the checkout. */
  readonly files?: JobFiles;
}

/**
 * What Spark has found in a table: what a scan of it comes to, and where features lie. Of more customers than `sparkSample` the totals have
 * that many.
 */
export interface SparkFeatures extends RetailTotals {
  readonly job: string;
  readonly run: string;
  /** `s3://bucket/prefix` of all that the run has written. */
  readonly uri: string;
  /** Customers with features, and those with any line. */
  readonly customers: number;
  readonly customersWithLines: number;
  /** Where the totals have only some customers: those of them with features, by id, scored among all. Else null. */
  readonly sample: ReadonlyMap<string, ScoredCustomer> | null;
  readonly scaler: Scaler;
  /** The scaled features of all customers, for a training job. */
  readonly stored: StoredFeatures;
  /** Token ranges that the table was read in, pages that came, and what they are billed. */
  readonly ranges: number;
  readonly requests: number;
  readonly readUnits: number;
  readonly seconds: number;
}

/** So many rows of invoice lines are some 50 MB. */
const ROWS_PER_RANGE = 500_000;

/** The token ranges that a table is read in: two or more for each core of a worker, and none with more rows than a task holds easily. */
const rangesFor = (rows: number, workers: number): number =>
  Math.max(32, 8 * workers, Math.ceil(rows / ROWS_PER_RANGE));

export interface FeaturesOptions extends RunOptions {
  /** Shows where the run stands. */
  readonly update?: (state: { text: string }) => void;
  readonly now?: () => Date;
}

/** Below it lie the features of a table, a folder a run. */
export const folderOf = ({
  prefix,
  keyspace,
  table,
}: Pick<FeaturesParameters, "prefix" | "keyspace" | "table">): string => `${prefix}/features/${keyspace}.${table}`;

/** The arguments of a job by Glue's names, those that are null left out. */
export const givenArguments = (values: Readonly<Record<string, string | number | null>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[`--${name}`, String(value)]])),
  );

/** Those of every job: where Keyspaces and S3 are, the key for the objects, and by what clean-up knows the run and what it writes. */
export async function connectionArguments(
  aws: Pick<AwsSession, "region" | "arn" | "run">,
  settings: KeyspacesSettings,
  kmsKey: string | null,
): Promise<Record<string, string | null>> {
  const { host, port } = await endpointFor(aws, settings);
  return {
    made_for: ownerOf(aws),
    run: aws.run ?? null,
    region: aws.region,
    keyspaces_endpoint: `${host}:${port}`,
    ca_file: settings.keyspacesCaFile,
    kms_key: kmsKey,
    fips: (await usesFips(aws)) ? "true" : null,
  };
}

/** Tells of each change of a run's status what it is about. */
export const teller =
  ({ update, onStatus }: Pick<FeaturesOptions, "update" | "onStatus">) =>
  (change: StatusChange): void => {
    update?.({ text: `${change.secondaryStatus}: ${change.message}` });
    onStatus?.(change);
  };

/** In brackets: what begins with a minus would be taken for the name of an argument. */
const listOf = (cuts: readonly number[] | null): string | null => cuts && `[${cuts.join()}]`;

async function argumentsOf(
  aws: AwsSession,
  { settings, rules, cut, rows, rowBytes }: FeaturesRequest,
  output: string,
): Promise<Record<string, string>> {
  const { keyspace, table, preparation, scaling, format, instances, analysisDate, kmsKey } = settings.parameters;
  const { recencyCuts, frequencyCuts, monetaryCuts, sparkWorkers } = settings.parameters;
  return givenArguments({
    keyspace,
    table,
    output,
    preparation,
    scaling,
    format,
    shards: instances,
    ranges: rangesFor(rows, sparkWorkers),
    ...(await connectionArguments(aws, settings, kmsKey)),
    credit_prefix: rules.creditPrefix ?? "none",
    product_code: rules.productCode ?? "none",
    analysis_date: analysisDate,
    cut: cut?.toISOString() ?? null,
    recency_cuts: listOf(recencyCuts),
    frequency_cuts: listOf(frequencyCuts),
    monetary_cuts: listOf(monetaryCuts),
    row_bytes: Math.max(1, Math.ceil(rowBytes)),
  });
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
  { update, onStatus, signal, now = () => new Date() }: FeaturesOptions = {},
): Promise<SparkFeatures> {
  const { settings, place, files } = request;
  const { parameters } = settings;
  const prepare = () => prepareJob(aws, { kind: "features", parameters, place, files }, signal);
  const job = await prepare();
  const stamp = now().toISOString().slice(0, 23).replace(/[T:.]/g, "-");
  const output = { bucket: place.bucket, prefix: `${folderOf(parameters)}/${stamp}` };
  const uri = `s3://${output.bucket}/${output.prefix}`;
  const options = { signal, onStatus: teller({ ...(update && { update }), onStatus }) };
  const given = await argumentsOf(aws, request, uri);
  const run = await runJob(aws, { job, given, unique: "--output", prepare }, options);
  const manifest = await readManifest(aws, output, signal);
  const { totals, sample } = await readFeatures(aws, output, manifest, { atMost: parameters.sparkSample, signal });
  return {
    ...totals,
    job: job.name,
    run: run.id,
    uri,
    sample,
    seconds: run.seconds,
    customers: manifest.train.rows,
    customersWithLines: manifest.aggregates.customers,
    scaler: manifest.train.scaler,
    stored: storedFeatures(output, manifest),
    ranges: manifest.read.ranges,
    requests: manifest.read.pages,
    readUnits: manifest.read.read_units ?? 0,
  };
}
