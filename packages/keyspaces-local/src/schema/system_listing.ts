import { quoteString } from "../cql/properties.js";
import type { Backend } from "../protocol/backend.js";
import { textOf } from "./cells.js";
import {
  columnColumns,
  findSystemTable,
  MCS_KEYSPACE,
  type NodeView,
  systemTablesOf,
  TABLES_SHADOW,
  tableOptionColumns,
  visibleSystemKeyspaces,
} from "./system_tables.js";

/**
 * Lists the service's own tables in `system_schema`, with the columns that they have behind the gateway: drivers take what a
 * result means from there, and cqlsh, as the guide uses it, prints no table that it does not find in it.
 */
export async function listSystemTables(backend: Backend, nodes: NodeView): Promise<void> {
  const paths = visibleSystemKeyspaces.flatMap((keyspace) =>
    systemTablesOf(keyspace).map((table) => ({ keyspace, table })),
  );
  const rows = await backend.query(`SELECT keyspace_name, table_name FROM ${TABLES_SHADOW}`);
  const listed = new Set(rows.map((row) => `${textOf(row, "keyspace_name")}.${textOf(row, "table_name")}`));
  const missing = paths.filter(({ keyspace, table }) => !listed.has(`${keyspace}.${table}`));
  await Promise.all(missing.map(({ keyspace, table }) => list(backend, keyspace, table, nodes)));
}

async function list(backend: Backend, keyspace: string, table: string, nodes: NodeView): Promise<void> {
  const path = findSystemTable(keyspace, table, nodes)?.shadow ?? `${keyspace}.${table}`;
  const [behindKeyspace = "", behindTable = ""] = path.split(".");
  const where = `WHERE keyspace_name = ${quoteString(behindKeyspace)} AND table_name = ${quoteString(behindTable)}`;
  const columns = await backend.query(`SELECT * FROM system_schema.columns ${where}`);
  const [options = new Map()] = await backend.query(`SELECT * FROM system_schema.tables ${where}`);
  const key = `${quoteString(keyspace)}, ${quoteString(table)}`;
  const insert = (into: string, names: readonly string[], row: ReadonlyMap<string, Buffer | null>) => {
    const marks = names.map(() => "?").join(", ");
    const query = `INSERT INTO ${into} (keyspace_name, table_name, ${names.join(", ")}) VALUES (${key}, ${marks})`;
    return backend.query(
      query,
      names.map((name) => row.get(name) ?? null),
    );
  };
  const names = ["column_name", ...Object.keys(columnColumns)];
  await Promise.all(columns.map((column) => insert(`${MCS_KEYSPACE}.columns`, names, column)));
  // Last: it says that the others are there.
  await insert(TABLES_SHADOW, Object.keys(tableOptionColumns), options);
}
