import type { Client } from "cassandra-driver";
import type { ClusterProfile, SegmentedCustomer } from "../clustering/profile.js";
import { forEachConcurrently } from "./concurrency.js";
import { keyspacesFailure } from "./failure.js";
import { batchSize, requestsAtOnce } from "./limits.js";
import { withRetries } from "./retry.js";
import { insertInto, resultTables, type TableName } from "./tables.js";

/** What one run found. */
export interface ClusteringRun {
  /** Tells runs apart; the training job's name serves well. */
  runId: string;
  runDate: Date;
  profiles: readonly ClusterProfile[];
  customers: readonly SegmentedCustomer[];
}

export interface SavedClusters {
  clusters: number;
  customers: number;
  requests: number;
}

export interface SaveOptions {
  signal?: AbortSignal;
}

interface Statement {
  query: string;
  params: unknown[];
}

/** Batches of statements that share a partition. */
function* inBatches(statements: readonly Statement[]): Generator<Statement[]> {
  for (let i = 0; i < statements.length; i += batchSize) yield statements.slice(i, i + batchSize);
}

function* requestsFor(keyspace: string, run: ClusteringRun): Generator<Statement[]> {
  const insert = (table: keyof typeof resultTables) => insertInto({ keyspace, table }, resultTables[table]);
  const { runId, runDate, profiles, customers } = run;
  yield* inBatches(
    profiles.map((p) => ({
      query: insert("ml_clustering_results"),
      params: [
        runId,
        p.cluster,
        p.name,
        p.customers,
        p.recencyDaysMean,
        p.frequencyMean,
        p.monetaryMean,
        p.revenueShare,
        runDate,
      ],
    })),
  );
  for (const { cluster } of profiles) {
    const members = customers.filter((customer) => customer.cluster === cluster);
    yield* inBatches(
      members.map((c) => ({
        query: insert("customers_of_cluster"),
        params: [
          runId,
          c.cluster,
          c.customerId,
          c.country,
          c.recencyDays,
          c.frequency,
          c.monetary,
          c.segment,
          c.distance,
        ],
      })),
    );
  }
  const query = insert("cluster_of_customer");
  for (const c of customers) yield [{ query, params: [c.customerId, runId, c.cluster, c.clusterName, c.distance] }];
}

/**
 * Stores which customer belongs to which cluster, so that both can be asked: the cluster of a customer, the customers of a cluster.
 * Saving a run again overwrites it with the same rows.
 *
 * @throws StepError when a request fails for good; the signal's reason when aborted
 */
export async function saveClusters(
  client: Client,
  { keyspace }: Pick<TableName, "keyspace">,
  run: ClusteringRun,
  { signal }: SaveOptions = {},
): Promise<SavedClusters> {
  let requests = 0;
  try {
    await forEachConcurrently(requestsFor(keyspace, run), requestsAtOnce, async (statements) => {
      await withRetries(() => client.batch(statements, { prepare: true, logged: false }), {
        freshTableMs: 10_000,
        signal,
      });
      requests++;
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`save the clusters of run ${run.runId} in ${keyspace}`, error);
  }
  return { clusters: run.profiles.length, customers: run.customers.length, requests };
}
