import { type AwsSession, originOf, ownerOf } from "@keyspaces-segmentation/aws-session";
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
  /** Tables in it that stay, as somebody else has made them, or may have, and why. */
  readonly theirs: ReadonlyMap<string, string>;
}

/**
 * Drops a keyspace with its tables, as far as nobody else has made them or kept results in it. Where somebody else has kept results of
 * other invoices in it, the table of one's own invoices goes all the same.
 *
 * @param options.registered what the registry has of it; undefined where that could not be seen, and it stays
 * @throws StepError when the service refuses; the signal's reason when aborted
 */
export async function dropOwnKeyspace(
  client: Client,
  aws: AwsSession,
  { keyspace, table: ofInvoices, invoices }: { keyspace: string; table: string; invoices: Invoices },
  { registered, signal }: { registered: Registered | undefined; signal: AbortSignal | undefined },
): Promise<KeyspaceOfRun> {
  const stays = (why: string, tables: string[] = []): KeyspaceOfRun => {
    return { tables, foreign: [], keyspace: "others", forOthers: `stays, with its tables: ${why}`, theirs: new Map() };
  };
  const unseen = "whether somebody else has kept results in it could not be seen";
  if (registered === undefined) return stays(unseen);
  const { ofOthers, unread } = registered;
  if (ofOthers === undefined && unread !== undefined) return stays(`${unseen}, as ${unread} may not be looked at`);
  const options = { invoices, ...(signal && { signal }) };
  const { tags, tables } = await contentsOfKeyspace(client, keyspace, options);
  if (ofOthers !== undefined) {
    const { run, owner } = ofOthers;
    const isOwn = originOf(tables.get(ofInvoices) ?? {})?.owner === ownerOf(aws);
    const only = isOwn && !registered.isTableOfOthers ? [ofInvoices] : [];
    const dropped = only.length === 0 ? [] : (await dropKeyspace(client, { keyspace }, { ...options, only })).tables;
    return stays(`results of ${run ?? "a run of unknown name"} are in it, which ${owner} has kept`, dropped);
  }
  const whyTheirs = (of: Readonly<Record<string, string>>): string | undefined => {
    const { run, owner } = originOf(of) ?? {};
    if (isOfOthers(aws, owner)) return `${owner} has made it`;
    const isNoted = owner !== undefined || (run !== undefined && run === aws.run);
    return tags === undefined && !isNoted ? "who has made it is not noted" : undefined;
  };
  const theirs = new Map(
    [...tables].flatMap(([table, of]) => {
      const why = whyTheirs(of);
      return why === undefined ? [] : [[table, why] as const];
    }),
  );
  const whyMaker = tags && whyTheirs(tags);
  if (whyMaker === undefined && theirs.size === 0) {
    const { tables: gone, foreign, keyspace: outcome } = await dropKeyspace(client, { keyspace }, options);
    return { tables: gone, foreign, keyspace: outcome, theirs };
  }
  const only = [...tables.keys()].filter((table) => !theirs.has(table));
  const { tables: gone, foreign, keyspace: outcome } = await dropKeyspace(client, { keyspace }, { ...options, only });
  const forOthers = whyMaker === undefined ? "stays, as somebody else has made tables in it" : `stays, ${whyMaker}`;
  return {
    tables: gone,
    foreign: foreign.filter((each) => !theirs.has(each.replace(/^table /, ""))),
    keyspace: outcome,
    theirs,
    ...(tags && outcome !== "others" && { forOthers }),
  };
}
