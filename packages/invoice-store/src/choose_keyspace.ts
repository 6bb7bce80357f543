import { StepError } from "@keyspaces-segmentation/common";
import {
  hasOwnTable,
  hasTable,
  keyspacesFailure,
  markedTags,
  qualified,
  quoted,
  readRows,
  runDdl,
  type SchemaOptions,
  type TableName,
  unmarkedHint,
} from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";
import { tablesOf } from "./drop_keyspace.js";
import { type Invoices, invoicesTag, type Mark, markOf } from "./marks.js";
import { createKeyspace, keyspaceExists, listKeyspaces, ownTables } from "./schema.js";

/** What was asked for: names, and whether that of the keyspace is only a default. */
export interface WantedKeyspace {
  readonly parameters: TableName;
  /** `default`: nobody has named it. */
  readonly sources: { readonly keyspace: string };
}

/** The keyspace that a run works in. */
export interface ChosenKeyspace {
  keyspace: string;
  /** `new`; `continued`: an earlier run has kept it, and no parameter has asked for it; `named`: it was there under the name asked for. */
  how: "new" | "continued" | "named";
  /** Whether the walkthrough has made it. */
  isOwn: boolean;
  /** Whose invoices this run is on. */
  invoices: Invoices;
  /** Whose invoices are in it, or have ever been, as far as it is the walkthrough's. */
  holds: Invoices;
  /** Others that could have been continued, the last used first. */
  others: string[];
  /** Kept ones that somebody else in this account has made, as far as can be told. */
  ofOthers: string[];
}

/** Of the names that the parameter `keyspace` has by default, with a number where the day's first is somebody else's. */
const defaultName = /^blog_\d{8}(_\d+)?$/;

/** When a run has last stored something in a keyspace; in milliseconds since 1970, 0 where that is not known. @throws what the service answers */
export async function lastUse(client: Client, keyspace: string, signal?: AbortSignal): Promise<number> {
  const moments = { loads: "loaded_at", ml_clustering_results: "run_date" };
  let last = 0;
  for (const [table, column] of Object.entries(moments)) {
    if (!(await hasOwnTable(client, { keyspace, table }, signal))) continue;
    const rows = await readRows(client, `SELECT ${column} FROM ${qualified({ keyspace, table })}`, [], { signal });
    for (const row of rows) last = Math.max(last, (row[column] as Date | null)?.getTime() ?? 0);
  }
  return last;
}

/** Whose run it is and on what; see `ownerOf`. */
interface RunOf {
  owner: string;
  invoices: Invoices;
}

/** What was kept with a table of that name, or with none yet, and invoices of that kind, the last used first; by this owner and by others. */
async function keptKeyspaces(
  client: Client,
  names: readonly string[],
  { table, invoices, owner }: RunOf & { table: string },
  signal?: AbortSignal,
): Promise<{ own: string[]; ofOthers: string[] }> {
  const kept: { keyspace: string; used: number; isOwn: boolean }[] = [];
  for (const keyspace of names.filter((name) => defaultName.test(name))) {
    const mark = await markOf(client, keyspace, signal);
    if (mark?.invoices !== invoices) continue;
    const tables = await tablesOf(client, keyspace, signal);
    if (tables.size > 0 && !(tables.has(table) && (await markedTags(client, { keyspace, table }, signal)))) continue;
    kept.push({ keyspace, used: await lastUse(client, keyspace, signal), isOwn: mark.owner === owner });
  }
  const order = kept.sort((a, b) => b.used - a.used || (a.keyspace < b.keyspace ? 1 : -1));
  const of = (isOwn: boolean) => order.filter((each) => each.isOwn === isOwn).map(({ keyspace }) => keyspace);
  return { own: of(true), ofOthers: of(false) };
}

/** The first of `name`, `name_2`, `name_3` … that is not taken. */
function freeName(name: string, taken: readonly string[]): string {
  let free = name;
  for (let n = 2; taken.includes(free); n++) free = `${name}_${n}`;
  return free;
}

