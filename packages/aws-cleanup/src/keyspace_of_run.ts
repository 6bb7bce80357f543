import { type AwsSession, ownerOf } from "@keyspaces-segmentation/aws-session";
import { type DroppedKeyspace, dropKeyspace, type Invoices } from "@keyspaces-segmentation/invoice-store";
import type { Client } from "cassandra-driver";
import { lookInto } from "./find_tables.js";
import type { KeptIn } from "./kept_in.js";
import type { Cleaned } from "./rows.js";
import { whyOthers } from "./select.js";
import { type Share, sharesIn, type TableShare } from "./shares.js";
import { reasonsToStay } from "./uses.js";

/** What became of a keyspace and its tables. */
export interface KeyspaceOfRun extends Pick<DroppedKeyspace, "keyspace" | "tables"> {
  /** Tables and types in it that are not the walkthrough's: "table orders". */
  readonly foreign: readonly string[];
  /** Why it stays, of which the walkthrough has made it; undefined where it does not, or has not. */
  readonly why: string | undefined;
  /** Whether `npm run cleanup --all` takes it nevertheless, as far as is seen here. */
  readonly goesWithAll: boolean;
  /** Tables in it that the walkthrough has made and that stay, and why. */
  readonly staying: ReadonlyMap<string, string>;
}

/**
 * Drops a keyspace with its tables, all that earlier runs have put into it, if it is one's own and nobody else has something in it. If not,
 * the tables go that this run has made or worked on, as far as they are one's own and no other run has kept results in them.
 *
 * @throws StepError when the service refuses; the signal's reason when aborted
 */
export async function dropOwnKeyspace(
  client: Client,
  aws: AwsSession,
  { keyspace, table: ofRun, invoices }: { keyspace: string; table: string; invoices: Invoices },
  { kept, signal }: { kept: KeptIn; signal: AbortSignal | undefined },
): Promise<KeyspaceOfRun> {
  const options = { invoices, ...(signal && { signal }) };
  const found = await lookInto(client, keyspace, options);
  const { whole, tables } = sharesIn(found, kept);
  const known = { owner: ownerOf(aws), kept: new Set<string>(), active: new Map<string, string>() };
  const asked = { runs: aws.run === undefined ? [] : [aws.run] };
  const whyStays = (share: Share) => whyOthers(share, "all", known) ?? share.held(asked);
  const why = whole && whyStays(whole);
  const isWhole = whole !== undefined && why === undefined;
  const whyAlone = ({ table, run, claims, isOfInvoices }: TableShare): string | undefined => {
    const claim = claims.find((each) => each.run !== aws.run);
    if (claim !== undefined) return `${claim.what}: the run was kept`;
    return isOfInvoices && table !== ofRun && run !== aws.run ? "another run of yours has made it" : undefined;
  };
  const reasons = isWhole
    ? []
    : reasonsToStay(tables, { region: aws.region, keyspaces: null }, (share) => whyStays(share) ?? whyAlone(share));
  const staying = new Map(
    reasons.flatMap(({ each, reason }) => (reason === undefined ? [] : [[each.table, reason] as const])),
  );
  const only = isWhole ? undefined : [...found.tables.keys()].filter((table) => !staying.has(table));
  const { tables: gone, keyspace: outcome } = await dropKeyspace(client, { keyspace }, { ...options, only });
  const isSpared = outcome === "others";
  return {
    tables: gone,
    foreign: found.foreign,
    keyspace: outcome,
    staying: isSpared ? new Map() : staying,
    why: isSpared ? undefined : why,
    goesWithAll: whole !== undefined && (whyOthers(whole, "all", known) ?? whole.held("all")) === undefined,
  };
}

/** @param removeAll the command that removes all of one's own, for a reader to type */
export function keyspaceInWords(keyspace: string, found: KeyspaceOfRun, removeAll: string): Cleaned[] {
  const { tables, foreign, staying, why, goesWithAll, keyspace: outcome } = found;
  const dropped = tables.length > 0 ? `; dropped of it: ${tables.sort().join(", ")}` : "";
  const outcomes: Record<DroppedKeyspace["keyspace"], string> = {
    dropped: "dropped, with its tables",
    absent: "was not there",
    unmarked: `stays, this walkthrough did not make it${dropped}`,
    shared: `stays, as it holds what this walkthrough did not make${dropped}`,
    others: "stays, with its tables: it holds invoices of your own, and this run was on the sample",
  };
  const later = goesWithAll ? `; later, if they are yours: ${removeAll}` : "";
  const byReason = new Map<string, string[]>();
  for (const [table, reason] of staying) byReason.set(reason, [...(byReason.get(reason) ?? []), table].sort());
  return [
    {
      what: `keyspace ${keyspace}`,
      outcome: why === undefined ? outcomes[outcome] : `stays: ${why}${later}${dropped}`,
    },
    ...[...byReason].map(([reason, names]) => ({
      what: `${names.length === 1 ? "table" : "tables"} ${names.join(", ")} in it`,
      outcome: `${names.length === 1 ? "stays" : "stay"}: ${reason}`,
    })),
    ...foreign.map((each) => ({ what: `${each} in it`, outcome: "stays, this walkthrough did not make it" })),
  ];
}
