import { createResultTables } from "@keyspaces-segmentation/cluster-store";
import { bucket, keyspace, type SparkWorld, type WorldOptions } from "./spark_world.js";
import { tableContents } from "./table_contents.js";

const centroids = [
  [0.1, 0.02, 0.05],
  [0.9, 0.01, 0.03],
];
const clusters = centroids.map((_, cluster) => ({ cluster, name: `cluster ${cluster}` }));

/** The tables that assignments are written to, as `keyspace.table`. */
export const resultTables = ["customers_of_cluster", "cluster_of_customer"].map((table) => `${keyspace}.${table}`);

/** An assignment of features below a prefix, to two clusters. */
export interface Assigned {
  readonly prefix: string;
  readonly run_id: string;
  readonly rows_per_second?: string;
}

/** Puts the clusters, makes the tables, and gives what starts an assignment. */
export async function assignmentJob(world: SparkWorld, { prefix, ...job }: Assigned): Promise<Record<string, string>> {
  await world.put("model/clusters.json", JSON.stringify({ centroids, clusters }));
  await createResultTables(world.client, { keyspace }, {});
  const s3 = (key: string) => `s3://${bucket}/${key}`;
  return { ...job, features: s3(prefix), clusters: s3("model/clusters.json"), run_date: "2011-12-10T08:00:00Z" };
}

/** What a run has written into both tables, without its name. */
export async function assignedRows(world: SparkWorld, run_id: string): Promise<string[][]> {
  const ofRun = async (table: string) =>
    (await tableContents(world.client, { keyspace, table }))
      .filter((row) => JSON.parse(row).run_id === run_id)
      .map((row) => row.replace(`"${run_id}"`, '"run"'));
  return [await ofRun("customers_of_cluster"), await ofRun("cluster_of_customer")];
}

/** What an assignment writes into both tables. */
export async function assigned(world: SparkWorld, job: Assigned, options: WorldOptions = {}): Promise<string[][]> {
  const run = await world.run("assign_clusters.py", await assignmentJob(world, job), options);
  if (run.status !== 0) throw new Error(`${run.reason}\n${run.log.slice(-3000)}`);
  return assignedRows(world, job.run_id);
}
