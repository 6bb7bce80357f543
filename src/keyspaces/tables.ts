/** A table and the keyspace it is in, as the reader spells them. */
export interface TableName {
  keyspace: string;
  table: string;
}

/** What a table is made of: columns in order with their CQL types, and the primary key as CQL writes it. */
export interface TableDefinition {
  columns: Readonly<Record<string, string>>;
  primaryKey: string;
}

/** In quotes, capitals count and no name is a reserved word. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const qualified = ({ keyspace, table }: TableName): string => `${quoted(keyspace)}.${quoted(table)}`;

/** `INSERT` of all columns of a table, in the order of its definition. */
export function insertInto(name: TableName, { columns }: TableDefinition): string {
  const names = Object.keys(columns);
  return `INSERT INTO ${qualified(name)} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
}

/**
 * The lines of the invoices. `line` counts the repeats of a stock code on an invoice: without it in the key, repeated lines would
 * overwrite each other. Money is decimal, and the moment of sale keeps its time.
 */
export const retailTable: TableDefinition = {
  columns: {
    invoice: "text",
    stock_code: "text",
    line: "int",
    description: "text",
    quantity: "int",
    invoice_date: "timestamp",
    price: "decimal",
    customer_id: "text",
    country: "text",
  },
  primaryKey: "invoice, stock_code, line",
};

/** The tables that hold a run's result, by name: one to list clusters, and one for each way to ask about customers. */
export const resultTables: Readonly<
  Record<"ml_clustering_results" | "cluster_of_customer" | "customers_of_cluster", TableDefinition>
> = {
  ml_clustering_results: {
    columns: {
      run_id: "text",
      segment: "int",
      name: "text",
      total_customers: "int",
      recency_days_mean: "double",
      frequency_mean: "double",
      monetary_mean: "double",
      revenue_share: "double",
      run_date: "timestamp",
    },
    primaryKey: "run_id, segment",
  },
  cluster_of_customer: {
    columns: { customer_id: "text", run_id: "text", cluster: "int", cluster_name: "text", distance: "double" },
    primaryKey: "customer_id, run_id",
  },
  customers_of_cluster: {
    columns: {
      run_id: "text",
      cluster: "int",
      customer_id: "text",
      country: "text",
      recency_days: "double",
      frequency: "double",
      monetary: "double",
      segment: "text",
      distance: "double",
    },
    primaryKey: "(run_id, cluster), customer_id",
  },
};