/** Before anything is paid for: every table that the run will write to is the walkthrough's, or not there yet. */
async function checkTables(client: Client, { keyspace, table }: TableName, signal?: AbortSignal): Promise<void> {
  const foreign: string[] = [];
  for (const name of [table, ...Object.keys(ownTables)]) {
    if (!(await hasTable(client, { keyspace, table: name }, signal))) continue;
    if (!(await markedTags(client, { keyspace, table: name }, signal))) foreign.push(name);
  }
  if (foreign.length === 0) return;
  throw new StepError({
    tried: `use the keyspace ${keyspace}`,
    got: `this walkthrough needs tables of these names and has not made those that are there, so nothing is written to them: ${foreign.join(", ")}`,
    hint: unmarkedHint({ keyspace, table: foreign[0]! }),
  });
}

/**
 * Finds or makes the keyspace of a run. One that is asked for by the parameter `keyspace` is taken, or made under that name. Without
 * one, that is continued which an earlier run has kept with invoices of the same kind, the reader's own or the sample's, as next month's
 * invoices belong to this month's; where there is none, a new one is made under the default name, or the next that is free. What
 * somebody else in the account has kept is left alone: their customers are not these.
 *
 * @param options.owner who runs this, see `ownerOf`
 * @throws StepError when the service refuses, or the keyspace holds somebody else's tables under names that the walkthrough needs
 */
export async function chooseKeyspace(
  client: Client,
  { parameters, sources }: WantedKeyspace,
  { invoices, owner, signal }: SchemaOptions & RunOf,
): Promise<ChosenKeyspace> {
  const { table, keyspace: name } = parameters;
  try {
    if (sources.keyspace !== "default") {
      const wasThere = await keyspaceExists(client, name, signal);
      if (!wasThere) return await made(client, name, { invoices, owner, ofOthers: [], signal });
      await checkTables(client, { keyspace: name, table }, signal);
      const mark = await markOf(client, name, signal);
      const holds = await noteInvoices(client, name, { mark, invoices, signal });
      return { keyspace: name, how: "named", isOwn: mark !== undefined, invoices, holds, others: [], ofOthers: [] };
    }
    const names = await listKeyspaces(client);
    const { own, ofOthers } = await keptKeyspaces(client, names, { table, invoices, owner }, signal);
    const [keyspace, ...others] = own;
    if (keyspace === undefined) {
      return await made(client, freeName(name, names), { invoices, owner, ofOthers, signal });
    }
    await checkTables(client, { keyspace, table }, signal);
    return { keyspace, how: "continued", isOwn: true, invoices, holds: invoices, others, ofOthers };
  } catch (error) {
    signal?.throwIfAborted();
    throw keyspacesFailure("choose the keyspace", error);
  }
}

async function made(
  client: Client,
  keyspace: string,
  { invoices, owner, ofOthers, signal }: RunOf & { ofOthers: string[]; signal: AbortSignal | undefined },
): Promise<ChosenKeyspace> {
  await createKeyspace(client, keyspace, { invoices, owner, ...(signal && { signal }) });
  return { keyspace, how: "new", isOwn: true, invoices, holds: invoices, others: [], ofOthers };
}

/** A keyspace that was made for the sample and takes in invoices of the reader's own is theirs from then on. */
async function noteInvoices(
  client: Client,
  keyspace: string,
  { mark, invoices, signal }: { mark: Mark | undefined; invoices: Invoices; signal: AbortSignal | undefined },
): Promise<Invoices> {
  const before = mark?.invoices ?? invoices;
  if (mark === undefined || before === "own" || invoices === "sample") return before;
  await runDdl(client, `ALTER KEYSPACE ${quoted(keyspace)} ADD TAGS ${invoicesTag("own")}`, signal);
  return "own";
}
