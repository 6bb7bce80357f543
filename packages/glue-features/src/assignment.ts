import { type AwsSession, readObject, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import type { WholeCluster } from "@keyspaces-segmentation/customer-clusters";
import type { KeyspacesSettings } from "@keyspaces-segmentation/keyspaces-bulk";
import {
  connectionArguments,
  type FeaturesOptions,
  type FeaturesParameters,
  type FeaturesRequest,
  givenArguments,
  type SparkFeatures,
  teller,
} from "./features.js";
import { runJob } from "./glue_run.js";
import { type JobFiles, prepareJob } from "./job_files.js";
import { dpusOf } from "./spark_parameters.js";

/** A cluster as its customers are to be told of it. */
export interface NamedCentroid {
  /** In the scale of the features. */
  readonly centroid: readonly number[];
  readonly id: number;
  readonly name: string;
}

export interface AssignmentRequest {
  readonly settings: KeyspacesSettings & {
    readonly parameters: FeaturesParameters & {
      /** null: what a new table takes at once. */
      readonly maxRowsPerSecond: number | null;
    };
  };
  readonly place: FeaturesRequest["place"];
  readonly features: Pick<SparkFeatures, "uri" | "customers">;
  readonly runId: string;
  readonly runDate: Date;
  /** One for each centroid of the model, in its order. */
  readonly clusters: readonly NamedCentroid[];
  /** After which rows expire; undefined: never. */
  readonly ttlSeconds: number | undefined;
  /** Default those of the checkout. */
  readonly files?: JobFiles;
}

/** What became of all customers. */
export interface SparkAssignment {
  readonly customers: number;
  /** Σ of the squares of the distances. */
  readonly inertia: number;
  /** One for each centroid of the model, in its order. */
  readonly clusters: readonly WholeCluster[];
  /** Of both tables. */
  readonly rowsWritten: number;
  /** Where the cluster of every customer lies, as CSV. */
  readonly uri: string;
  readonly seconds: number;
}

/** What the script says in the end. */
interface AssignmentManifest {
  readonly customers: number;
  readonly inertia: number;
  readonly rows_written: number;
  readonly clusters: readonly {
    readonly cluster: number;
    readonly customers: number;
    readonly recency_days_mean: number | null;
    readonly frequency_mean: number | null;
    readonly monetary_mean: number | null;
    readonly revenue_share: number;
  }[];
}

/** A row is a write unit; a new on-demand table takes so many a second at once. https://docs.aws.amazon.com/keyspaces/latest/devguide/ReadWriteCapacityMode.OnDemand.html */
const ROWS_PER_SECOND = 4000;

/** Rows that a DPU is sure to make and send in a second: a sixth of what as many cores of one machine do. */
const ROWS_OF_DPU = 10_000;

/** As far as is known. */
const MINUTES_TO_BEGIN = 1;

/** Of a customer, one in each table. */
const ROWS_OF_CUSTOMER = 2;

/** A job that is ended before it has written everything is paid for, and has to be paid for again. @throws StepError where it would be */
function requireTime(customers: number, parameters: TimeParameters): void {
  const { maxRowsPerSecond, sparkTimeoutMinutes, sparkWorkerType, sparkWorkers } = parameters;
  const rows = ROWS_OF_CUSTOMER * customers;
  const asked = maxRowsPerSecond ?? ROWS_PER_SECOND;
  // One of the workers leads the others.
  const most = ROWS_OF_DPU * dpusOf(sparkWorkerType) * (sparkWorkers - 1);
  const rate = Math.min(asked, most);
  const minutes = Math.ceil(rows / rate / 60);
  if (MINUTES_TO_BEGIN + minutes <= sparkTimeoutMinutes) return;
  const workers = `${formatPlural(sparkWorkers, "worker")} of type ${sparkWorkerType}`;
  throw new StepError({
    tried: `have Spark write the clusters of ${formatPlural(customers, "customer")}`,
    got: `Spark needs a minute to begin and ${formatPlural(minutes, "minute")} for ${formatNumber(rows)} rows at ${formatPlural(rate, "row")} a second${most < asked ? `, which is what can be counted on from ${workers}` : ""}, and the job is ended after ${formatPlural(sparkTimeoutMinutes, "minute")}`,
    hint:
      most < asked
        ? "Nothing was started. Set `sparkTimeoutMinutes` higher, or `sparkWorkers`."
        : "Nothing was started. Set `sparkTimeoutMinutes` higher, or `maxRowsPerSecond`, where both tables take more.",
  });
}

type TimeParameters = Pick<
  AssignmentRequest["settings"]["parameters"],
  "maxRowsPerSecond" | "sparkTimeoutMinutes" | "sparkWorkerType" | "sparkWorkers"
>;

/**
 * Has Spark put each customer of a run of `computeFeatures` into the cluster of the nearest centroid and write `customers_of_cluster` and
 * `cluster_of_customer`, which have to be there. The same once more writes the same rows. An interruption stops it.
 *
 * @throws StepError as `computeFeatures`, and before anything is started where `sparkTimeoutMinutes` are too few to write all rows
 */
export async function assignBySpark(
  aws: AwsSession,
  request: AssignmentRequest,
  { update, onStatus, signal, now = () => new Date() }: FeaturesOptions = {},
): Promise<SparkAssignment> {
  const { settings, place, features, runId, runDate, clusters, ttlSeconds, files } = request;
  const { parameters } = settings;
  const { keyspace, kmsKey, maxRowsPerSecond } = parameters;
  requireTime(features.customers, parameters);
  const prepare = () => prepareJob(aws, { kind: "clusters", parameters, place, files }, signal);
  const job = await prepare();
  const folder = `${features.uri.slice(`s3://${place.bucket}/`.length)}/assignments/${runId}`;
  const model = {
    centroids: clusters.map(({ centroid }) => centroid),
    clusters: clusters.map(({ id, name }) => ({ cluster: id, name })),
  };
  const stamp = now().toISOString().slice(0, 23).replace(/[T:.]/g, "-");
  const at = { bucket: place.bucket, key: `${folder}/clusters-${stamp}.json` };
  const bytes = Buffer.from(JSON.stringify(model));
  const uri = await uploadBytes(aws, at, bytes, { kmsKey: kmsKey ?? undefined, signal });
  const given = givenArguments({
    keyspace,
    features: features.uri,
    clusters: uri,
    run_id: runId,
    run_date: runDate.toISOString(),
    ...(await connectionArguments(aws, settings, kmsKey)),
    rows_per_second: maxRowsPerSecond ?? ROWS_PER_SECOND,
    ttl_seconds: ttlSeconds ?? null,
  });
  const options = { signal, onStatus: teller({ ...(update && { update }), onStatus }) };
  const { seconds } = await runJob(aws, { job, given, unique: "--clusters", prepare }, options);
  const found = await readObject(aws, { bucket: place.bucket, key: `${folder}/manifest.json` }, { signal });
  const manifest = JSON.parse(Buffer.from(found).toString("utf8")) as AssignmentManifest;
  return {
    customers: manifest.customers,
    inertia: manifest.inertia,
    rowsWritten: manifest.rows_written,
    seconds,
    uri: `s3://${place.bucket}/${folder}`,
    clusters: manifest.clusters.map((of) => ({
      id: of.cluster,
      customers: of.customers,
      recencyDaysMean: of.recency_days_mean,
      frequencyMean: of.frequency_mean,
      monetaryMean: of.monetary_mean,
      revenueShare: of.revenue_share,
    })),
  };
}
