import { forEachConcurrently } from "@keyspaces-segmentation/common";
import type { Membership } from "@keyspaces-segmentation/customer-clusters";
import {
  hasOwnTable,
  keyspacesFailure,
  qualified,
  readRows,
  type TableName,
} from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";
import { clustersOfRun } from "./cluster_members.js";

/** Partitions that are read at a time. */
const readsAtOnce = 8;

/**
 * Which customer was in which cluster in a run, as the tables of results have it. Null where they do not have all of the run's
 * customers (any more).
 *
 * @throws StepError when a request fails for good
 */
export async function membershipRows(
  client: Client,
  { keyspace }: Pick<TableName, "keyspace">,
  runId: string,
): Promise<Membership[] | null> {
  const table = { keyspace, table: "customers_of_cluster" };
  const query = `SELECT customer_id, monetary FROM ${qualified(table)} WHERE run_id = ? AND cluster = ? AND bucket = ?`;
  try {
    for (const name of ["ml_clustering_results", table.table]) {
      if (!(await hasOwnTable(client, { keyspace, table: name }))) return null;
    }
    const clusters = await clustersOfRun(client, keyspace, runId);
    const partitions = clusters.flatMap(({ cluster: id, name, buckets }) =>
      Array.from({ length: buckets }, (_, bucket) => ({ id, name, bucket })),
    );
    const memberships: Membership[] = [];
    await forEachConcurrently(partitions, readsAtOnce, async ({ id, name, bucket }) => {
      const cluster = { id, name };
      for (const row of await readRows(client, query, [runId, id, bucket])) {
        memberships.push({ customerId: row.customer_id, cluster, monetary: row.monetary });
      }
    });
    const total = clusters.reduce((sum, { customers }) => sum + customers, 0);
    return total > 0 && memberships.length === total ? memberships : null;
  } catch (error) {
    throw keyspacesFailure(`read the customers of run ${runId} in ${keyspace}`, error);
  }
}
