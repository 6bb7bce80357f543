import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import {
  createResultTables,
  lastComparableRun,
  membershipsOfRun,
  type RegistryLocation,
  runIdOf,
  secondsToLive,
} from "@keyspaces-segmentation/cluster-store";
import {
  type ClusteredCustomer,
  type ClusterProfile,
  describeIdentities,
  describeSeparation,
  type FoundClusters,
  type Identities,
  identifyClusters,
  type Movement,
  membershipsOf,
  movements,
  profileClusters,
  profilesOfAll,
  type RegisteredClusters,
  registeredInCurrency,
  withCentres,
  withClusters,
} from "@keyspaces-segmentation/customer-clusters";
import { assignBySpark, type SparkAssignment, type SparkFeatures } from "@keyspaces-segmentation/glue-features";
import type { ScoredCustomer } from "@keyspaces-segmentation/invoices";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { assignClusters, seededRandom } from "@keyspaces-segmentation/kmeans";
import { markdown, text, warn } from "@keyspaces-segmentation/notebook-charts";
import type { Loaded } from "./load.js";
import type { Preflight } from "./preflight.js";
import type { ScaledFeatures } from "./prepare.js";
import type { Settings } from "./settings.js";
import { runStep } from "./step.js";
import type { Trained } from "./train.js";

/** What the steps before have made. */
export interface RunInputs {
  readonly settings: Settings;
  readonly preflight: Preflight;
  readonly loaded: Loaded;
  /** YYYY-MM-DD. */
  readonly analysisDate: string;
  readonly customers: readonly ScoredCustomer[];
  readonly scaled: ScaledFeatures;
  readonly training: Trained;
}

/** Which customer belongs to which cluster, and how these clusters relate to those of the last run. */
export interface Clustering {
  /** What it was made from. */
  readonly inputs: RunInputs;
  readonly runId: string;
  readonly runDate: Date;
  /** Every customer with scores, segment, cluster and distance; where Spark has found more than are looked at, a sample of them. */
  readonly customers: readonly ClusteredCustomer[];
  readonly isSample: boolean;
  /** How many there are, and the sum of the squares of their distances. */
  readonly everybody: Pick<SparkAssignment, "customers" | "inertia">;
  /** What Spark has stored of all customers; null where nothing is stored yet. */
  readonly stored: SparkAssignment | null;
  /** Every cluster, empty ones included, ordered by its number. */
  readonly clusters: readonly ClusterProfile[];
  readonly found: FoundClusters;
  readonly identities: Identities;
  /** What the last run left; null in a first run. */
  readonly lastRun: RegisteredClusters | null;
  /** Who moved since the last run; null in a first run, or where its customers are gone. */
  readonly moved: readonly Movement[] | null;
  /** What the next run has to know, to tell whether it is about the same customers. */
  readonly madeOf: { readonly loads: readonly string[]; readonly preparation: Settings["parameters"]["preparation"] };
}

/** The registry that a run's clusters are kept in. */
export function registryOf({ parameters }: Settings, { bucket }: Pick<Preflight, "bucket">): RegistryLocation {
  const { keyspace, table, prefix, kmsKey } = parameters;
  return { keyspace, table, bucket, prefix, kmsKey };
}

/**
 * Step 8: puts each customer into the cluster whose centroid is nearest, and finds the clusters of the last run again among these, so
 * that they keep their numbers and names. Says what was found. With `engine` spark, Spark puts everybody into their clusters, and stores that.
 *
 * @throws StepError when Keyspaces, S3 or Glue refuses
 */
export async function assign(db: KeyspacesClient, session: AwsSession, inputs: RunInputs): Promise<Clustering> {
  const { settings, preflight, loaded, analysisDate, customers, scaled, training } = inputs;
  const { parameters } = settings;
  const { loads, money } = loaded;
  const { centroids } = training;
  const assignment = assignClusters(scaled.scaled, centroids);
  const { spark, scaler } = scaled;
  const isSample = spark !== null && spark.sample !== null;
  const here = { customers, clusters: assignment.clusters, scaler, centroids };
  const found = isSample ? withCentres(here) : here;
  const runId = runIdOf(parameters, { loads, analysisDate, customers, training });
  const madeOf = { loads: loads.map(({ fingerprint }) => fingerprint), preparation: parameters.preparation };
  const registry = registryOf(settings, preflight);
  const { loads: files, preparation } = madeOf;
  const others = { loads: files, preparation, except: runId, onLeftOut: warn };
  const last = await lastComparableRun(db, session, registry, others);
  const lastRun = last && registeredInCurrency(last.known, { money });
  const identities = identifyClusters(found, lastRun, { money });
  const runDate = new Date();
  const stored = spark && (await store(db, session, inputs, { spark, runId, runDate, identities }));
  const seen = profileClusters(found.customers, found.clusters, identities.clusters);
  const clusters = isSample && stored !== null ? profilesOfAll(seen, stored.clusters) : seen;
  const clustered = withClusters(customers, assignment, identities.clusters);
  const everybody = stored ?? { customers: clustered.length, inertia: assignment.inertia };
  const before =
    lastRun === null || isSample ? null : await membershipsOfRun(db, session, registry, lastRun, { onLeftOut: warn });
  const moved = before === null ? null : movements(before, membershipsOf(clustered));
  const largest = clusters.reduce((a, b) => (b.customers > a.customers ? b : a));
  markdown`**${everybody.customers} customers** are in ${clusters.length} clusters, ${largest.customers} of them in “${largest.name}”.`;
  markdown`${describeIdentities(identities, lastRun)}`;
  markdown`${describeSeparation(found, identities.clusters, { random: seededRandom(5) })}`;
  const run = { inputs, runId, runDate, customers: clustered, isSample, everybody, stored, clusters };
  return { ...run, found, identities, lastRun, moved, madeOf };
}

/** Has Spark put all customers into their clusters, and store that in the tables of results. */
function store(
  db: KeyspacesClient,
  session: AwsSession,
  { settings, preflight, training }: RunInputs,
  run: Pick<Clustering, "runId" | "runDate" | "identities"> & { spark: SparkFeatures },
): Promise<SparkAssignment> {
  const { spark, runId, runDate, identities } = run;
  const { costs, parameters } = settings;
  const { keyspace, resultsTtlDays, kmsKey } = parameters;
  const { columns, values } = training.centroids;
  const centroidOf = (row: number) => [...values.subarray(row * columns, (row + 1) * columns)];
  costs.beginKeep(spark.customers, { isStored: false });
  return runStep(
    "Assign by Spark",
    async ({ signal, update }) => {
      await createResultTables(db, { keyspace, resultsTtlDays }, { kmsKey, signal });
      const clusters = identities.clusters.map(({ id, name }, row) => ({ id, name, centroid: centroidOf(row) }));
      const of = { runId, runDate, clusters, ttlSeconds: secondsToLive(resultsTtlDays) };
      const request = { settings, place: preflight, features: spark, ...of };
      const stored = await assignBySpark(session, request, { signal, update });
      costs.meter.onRowsWritten(stored.rowsWritten);
      return stored;
    },
    ({ customers, rowsWritten }) => text`${customers} customers are stored, in ${rowsWritten} rows of two tables`,
  );
}
