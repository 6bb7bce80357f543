import { ArgumentError } from "@keyspaces-segmentation/common";
import {
  createTable,
  type Made,
  type SchemaOptions,
  type TableDefinition,
  type TableName,
} from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";

/** What every row about a customer says of them. */
const features = { recency_days: "double", frequency: "double", monetary: "double", segment: "text" };

/**
 * The tables that hold a run's result, by name: one to list clusters, and one for each way to ask about customers. A partition takes
 * 1,000 writes and gives 3,000 reads a second, so a large cluster is spread over buckets; the row of the cluster says over how many.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/quotas.html
 */
export const resultTables: Readonly<
  Record<"ml_clustering_results" | "cluster_of_customer" | "customers_of_cluster", TableDefinition>
> = {
  ml_clustering_results: {
    columns: {
      run_id: "text",
      segment: "int",
      name: "text",
      total_customers: "int",
      buckets: "int",
      recency_days_mean: "double",
      frequency_mean: "double",
      monetary_mean: "double",
      revenue_share: "double",
      run_date: "timestamp",
    },
    primaryKey: "run_id, segment",
  },
  cluster_of_customer: {
    columns: {
      customer_id: "text",
      run_id: "text",
      run_date: "timestamp",
      cluster: "int",
      cluster_name: "text",
      distance: "double",
      ...features,
    },
    primaryKey: "customer_id, run_id",
  },
  customers_of_cluster: {
    columns: {
      run_id: "text",
      cluster: "int",
      bucket: "int",
      customer_id: "text",
      country: "text",
      ...features,
      distance: "double",
    },
    primaryKey: "(run_id, cluster, bucket), customer_id",
  },
};

/** The cluster registry: what each run on a table of invoice lines leaves behind, so that the next one knows its clusters again, a row a run. */
export const registryTable: TableDefinition = {
  columns: { data_table: "text", run_id: "text", saved_at: "timestamp", known: "text" },
  primaryKey: "data_table, run_id",
};

/** Where results go, and the days after which they expire; null: never. */
export interface ResultsLocation extends Pick<TableName, "keyspace"> {
  resultsTtlDays?: number | null;
}

/** Whether any of the tables is new, and whether one that was there now lets rows expire. */
export interface ResultTablesMade extends Made {
  ttlEnabled: boolean;
}

/**
 * Creates the tables of results, and waits until they can be used. With `resultsTtlDays`, their rows may expire: a table that was
 * there is changed so, which cannot be undone and leaves the rows in it as they are.
 *
 * @throws StepError
 */
export async function createResultTables(
  client: Client,
  { keyspace, resultsTtlDays = null }: ResultsLocation,
  options: SchemaOptions = {},
): Promise<ResultTablesMade> {
  const withTtl = resultsTtlDays !== null;
  const made = await Promise.all([
    ...Object.entries(resultTables).map(([table, definition]) =>
      createTable(client, { keyspace, table }, definition, { ...options, withTtl }),
    ),
    createTable(client, { keyspace, table: "known_clusters" }, registryTable, options),
  ]);
  return { created: made.some(({ created }) => created), ttlEnabled: made.some((each) => each.ttlEnabled) };
}

/** 20 years, the longest that Keyspaces and Cassandra take. */
const longestSeconds = 630_720_000;

/**
 * Seconds for USING TTL; undefined for rows that stay.
 *
 * @param days a fraction of one, too
 * @throws ArgumentError unless it comes to 1 second or more, and 20 years or less
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/TTL-how-it-works.html
 */
export function secondsToLive(days: number | null | undefined): number | undefined {
  if (days === null || days === undefined) return undefined;
  const seconds = Math.round(days * 86_400);
  if (seconds >= 1 && seconds <= longestSeconds) return seconds;
  throw new ArgumentError("resultsTtlDays", "more than 0 and at most 7300, or null", days);
}
