import { originOf } from "@keyspaces-segmentation/aws-session";
import { registeredRuns } from "@keyspaces-segmentation/cluster-store";
import { messageOf, shellWord } from "@keyspaces-segmentation/common";
import {
  contentsOfKeyspace,
  dropKeyspace,
  type KeyspaceContents,
  lastUse,
  listKeyspaces,
  ownTables,
} from "@keyspaces-segmentation/invoice-store";
import type { Client } from "cassandra-driver";
import type { Sign } from "./activity.js";
import type { Costs } from "./costs.js";
import type { KeptEntry } from "./find_objects.js";
import type { Claim, Leftover } from "./rows.js";
import type { Choice } from "./select.js";

type Tags = Readonly<Record<string, string>>;

/** Keyspaces of the service's own. */
const OF_SERVICE = /^system/;

/** A keyspace, and when something was stored in it. */
export interface FoundKeyspace extends KeyspaceContents, Signs {}

/** What of a keyspace tells of runs. */
interface Signs {
  readonly sign: Sign | undefined;
  /** Runs whose clusters are noted in it, wherever in S3 they were kept as well; why they could not be read, where they could not. */
  readonly registered: readonly string[] | Error;
}

/** Looks into all keyspaces. @throws StepError */
export async function findKeyspaces(client: Client): Promise<FoundKeyspace[]> {
  const found: FoundKeyspace[] = [];
  for (const keyspace of await listKeyspaces(client)) {
    if (OF_SERVICE.test(keyspace)) continue;
    const contents = await contentsOfKeyspace(client, keyspace);
    const isOurs = contents.tags !== undefined || contents.tables.size > 0;
    const sign = isOurs ? await signOf(client, keyspace) : undefined;
    const registered = isOurs ? await registeredIn(client, keyspace) : [];
    found.push({ ...contents, sign, registered });
  }
  return found;
}

/** Whose rows may not be read, as the policies name one keyspace, may be in use. */
async function signOf(client: Client, keyspace: string): Promise<Sign | undefined> {
  try {
    const used = await lastUse(client, keyspace);
    return used === 0 ? undefined : { at: new Date(used), what: `rows written to ${keyspace}` };
  } catch (error) {
    return { at: "now", what: `when rows were written to ${keyspace} could not be read: ${messageOf(error)}` };
  }
}

async function registeredIn(client: Client, keyspace: string): Promise<FoundKeyspace["registered"]> {
  try {
    return await registeredRuns(client, keyspace);
  } catch (error) {
    return new Error(messageOf(error), { cause: error });
  }
}

/** What runs have in a keyspace: tables that they have made, and results that they have kept. */
function claimsOf(tables: FoundKeyspace["tables"], entries: readonly KeptEntry[]): Claim[] {
  const byOrigin = new Map<string, { run: string; owner: string | undefined; names: string[] }>();
  for (const [table, tags] of tables) {
    const { run, owner } = originOf(tags) ?? {};
    if (run === undefined) continue;
    const origin = JSON.stringify([run, owner]);
    const { names } = byOrigin.get(origin) ?? { names: [] };
    byOrigin.set(origin, { run, owner, names: [...names, table] });
  }
  const ofTables = [...byOrigin.values()].map(({ run, owner, names }) => {
    const what = `${names.sort().join(", ")} of run ${run} ${names.length === 1 ? "is" : "are"} in it`;
    return { run, owner, what: `${names.length === 1 ? "table" : "tables"} ${what}` };
  });
  return [...entries.map(({ run, owner }) => ({ run, owner, what: `results of ${run} are in it` })), ...ofTables];
}

/**
 * Why a keyspace stays in which runs on other prefixes, whose entries in S3 cannot be seen from here, have registered clusters; undefined
 * where none has.
 */
