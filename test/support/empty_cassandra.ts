import { type Backend, createBackend } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/backend.js";

const CASSANDRAS_OWN = /^system(_schema|_auth|_distributed|_traces|_views|_virtual_schema)?$/;
/** Every gateway makes them first. Emptied they are as good as new ones, and making a table costs more than all rows in it. */
const GATEWAYS_OWN = ["system_gateway", "system_schema_mcs", "system_multiregion_info"];

/** Puts a Cassandra in the state of a new one, but for the gateway's tables, which are without rows. */
export async function emptyCassandra(port: number): Promise<void> {
  const backend = createBackend({ host: "127.0.0.1", port });
  try {
    const rows = await backend.query("SELECT keyspace_name FROM system_schema.keyspaces");
    const names = rows.map((row) => String(row.get("keyspace_name"))).filter((name) => !CASSANDRAS_OWN.test(name));
    for (const name of names) {
      if (GATEWAYS_OWN.includes(name)) await deleteRows(backend, name);
      else await backend.query(`DROP KEYSPACE "${name}"`);
    }
  } finally {
    backend.close();
  }
}

async function deleteRows(backend: Backend, keyspace: string): Promise<void> {
  const columns = await backend.query(
    `SELECT table_name, column_name, kind, position FROM system_schema.columns WHERE keyspace_name = '${keyspace}'`,
  );
  const keys = new Map<string, string[]>();
  for (const row of columns.filter((row) => String(row.get("kind")) === "partition_key")) {
    const table = String(row.get("table_name"));
    const key = keys.get(table) ?? [];
    key[row.get("position")!.readInt32BE()] = String(row.get("column_name"));
    keys.set(table, key);
  }
  for (const [table, key] of keys) {
    const partitions = await backend.query(`SELECT DISTINCT ${key.join(", ")} FROM ${keyspace}.${table}`);
    const where = key.map((column) => `${column} = ?`).join(" AND ");
    for (const row of partitions) {
      const values = key.map((column) => row.get(column) ?? null);
      await backend.query(`DELETE FROM ${keyspace}.${table} WHERE ${where}`, values);
    }
  }
}
