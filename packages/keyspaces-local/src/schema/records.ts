import type { CustomProperties } from "./custom_properties.js";

export type TableStatus = "CREATING" | "ACTIVE" | "UPDATING" | "DELETING";

export interface TableRecord {
  readonly keyspace: string;
  readonly table: string;
  readonly status: TableStatus;
  readonly customProperties: CustomProperties;
  readonly cdc: boolean;
  /** The columns of the primary key, in its order. */
  readonly partitionKey: readonly KeyColumn[];
  readonly clusteringKey: readonly KeyColumn[];
  /** The names of static columns. */
  readonly statics: ReadonlySet<string>;
  /** The types of all columns, by name. */
  readonly columns: ReadonlyMap<string, string>;
}

export interface KeyspaceRecord {
  readonly keyspace: string;
  readonly status: "CREATING" | "ACTIVE" | "UPDATING" | "DELETING";
  /** Those of a keyspace in several; empty for one in this Region alone. */
  readonly regions: readonly string[];
}

export interface KeyColumn {
  readonly name: string;
  /** As CQL writes it. */
  readonly type: string;
}

export type TableKeys = Pick<TableRecord, "partitionKey" | "clusteringKey" | "statics" | "columns">;