function whyRegistered(registered: readonly string[] | Error, choice: Choice): string | undefined {
  if (choice === "all") return undefined;
  const remedy = "--all, by its owner, removes it";
  if (registered instanceof Error)
    return `whether results in it were kept could not be read: ${registered.message}; ${remedy}`;
  return registered.length > 0 ? `clusters are registered in it, ${registered.join(", ")}; ${remedy}` : undefined;
}

/** Whose clusters go with a keyspace for `all`, which does not let it stay for them. */
const registeredText = (registered: readonly string[] | Error, choice: Choice): string =>
  choice !== "all" || registered instanceof Error || registered.length === 0
    ? ""
    : `, with clusters of runs on other prefixes: ${registered.join(", ")}`;

/** Whether a run has made a table for somebody, and another one the keyspace: the table then goes by itself, if the keyspace stays. */
function isOfAnother(table: Tags, keyspace: Tags): boolean {
  const [of, maker] = [originOf(table), originOf(keyspace)];
  return of?.owner !== undefined && (of.run !== maker?.run || of.owner !== maker?.owner);
}

/**
 * Keyspaces that runs have made, and before each the tables that other runs have made in it, or in one made by hand. A keyspace goes with
 * all that runs have made in it: their results are in the same tables.
 *
 * @param options.keptIn entries in S3 of what runs have kept in a keyspace
 */
export function keyspacesAsLeftovers(
  client: Client,
  keyspaces: readonly FoundKeyspace[],
  { costs, keptIn, choice }: { costs: Costs; keptIn: ReadonlyMap<string, readonly KeptEntry[]>; choice: Choice },
): Leftover[] {
  return keyspaces.flatMap(({ keyspace, tags, tables, foreign, sign, registered }): Leftover[] => {
    const entries = keptIn.get(keyspace) ?? [];
    const known = new Set(entries.map(({ id }) => id));
    const elsewhere = registered instanceof Error ? registered : registered.filter((id) => !known.has(id));
    const needed = whyRegistered(elsewhere, choice);
    const alone = [...tables].filter(([, of]) => tags === undefined || isOfAnother(of, tags));
    const ofTables = alone.map(([table, of]): Leftover => {
      const { run, owner } = originOf(of) ?? { run: undefined, owner: undefined };
      const remedy = run === undefined ? "" : `; --run ${shellWord(run)} removes it`;
      const unnoted = typeof choice === "object" ? undefined : `who has made it is not noted${remedy}`;
      // Tables of results hold those of all runs; one of invoices is its run's.
      const held = entries.filter((entry) => Object.hasOwn(ownTables, table) || entry.table === table);
      return {
        what: `table ${table} in keyspace ${keyspace}, which ${tags ? "another run has made" : "is not of this walkthrough"}`,
        run,
        owner,
        needed: owner === undefined ? unnoted : needed,
        claims: claimsOf(new Map(), held),
        sign,
        tables: { keyspace, names: [table] },
        ...costs.tables(),
        remove: async () => {
          await dropKeyspace(client, { keyspace }, { only: [table] });
          return undefined;
        },
      };
    });
    const others = new Set(alone.map(([table]) => table));
    const names = [...tables.keys()].filter((table) => !others.has(table)).sort();
    if (tags === undefined || (foreign.length > 0 && names.length === 0)) return ofTables;
    const what =
      foreign.length === 0
        ? `keyspace ${keyspace}${registeredText(elsewhere, choice)}`
        : `${names.join(", ")} in keyspace ${keyspace}, which stays: ${foreign.join(", ")} in it is not of this walkthrough`;
    const ofKeyspace: Leftover = {
      what,
      run: originOf(tags)?.run,
      owner: originOf(tags)?.owner,
      needed,
      claims: claimsOf(tables, entries),
      sign,
      tables: { keyspace, names },
      ...costs.tables(),
      remove: async () => {
        await dropKeyspace(client, { keyspace });
        return undefined;
      },
    };
    return [...ofTables, ofKeyspace];
  });
}
