import { type Origin, originOf } from "@keyspaces-segmentation/aws-session";
import { type RegisteredIn, resultTables } from "@keyspaces-segmentation/cluster-store";
import { type KeyspaceContents, ownTables } from "@keyspaces-segmentation/invoice-store";
import type { KeptIn, UnreadEntry } from "./kept_in.js";
import { runInWords } from "./objects_of_run.js";
import type { Choice } from "./options.js";
import type { Claim } from "./rows.js";

/** A keyspace, and the runs whose clusters are noted in it, wherever in S3 they were kept; why those could not be read, where they could not. */
export interface KeyspaceOfRuns extends KeyspaceContents {
  readonly registered: readonly RegisteredIn[] | Error;
}

/** Whose a keyspace or a table is, and what others have of it. */
export interface Share extends Origin {
  readonly claims: readonly Claim[];
  /** Why it stays for something that may be somebody else's; undefined where nothing holds it. */
  readonly held: (choice: Choice) => string | undefined;
}

export interface TableShare extends Share {
  readonly table: string;
  /** "table online_retail in keyspace blog_20261129" */
  readonly what: string;
  readonly id: string;
  /** What it would break without, by `id`. */
  readonly uses: readonly string[];
  /** Whether it is of invoices, and so its run's; the others are there for all runs. */
  readonly isOfInvoices: boolean;
  /** Whether it goes by itself, as its keyspace is another run's, or nobody's. */
  readonly isAlone: boolean;
}

/** Who has what in a keyspace. */
export interface Shares {
  /** The keyspace with all that is in it; undefined where it was made by hand. */
  readonly whole: Share | undefined;
  /** Those before the ones that they use. */
  readonly tables: readonly TableShare[];
  /** The ids of clusters that are registered in it, and kept where they cannot be seen from here. */
  readonly fromElsewhere: readonly string[];
}

const isOfResults = (table: string): boolean => Object.hasOwn(resultTables, table) || table === "known_clusters";

/** Whether a table tells what was loaded into the others: it is the keyspace's, whichever run has made it. */
const isRecord = (table: string): boolean => Object.hasOwn(ownTables, table) && !isOfResults(table);

const isOfInvoices = (table: string): boolean => !Object.hasOwn(ownTables, table);

const isSame = (a: Origin, b: Origin): boolean => a.run === b.run && a.owner === b.owner;

/**
 * Tells who has something in a keyspace. A table of which no owner is noted is of whoever has made the keyspace. Tables of results hold
 * those of all runs, one of invoices those of the runs on it. The record of loads is needed while a table of invoices is there.
 *
 * @param kept what the bucket has of results in it
 */
export function sharesIn({ keyspace, tags, tables, registered }: KeyspaceOfRuns, kept: KeptIn): Shares {
  const maker = tags && originOf(tags);
  const seen = new Set([...kept.entries, ...kept.unread].map(({ table, id }) => JSON.stringify([table, id])));
  const elsewhere =
    registered instanceof Error
      ? registered
      : registered.filter(({ table, id }) => !seen.has(JSON.stringify([table, id])));
  const keptOf = (isOf: (of: { table: string }) => boolean): Share["claims"] =>
    kept.entries
      .filter(isOf)
      .map(({ run, owner }) => ({ run, owner, what: `results of ${run ?? runInWords(run)} are in it` }));
  const heldFor = (isOf: (of: { table: string }) => boolean): Share["held"] => {
    const rows = elsewhere instanceof Error ? elsewhere : elsewhere.filter(isOf);
    return (choice) => whyHeld({ rows, unread: kept.unread.filter(isOf), isListed: kept.isListed }, choice);
  };
  const idOf = (table: string): string => `table ${keyspace}.${table}`;
  const records = [...tables.keys()].filter(isRecord);
  const shares = [...tables].map(([table, of]): TableShare => {
    const noted = originOf(of) ?? { run: undefined, owner: undefined };
    const isNoted = noted.owner !== undefined || noted.run !== undefined;
    const origin =
      maker && (isRecord(table) || !isNoted) ? maker : { run: noted.run, owner: noted.owner ?? maker?.owner };
    const isOf = (entry: { table: string }): boolean =>
      isOfResults(table) || (isOfInvoices(table) && entry.table === table);
    const held = heldFor(isOf);
    const whyUnknown = (choice: Choice): string | undefined =>
      origin.owner === undefined && maker === undefined && !(typeof choice === "object" && isNamed(origin, choice.runs))
        ? "who has made it is not noted"
        : undefined;
    return {
      table,
      what: `table ${table} in keyspace ${keyspace}`,
      id: idOf(table),
      uses: isOfInvoices(table) ? records.map(idOf) : [],
      run: origin.run,
      owner: origin.owner,
      claims: keptOf(isOf),
      held: (choice) => whyUnknown(choice) ?? held(choice),
      isOfInvoices: isOfInvoices(table),
      isAlone: maker === undefined || (noted.owner !== undefined && !isRecord(table) && !isSame(origin, maker)),
    };
  });
  const whole: Share | undefined = maker && {
    run: maker.run,
    owner: maker.owner,
    claims: [...keptOf(() => true), ...claimsByTables(shares.filter((share) => !isSame(share, maker)))],
    held: heldFor(() => true),
  };
  return {
    whole,
    tables: shares.sort((a, b) => Number(isRecord(a.table)) - Number(isRecord(b.table))),
    fromElsewhere: elsewhere instanceof Error ? [] : elsewhere.map(({ id }) => id),
  };
}

const isNamed = ({ run }: Origin, runs: readonly string[]): boolean => run !== undefined && runs.includes(run);

/** What others have in a keyspace by their tables, one claim for each run. */
function claimsByTables(tables: readonly TableShare[]): Claim[] {
  const byOrigin = new Map<string, { run: string | undefined; owner: string | undefined; names: string[] }>();
  for (const { table, run, owner } of tables) {
    const origin = JSON.stringify([run, owner]);
    const { names } = byOrigin.get(origin) ?? { names: [] };
    byOrigin.set(origin, { run, owner, names: [...names, table].sort() });
  }
  return [...byOrigin.values()].map(({ run, owner, names }) => {
    const what = `${names.join(", ")} of ${runInWords(run)} ${names.length === 1 ? "is" : "are"} in it`;
    return { run, owner, what: `${names.length === 1 ? "table" : "tables"} ${what}` };
  });
}

/**
 * Why something stays for results that were kept in it where the bucket does not tell by whom: their entries may not be looked at, or lie
 * on other prefixes or in other buckets. All of one's own takes the latter with it.
 */
function whyHeld(
  {
    rows,
    unread,
    isListed,
  }: { rows: readonly RegisteredIn[] | Error; unread: readonly UnreadEntry[]; isListed: boolean },
  choice: Choice,
): string | undefined {
  const unseen = "whether somebody else has kept results in it could not be seen";
  const [first] = unread;
  if (first !== undefined) return `${unseen}, as ${first.uri} may not be looked at`;
  const isWithOthers = choice === "all" && isListed;
  if (rows instanceof Error)
    return isWithOthers ? undefined : `whether results in it were kept could not be read: ${rows.message}`;
  if (rows.length === 0 || isWithOthers) return undefined;
  return isListed ? `clusters are registered in it, ${rows.map(({ id }) => id).join(", ")}` : unseen;
}
