import type { Client } from "cassandra-driver";
import { StepError } from "../errors.js";
import { waitUntil } from "../wait.js";
import {
  createTable,
  ddlDeadlineMs,
  type Made,
  rowsOf,
  runDdl,
  type SchemaOptions,
  tableExists,
} from "./create_table.js";
import { keyspacesFailure } from "./failure.js";
import { forgetLoads } from "./loads.js";
import {
  knownClustersTable,
  ownTables,
  qualified,
  quoted,
  resultTables,
  retailTable,
  type TableName,
} from "./tables.js";

/** Names of the keyspaces, those of the system too. @throws StepError */
export async function listKeyspaces(client: Client): Promise<string[]> {
  try {
    const rows = await rowsOf(client, "SELECT keyspace_name FROM system_schema_mcs.keyspaces", []);
    return rows.map((row) => String(row.keyspace_name)).sort();
  } catch (error) {
    throw keyspacesFailure("list the keyspaces", error);
  }
}

async function keyspaceExists(client: Client, keyspace: string, signal?: AbortSignal): Promise<boolean> {
  const query = "SELECT keyspace_name FROM system_schema_mcs.keyspaces WHERE keyspace_name = ?";
  return (await rowsOf(client, query, [keyspace], signal)).length > 0;
}

/**
 * Creates a keyspace and waits until it is there. One that exists is left as it is.
 *
 * @throws StepError
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/keyspaces-create.html
 */
export async function createKeyspace(client: Client, keyspace: string, { signal }: SchemaOptions = {}): Promise<Made> {
  try {
    if (await keyspaceExists(client, keyspace, signal)) return { created: false };
    await runDdl(
      client,
      `CREATE KEYSPACE IF NOT EXISTS ${quoted(keyspace)} WITH replication = {'class': 'SingleRegionStrategy'}`,
      signal,
    );
    return await waitUntil(
      `keyspace ${keyspace} to exist`,
      async () =>
        (await keyspaceExists(client, keyspace, signal))
          ? { done: { created: true }, seen: "there" }
          : { seen: "not there yet" },
      { deadlineMs: ddlDeadlineMs, signal },
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`create the keyspace ${keyspace}`, error);
  }
}

/**
 * Creates the table of invoice lines and waits until it can be used. Whatever is on record as loaded into a table of that name that
 * is not there any more is forgotten.
 *
 * @throws StepError also when a table of that name has other columns
 */
export async function createRetailTable(client: Client, name: TableName, options: SchemaOptions = {}): Promise<Made> {
  // Before the table is there: what stops between the two leaves no record of rows that are gone.
  if (!(await tableExists(client, name, options.signal))) await forgetLoads(client, name, options);
  const { created } = await createTable(client, name, retailTable, options);
  return { created };
}

/** Where results go, and the days after which they expire; null: never. */
export interface ResultsPlace extends Pick<TableName, "keyspace"> {
  resultsTtlDays?: number | null;
}

/** Whether any of the tables is new, and whether one that was there now lets rows expire. */
export interface ResultTablesMade extends Made {
  ttlEnabled: boolean;
}

/**
 * Creates the tables of results, as {@link createRetailTable} does. With `resultsTtlDays`, their rows may expire: a table that was
 * there is changed so, which cannot be undone and leaves the rows in it as they are.
 *
 * @throws StepError
 */
export async function createResultTables(
  client: Client,
  { keyspace, resultsTtlDays = null }: ResultsPlace,
  options: SchemaOptions = {},
): Promise<ResultTablesMade> {
  const withTtl = resultsTtlDays !== null;
  const made = await Promise.all([
    ...Object.entries(resultTables).map(([table, definition]) =>
      createTable(client, { keyspace, table }, definition, { ...options, withTtl }),
    ),
    createTable(client, { keyspace, table: "known_clusters" }, knownClustersTable, options),
  ]);
  return { created: made.some(({ created }) => created), ttlEnabled: made.some((each) => each.ttlEnabled) };
}

/** The tables of a keyspace and their states. */
async function tablesOf(client: Client, keyspace: string, signal?: AbortSignal): Promise<Map<string, string>> {
  const query = "SELECT table_name, status FROM system_schema_mcs.tables WHERE keyspace_name = ?";
  const rows = await rowsOf(client, query, [keyspace], signal);
  return new Map(rows.map((row) => [String(row.table_name), String(row.status)]));
}

/**
 * Drops the walkthrough's tables and their keyspace and waits until they are gone. A keyspace that holds other tables as well is
 * left whole: they are somebody's.
 *
 * @returns the names of the dropped tables; none when there was no such keyspace
 * @throws StepError
 */
export async function dropKeyspace(
  client: Client,
  { keyspace, table }: TableName,
  { signal }: SchemaOptions = {},
): Promise<string[]> {
  const tried = `drop the keyspace ${keyspace}`;
  try {
    if (!(await keyspaceExists(client, keyspace, signal))) return [];
    // Those that an earlier attempt has dropped may still be on their way out.
    const states = await tablesOf(client, keyspace, signal);
    const tables = [...states.keys()].filter((name) => states.get(name) !== "DELETING");
    const foreign = tables.filter((name) => name !== table && !Object.hasOwn(ownTables, name));
    if (foreign.length > 0) {
      throw new StepError({
        tried,
        got: `it also holds tables that this walkthrough did not make (${foreign.join(", ")}), so nothing was dropped`,
        hint: "Drop its tables one by one, those that nobody needs.",
      });
    }
    for (const name of tables) {
      await runDdl(client, `DROP TABLE IF EXISTS ${qualified({ keyspace, table: name })}`, signal);
    }
    await waitUntil(
      `the tables of ${keyspace} to be gone`,
      async () => {
        const left = await tablesOf(client, keyspace, signal);
        return left.size === 0 ? { done: true, seen: "none" } : { seen: [...left.keys()].join(", ") };
      },
      { deadlineMs: ddlDeadlineMs, signal },
    );
    await runDdl(client, `DROP KEYSPACE IF EXISTS ${quoted(keyspace)}`, signal);
    await waitUntil(
      `keyspace ${keyspace} to be gone`,
      async () =>
        (await keyspaceExists(client, keyspace, signal)) ? { seen: "still there" } : { done: true, seen: "gone" },
      { deadlineMs: ddlDeadlineMs, signal },
    );
    return tables;
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(tried, error);
  }
}
