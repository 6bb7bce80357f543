import { type RegisteredIn, registeredRuns } from "@keyspaces-segmentation/cluster-store";
import { messageOf, StepError } from "@keyspaces-segmentation/common";
import { contentsOfKeyspace, dropKeyspace, lastUse, listKeyspaces } from "@keyspaces-segmentation/invoice-store";
import type { Client } from "cassandra-driver";
import type { Sign } from "./activity.js";
import type { Costs } from "./costs.js";
import type { KeptIn } from "./kept_in.js";
import type { Choice } from "./options.js";
import type { Leftover } from "./rows.js";
import { type KeyspaceOfRuns, sharesIn } from "./shares.js";

/** Keyspaces of the service's own. */
const OF_SERVICE = /^system/;

/** A keyspace, and when something was stored in it. */
export interface FoundKeyspace extends KeyspaceOfRuns {
  readonly sign: Sign | undefined;
}

/** Looks into all keyspaces. @throws StepError */
export async function findKeyspaces(client: Client): Promise<FoundKeyspace[]> {
  const found: FoundKeyspace[] = [];
  for (const keyspace of await listKeyspaces(client)) {
    if (OF_SERVICE.test(keyspace)) continue;
    const of = await lookInto(client, keyspace);
    const isOurs = of.tags !== undefined || of.tables.size > 0;
    found.push({ ...of, sign: isOurs ? await signOf(client, keyspace) : undefined });
  }
  return found;
}

/** Looks into a keyspace, and whose clusters are noted in it. @throws StepError; the signal's reason when aborted */
export async function lookInto(
  client: Client,
  keyspace: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<KeyspaceOfRuns> {
  const { tags, tables, foreign } = await contentsOfKeyspace(client, keyspace, { ...(signal && { signal }) });
  const registered = tables.size > 0 ? await registeredIn(client, keyspace, signal) : [];
  return { keyspace, tags, tables, foreign, registered };
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

async function registeredIn(
  client: Client,
  keyspace: string,
  signal: AbortSignal | undefined,
): Promise<KeyspaceOfRuns["registered"]> {
  try {
    return await registeredRuns(client, keyspace, { signal });
  } catch (error) {
    signal?.throwIfAborted();
    return new Error(messageOf(error), { cause: error });
  }
}

/**
 * Looks again at a keyspace of which something is about to be dropped: what was removed before it, endpoints and jobs, may have taken half
 * an hour.
 *
 * @throws StepError where somebody has kept results in it since; where all of it goes, also where somebody has made a table
 */
async function requireUnchanged(client: Client, before: KeyspaceOfRuns, isWhole: boolean): Promise<void> {
  const { keyspace } = before;
  const { tables, registered } = await lookInto(client, keyspace);
  const keyOf = ({ id, table }: RegisteredIn) => JSON.stringify([id, table]);
  const known = new Set(before.registered instanceof Error ? [] : before.registered.map(keyOf));
  const since = [
    ...[...tables.keys()]
      .filter((table) => isWhole && !before.tables.has(table))
      .map((table) => `${table} has been made`),
    ...(registered instanceof Error || before.registered instanceof Error ? [] : registered)
      .filter((of) => !known.has(keyOf(of)))
      .map(({ id }) => `${id} has been registered`),
  ];
  if (since.length === 0) return;
  const got = `${since.join(" and ")} in it since it was looked at`;
  throw new StepError({ tried: `drop what is in the keyspace ${keyspace}`, got, hint: "Run the clean-up again." });
}

/**
 * Keyspaces that runs have made, and before each the tables that other runs have made in it, or in one made by hand. A keyspace goes with
 * all that runs have made in it: their results are in the same tables.
 *
 * @param options.keptIn what the bucket tells of results in a keyspace
 */
export function keyspacesAsLeftovers(
  client: Client,
  keyspaces: readonly FoundKeyspace[],
  { costs, keptIn, choice }: { costs: Costs; keptIn: (keyspace: string) => KeptIn; choice: Choice },
): Leftover[] {
  return keyspaces.flatMap((found): Leftover[] => {
    const { keyspace, tags, tables, foreign, sign } = found;
    const { whole, tables: shares, fromElsewhere } = sharesIn(found, keptIn(keyspace));
    const alone = shares.filter(({ isAlone }) => isAlone);
    const ofTables = alone.map(
      ({ table, what, id, uses, run, owner, claims, held }): Leftover => ({
        what: `${what}, which ${tags ? "another run has made" : "is not of this walkthrough"}`,
        id,
        uses,
        run,
        owner,
        needed: undefined,
        claims,
        held,
        byHand: `DROP TABLE "${keyspace}"."${table}"`,
        sign,
        tables: { keyspace, names: [table] },
        ...costs.tables(),
        remove: async () => {
          await requireUnchanged(client, found, false);
          await dropKeyspace(client, { keyspace }, { only: [table] });
          return undefined;
        },
      }),
    );
    const names = [...tables.keys()].filter((table) => !alone.some((each) => each.table === table)).sort();
    if (whole === undefined || (foreign.length > 0 && names.length === 0)) return ofTables;
    const registered =
      choice === "all" && fromElsewhere.length > 0 && whole.held(choice) === undefined
        ? `, with clusters of runs on other prefixes or buckets: ${fromElsewhere.join(", ")}`
        : "";
    const what =
      foreign.length === 0
        ? `keyspace ${keyspace}${registered}`
        : `${names.join(", ")} in keyspace ${keyspace}, which stays: ${foreign.join(", ")} in it is not of this walkthrough`;
    const ofKeyspace: Leftover = {
      what,
      run: whole.run,
      owner: whole.owner,
      needed: undefined,
      claims: whole.claims,
      held: whole.held,
      sign,
      tables: { keyspace, names },
      ...costs.tables(),
      remove: async () => {
        await requireUnchanged(client, found, true);
        await dropKeyspace(client, { keyspace });
        return undefined;
      },
    };
    return [...ofTables, ofKeyspace];
  });
}
