import type { Client } from "cassandra-driver";
import { keyspacesFailure } from "./failure.js";
import { readRows } from "./statements.js";

/**
 * The keys that the tables of a keyspace are encrypted with: ARNs by the name of the table; null: a key of Keyspaces' own.
 *
 * @throws StepError
 */
export async function keysOfTables(
  client: Client,
  keyspace: string,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<Map<string, string | null>> {
  const query = "SELECT table_name, custom_properties FROM system_schema_mcs.tables WHERE keyspace_name = ?";
  try {
    const rows = await readRows(client, query, [keyspace], { signal });
    return new Map(
      rows.map(({ table_name: table, custom_properties: properties }) => [
        String(table),
        (properties as Record<string, Record<string, string>> | null)?.encryption_specification?.kms_key_identifier ??
          null,
      ]),
    );
  } catch (error) {
    throw keyspacesFailure(`read with which keys the tables of ${keyspace} are encrypted`, error);
  }
}
