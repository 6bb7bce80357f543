import { ArgumentError, requireInteger } from "@keyspaces-segmentation/common";
import { keyspacesFailure, qualified, readRows, type TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client, types } from "cassandra-driver";

/** A customer of a cluster. */
interface ClusterMember {
  customerId: string;
  country: string | null;
  recencyDays: number;
  frequency: number;
  monetary: number;
  segment: string;
  /** Euclidean, to the centroid, in the scaled features. */
  distance: number;
}

/** Some of a cluster's customers, and the way to the others. */
export interface MembersPage {
  runId: string;
  cluster: number;
  name: string;
  /** Customers of the whole cluster. */
  total: number;
  /** As many as were asked for; fewer on the last page only. */
  customers: ClusterMember[];
  /** Asks for the page behind this one; null on the last one. Plain text, good for as long as the run's results are. */
  next: string | null;
}

export interface MembersRequest {
  runId: string;
  cluster: number;
  /** Customers on a page, 1 to 10,000; default 1,000. */
  pageSize?: number;
  /** Of the page before; null for the first page. */
  next?: string | null;
}

/** Behind which customer of which bucket to go on. */
interface Position {
  bucket: number;
  after: string | null;
}

const memberOf = (row: types.Row): ClusterMember => ({
  customerId: row.customer_id,
  country: row.country,
  recencyDays: row.recency_days,
  frequency: row.frequency,
  monetary: row.monetary,
  segment: row.segment,
  distance: row.distance,
});

function readPosition(next: string | null, buckets: number): Position {
  if (next === null) return { bucket: 0, after: null };
  const [, bucket, after] = /^(\d{1,9})\/(.+)$/s.exec(next) ?? [];
  if (after === undefined || Number(bucket) >= buckets) {
    throw new ArgumentError("next", "what the page before has in `next`, or null", next);
  }
  return { bucket: Number(bucket), after };
}

/**
 * One page of a cluster's customers. The buckets of the cluster are walked one after the other, customers within each in the order
 * of their ids, which is the same each time. Null where the run has no such cluster, or its results have expired.
 *
 * @throws ArgumentError for a page size or `next` that is none
 * @throws StepError when a request fails for good
 */
export async function customersOfCluster(
  client: Client,
  { keyspace }: Pick<TableName, "keyspace">,
  { runId, cluster, pageSize = 1000, next = null }: MembersRequest,
): Promise<MembersPage | null> {
  requireInteger("pageSize", pageSize, 1, 10_000);
  try {
    const [found] = await clustersOfRun(client, keyspace, runId, cluster);
    if (found === undefined) return null;
    const { name, customers: total, buckets } = found;
    let { bucket, after } = readPosition(next, buckets);
    const rows: types.Row[] = [];
    const positions: Position[] = [];
    for (; bucket < buckets && rows.length <= pageSize; bucket++, after = null) {
      // One more than the page holds tells whether there is another.
      const limit = pageSize + 1 - rows.length;
      for (const row of await membersIn(client, keyspace, { runId, cluster, bucket, after }, limit)) {
        rows.push(row);
        positions.push({ bucket, after: row.customer_id });
      }
    }
    const last = rows.length > pageSize ? positions[pageSize - 1] : undefined;
    return {
      runId,
      cluster,
      name,
      total,
      customers: rows.slice(0, pageSize).map(memberOf),
      next: last ? `${last.bucket}/${last.after}` : null,
    };
  } catch (error) {
    if (error instanceof ArgumentError) throw error;
    throw keyspacesFailure(`list the customers of cluster ${cluster} in run ${runId}`, error);
  }
}

async function membersIn(
  client: Client,
  keyspace: string,
  { runId, cluster, bucket, after }: { runId: string; cluster: number } & Position,
  limit: number,
): Promise<types.Row[]> {
  const table = qualified({ keyspace, table: "customers_of_cluster" });
  const columns = "customer_id, country, recency_days, frequency, monetary, segment, distance";
  const query = `SELECT ${columns} FROM ${table} WHERE run_id = ? AND cluster = ? AND bucket = ?`;
  const params = [runId, cluster, bucket];
  if (after === null) return readRows(client, query, params, { limit });
  return readRows(client, `${query} AND customer_id > ?`, [...params, after], { limit });
}

/** A cluster as it is listed. */
interface ListedCluster {
  cluster: number;
  name: string;
  customers: number;
  buckets: number;
}

/** The clusters of a run, or one of them, in the order of their ids. @throws what the service answers */
export async function clustersOfRun(
  client: Client,
  keyspace: string,
  runId: string,
  cluster?: number,
): Promise<ListedCluster[]> {
  const table = qualified({ keyspace, table: "ml_clustering_results" });
  const query = `SELECT segment, name, total_customers, buckets FROM ${table} WHERE run_id = ?`;
  const rows =
    cluster === undefined
      ? await readRows(client, query, [runId])
      : await readRows(client, `${query} AND segment = ?`, [runId, cluster]);
  return rows.map((row) => ({
    cluster: row.segment,
    name: row.name,
    customers: row.total_customers,
    buckets: row.buckets,
  }));
}
