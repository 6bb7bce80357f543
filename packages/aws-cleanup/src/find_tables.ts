import { originOf } from "@keyspaces-segmentation/aws-session";
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
import type { Leftover } from "./rows.js";

/** Keyspaces of the service's own. */
const OF_SERVICE = /^system/;

/** A keyspace, and when something was stored in it. */
export interface FoundKeyspace extends KeyspaceContents {
  readonly sign: Sign | undefined;
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
    found.push({ ...contents, sign: isOurs ? await lastSign(client, keyspace, signal) : undefined });
  }
  return found;
}

/** Whose rows may not be read, as the policies name one keyspace, may be in use. */
async function lastSign(client: Client, keyspace: string, signal: AbortSignal | undefined): Promise<Sign | undefined> {
  try {
    const used = await lastUse(client, keyspace, signal);
    return used === 0 ? undefined : { at: new Date(used), what: `rows written to ${keyspace}` };
  } catch (error) {
    signal?.throwIfAborted();
    return { at: "now", what: `when rows were written to ${keyspace} could not be read: ${messageOf(error)}` };
  }
}

/**
 * Keyspaces that runs have made, and tables that they have made in somebody else's. A keyspace goes with all that runs have made in it:
 * their results are in the same tables.
 *
 * @param options.othersIn runs whose results in a keyspace were kept and are not to go
 */
export function keyspacesAsLeftovers(
  client: Client,
  keyspaces: readonly FoundKeyspace[],
  { costs, othersIn }: { costs: Costs; othersIn: (keyspace: string) => readonly string[] },
): Leftover[] {
  return keyspaces.flatMap(({ keyspace, tags, tables, foreign, sign }): Leftover[] => {
    const others = othersIn(keyspace);
    const needed = others.length > 0 ? `results of ${others.join(", ")} are in it, which were kept` : undefined;
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
