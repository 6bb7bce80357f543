import type { ReadingRow } from "@keyspaces-segmentation/invoice-files";
import {
  hasOwnTable,
  keyspacesFailure,
  qualified,
  readRows,
  type TableName,
} from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client, types } from "cassandra-driver";
import { isDone, type Load, loadOf, loadsIn, writeLoads } from "./loads.js";

/** An attempt to load a file that has begun to write and is not on record as done: it is under way, was killed, or failed. */
export interface OpenLoad {
  readonly fingerprint: string;
  readonly uri: string;
  /** Tells attempts apart. */
  readonly attempt: string;
  /** Whether it has failed, and so writes nothing more. */
  readonly hasFailed: boolean;
  /** The first of those that it goes on from, each with the checkpoint of the one before; null where it has begun anew. */
  readonly from: string | null;
  /** How the file is read; none where that was not noted. */
  readonly reading: readonly ReadingRow[];
  /** As of {@link Load}. */
  readonly isBesideUnknown: boolean;
}

/** What is known of a table's loads. */
export interface LoadJournal {
  /** Those that were done, the oldest first. */
  readonly loads: Load[];
  /** A file that was loaded before may be written again, and by several at once. */
  readonly open: OpenLoad[];
}

/** What is known of the loads of one file, and apart from it of all others. */
export interface JournalOfFile {
  readonly own: LoadJournal;
  readonly others: LoadJournal;
}

export function ofFile({ loads, open }: LoadJournal, file: string): JournalOfFile {
  const isOwn = ({ fingerprint }: { fingerprint: string }) => fingerprint === file;
  const isOther = (of: { fingerprint: string }) => !isOwn(of);
  return {
    own: { loads: loads.filter(isOwn), open: open.filter(isOwn) },
    others: { loads: loads.filter(isOther), open: open.filter(isOther) },
  };
}

/** Whether a table that has rows has some of which no load is on record. */
export const hasUnknownRows = ({ loads, open }: LoadJournal): boolean =>
  loads.length + open.length === 0 || [...loads, ...open].some(({ isBesideUnknown }) => isBesideUnknown);

/**
 * Each attempt has a row of its own beside that of its file: whoever else loads the same file at the same time neither
 * overwrites the note nor loses what is on record to it.
 */
const keyOf = ({ fingerprint, attempt }: OpenLoad): string => `${fingerprint} ${attempt}`;

function openLoadOf({ fingerprint: key, uri, account }: types.Row): OpenLoad[] {
  const { open } = JSON.parse(account) as { open?: Pick<OpenLoad, "attempt" | "hasFailed"> & Partial<OpenLoad> };
  if (open === undefined) return [];
  const [fingerprint] = String(key).split(" ") as [string];
  const { attempt, hasFailed, from = null, reading = [], isBesideUnknown = false } = open;
  return [{ fingerprint, uri, attempt, hasFailed, from, reading, isBesideUnknown }];
}

/** Notes that a load begins to write, or has failed. @throws StepError; the signal's reason when aborted */
export async function noteOpenLoad(
  client: Client,
  name: TableName,
  open: OpenLoad,
  { now, signal }: { now: Date; signal?: AbortSignal | undefined },
): Promise<void> {
  const { uri, attempt, hasFailed, from, reading, isBesideUnknown } = open;
  const columns = "data_table, fingerprint, uri, loaded_at, account";
  const query = `INSERT INTO ${qualified(loadsIn(name))} (${columns}) VALUES (?, ?, ?, ?, ?)`;
  const account = JSON.stringify({ open: { attempt, hasFailed, from, reading, isBesideUnknown } });
  await writeLoads(client, name, { query, params: [name.table, keyOf(open), uri, now, account] }, signal);
}

/** Takes what is known of loads off the record, as none of its rows is theirs alone. @throws StepError */
export async function forget(
  client: Client,
  name: TableName,
  { loads = [], open = [] }: Partial<LoadJournal>,
): Promise<void> {
  const query = `DELETE FROM ${qualified(loadsIn(name))} WHERE data_table = ? AND fingerprint = ?`;
  for (const key of [...loads.map(({ fingerprint }) => fingerprint), ...open.map(keyOf)])
    await writeLoads(client, name, { query, params: [name.table, key] });
}

/**
 * What is known of the loads into a table; nothing where none was, or nothing was recorded.
 *
 * @throws StepError when a request fails for good
 */
export async function journalOf(client: Client, name: TableName): Promise<LoadJournal> {
  try {
    if (!(await hasOwnTable(client, loadsIn(name)))) return { loads: [], open: [] };
    const query = `SELECT * FROM ${qualified(loadsIn(name))} WHERE data_table = ?`;
    const rows = await readRows(client, query, [name.table], { freshTableMs: 10_000 });
    const loads = rows.filter(isDone).map(loadOf);
    loads.sort((a, b) => a.loadedAt.getTime() - b.loadedAt.getTime());
    return { loads, open: rows.flatMap(openLoadOf) };
  } catch (error) {
    throw keyspacesFailure(`list what was loaded into ${name.keyspace}.${name.table}`, error);
  }
}

/** The files that were loaded into a table, the oldest first, as {@link journalOf} has them. @throws StepError */
export const loadsOf = async (client: Client, name: TableName): Promise<Load[]> =>
  (await journalOf(client, name)).loads;
