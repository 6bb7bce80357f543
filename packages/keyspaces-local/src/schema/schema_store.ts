import { quoteString, textLiteral } from "../cql/properties.js";
import type { Backend } from "../protocol/backend.js";
import type { Row } from "../protocol/responses.js";
import { mapOf, textOf } from "./cells.js";
import { type CustomProperties, defaultCustomProperties } from "./custom_properties.js";
import { createRegionStore, type Replica } from "./region_store.js";
import {
  columnColumns,
  isSystemKeyspace,
  MCS_KEYSPACE,
  reportedReplication,
  TABLES_SHADOW,
  TAGS_TABLE,
  tableOptionColumns,
  visibleSystemKeyspaces,
} from "./system_tables.js";

type TableStatus = "CREATING" | "ACTIVE" | "UPDATING" | "DELETING";

export interface TableRecord {
  readonly keyspace: string;
  readonly table: string;
  readonly status: TableStatus;
  readonly customProperties: CustomProperties;
  readonly cdc: boolean;
  /** The columns of the primary key, in its order. */
  readonly partitionKey: readonly KeyColumn[];
  readonly clusteringKey: readonly KeyColumn[];
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

export type TableKeys = Pick<TableRecord, "partitionKey" | "clusteringKey" | "columns">;

interface StoredSchema {
  readonly keyspaces: KeyspaceRecord[];
  readonly tables: TableRecord[];
}

/** What `system_schema_mcs` says, kept in the database: it outlives the gateway as the tables themselves do. */
export interface SchemaStore {
  /** Reads back what is there, and brings `system_schema_mcs` in line with the tables that exist. */
  load(): Promise<StoredSchema>;
  /** @param before the Regions that it had before, of one that is UPDATING */
  saveKeyspace(record: KeyspaceRecord, before?: readonly string[]): Promise<void>;
  removeKeyspace(keyspace: string): Promise<void>;
  /** The table must exist in Cassandra. */
  readKeys(keyspace: string, table: string): Promise<TableKeys>;
  /** The table must exist in Cassandra: its options and columns are copied from there. */
  saveTable(record: TableRecord, regions: readonly string[]): Promise<void>;
  setStatus(record: TableRecord, regions: readonly string[]): Promise<void>;
  removeTable(keyspace: string, table: string): Promise<void>;
  saveAutoscaling(keyspace: string, table: string, settings: ReadonlyMap<string, string>): Promise<void>;
  changeTags(resource: Resource, added: ReadonlyMap<string, string>, dropped: readonly string[]): Promise<void>;
  /** Those of a table, or of a keyspace and all its tables. */
  removeTags(resource: Resource): Promise<void>;
  tagsOf(arn: string): Promise<ReadonlyMap<string, string>>;
  /** The same as it was last noted, for decisions that cannot wait. */
  tagsAt(arn: string): ReadonlyMap<string, string>;
}

/** What can have tags. */
export interface Resource {
  readonly arn: string;
  readonly keyspace: string;
  /** Undefined for the keyspace itself. */
  readonly table: string | undefined;
}

const text = textOf;
const mcs = (table: string): string => `${MCS_KEYSPACE}.${table}`;
const where = (keyspace: string, table: string): string =>
  `WHERE keyspace_name = ${quoteString(keyspace)} AND table_name = ${quoteString(table)}`;

export function createSchemaStore(backend: Backend): SchemaStore {
  const inRegions = createRegionStore(backend);
  const tagsByArn = new Map<string, ReadonlyMap<string, string>>();
  const insert = async (path: string, literals: Record<string, string>, cells: Row, columns: readonly string[]) => {
    const names = [...Object.keys(literals), ...columns].join(", ");
    const values = [...Object.values(literals), ...columns.map(() => "?")].join(", ");
    const bound = columns.map((column) => cells.get(column) ?? null);
    await backend.query(`INSERT INTO ${path} (${names}) VALUES (${values})`, bound);
  };

  const store: SchemaStore = {
    load: async () => {
      for (const row of await backend.query(`SELECT resource_id, tags FROM ${TAGS_TABLE}`))
        tagsByArn.set(text(row, "resource_id"), tagsIn(row));
      return load(backend, store);
    },
    saveKeyspace: async (record, before) => {
      const { keyspace, regions } = record;
      const replication = reportedReplication(regions);
      const literals = { keyspace_name: quoteString(keyspace), durable_writes: "true", replication };
      await insert(mcs("keyspaces"), literals, new Map(), []);
      await inRegions.saveKeyspace(keyspace, replicasOf(record, before));
    },
    removeKeyspace: async (keyspace) => {
      await inRegions.removeKeyspace(keyspace);
      await backend.query(`DELETE FROM ${mcs("types")} WHERE keyspace_name = ${quoteString(keyspace)}`);
      await backend.query(`DELETE FROM ${mcs("keyspaces")} WHERE keyspace_name = ${quoteString(keyspace)}`);
    },
    readKeys: async (keyspace, table) =>
      keysOf(await backend.query(`SELECT * FROM system_schema.columns ${where(keyspace, table)}`)),
    saveTable: async ({ keyspace, table, status, customProperties, cdc }, regions) => {
      await inRegions.saveMember("table", { keyspace, name: table }, regions, status);
      const key = { keyspace_name: quoteString(keyspace), table_name: quoteString(table) };
      const columns = await backend.query(`SELECT * FROM system_schema.columns ${where(keyspace, table)}`);
      for (const column of columns) {
        const name = quoteString(text(column, "column_name"));
        await insert(mcs("columns"), { ...key, column_name: name }, column, Object.keys(columnColumns));
      }
      const [options = new Map()] = await backend.query(`SELECT * FROM system_schema.tables ${where(keyspace, table)}`);
      const literals = {
        ...key,
        cdc: String(cdc),
        status: quoteString(status),
        custom_properties: textLiteral(customProperties),
      };
      await insert(mcs("tables"), literals, options, Object.keys(tableOptionColumns));
      await insert(TABLES_SHADOW, key, options, Object.keys(tableOptionColumns));
    },
    setStatus: async ({ keyspace, table, status }, regions) => {
      await inRegions.saveMember("table", { keyspace, name: table }, regions, status);
      const set = `SET status = ${quoteString(status)}`;
      await backend.query(`UPDATE ${mcs("tables")} ${set} ${where(keyspace, table)}`);
    },
    removeTable: async (keyspace, table) => {
      await inRegions.removeMember("table", { keyspace, name: table });
      for (const path of [TABLES_SHADOW, ...["tables", "columns", "autoscaling"].map(mcs)]) {
        await backend.query(`DELETE FROM ${path} ${where(keyspace, table)}`);
      }
    },
    saveAutoscaling: async (keyspace, table, settings) => {
      const key = { keyspace_name: quoteString(keyspace), table_name: quoteString(table) };
      const literals = Object.fromEntries([...settings].map(([name, json]) => [name, quoteString(json)]));
      await insert(mcs("autoscaling"), { ...key, ...literals }, new Map(), []);
    },
    changeTags: async ({ arn, keyspace, table }, added, dropped) => {
      const about = {
        keyspace_name: keyspace,
        resource_name: table ?? keyspace,
        resource_type: table === undefined ? "keyspace" : "table",
      };
      const named = Object.entries(about).map(([column, value]) => `${column} = ${quoteString(value)}`);
      const set = added.size > 0 ? [...named, `tags = tags + ${textLiteral(added)}`].join(", ") : "";
      const unset = dropped.length > 0 ? `tags = tags - {${dropped.map(quoteString).join(", ")}}` : "";
      for (const change of [set, unset].filter(Boolean)) {
        await backend.query(`UPDATE ${TAGS_TABLE} SET ${change} WHERE resource_id = ${quoteString(arn)}`);
      }
      const left = [...store.tagsAt(arn), ...added].filter(([key]) => !dropped.includes(key));
      tagsByArn.set(arn, new Map(left));
    },
    removeTags: async ({ arn }) => {
      // A keyspace's name ends in a slash, and begins those of its tables.
      const isMeant = (tagged: string) => tagged === arn || (arn.endsWith("/") && tagged.startsWith(arn));
      const tagged = (await backend.query(`SELECT resource_id FROM ${TAGS_TABLE}`)).map((row) =>
        text(row, "resource_id"),
      );
      for (const name of tagged.filter(isMeant)) {
        tagsByArn.delete(name);
        await backend.query(`DELETE FROM ${TAGS_TABLE} WHERE resource_id = ${quoteString(name)}`);
      }
    },
    tagsOf: async (arn) => {
      const [row] = await backend.query(`SELECT tags FROM ${TAGS_TABLE} WHERE resource_id = ${quoteString(arn)}`);
      return tagsIn(row);
    },
    tagsAt: (arn) => tagsByArn.get(arn) ?? new Map(),
  };
  return store;
}

const tagsIn = (row: Row | undefined): ReadonlyMap<string, string> =>
  mapOf(row?.get("tags"), (value) => value.toString("utf8"));

/** In the Regions that it had before a keyspace is Updating, in a new one Creating. */
function replicasOf({ status, regions }: KeyspaceRecord, before: readonly string[] = regions): Replica[] {
  if (status === "ACTIVE") return regions.map((region) => ({ region, status: "Active" }));
  return regions.map((region) =>
    before.includes(region) ? { region, status: "Updating" } : { region, status: "Creating", progress: "0%" },
  );
}

async function load(backend: Backend, store: SchemaStore): Promise<StoredSchema> {
  const [keyspaceRows, tableRows, columnRows, savedKeyspaces, savedTables, shownTables] = await Promise.all(
    [
      "system_schema.keyspaces",
      "system_schema.tables",
      "system_schema.columns",
      mcs("keyspaces"),
      mcs("tables"),
      TABLES_SHADOW,
    ].map((table) => backend.query(`SELECT * FROM ${table}`)),
  );
  const pathOf = (row: Row) => `${text(row, "keyspace_name")}.${text(row, "table_name")}`;
  const isUsers = (row: Row) => !isSystemKeyspace(text(row, "keyspace_name"));
  const replications = new Map(savedKeyspaces!.map((row) => [text(row, "keyspace_name"), row.get("replication")]));
  const keyspaces = keyspaceRows!.filter(isUsers).map((row): KeyspaceRecord => {
    const keyspace = text(row, "keyspace_name");
    const replication = mapOf(replications.get(keyspace), String);
    const regions = [...replication.keys()].filter((key) => !["class", "replication_factor"].includes(key));
    return { keyspace, status: "ACTIVE", regions };
  });
  const existing = tableRows!.filter(isUsers);
  const saved = new Map(savedTables!.map((row) => [pathOf(row), row]));
  const shadowed = new Set(shownTables!.map(pathOf));
  const columns = new Map<string, Row[]>();
  for (const row of columnRows!.filter(isUsers)) columns.set(pathOf(row), [...(columns.get(pathOf(row)) ?? []), row]);

  // The gateway may have been stopped between Cassandra's change and its own note of it.
  const shown = savedKeyspaces!.map((row) => text(row, "keyspace_name"));
  // One that was UPDATING is ACTIVE by now.
  for (const record of keyspaces) {
    if (!shown.includes(record.keyspace) || record.regions.length > 0) await store.saveKeyspace(record);
  }
  const known = [...keyspaces.map(({ keyspace }) => keyspace), ...visibleSystemKeyspaces];
  for (const keyspace of shown.filter((name) => !known.includes(name))) await store.removeKeyspace(keyspace);
  const regionsOf = new Map(keyspaces.map(({ keyspace, regions }) => [keyspace, regions]));
  const tables: TableRecord[] = [];
  for (const row of existing) {
    const note = saved.get(pathOf(row));
    const record: TableRecord = {
      keyspace: text(row, "keyspace_name"),
      table: text(row, "table_name"),
      status: note ? (text(note, "status") as TableStatus) : "ACTIVE",
      customProperties: note ? readCustomPropertiesCell(note) : defaultCustomProperties,
      cdc: note?.get("cdc")?.[0] === 1,
      ...keysOf(columns.get(pathOf(row)) ?? []),
    };
    if (!note || !shadowed.has(pathOf(row))) await store.saveTable(record, regionsOf.get(record.keyspace) ?? []);
    tables.push(record);
    saved.delete(pathOf(row));
  }
  for (const row of saved.values()) await store.removeTable(text(row, "keyspace_name"), text(row, "table_name"));
  return { keyspaces, tables };
}

function keysOf(columns: readonly Row[]): TableKeys {
  const position = (row: Row) => row.get("position")?.readInt32BE(0) ?? 0;
  const ofKind = (kind: string): KeyColumn[] =>
    columns
      .filter((row) => text(row, "kind") === kind)
      .toSorted((one, other) => position(one) - position(other))
      .map((row) => ({ name: text(row, "column_name"), type: text(row, "type") }));
  const types = new Map(columns.map((row) => [text(row, "column_name"), text(row, "type")]));
  return { partitionKey: ofKind("partition_key"), clusteringKey: ofKind("clustering"), columns: types };
}

function readCustomPropertiesCell(row: Row): CustomProperties {
  const cell = row.get("custom_properties");
  if (!cell) return defaultCustomProperties;
  return mapOf(cell, (settings) => mapOf(settings, (value) => value.toString("utf8")));
}
