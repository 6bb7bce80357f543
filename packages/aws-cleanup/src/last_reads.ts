import type { FoundKeyspace } from "./find_tables.js";
import type { Leftover } from "./rows.js";

/** What is known of tables. */
interface KnownTables {
  readonly region: string;
  /** null where they could not be looked at. */
  readonly keyspaces: readonly FoundKeyspace[] | null;
  /** All that was found. */
  readonly all: readonly Leftover[];
}

/** What, of all that was found, takes the table with it that a last read is of; undefined where nothing does, or it is no last read. */
export const holderOf = (all: readonly Leftover[], { lastReadOf: of }: Leftover): Leftover | undefined =>
  of && all.find(({ tables }) => tables?.keyspace === of.keyspace && tables.names.includes(of.table));

/**
 * Tells why something stays: what a table came to in the last read goes when its table does, whichever run has read it, and not before,
 * as next month goes on from it. Of a table that is not there any more it goes as anything else of its run.
 *
 * @param reasonOf why something stays that is of no table; undefined where it goes
 */
export const reasonWithTable =
  ({ region, keyspaces, all }: KnownTables, reasonOf: (each: Leftover) => string | undefined) =>
  (each: Leftover): string | undefined => {
    const of = each.lastReadOf;
    if (of === undefined) return reasonOf(each);
    if (of.region !== region) return `its table is in ${of.region}, whose clean-up removes it`;
    if (keyspaces === null) return "whether its table is there could not be seen";
    const found = keyspaces.find(({ keyspace }) => keyspace === of.keyspace);
    const isThere = found?.tables.has(of.table) || found?.foreign.includes(`table ${of.table}`);
    if (!isThere) return reasonOf(each);
    const holder = holderOf(all, each);
    return holder !== undefined && reasonOf(holder) === undefined
      ? undefined
      : `its table ${of.keyspace}.${of.table} stays, whose next read goes on from it`;
  };
