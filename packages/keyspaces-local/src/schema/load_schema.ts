import type { Backend } from "../protocol/backend.js";
import type { Row } from "../protocol/rows.js";
import { mapOf, textOf } from "./cells.js";
import { type CustomProperties, defaultCustomProperties } from "./custom_properties.js";
import type { KeyColumn, KeyspaceRecord, TableKeys, TableRecord, TableStatus } from "./records.js";
import { isSystemKeyspace, MCS_KEYSPACE, TABLES_SHADOW, visibleSystemKeyspaces } from "./system_tables.js";

export interface StoredSchema {
  readonly keyspaces: KeyspaceRecord[];
  readonly tables: TableRecord[];
}

/** Where definitions are noted. */
export interface SchemaNotes {
  /** @param before the Regions that it had before, of one that is UPDATING */
  saveKeyspace(record: KeyspaceRecord, before?: readonly string[]): Promise<void>;
  removeKeyspace(keyspace: string): Promise<void>;
  /** The table must exist in Cassandra: its options and columns are copied from there. */
  saveTable(record: TableRecord, regions: readonly string[]): Promise<void>;
  removeTable(keyspace: string, table: string): Promise<void>;
}

/** Reads what there is, and brings the notes in line with it: the gateway may have been stopped between Cassandra's change and its own note. */
export async function loadSchema(backend: Backend, store: SchemaNotes): Promise<StoredSchema> {
  const [keyspaceRows, tableRows, columnRows, savedKeyspaces, savedTables, shownTables] = await Promise.all(
    [
      "system_schema.keyspaces",
      "system_schema.tables",
      "system_schema.columns",
      `${MCS_KEYSPACE}.keyspaces`,
      `${MCS_KEYSPACE}.tables`,
      TABLES_SHADOW,
    ].map((table) => backend.query(`SELECT * FROM ${table}`)),
  );
  const pathOf = (row: Row) => `${textOf(row, "keyspace_name")}.${textOf(row, "table_name")}`;
  const isUsers = (row: Row) => !isSystemKeyspace(textOf(row, "keyspace_name"));
  const replications = new Map(savedKeyspaces!.map((row) => [textOf(row, "keyspace_name"), row.get("replication")]));
  const keyspaces = keyspaceRows!.filter(isUsers).map((row): KeyspaceRecord => {
    const keyspace = textOf(row, "keyspace_name");
    const replication = mapOf(replications.get(keyspace), String);
    const regions = [...replication.keys()].filter((key) => !["class", "replication_factor"].includes(key));
    return { keyspace, status: "ACTIVE", regions };
  });
  const existing = tableRows!.filter(isUsers);
  const saved = new Map(savedTables!.map((row) => [pathOf(row), row]));
  const shadowed = new Set(shownTables!.map(pathOf));
  const columns = new Map<string, Row[]>();
  for (const row of columnRows!.filter(isUsers)) columns.set(pathOf(row), [...(columns.get(pathOf(row)) ?? []), row]);

  const shown = savedKeyspaces!.map((row) => textOf(row, "keyspace_name"));
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
      keyspace: textOf(row, "keyspace_name"),
      table: textOf(row, "table_name"),
      status: note ? (textOf(note, "status") as TableStatus) : "ACTIVE",
      customProperties: note ? readCustomPropertiesCell(note) : defaultCustomProperties,
      cdc: note?.get("cdc")?.[0] === 1,
      ...keysOf(columns.get(pathOf(row)) ?? []),
    };
    if (!note || !shadowed.has(pathOf(row))) await store.saveTable(record, regionsOf.get(record.keyspace) ?? []);
    tables.push(record);
    saved.delete(pathOf(row));
  }
  for (const row of saved.values()) await store.removeTable(textOf(row, "keyspace_name"), textOf(row, "table_name"));
  return { keyspaces, tables };
}

/** The keys and types of a table, of its rows in system_schema.columns. */
export function keysOf(columns: readonly Row[]): TableKeys {
  const position = (row: Row) => row.get("position")?.readInt32BE(0) ?? 0;
  const ofKind = (kind: string): KeyColumn[] =>
    columns
      .filter((row) => textOf(row, "kind") === kind)
      .toSorted((one, other) => position(one) - position(other))
      .map((row) => ({ name: textOf(row, "column_name"), type: textOf(row, "type") }));
  const types = new Map(columns.map((row) => [textOf(row, "column_name"), textOf(row, "type")]));
  const statics = new Set(ofKind("static").map(({ name }) => name));
  return { partitionKey: ofKind("partition_key"), clusteringKey: ofKind("clustering"), statics, columns: types };
}

/** Of a row of system_schema_mcs.tables. */
export function readCustomPropertiesCell(row: Row): CustomProperties {
  const cell = row.get("custom_properties");
  if (!cell) return defaultCustomProperties;
  return mapOf(cell, (settings) => mapOf(settings, (value) => value.toString("utf8")));
}
