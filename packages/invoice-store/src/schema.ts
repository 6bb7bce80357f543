import { registryTable, resultTables } from "@keyspaces-segmentation/cluster-store";
import { waitUntil } from "@keyspaces-segmentation/common";
import { retailTable } from "@keyspaces-segmentation/invoices";
import {
  createTable,
  ddlDeadlineMs,
  hasTable,
  keyspacesFailure,
  type Made,
  type NewTableOptions,
  quoted,
  readRows,
  runDdl,
  type SchemaOptions,
  type TableDefinition,
  type TableName,
} from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";
import { forgetLoads, loadsTable } from "./loads.js";
import { type Invoices, keyspaceTags, markOf } from "./marks.js";
import { invoicesOfLoadTable } from "./new_invoices.js";

/** Names of the keyspaces, those of the system too. @throws StepError */
export async function listKeyspaces(client: Client): Promise<string[]> {
  try {
    const rows = await readRows(client, "SELECT keyspace_name FROM system_schema_mcs.keyspaces", []);
    return rows.map((row) => String(row.keyspace_name)).sort();
  } catch (error) {
    throw keyspacesFailure("list the keyspaces", error);
  }
}

/** @throws what the service answers */
export async function keyspaceExists(client: Client, keyspace: string, signal?: AbortSignal): Promise<boolean> {
  const query = "SELECT keyspace_name FROM system_schema_mcs.keyspaces WHERE keyspace_name = ?";
  return (await readRows(client, query, [keyspace], { signal })).length > 0;
}

export interface CreateKeyspaceOptions extends SchemaOptions {
  /** Whose invoices it is for; default the reader's own. */
  invoices?: Invoices;
  /** Who makes it, see `ownerOf`. */
  owner?: string;
}

/**
 * Creates a keyspace, marks it as the walkthrough's and waits until it is there. One that exists is left as it is.
 *
 * @throws StepError
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/keyspaces-create.html
 */
export async function createKeyspace(
  client: Client,
  keyspace: string,
  { invoices = "own", owner, signal }: CreateKeyspaceOptions = {},
): Promise<Made> {
  const replication = "{'class': 'SingleRegionStrategy'}";
  const tags = keyspaceTags(client, invoices, owner);
  try {
    if (await keyspaceExists(client, keyspace, signal)) return { created: false };
    await runDdl(
      client,
      `CREATE KEYSPACE IF NOT EXISTS ${quoted(keyspace)} WITH replication = ${replication} AND TAGS = ${tags}`,
      signal,
    );
    return await waitUntil(
      `keyspace ${keyspace} to exist`,
      async () => {
        if (!(await keyspaceExists(client, keyspace, signal))) return { seen: "not there yet" };
        const mark = await markOf(client, keyspace, signal);
        return mark ? { done: { created: true }, seen: "there" } : { seen: "there, without its tags" };
      },
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
export async function createRetailTable(client: Client, name: TableName, options: NewTableOptions = {}): Promise<Made> {
  // Before the table is there: what stops between the two leaves no record of rows that are gone.
  if (!(await hasTable(client, name, options.signal))) await forgetLoads(client, name, options);
  const { created } = await createTable(client, name, retailTable, options);
  return { created };
}

/** All tables of the walkthrough but that of the invoice lines, which is the reader's to name. */
export const ownTables: Readonly<Record<string, TableDefinition>> = {
  ...resultTables,
  known_clusters: registryTable,
  loads: loadsTable,
  invoices_of_load: invoicesOfLoadTable,
};
