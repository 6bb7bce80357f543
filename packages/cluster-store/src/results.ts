import { messageOf, StepError } from "@keyspaces-segmentation/common";
import type { ClusteredCustomer, ClusterProfile } from "@keyspaces-segmentation/customer-clusters";
import {
  type BoundStatement,
  batchSize,
  innermost,
  insertInto,
  keyspacesFailure,
  writeBatches,
} from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";
import { bucketOf, bucketsFor } from "./buckets.js";
import type { ResultsLocation } from "./result_tables.js";
import { resultTables, secondsToLive } from "./result_tables.js";

/** What one run found. */
export interface ClusteringRun {
  /** Tells runs apart; see `runIdOf`. */
  runId: string;
  runDate: Date;
  profiles: readonly ClusterProfile[];
  customers: readonly ClusteredCustomer[];
}

export interface SavedClusters {
  clusters: number;
  customers: number;
  requests: number;
}

export interface SaveOptions {
  /** A ceiling, to stay below the capacity of provisioned tables; null or none: as fast as the service takes them. */
  maxRowsPerSecond?: number | null;
  signal?: AbortSignal;
}

/** Batches of statements, one for each item, that share a partition; made as they are asked for. */
function* inBatches<T>(items: readonly T[], statementFor: (item: T) => BoundStatement): Generator<BoundStatement[]> {
  for (let i = 0; i < items.length; i += batchSize) yield items.slice(i, i + batchSize).map(statementFor);
}

/** Takes from each in turn: requests under way at one time should not all be for one partition. */
function* inTurn<T>(sources: readonly Generator<T>[]): Generator<T> {
  for (let open = sources; open.length > 0; ) {
    const next = open.map((source) => ({ source, result: source.next() })).filter(({ result }) => !result.done);
    for (const { result } of next) yield result.value as T;
    open = next.map(({ source }) => source);
  }
}

/** The rows of a run. `withTtl` gives each the values that its statement binds. */
interface Rows {
  insert: (table: keyof typeof resultTables) => string;
  bind: (...values: unknown[]) => unknown[];
}

function membersOf(
  { runId, customers, profiles }: ClusteringRun,
  { insert, bind }: Rows,
): Generator<BoundStatement[]>[] {
  const query = insert("customers_of_cluster");
  const buckets = new Map(profiles.map(({ cluster, customers: count }) => [cluster, bucketsFor(count)]));
  const bucketFor = (c: ClusteredCustomer) => bucketOf(c.customerId, buckets.get(c.cluster) ?? 1);
  const partitions = new Map<string, ClusteredCustomer[]>();
  for (const customer of customers) {
    const key = `${customer.cluster}/${bucketFor(customer)}`;
    const members = partitions.get(key) ?? [];
    partitions.set(key, members);
    members.push(customer);
  }
  const statementFor = (c: ClusteredCustomer): BoundStatement => {
    const features = [c.recencyDays, c.frequency, c.monetary, c.segment];
    return { query, params: bind(runId, c.cluster, bucketFor(c), c.customerId, c.country, ...features, c.distance) };
  };
  return [...partitions.values()].map((members) => inBatches(members, statementFor));
}

function* customersAlone(
  { runId, runDate, customers }: ClusteringRun,
  { insert, bind }: Rows,
): Generator<BoundStatement[]> {
  const query = insert("cluster_of_customer");
  for (const c of customers) {
    const features = [c.recencyDays, c.frequency, c.monetary, c.segment];
    yield [{ query, params: bind(c.customerId, runId, runDate, c.cluster, c.clusterName, c.distance, ...features) }];
  }
}

function clustersOf({ runId, runDate, profiles }: ClusteringRun, { insert, bind }: Rows): Generator<BoundStatement[]> {
  const query = insert("ml_clustering_results");
  return inBatches(profiles, (p) => {
    const means = [p.recencyDaysMean, p.frequencyMean, p.monetaryMean];
    const counts = [p.customers, bucketsFor(p.customers)];
    return { query, params: bind(runId, p.cluster, p.name, ...counts, ...means, p.revenueShare, runDate) };
  });
}

/**
 * Stores which customer belongs to which cluster, so that both can be asked: the cluster of a customer, the customers of a cluster.
 * The clusters come last, so that one that is listed is complete. Saving a run again overwrites it with the same rows.
 *
 * @throws ArgumentError for `resultsTtlDays` that the service does not take
 * @throws StepError when a request fails for good; the signal's reason when aborted
 */
export async function saveClusters(
  client: Client,
  { keyspace, resultsTtlDays = null }: ResultsLocation,
  run: ClusteringRun,
  { maxRowsPerSecond, signal }: SaveOptions = {},
): Promise<SavedClusters> {
  const ttl = secondsToLive(resultsTtlDays);
  const rows: Rows = {
    insert: (table) => insertInto({ keyspace, table }, resultTables[table], { withTtl: ttl !== undefined }),
    bind: (...values) => (ttl === undefined ? values : [...values, ttl]),
  };
  const pace = {
    maxRowsPerSecond: maxRowsPerSecond ?? Number.POSITIVE_INFINITY,
    giveUpAfterMs: 120_000,
    signal,
  };
  function* customersBothWays(): Generator<BoundStatement[]> {
    yield* inTurn(membersOf(run, rows));
    yield* customersAlone(run, rows);
  }
  try {
    const ofCustomers = await writeBatches(client, customersBothWays(), pace);
    const ofClusters = await writeBatches(client, clustersOf(run, rows), pace);
    const requests = ofCustomers.requests + ofClusters.requests;
    return { clusters: run.profiles.length, customers: run.customers.length, requests };
  } catch (error) {
    signal?.throwIfAborted();
    const tried = `save the clusters of run ${run.runId} in ${keyspace}`;
    const got = messageOf(innermost(error));
    if (!got.startsWith("TTL is not yet supported")) throw keyspacesFailure(tried, error);
    const hint = "Run createResultTables with the same `resultsTtlDays`: it lets the rows of these tables expire.";
    throw new StepError({ tried, got, hint, cause: error });
  }
}
