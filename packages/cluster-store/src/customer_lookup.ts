import { keyspacesFailure, qualified, readRows, type TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client, types } from "cassandra-driver";

/** Where a customer was in one run, and what they had come to. */
export interface CustomerInRun {
  customerId: string;
  runId: string;
  runDate: Date;
  cluster: number;
  clusterName: string;
  /** Euclidean, to the centroid, in the scaled features. */
  distance: number;
  recencyDays: number;
  frequency: number;
  monetary: number;
  /** The segment by scores. */
  segment: string;
}

const columns =
  "customer_id, run_id, run_date, cluster, cluster_name, distance, recency_days, frequency, monetary, segment";

const customerIn = (row: types.Row): CustomerInRun => ({
  customerId: row.customer_id,
  runId: row.run_id,
  runDate: row.run_date,
  cluster: row.cluster,
  clusterName: row.cluster_name,
  distance: row.distance,
  recencyDays: row.recency_days,
  frequency: row.frequency,
  monetary: row.monetary,
  segment: row.segment,
});

/**
 * The cluster that a customer was in, by one run: a point read. Null where that run does not know them, or its results have expired.
 *
 * @throws StepError when the request fails for good
 */
export async function clusterOfCustomer(
  client: Client,
  { keyspace }: Pick<TableName, "keyspace">,
  customerId: string,
  { runId }: { runId: string },
): Promise<CustomerInRun | null> {
  const table = qualified({ keyspace, table: "cluster_of_customer" });
  const query = `SELECT ${columns} FROM ${table} WHERE customer_id = ? AND run_id = ?`;
  try {
    const [row] = await readRows(client, query, [customerId, runId]);
    return row ? customerIn(row) : null;
  } catch (error) {
    throw keyspacesFailure(`look up the cluster of customer ${customerId}`, error);
  }
}

/**
 * Where a customer was in each run that is kept, the newest first; empty for one whom no run knows.
 *
 * @throws StepError when the request fails for good
 */
export async function historyOfCustomer(
  client: Client,
  { keyspace }: Pick<TableName, "keyspace">,
  customerId: string,
): Promise<CustomerInRun[]> {
  const query = `SELECT ${columns} FROM ${qualified({ keyspace, table: "cluster_of_customer" })} WHERE customer_id = ?`;
  try {
    const history = (await readRows(client, query, [customerId])).map(customerIn);
    // The key is without the date, so that saving a run again overwrites its rows.
    return history.sort((a, b) => b.runDate.getTime() - a.runDate.getTime() || (a.runId < b.runId ? 1 : -1));
  } catch (error) {
    throw keyspacesFailure(`look up the clusters of customer ${customerId}`, error);
  }
}
