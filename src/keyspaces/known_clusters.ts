import type { Client } from "cassandra-driver";
import type { KnownClusters } from "../clustering/identity.js";
import { type Remembered, readKnownClusters } from "../clustering/known_clusters.js";
import { messageOf, StepError } from "../errors.js";
import { hasOwnTable } from "./create_table.js";
import { keyspacesFailure } from "./failure.js";
import { readRows } from "./read_rows.js";
import { withRetries } from "./retry.js";
import { insertInto, knownClustersTable, qualified, type TableName } from "./tables.js";

const memoryIn = ({ keyspace }: TableName): TableName => ({ keyspace, table: "known_clusters" });

/**
 * Keeps the memory of a run on a table of invoice lines in the keyspace of that table, in the place of an earlier one of the same run.
 *
 * @throws StepError
 */
export async function saveKnown(client: Client, name: TableName, known: KnownClusters, savedAt: Date): Promise<void> {
  const params = [name.table, known.runId, savedAt, JSON.stringify(known)];
  const request = () => client.execute(insertInto(memoryIn(name), knownClustersTable), params, { prepare: true });
  try {
    await withRetries(request, { freshTableMs: 10_000 });
  } catch (error) {
    throw keyspacesFailure(`remember the clusters of run ${known.runId} in ${name.keyspace}`, error);
  }
}

/**
 * The newest memory that a keyspace has of the runs on one of its tables, leaving out one run. Null where there is none.
 *
 * @throws StepError when a request fails for good, or what is there is no memory of a run
 */
export async function newestKnown(client: Client, name: TableName, except: string): Promise<Remembered | null> {
  const tried = `recall the clusters of the last run from ${name.keyspace}.known_clusters`;
  const query = `SELECT run_id, saved_at, known FROM ${qualified(memoryIn(name))} WHERE data_table = ?`;
  try {
    if (!(await hasOwnTable(client, memoryIn(name)))) return null;
    const others = (await readRows(client, query, [name.table])).filter(({ run_id: runId }) => runId !== except);
    if (others.length === 0) return null;
    const row = others.reduce((a, b) => (b.saved_at > a.saved_at ? b : a));
    return remembered(name, tried, { runId: row.run_id, savedAt: row.saved_at, text: row.known });
  } catch (error) {
    throw keyspacesFailure(tried, error);
  }
}

function remembered(
  name: TableName,
  tried: string,
  { runId, savedAt, text }: { runId: string; savedAt: Date; text: string },
): Remembered {
  try {
    return { known: readKnownClusters(JSON.parse(text)), savedAt, from: `${name.keyspace}.known_clusters` };
  } catch (cause) {
    const key = `data_table = '${name.table}' AND run_id = '${runId}'`;
    const hint = `Delete that row: DELETE FROM ${qualified(memoryIn(name))} WHERE ${key}`;
    throw new StepError({ tried, got: `the row of run ${runId} is broken: ${messageOf(cause)}`, hint, cause });
  }
}
