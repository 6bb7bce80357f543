import { quoteString } from "../cql/properties.js";
import type { Backend } from "../protocol/backend.js";
import { textOf } from "./cells.js";

/**
 * The system tables that Keyspaces shows otherwise than Cassandra does. They are real tables in the Cassandra behind
 * the gateway, so that any SELECT on them, prepared and paged or not, is answered by a real database.
 */

/** Holds what stands in for tables whose own content is Cassandra's business. */
const GATEWAY_KEYSPACE = "system_gateway";
export const MCS_KEYSPACE = "system_schema_mcs";
export const MULTI_REGION_KEYSPACE = "system_multiregion_info";
/** Asked by keyspace and type, keyspace and name, or resource: what no single key of Cassandra's can answer. */
export const TAGS_TABLE: string = `${MCS_KEYSPACE}.tags`;
/** `system_schema.tables` without what is not the user's. */
export const TABLES_SHADOW: string = `${GATEWAY_KEYSPACE}.tables`;

/**
 * What clients are told of the nodes: that they speak with the only one, or, as the service tells them, that there are
 * load balancers behind addresses, and that this one's is 127.0.0.1, which is of no use to them.
 */
export type NodeView = "single" | "load balancers";

const localAndPeers = (nodes: NodeView): string[] =>
  (nodes === "single" ? ["local", "peers"] : ["balanced_local", "balanced_peers"]).map(
    (table) => `${GATEWAY_KEYSPACE}.${table}`,
  );

/** What a client may read in the keyspaces of the system, and where it really lies if not there. */
const readable: ReadonlyMap<string, string | undefined> = new Map([
  ["system.size_estimates", undefined],
  ["system.prepared_statements", undefined],
  ["system_schema.keyspaces", `${MCS_KEYSPACE}.keyspaces`],
  ["system_schema.tables", TABLES_SHADOW],
  ["system_schema.columns", `${MCS_KEYSPACE}.columns`],
  ...["types", "functions", "aggregates", "triggers", "indexes", "views"].map(
    (table) => [`system_schema.${table}`, undefined] as const,
  ),
  ...["keyspaces", "tables", "columns", "types", "tags", "autoscaling"].map(
    (table) => [`${MCS_KEYSPACE}.${table}`, undefined] as const,
  ),
  ...["keyspaces", "tables", "types", "autoscaling"].map(
    (table) => [`${MULTI_REGION_KEYSPACE}.${table}`, undefined] as const,
  ),
]);

export interface SystemTable {
  /** Where to read it instead: keyspace.table. */
  readonly shadow: string | undefined;
}

/** Undefined if Keyspaces has no such table. */
export function findSystemTable(keyspace: string, table: string, nodes: NodeView): SystemTable | undefined {
  const path = `${keyspace}.${table}`;
  const node = ["system.local", "system.peers"].indexOf(path);
  if (node >= 0) return { shadow: localAndPeers(nodes)[node] };
  return readable.has(path) ? { shadow: readable.get(path) } : undefined;
}

/** Every name in `system` style is the service's: no user keyspace is called so. */
export function isSystemKeyspace(keyspace: string): boolean {
  return keyspace === "system" || keyspace.startsWith("system_");
}

/** The system keyspaces that a client knows of. */
export const visibleSystemKeyspaces: readonly string[] = [
  "system",
  "system_schema",
  MCS_KEYSPACE,
  MULTI_REGION_KEYSPACE,
];

/** What a client may read in one of them. */
export const systemTablesOf = (keyspace: string): string[] =>
  ["system.local", "system.peers", ...readable.keys()]
    .filter((path) => path.startsWith(`${keyspace}.`))
    .map((path) => path.slice(keyspace.length + 1));

