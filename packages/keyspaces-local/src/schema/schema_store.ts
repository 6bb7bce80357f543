import { quoteString, textLiteral } from "../cql/properties.js";
import type { Backend } from "../protocol/backend.js";
import { createReader } from "../protocol/notation.js";
import type { Row } from "../protocol/responses.js";
import { type CustomProperties, defaultCustomProperties } from "./custom_properties.js";
import {
  columnColumns,
  isSystemKeyspace,
  MCS_KEYSPACE,
  REPORTED_REPLICATION,
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

export interface KeyColumn {
  readonly name: string;
  /** As CQL writes it. */
  readonly type: string;
}

export type TableKeys = Pick<TableRecord, "partitionKey" | "clusteringKey" | "columns">;

interface StoredSchema {
  readonly keyspaces: string[];
  readonly tables: TableRecord[];
}

/** What `system_schema_mcs` says, kept in the database: it outlives the gateway as the tables themselves do. */
export interface SchemaStore {
  /** Reads back what is there, and brings `system_schema_mcs` in line with the tables that exist. */
  load(): Promise<StoredSchema>;
  saveKeyspace(keyspace: string): Promise<void>;
  removeKeyspace(keyspace: string): Promise<void>;
  /** The table must exist in Cassandra. */
  readKeys(keyspace: string, table: string): Promise<TableKeys>;
  /** The table must exist in Cassandra: its options and columns are copied from there. */
  saveTable(record: TableRecord): Promise<void>;
  setStatus(record: TableRecord): Promise<void>;
  removeTable(keyspace: string, table: string): Promise<void>;
  saveAutoscaling(keyspace: string, table: string, settings: ReadonlyMap<string, string>): Promise<void>;
  changeTags(resource: Resource, added: ReadonlyMap<string, string>, dropped: readonly string[]): Promise<void>;
  /** Those of a table, or of a keyspace and all its tables. */
  removeTags(resource: Resource): Promise<void>;
}

/** What can have tags. */
export interface Resource {
  readonly arn: string;
  readonly keyspace: string;
  /** Undefined for the keyspace itself. */
  readonly table: string | undefined;
}

const text = (row: Row, column: string): string => row.get(column)?.toString("utf8") ?? "";
const mcs = (table: string): string => `${MCS_KEYSPACE}.${table}`;
const where = (keyspace: string, table: string): string =>
  `WHERE keyspace_name = ${quoteString(keyspace)} AND table_name = ${quoteString(table)}`;

export function createSchemaStore(backend: Backend): SchemaStore {
  const insert = async (path: string, literals: Record<string, string>, cells: Row, columns: readonly string[]) => {
    const names = [...Object.keys(literals), ...columns].join(", ");
    const values = [...Object.values(literals), ...columns.map(() => "?")].join(", ");
    const bound = columns.map((column) => cells.get(column) ?? null);
    await backend.query(`INSERT INTO ${path} (${names}) VALUES (${values})`, bound);
  };

  const store: SchemaStore = {
    load: async () => load(backend, store),
    saveKeyspace: (keyspace) =>
      insert(
        mcs("keyspaces"),
        { keyspace_name: quoteString(keyspace), durable_writes: "true", replication: REPORTED_REPLICATION },
        new Map(),
        [],
      ),
    removeKeyspace: async (keyspace) => {
      await backend.query(`DELETE FROM ${mcs("keyspaces")} WHERE keyspace_name = ${quoteString(keyspace)}`);
    },
    readKeys: async (keyspace, table) =>
      keysOf(await backend.query(`SELECT * FROM system_schema.columns ${where(keyspace, table)}`)),
    saveTable: async ({ keyspace, table, status, customProperties, cdc }) => {
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
    setStatus: async ({ keyspace, table, status }) => {
      const set = `SET status = ${quoteString(status)}`;
      await backend.query(`UPDATE ${mcs("tables")} ${set} ${where(keyspace, table)}`);
    },
    removeTable: async (keyspace, table) => {
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
    },
    removeTags: async ({ arn }) => {
      // A keyspace's name ends in a slash, and begins those of its tables.
      const isMeant = (tagged: string) => tagged === arn || (arn.endsWith("/") && tagged.startsWith(arn));
      const tagged = (await backend.query(`SELECT resource_id FROM ${TAGS_TABLE}`)).map((row) =>
        text(row, "resource_id"),
      );
      for (const name of tagged.filter(isMeant)) {
        await backend.query(`DELETE FROM ${TAGS_TABLE} WHERE resource_id = ${quoteString(name)}`);
      }
    },
  };
  return store;
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
  const keyspaces = keyspaceRows!.filter(isUsers).map((row) => text(row, "keyspace_name"));
  const existing = tableRows!.filter(isUsers);
  const saved = new Map(savedTables!.map((row) => [pathOf(row), row]));
  const shadowed = new Set(shownTables!.map(pathOf));
  const columns = new Map<string, Row[]>();
  for (const row of columnRows!.filter(isUsers)) columns.set(pathOf(row), [...(columns.get(pathOf(row)) ?? []), row]);

  // The gateway may have been stopped between Cassandra's change and its own note of it.
  const shown = savedKeyspaces!.map((row) => text(row, "keyspace_name"));
  for (const keyspace of keyspaces.filter((name) => !shown.includes(name))) await store.saveKeyspace(keyspace);
  for (const keyspace of shown.filter((name) => ![...keyspaces, ...visibleSystemKeyspaces].includes(name))) {
    await store.removeKeyspace(keyspace);
  }
  const tables: TableRecord[] = [];
  for (const row of existing) {
    const known = saved.get(pathOf(row));
    const record: TableRecord = {
      keyspace: text(row, "keyspace_name"),
      table: text(row, "table_name"),
      status: known ? (text(known, "status") as TableStatus) : "ACTIVE",
      customProperties: known ? readCustomPropertiesCell(known) : defaultCustomProperties,
      cdc: known?.get("cdc")?.[0] === 1,
      ...keysOf(columns.get(pathOf(row)) ?? []),
    };
    if (!known || !shadowed.has(pathOf(row))) await store.saveTable(record);
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
  return readMapCell(cell, (settings) => readMapCell(settings, (value) => value.toString("utf8")));
}

/** A map<text, …> as it goes over the wire: a count, then keys and values in turn. */
function readMapCell<T>(cell: Buffer, readValue: (bytes: Buffer) => T): Map<string, T> {
  const reader = createReader(cell);
  const map = new Map<string, T>();
  const empty = Buffer.alloc(0);
  for (let left = reader.int(); left > 0; left--) {
    const key = (reader.bytes() ?? empty).toString("utf8");
    map.set(key, readValue(reader.bytes() ?? empty));
  }
  return map;
}
