import type { Backend } from "./backend.js";
import { quoteString } from "./properties.js";

/**
 * The system tables that Keyspaces shows otherwise than Cassandra does. They are real tables in the Cassandra behind
 * the gateway, so that any SELECT on them, prepared and paged or not, is answered by a real database.
 */

/** Holds what stands in for `system.local` and `system.peers`. */
const GATEWAY_KEYSPACE = "system_gateway";
export const MCS_KEYSPACE = "system_schema_mcs";

/** What a client may read in the keyspaces of the system, and where it really lies if not there. */
const readable: ReadonlyMap<string, string | undefined> = new Map([
  ["system.local", `${GATEWAY_KEYSPACE}.local`],
  ["system.peers", `${GATEWAY_KEYSPACE}.peers`],
  ["system.size_estimates", undefined],
  ["system.prepared_statements", undefined],
  ["system_schema.keyspaces", `${MCS_KEYSPACE}.keyspaces`],
  ...["tables", "columns", "types", "functions", "aggregates", "triggers", "indexes", "views"].map(
    (table) => [`system_schema.${table}`, undefined] as const,
  ),
  ...["keyspaces", "tables", "columns", "tags", "autoscaling"].map(
    (table) => [`${MCS_KEYSPACE}.${table}`, undefined] as const,
  ),
]);

export interface SystemTable {
  /** Where to read it instead: keyspace.table. */
  readonly shadow: string | undefined;
}

/** Undefined if Keyspaces has no such table. */
export function findSystemTable(keyspace: string, table: string): SystemTable | undefined {
  const path = `${keyspace}.${table}`;
  return readable.has(path) ? { shadow: readable.get(path) } : undefined;
}

/** Every name in `system` style is the service's: no user keyspace is called so. */
export function isSystemKeyspace(keyspace: string): boolean {
  return keyspace === "system" || keyspace.startsWith("system_");
}

/** The system keyspaces that a client knows of. */
export const visibleSystemKeyspaces: readonly string[] = ["system", "system_schema", MCS_KEYSPACE];

/** How Keyspaces reports every single-Region keyspace, its own too. */
export const REPORTED_REPLICATION =
  "{'class': 'org.apache.cassandra.locator.SimpleStrategy', 'replication_factor': '3'}";

/** The table options that system_schema.tables and system_schema_mcs.tables have in common. */
export const tableOptionColumns: Readonly<Record<string, string>> = {
  bloom_filter_fp_chance: "double",
  caching: "frozen<map<text, text>>",
  comment: "text",
  compaction: "frozen<map<text, text>>",
  compression: "frozen<map<text, text>>",
  crc_check_chance: "double",
  default_time_to_live: "int",
  extensions: "frozen<map<text, blob>>",
  flags: "frozen<set<text>>",
  gc_grace_seconds: "int",
  id: "uuid",
  max_index_interval: "int",
  memtable_flush_period_in_ms: "int",
  min_index_interval: "int",
  speculative_retry: "text",
};

export const columnColumns: Readonly<Record<string, string>> = {
  clustering_order: "text",
  column_name_bytes: "blob",
  kind: "text",
  position: "int",
  type: "text",
};

const declare = (columns: Readonly<Record<string, string>>): string =>
  Object.entries(columns)
    .map(([name, type]) => `${name} ${type}`)
    .join(", ");

const definitions: readonly string[] = [
  ...[GATEWAY_KEYSPACE, MCS_KEYSPACE].map(
    (keyspace) =>
      `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
  ),
  `CREATE TABLE IF NOT EXISTS ${GATEWAY_KEYSPACE}.local (key text PRIMARY KEY, bootstrapped text, broadcast_address inet,
    cluster_name text, cql_version text, data_center text, gossip_generation int, host_id uuid, listen_address inet,
    native_protocol_version text, partitioner text, rack text, release_version text, rpc_address inet,
    schema_version uuid, thrift_version text, tokens set<text>, truncated_at map<uuid, blob>)`,
  `CREATE TABLE IF NOT EXISTS ${GATEWAY_KEYSPACE}.peers (peer inet PRIMARY KEY, data_center text, host_id uuid,
    preferred_ip inet, rack text, release_version text, rpc_address inet, schema_version uuid, tokens set<text>)`,
  `CREATE TABLE IF NOT EXISTS ${MCS_KEYSPACE}.keyspaces (keyspace_name text PRIMARY KEY, durable_writes boolean,
    replication frozen<map<text, text>>)`,
  `CREATE TABLE IF NOT EXISTS ${MCS_KEYSPACE}.tables (keyspace_name text, table_name text, cdc boolean,
    custom_properties frozen<map<text, frozen<map<text, text>>>>, status text, ${declare(tableOptionColumns)},
    PRIMARY KEY (keyspace_name, table_name))`,
  `CREATE TABLE IF NOT EXISTS ${MCS_KEYSPACE}.columns (keyspace_name text, table_name text, column_name text,
    ${declare(columnColumns)}, PRIMARY KEY (keyspace_name, table_name, column_name))`,
  `CREATE TABLE IF NOT EXISTS ${MCS_KEYSPACE}.tags (resource_id text PRIMARY KEY, tags map<text, text>)`,
  `CREATE TABLE IF NOT EXISTS ${MCS_KEYSPACE}.autoscaling (keyspace_name text, table_name text,
    provisioned_read_capacity_autoscaling_update text, provisioned_write_capacity_autoscaling_update text,
    PRIMARY KEY (keyspace_name, table_name))`,
];

const SCHEMA_VERSION = "3a1f2c64-8a0e-3f0b-9d53-5d9c1f4a7b20";
const HOST_ID = "7c0d6a52-41f5-3c1e-8b8f-0e2a9d6b4f13";

/** Creates the tables where they are missing and fills in who answers: one node whose data center is the Region. */
export async function prepareSystemTables(backend: Backend, region: string): Promise<void> {
  for (const definition of definitions) await backend.query(definition);
  const local: Record<string, string> = {
    key: "'local'",
    bootstrapped: "'COMPLETED'",
    broadcast_address: "'127.0.0.1'",
    cluster_name: "'Amazon Keyspaces'",
    cql_version: "'3.4.4'",
    data_center: quoteString(region),
    host_id: HOST_ID,
    listen_address: "'127.0.0.1'",
    native_protocol_version: "'4'",
    partitioner: "'org.apache.cassandra.dht.Murmur3Partitioner'",
    rack: quoteString(region),
    release_version: "'3.11.2'",
    rpc_address: "'127.0.0.1'",
    schema_version: SCHEMA_VERSION,
    thrift_version: "'20.1.0'",
    tokens: "{'-9223372036854775808'}",
  };
  const values = Object.values(local).join(", ");
  await backend.query(`INSERT INTO ${GATEWAY_KEYSPACE}.local (${Object.keys(local).join(", ")}) VALUES (${values})`);
  for (const keyspace of visibleSystemKeyspaces) {
    await backend.query(
      `INSERT INTO ${MCS_KEYSPACE}.keyspaces (keyspace_name, durable_writes, replication)
        VALUES (${quoteString(keyspace)}, true, ${REPORTED_REPLICATION})`,
    );
  }
}
