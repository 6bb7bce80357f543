import { type AwsSession, originOf } from "@keyspaces-segmentation/aws-session";
import {
  contentsOfKeyspace,
  type DroppedKeyspace,
  dropKeyspace,
  type Invoices,
} from "@keyspaces-segmentation/invoice-store";
import type { Client } from "cassandra-driver";
import { isOfOthers, type Registered } from "./objects_of_run.js";

/** What became of a keyspace and its tables. */
export interface KeyspaceOfRun extends DroppedKeyspace {
  /** Why it stays, where somebody else has something of it. */
  readonly forOthers?: string;
  /** Tables in it that somebody else has made, and who has. */
  readonly theirs: ReadonlyMap<string, string>;
}

/**
 * Drops a keyspace with its tables, as far as nobody else has made them or kept results in it.
 *
 * @param options.registered what the registry has of it; undefined where that could not be seen, and it stays
 * @throws StepError when the service refuses; the signal's reason when aborted
 */
export async function dropOwnKeyspace(
  client: Client,
  aws: AwsSession,
  { keyspace, invoices }: { keyspace: string; invoices: Invoices },
  { registered, signal }: { registered: Registered | undefined; signal: AbortSignal | undefined },
): Promise<KeyspaceOfRun> {
  if (registered === undefined || registered.ofOthers !== undefined || registered.unread !== undefined) {
    const { ofOthers, unread } = registered ?? {};
    const unseen = "whether somebody else has kept results in it could not be seen";
    const seen = unread === undefined ? unseen : `${unseen}, as ${unread} may not be looked at`;
    const why = ofOthers ? `results of ${ofOthers.run} are in it, which ${ofOthers.owner} has kept` : seen;
    const forOthers = `stays, with its tables: ${why}`;
    return { tables: [], foreign: [], keyspace: "others", forOthers, theirs: new Map() };
  }
  const options = { invoices, ...(signal && { signal }) };
  const { tags, tables } = await contentsOfKeyspace(client, keyspace, options);
  const theirsOf = (of: Readonly<Record<string, string>>): string[] =>
    [originOf(of)?.owner].filter((owner) => isOfOthers(aws, owner));
  const theirs = new Map([...tables].flatMap(([table, of]) => theirsOf(of).map((owner) => [table, owner] as const)));
  const [maker] = theirsOf(tags ?? {});
  if (maker === undefined && theirs.size === 0) {
    const { tables: gone, foreign, keyspace: outcome } = await dropKeyspace(client, { keyspace }, options);
    return { tables: gone, foreign, keyspace: outcome, theirs };
  }
  const only = [...tables.keys()].filter((table) => !theirs.has(table));
  const { tables: gone, foreign, keyspace: outcome } = await dropKeyspace(client, { keyspace }, { ...options, only });
  const forOthers =
    maker === undefined ? "stays, as somebody else has made tables in it" : `stays, ${maker} has made it`;
  return {
    tables: gone,
    foreign: foreign.filter((each) => !theirs.has(each.replace(/^table /, ""))),
    keyspace: outcome,
    theirs,
    ...(outcome !== "others" && { forOthers }),
  };
}
