import { waitUntil } from "@keyspaces-segmentation/common";
import {
  ddlDeadlineMs,
  keyspacesFailure,
  markedTags,
  qualified,
  quoted,
  readRows,
  runDdl,
  type SchemaOptions,
  type TableName,
  type Tags,
} from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";
import { type Invoices, markOf } from "./marks.js";
import { keyspaceExists } from "./schema.js";

/** The tables of a keyspace and their states. @throws what the service answers */
export async function tablesOf(client: Client, keyspace: string, signal?: AbortSignal): Promise<Map<string, string>> {
  const query = "SELECT table_name, status FROM system_schema_mcs.tables WHERE keyspace_name = ?";
  const rows = await readRows(client, query, [keyspace], { signal });
  return new Map(rows.map((row) => [String(row.table_name), String(row.status)]));
}

/** Types somebody has made: the walkthrough makes none. */
async function typesOf(client: Client, keyspace: string, signal?: AbortSignal): Promise<string[]> {
  const query = "SELECT type_name FROM system_schema.types WHERE keyspace_name = ?";
  return (await readRows(client, query, [keyspace], { signal })).map((row) => `type ${row.type_name}`);
}

/** A keyspace, and what is in it: of a table and of the keyspace itself the tags, where they bear the mark. */
export interface KeyspaceContents {
  readonly keyspace: string;
  /** Undefined where the walkthrough has not made it. */
  readonly tags: Tags | undefined;
  /** By the name of the table. */
  readonly tables: ReadonlyMap<string, Tags>;
  /** Tables and types that the walkthrough has not made: "table orders". */
  readonly foreign: readonly string[];
}

/** Looks into a keyspace, to tell what the walkthrough has made in it from what is somebody else's. @throws StepError */
export async function contentsOfKeyspace(
  client: Client,
  keyspace: string,
  { signal }: SchemaOptions = {},
): Promise<KeyspaceContents> {
  try {
    const tags = await markedTags(client, { keyspace }, signal);
    const tables = new Map<string, Tags>();
    const foreign: string[] = [];
    for (const [table, status] of await tablesOf(client, keyspace, signal)) {
      if (status === "DELETING") continue;
      const own = await markedTags(client, { keyspace, table }, signal);
      if (own) tables.set(table, own);
      else foreign.push(`table ${table}`);
    }
    return { keyspace, tags, tables, foreign: [...foreign, ...(await typesOf(client, keyspace, signal))] };
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`look into the keyspace ${keyspace}`, error);
  }
}

/** What became of a keyspace. */
export interface DroppedKeyspace {
  /** The tables that were dropped. */
  tables: string[];
  /** Tables and types that stay, as they are not the walkthrough's: "table orders". */
  foreign: string[];
  /** `absent`: there was no such keyspace; `unmarked`: it stays, as the walkthrough has not made it; `others`: as it holds other
   * invoices than those of this run, and nothing in it was dropped; `shared`: as it holds what is foreign. */
  keyspace: "dropped" | "absent" | "unmarked" | "others" | "shared";
}

export interface DropKeyspaceOptions extends SchemaOptions {
  /** Whose invoices the run was on; a sample's never drops the reader's own. Default `own`. */
  invoices?: Invoices;
  /** Of tables that are marked, those to drop; the keyspace then stays. Default all. */
  only?: readonly string[] | undefined;
}

/**
 * Drops those tables of a keyspace that the walkthrough has made and marked, then the keyspace if that is so of it as well and nothing
 * else is left in it, and waits until they are gone. What is somebody else's stays.
 *
 * @throws StepError when the service refuses
 */
export async function dropKeyspace(
  client: Client,
  { keyspace }: Pick<TableName, "keyspace">,
  { invoices = "own", only, signal }: DropKeyspaceOptions = {},
): Promise<DroppedKeyspace> {
  try {
    if (!(await keyspaceExists(client, keyspace, signal))) return { tables: [], foreign: [], keyspace: "absent" };
    const mark = await markOf(client, keyspace, signal);
    if (mark?.invoices === "own" && invoices === "sample") return { tables: [], foreign: [], keyspace: "others" };
    const tables: string[] = [];
    for (const [table, status] of await tablesOf(client, keyspace, signal)) {
      // Those that an earlier attempt has dropped may still be on their way out.
      if (
        only?.includes(table) === false ||
        status === "DELETING" ||
        !(await markedTags(client, { keyspace, table }, signal))
      )
        continue;
      await runDdl(client, `DROP TABLE IF EXISTS ${qualified({ keyspace, table })}`, signal);
      tables.push(table);
    }
    const foreign = await waitUntil(
      `the tables of ${keyspace} to be gone`,
      async () => {
        const left = [...(await tablesOf(client, keyspace, signal))];
        const going = left.filter(([table, status]) => status === "DELETING" || tables.includes(table));
        return going.length > 0
          ? { seen: going.map(([table, status]) => `${table} ${status}`).join(", ") }
          : { done: left.map(([table]) => `table ${table}`), seen: "gone" };
      },
      { deadlineMs: ddlDeadlineMs, signal },
    );
    foreign.push(...(await typesOf(client, keyspace, signal)));
    if (!mark || only) return { tables, foreign, keyspace: "unmarked" };
    if (foreign.length > 0) return { tables, foreign, keyspace: "shared" };
    await runDdl(client, `DROP KEYSPACE IF EXISTS ${quoted(keyspace)}`, signal);
    await waitUntil(
      `keyspace ${keyspace} to be gone`,
      async () =>
        (await keyspaceExists(client, keyspace, signal)) ? { seen: "still there" } : { done: true, seen: "gone" },
      { deadlineMs: ddlDeadlineMs, signal },
    );
    return { tables, foreign, keyspace: "dropped" };
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure(`drop the keyspace ${keyspace}`, error);
  }
}
