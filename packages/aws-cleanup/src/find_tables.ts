import { originOf } from "@keyspaces-segmentation/aws-session";
import { registeredRuns } from "@keyspaces-segmentation/cluster-store";
import { messageOf } from "@keyspaces-segmentation/common";
import {
  contentsOfKeyspace,
  dropKeyspace,
  type KeyspaceContents,
  lastUse,
  listKeyspaces,
} from "@keyspaces-segmentation/invoice-store";
import type { Client } from "cassandra-driver";
import type { Sign } from "./activity.js";
import type { Costs } from "./costs.js";
import type { KeptEntry } from "./find_objects.js";
import type { Leftover } from "./rows.js";
import type { Choice } from "./select.js";

/** Keyspaces of the service's own. */
const OF_SERVICE = /^system/;

/** A keyspace, and when something was stored in it. */
export interface FoundKeyspace extends KeyspaceContents, Use {}

/** What of a keyspace tells of runs. */
interface Use {
  readonly sign: Sign | undefined;
  /** Runs whose clusters are noted in it, wherever in S3 they were kept as well; why they could not be read, where they could not. */
  readonly registered: readonly string[] | Error;
}

/** Looks into all keyspaces. @throws StepError; the signal's reason when aborted */
export async function findKeyspaces(
  client: Client,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<FoundKeyspace[]> {
  const found: FoundKeyspace[] = [];
  for (const keyspace of await listKeyspaces(client)) {
    if (OF_SERVICE.test(keyspace)) continue;
    const contents = await contentsOfKeyspace(client, keyspace, signal ? { signal } : {});
    const isOurs = contents.tags !== undefined || contents.tables.size > 0;
    const sign = isOurs ? await signOf(client, keyspace, signal) : undefined;
    const registered = isOurs ? await registeredIn(client, keyspace, signal) : [];
    found.push({ ...contents, sign, registered });
  }
  return found;
}

/** Whose rows may not be read, as the policies name one keyspace, may be in use. */
async function signOf(client: Client, keyspace: string, signal: AbortSignal | undefined): Promise<Sign | undefined> {
  try {
    const used = await lastUse(client, keyspace, signal);
    return used === 0 ? undefined : { at: new Date(used), what: `rows written to ${keyspace}` };
  } catch (error) {
    signal?.throwIfAborted();
    return { at: "now", what: `when rows were written to ${keyspace} could not be read: ${messageOf(error)}` };
  }
}

async function registeredIn(
  client: Client,
  keyspace: string,
  signal: AbortSignal | undefined,
): Promise<FoundKeyspace["registered"]> {
  try {
    return await registeredRuns(client, keyspace, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    return new Error(messageOf(error), { cause: error });
  }
}

/**
 * Why a keyspace stays in which runs have kept results that are not to go; undefined where nobody needs it. Entries of runs on other
 * prefixes cannot be seen in S3: their rows can.
 */
function whyNeeded(
  registered: FoundKeyspace["registered"],
  entries: readonly KeptEntry[],
  choice: Choice,
): string | undefined {
  if (choice === "all") return undefined;
  const goes = ({ run }: KeptEntry) => typeof choice === "object" && choice.runs.includes(run);
  const others = new Set(entries.filter((entry) => !goes(entry)).map(({ run }) => run));
  if (others.size > 0) return `results of ${[...others].join(", ")} are in it, which were kept`;
  const remedy = "--all, by its owner, removes it";
  if (registered instanceof Error)
    return `whether results in it were kept could not be read: ${registered.message}; ${remedy}`;
  const known = new Set(entries.map(({ id }) => id));
  const unknown = registered.filter((id) => !known.has(id));
  return unknown.length > 0 ? `clusters are registered in it, ${unknown.join(", ")}; ${remedy}` : undefined;
}

/**
 * Keyspaces that runs have made, and tables that they have made in somebody else's. A keyspace goes with all that runs have made in it:
 * their results are in the same tables.
 *
 * @param options.keptIn entries in S3 of what runs have kept in a keyspace
 */
export function keyspacesAsLeftovers(
  client: Client,
  keyspaces: readonly FoundKeyspace[],
  { costs, keptIn, choice }: { costs: Costs; keptIn: ReadonlyMap<string, readonly KeptEntry[]>; choice: Choice },
): Leftover[] {
  return keyspaces.flatMap(({ keyspace, tags, tables, foreign, sign, registered }): Leftover[] => {
    const needed = whyNeeded(registered, keptIn.get(keyspace) ?? [], choice);
    if (tags) {
      const { run, owner } = originOf(tags) ?? { run: undefined, owner: undefined };
      const what =
        foreign.length === 0
          ? `keyspace ${keyspace}`
          : `${[...tables.keys()].sort().join(", ")} in keyspace ${keyspace}, which stays: ${foreign.join(", ")} in it is not of this walkthrough`;
      const remove = async () => {
        await dropKeyspace(client, { keyspace });
        return undefined;
      };
      return foreign.length > 0 && tables.size === 0
        ? []
        : [
            {
              what,
              run,
              owner,
              needed,
              sign,
              tables: { keyspace, names: [...tables.keys()] },
              ...costs.tables(),
              remove,
            },
          ];
    }
    return [...tables].map(([table, of]) => {
      const { run } = originOf(of) ?? { run: undefined };
      const remove = async () => {
        await dropKeyspace(client, { keyspace }, { only: [table] });
        return undefined;
      };
      const what = `table ${table} in keyspace ${keyspace}, which is not of this walkthrough`;
      return {
        what,
        run,
        owner: undefined,
        needed,
        sign,
        tables: { keyspace, names: [table] },
        ...costs.tables(),
        remove,
      };
    });
  });
}
