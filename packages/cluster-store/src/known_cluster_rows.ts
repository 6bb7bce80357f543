import type { KeptMemory, RunMemory } from "@keyspaces-segmentation/customer-clusters";
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
import { knownClustersTable } from "./result_tables.js";

const memoryIn = ({ keyspace }: Pick<TableName, "keyspace">): TableName => ({ keyspace, table: "known_clusters" });

/**
 * Keeps the memory of a run in the keyspace of its table, in the place of an earlier one of the same run.
 *
 * @param text as `memoryText` makes it
 * @throws StepError
 */
export async function saveKnown(
  client: Client,
  { keyspace, table, known, savedAt }: RunMemory,
  text: string,
): Promise<void> {
  const params = [table, known.runId, savedAt, text];
  const request = () =>
    client.execute(insertInto(memoryIn({ keyspace }), knownClustersTable), params, { prepare: true });
  try {
    await withRetries(request, { freshTableMs: 10_000 });
  } catch (error) {
    throw keyspacesFailure(`remember the clusters of run ${known.runId} in ${keyspace}`, error);
  }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The memories that a keyspace has of the runs on one of its tables, the newest first. @throws StepError when a request fails for good */
export async function keptRows(client: Client, name: TableName): Promise<KeptMemory[]> {
  const memory = memoryIn(name);
  const query = `SELECT run_id, saved_at, known FROM ${qualified(memory)} WHERE data_table = ?`;
  try {
    if (!(await hasOwnTable(client, memory))) return [];
    const rows = await readRows(client, query, [name.table]);
    return rows
      .sort((a, b) => Number(b.saved_at) - Number(a.saved_at))
      .map(({ run_id: runId, known }) => {
        const key = `data_table = ${literal(name.table)} AND run_id = ${literal(runId)}`;
        return {
          runId,
          from: `${memory.keyspace}.${memory.table}`,
          toDelete: `DELETE FROM ${qualified(memory)} WHERE ${key}`,
          read: async () => known ?? new Error("it is empty"),
        };
      });
  } catch (error) {
    throw keyspacesFailure(`recall the clusters of the last run from ${memory.keyspace}.${memory.table}`, error);
  }
}
