import type { Client, types } from "cassandra-driver";
import { StepError } from "../errors.js";
import { waitUntil } from "../wait.js";
import { keyspacesFailure } from "./failure.js";
import { withRetries } from "./retry.js";
import { qualified, quoted, resultTables, retailTable, type TableDefinition, type TableName } from "./tables.js";

export interface SchemaOptions {
  signal?: AbortSignal;
}

/** Whether a keyspace or table was made just now, or was there already. */
export interface Made {
  created: boolean;
}

/** DDL takes seconds as a rule; AWS's own tools wait this long for it. */
const deadlineMs = 15 * 60_000;

async function rowsOf(client: Client, query: string, params: string[], signal?: AbortSignal): Promise<types.Row[]> {
  return (await withRetries(() => client.execute(query, params), { signal })).rows;
}

/** DDL cannot be prepared in Keyspaces. */
async function runDdl(client: Client, statement: string, signal?: AbortSignal): Promise<void> {
  await withRetries(() => client.execute(statement, [], { prepare: false }), { signal });
}

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
      { deadlineMs, signal },
    );
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`create the keyspace ${keyspace}`, error);
  }
}

/** The state of a table, "ACTIVE" when it can be used; undefined when there is none. */
async function statusOf(
  client: Client,
  { keyspace, table }: TableName,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const query = "SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = ?";
  const [row] = await rowsOf(client, query, [keyspace, table], signal);
  return row && String(row.status);
}

async function checkColumns(client: Client, name: TableName, expected: TableDefinition): Promise<void> {
  const query = "SELECT column_name, type FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?";
  const rows = await rowsOf(client, query, [name.keyspace, name.table]);
  const inWords = (columns: [string, unknown][]) =>
    columns
      .map(([column, type]) => `${column} ${type}`)
      .sort()
      .join(", ");
  const found = inWords(rows.map((row) => [String(row.column_name), row.type]));
  if (found === inWords(Object.entries(expected.columns))) return;
  throw new StepError({
    tried: `use the table ${name.keyspace}.${name.table}`,
    got: `it is there with other columns (${found})`,
    hint: "Choose another keyspace or table, or drop that table if nobody needs it.",
  });
}

async function createTable(
  client: Client,
  name: TableName,
  definition: TableDefinition,
  { signal }: SchemaOptions,
): Promise<Made> {
  try {
    const before = await statusOf(client, name, signal);
    if (before === undefined) {
      const columns = Object.entries(definition.columns).map(([column, type]) => `${column} ${type}`);
      await runDdl(
        client,
        `CREATE TABLE IF NOT EXISTS ${qualified(name)} (${columns.join(", ")}, PRIMARY KEY (${definition.primaryKey}))`,
        signal,
      );
    }
    const created = await waitUntil(
      `table ${name.keyspace}.${name.table} to become ACTIVE`,
      async () => {
        const status = await statusOf(client, name, signal);
        return status === "ACTIVE"
          ? { done: { created: before === undefined }, seen: status }
          : { seen: status ?? "not there yet" };
      },
      { deadlineMs, signal },
    );
    await checkColumns(client, name, definition);
    return created;
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`create the table ${name.keyspace}.${name.table}`, error);
  }
}

/**
 * Creates the table of invoice lines and waits until it can be used.
 *
 * @throws StepError also when a table of that name has other columns
 */
export async function createRetailTable(client: Client, name: TableName, options: SchemaOptions = {}): Promise<Made> {
  return createTable(client, name, retailTable, options);
}

/** Creates the three tables of results, as {@link createRetailTable} does; `created` tells whether any of them is new. */
export async function createResultTables(
  client: Client,
  { keyspace }: Pick<TableName, "keyspace">,
  options: SchemaOptions = {},
): Promise<Made> {
  const made = await Promise.all(
    Object.entries(resultTables).map(([table, definition]) =>
      createTable(client, { keyspace, table }, definition, options),
    ),
  );
  return { created: made.some(({ created }) => created) };
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
    const foreign = tables.filter((name) => name !== table && !Object.hasOwn(resultTables, name));
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
      { deadlineMs, signal },
    );
    await runDdl(client, `DROP KEYSPACE IF EXISTS ${quoted(keyspace)}`, signal);
    await waitUntil(
      `keyspace ${keyspace} to be gone`,
      async () =>
        (await keyspaceExists(client, keyspace, signal)) ? { seen: "still there" } : { done: true, seen: "gone" },
      { deadlineMs, signal },
    );
    return tables;
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(tried, error);
  }
}
