import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { lastComparableRun, membershipsOfRun, type RegistryLocation } from "@keyspaces-segmentation/cluster-store";
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
  type RegisteredClusters,
  registeredInCurrency,
  withClusters,
} from "@keyspaces-segmentation/customer-clusters";
import type { ScoredCustomer } from "@keyspaces-segmentation/invoices";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { type Assignment, assignClusters, seededRandom } from "@keyspaces-segmentation/kmeans";
import { markdown, warn } from "@keyspaces-segmentation/notebook-charts";
import type { Loaded } from "./load.js";
import type { Preflight } from "./preflight.js";
import type { ScaledFeatures } from "./prepare.js";
import { runIdOf } from "./run_id.js";
import type { Settings } from "./settings.js";
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
  /** Every customer with scores, segment, cluster and distance. */
  readonly customers: readonly ClusteredCustomer[];
  /** Every cluster, empty ones included, ordered by its number. */
  readonly clusters: readonly ClusterProfile[];
  readonly assignment: Assignment;
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
 * that they keep their numbers and names. Says what was found.
 *
 * @throws StepError when Keyspaces or S3 refuses
 */
export async function assign(db: KeyspacesClient, session: AwsSession, inputs: RunInputs): Promise<Clustering> {
  const { settings, preflight, loaded, analysisDate, customers, scaled, training } = inputs;
  const { parameters } = settings;
  const { loads, money } = loaded;
  const { centroids } = training;
  const assignment = assignClusters(scaled.scaled, centroids);
  const found = { customers, clusters: assignment.clusters, scaler: scaled.scaler, centroids };
  const runId = runIdOf(parameters, { loads, analysisDate, customers, training });
  const madeOf = { loads: loads.map(({ fingerprint }) => fingerprint), preparation: parameters.preparation };
  const registry = registryOf(settings, preflight);
  const { loads: files, preparation } = madeOf;
  const last = await lastComparableRun(db, session, registry, {
    loads: files,
    preparation,
    except: runId,
    onLeftOut: warn,
  });
  const lastRun = last && registeredInCurrency(last.known, { money });
  const identities = identifyClusters(found, lastRun, { money });
  const clusters = profileClusters(customers, assignment.clusters, identities.clusters);
  const clustered = withClusters(customers, assignment, identities.clusters);
  const before = lastRun === null ? null : await membershipsOfRun(db, session, registry, lastRun, { onLeftOut: warn });
  const moved = before === null ? null : movements(before, membershipsOf(clustered));
  const largest = clusters.reduce((a, b) => (b.customers > a.customers ? b : a));
  markdown`**${clustered.length} customers** are in ${clusters.length} clusters, ${largest.customers} of them in “${largest.name}”.`;
  markdown`${describeIdentities(identities, lastRun)}`;
  markdown`${describeSeparation(found, identities.clusters, { random: seededRandom(5) })}`;
  return { inputs, runId, customers: clustered, clusters, assignment, found, identities, lastRun, moved, madeOf };
}
