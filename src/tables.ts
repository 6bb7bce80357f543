import type { TableDefinition } from "@keyspaces-segmentation/keyspaces-bulk";

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

/** What each run on a table of invoice lines leaves behind, so that the next one knows its clusters again: a row a run. */
export const knownClustersTable: TableDefinition = {
  columns: { data_table: "text", run_id: "text", saved_at: "timestamp", known: "text" },
  primaryKey: "data_table, run_id",
};

/** The files that were loaded into a table, by their fingerprint. */
export const loadsTable: TableDefinition = {
  columns: {
    data_table: "text",
    fingerprint: "text",
    uri: "text",
    loaded_at: "timestamp",
    lines: "int",
    stored: "int",
    rejected: "int",
    refused: "int",
    amount: "decimal",
    first_invoice: "text",
    last_invoice: "text",
    account: "text",
  },
  primaryKey: "data_table, fingerprint",
};

/** All tables of the walkthrough but that of the invoice lines, which is the reader's to name. */
export const ownTables: Readonly<Record<string, TableDefinition>> = {
  ...resultTables,
  known_clusters: knownClustersTable,
  loads: loadsTable,
};
