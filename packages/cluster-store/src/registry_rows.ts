import type { RegistryEntry, StoredEntry } from "@keyspaces-segmentation/customer-clusters";
import {
  hasOwnTable,
  insertInto,
  keyspacesFailure,
  qualified,
  readRows,
  type TableName,
  withRetries,
} from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";
import { registryTable } from "./result_tables.js";

const tableIn = ({ keyspace }: Pick<TableName, "keyspace">): TableName => ({ keyspace, table: "known_clusters" });

/**
 * Keeps the entry of a run in the keyspace of its table; saving it again overwrites it.
 *
 * @param text as `entryText` makes it
 * @throws StepError
 */
export async function saveEntry(
  client: Client,
  { keyspace, table, known, savedAt }: RegistryEntry,
  text: string,
): Promise<void> {
  const params = [table, known.runId, savedAt, text];
  const request = () => client.execute(insertInto(tableIn({ keyspace }), registryTable), params, { prepare: true });
  try {
    await withRetries(request, { freshTableMs: 10_000 });
  } catch (error) {
    throw keyspacesFailure(`register the clusters of run ${known.runId} in ${keyspace}`, error);
  }
}

/** Takes the entry of a run out of a keyspace that stays; nothing where there is none. @throws StepError; the signal's reason when aborted */
export async function deleteEntryRow(
  client: Client,
  name: TableName,
  runId: string,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const registry = tableIn(name);
  const query = `DELETE FROM ${qualified(registry)} WHERE data_table = ? AND run_id = ?`;
  try {
    if (!(await hasOwnTable(client, registry, signal))) return;
    await withRetries(() => client.execute(query, [name.table, runId], { prepare: true }), { signal });
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`take run ${runId} out of ${registry.keyspace}.${registry.table}`, error);
  }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The entries that a keyspace has of the runs on one of its tables, the newest first. @throws StepError when a request fails for good */
export async function entryRows(client: Client, name: TableName): Promise<StoredEntry[]> {
  const registry = tableIn(name);
  const query = `SELECT run_id, saved_at, known FROM ${qualified(registry)} WHERE data_table = ?`;
  try {
    if (!(await hasOwnTable(client, registry))) return [];
    const rows = await readRows(client, query, [name.table]);
    return rows
      .sort((a, b) => Number(b.saved_at) - Number(a.saved_at))
      .map(({ run_id: runId, known }) => {
        const key = `data_table = ${literal(name.table)} AND run_id = ${literal(runId)}`;
        return {
          runId,
          from: `${registry.keyspace}.${registry.table}`,
          toDelete: `DELETE FROM ${qualified(registry)} WHERE ${key}`,
          read: async () => known ?? new Error("it is empty"),
        };
      });
  } catch (error) {
    throw keyspacesFailure(`look up the clusters of the last run in ${registry.keyspace}.${registry.table}`, error);
  }
}

/** A run that is registered in a keyspace, and the table of invoices that it is on. */
export interface RegisteredIn {
  readonly id: string;
  readonly table: string;
}

/** The runs that are registered in a keyspace, whichever of its tables they are on. @throws StepError when a request fails for good */
export async function registeredRuns(
  client: Client,
  keyspace: string,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<RegisteredIn[]> {
  const registry = tableIn({ keyspace });
  try {
    if (!(await hasOwnTable(client, registry, signal))) return [];
    const rows = await readRows(client, `SELECT run_id, data_table FROM ${qualified(registry)}`, [], { signal });
    return rows.map(({ run_id: id, data_table: table }) => ({ id, table }) as RegisteredIn);
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`look up the runs that are registered in ${keyspace}`, error);
  }
}
