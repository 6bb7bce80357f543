import type { FoundKeyspace } from "./find_tables.js";
import type { Leftover } from "./rows.js";

/** What is known of tables. */
interface KnownTables {
  readonly region: string;
  /** null where they could not be looked at. */
  readonly keyspaces: readonly FoundKeyspace[] | null;
}

/** Of a leftover what tells what it needs, and what needs it. */
type Used = Pick<Leftover, "what" | "id" | "uses" | "tables" | "lastReadOf">;

/** Whether the last read is of a table that goes with a leftover: next month goes on from it. */
const holds = ({ tables }: Used, { lastReadOf: of }: Used): boolean =>
  of !== undefined && tables?.keyspace === of.keyspace && tables.names.includes(of.table);

/** The one of several leftovers that would break without another. */
export const userOf = (all: readonly Used[], of: Used): Used | undefined =>
  all.find((each) => holds(each, of) || each.uses?.some((used) => isIn(of.id, used)));

const isIn = (id: string | undefined, used: string): boolean =>
  id !== undefined && (id.endsWith("/") ? used.startsWith(id) : used === id);

/**
 * Tells of each thing why it stays; undefined where it goes. What something else needs that stays, stays as well. What a table came to in the
 * last read goes when its table does, whichever run has read it, and not before. Of a table that is not there any more it goes as anything
 * else of its run.
 *
 * @param all all that was found, users before what they use
 * @param reasonOf why something stays that nothing else needs; undefined where it goes
 */
export function reasonsToStay<U extends Used>(
  all: readonly U[],
  { region, keyspaces }: KnownTables,
  reasonOf: (each: U) => string | undefined,
): { each: U; reason: string | undefined }[] {
  const staying: U[] = [];
  const ofLastRead = (each: U, of: NonNullable<Leftover["lastReadOf"]>): string | undefined => {
    if (of.region !== region) return `its table is in ${of.region}, whose clean-up removes it`;
    if (keyspaces === null) return "whether its table is there could not be seen";
    const found = keyspaces.find(({ keyspace }) => keyspace === of.keyspace);
    const isThere = found?.tables.has(of.table) || found?.foreign.includes(`table ${of.table}`);
    if (!isThere) return reasonOf(each);
    const goesWith = all.find((holder) => holds(holder, each));
    return goesWith !== undefined && !staying.includes(goesWith)
      ? undefined
      : `its table ${of.keyspace}.${of.table} stays, whose next read goes on from it`;
  };
  return all.map((each) => {
    const user = each.lastReadOf ? undefined : userOf(staying, each);
    const needed = user && `it is needed by ${user.what}`;
    const reason = each.lastReadOf ? ofLastRead(each, each.lastReadOf) : (reasonOf(each) ?? needed);
    if (reason !== undefined) staying.push(each);
    return { each, reason };
  });
}