/** How Keyspaces reports the replication of a keyspace; one in a single Region, and its own, as if it were SimpleStrategy. */
export function reportedReplication(regions: readonly string[]): string {
  const locator = "org.apache.cassandra.locator";
  if (regions.length === 0) return `{'class': '${locator}.SimpleStrategy', 'replication_factor': '3'}`;
  const factors = regions.map((region) => `${quoteString(region)}: '3'`).join(", ");
  return `{'class': '${locator}.NetworkTopologyStrategy', ${factors}}`;
}

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
  ...[GATEWAY_KEYSPACE, MCS_KEYSPACE, MULTI_REGION_KEYSPACE].map(
    (keyspace) =>
      `CREATE KEYSPACE IF NOT EXISTS ${keyspace} WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
  ),
  ...(["single", "load balancers"] as const).map(localAndPeers).flatMap(([local, peers]) => [
    `CREATE TABLE IF NOT EXISTS ${local} (key text PRIMARY KEY, bootstrapped text, broadcast_address inet,
    cluster_name text, cql_version text, data_center text, gossip_generation int, host_id uuid, listen_address inet,
    native_protocol_version text, partitioner text, rack text, release_version text, rpc_address inet,
    schema_version uuid, thrift_version text, tokens set<text>, truncated_at map<uuid, blob>)`,
    `CREATE TABLE IF NOT EXISTS ${peers} (peer inet PRIMARY KEY, data_center text, host_id uuid,
    preferred_ip inet, rack text, release_version text, rpc_address inet, schema_version uuid, tokens set<text>)`,
  ]),
  `CREATE TABLE IF NOT EXISTS ${TABLES_SHADOW} (keyspace_name text, table_name text, ${declare(tableOptionColumns)},
    PRIMARY KEY (keyspace_name, table_name))`,
  `CREATE TABLE IF NOT EXISTS ${MCS_KEYSPACE}.keyspaces (keyspace_name text PRIMARY KEY, durable_writes boolean,
    replication frozen<map<text, text>>)`,
  `CREATE TABLE IF NOT EXISTS ${MCS_KEYSPACE}.tables (keyspace_name text, table_name text, cdc boolean,
    custom_properties frozen<map<text, frozen<map<text, text>>>>, status text, ${declare(tableOptionColumns)},
    PRIMARY KEY (keyspace_name, table_name))`,
  `CREATE TABLE IF NOT EXISTS ${MCS_KEYSPACE}.columns (keyspace_name text, table_name text, column_name text,
    ${declare(columnColumns)}, PRIMARY KEY (keyspace_name, table_name, column_name))`,
  `CREATE TABLE IF NOT EXISTS ${TAGS_TABLE} (resource_id text PRIMARY KEY, tags map<text, text>)`,
  // Apart: tables that were kept may have been made without these.
  ...["keyspace_name", "resource_name", "resource_type"].map(
    (column) => `ALTER TABLE ${TAGS_TABLE} ADD IF NOT EXISTS ${column} text`,
  ),
  `CREATE TABLE IF NOT EXISTS ${MCS_KEYSPACE}.autoscaling (keyspace_name text, table_name text,
    provisioned_read_capacity_autoscaling_update text, provisioned_write_capacity_autoscaling_update text,
    PRIMARY KEY (keyspace_name, table_name))`,
  `CREATE TABLE IF NOT EXISTS ${MCS_KEYSPACE}.types (keyspace_name text, type_name text, field_names list<text>,
    field_types list<text>, max_nesting_depth int, last_modified_timestamp timestamp, status text,
    direct_referring_tables list<text>, direct_parent_types list<text>, PRIMARY KEY (keyspace_name, type_name))`,
  `CREATE TABLE IF NOT EXISTS ${MULTI_REGION_KEYSPACE}.keyspaces (keyspace_name text, region text, status text,
    tables_replication_progress text, PRIMARY KEY (keyspace_name, region))`,
  `CREATE TABLE IF NOT EXISTS ${MULTI_REGION_KEYSPACE}.autoscaling (keyspace_name text, table_name text, region text,
    provisioned_read_capacity_autoscaling_update text, provisioned_write_capacity_autoscaling_update text,
    PRIMARY KEY (keyspace_name, table_name, region))`,
  ...["table", "type"].map(
    (kind) => `CREATE TABLE IF NOT EXISTS ${MULTI_REGION_KEYSPACE}.${kind}s (keyspace_name text, ${kind}_name text,
    region text, status text, PRIMARY KEY (keyspace_name, ${kind}_name, region))`,
  ),
];

const SCHEMA_VERSION = "3a1f2c64-8a0e-3f0b-9d53-5d9c1f4a7b20";
/** Name-based, as the service's are; the first is that of the node that answers. */
const HOST_IDS = [
  "7c0d6a52-41f5-3c1e-8b8f-0e2a9d6b4f13",
  "1e7b0c9a-52d3-3f6e-9c41-6b0d8a7f2e95",
  "c2a94f10-7d6b-3b8a-8e57-f3915d0c6ab4",
];
const hostId = (index: number): string =>
  HOST_IDS[index] ?? `5f0c7d31-96ab-3d2e-8f17-${index.toString(16).padStart(12, "0")}`;
const RELEASE = "3.11.2";

/** The addresses of the load balancers, where there are several: loopback too, but none of them 127.0.0.1. */
export const loadBalancers: readonly string[] = ["127.0.0.2", "127.0.0.3", "127.0.0.4"];

/** The partitioner that was last named here; undefined where none was. */
export async function keptPartitioner(backend: Backend, nodes: NodeView): Promise<string | undefined> {
  const query = `SELECT partitioner FROM ${localAndPeers(nodes)[0]} WHERE key = 'local'`;
  const [row] = await backend.query(query).catch(() => []);
  return row && textOf(row, "partitioner");
}

/** Creates the tables where they are missing and fills in who answers, in a data center that is the Region. */
export async function prepareSystemTables(
  backend: Backend,
  {
    region,
    nodes,
    peers: addresses,
    partitioner,
  }: {
    region: string;
    nodes: NodeView;
    peers: readonly string[];
    partitioner: string;
  },
): Promise<void> {
  for (const definition of definitions) await backend.query(definition);
  const insert = (table: string, literals: Record<string, string>) => {
    const values = Object.values(literals).join(", ");
    return backend.query(`INSERT INTO ${table} (${Object.keys(literals).join(", ")}) VALUES (${values})`);
  };
  const place = { data_center: quoteString(region), rack: quoteString(region), release_version: quoteString(RELEASE) };
  const [local, peers] = localAndPeers(nodes);
  await insert(local!, {
    ...place,
    key: "'local'",
    bootstrapped: "'COMPLETED'",
    broadcast_address: "'127.0.0.1'",
    cluster_name: "'Amazon Keyspaces'",
    cql_version: "'3.4.4'",
    host_id: HOST_IDS[0]!,
    listen_address: "'127.0.0.1'",
    native_protocol_version: "'4'",
    partitioner: quoteString(partitioner),
    rpc_address: "'127.0.0.1'",
    schema_version: SCHEMA_VERSION,
    thrift_version: "'20.1.0'",
    // A token of every ring; the one of a single node means all of it.
    tokens: nodes === "single" ? "{'0'}" : "{}",
  });
  if (nodes === "load balancers") {
    // Those of an earlier start on the same tables may have been others.
    await backend.query(`TRUNCATE ${peers}`);
    for (const [index, address] of addresses.entries()) {
      await insert(peers!, {
        ...place,
        peer: quoteString(address),
        host_id: hostId(index),
        rpc_address: quoteString(address),
        schema_version: SCHEMA_VERSION,
        tokens: `{'${index}'}`,
      });
    }
  }
  for (const keyspace of visibleSystemKeyspaces) {
    const name = quoteString(keyspace);
    const keyspaces = `${MCS_KEYSPACE}.keyspaces`;
    await insert(keyspaces, { keyspace_name: name, durable_writes: "true", replication: reportedReplication([]) });
  }
}
