/** Where Keyspaces asks KMS for the key of a table: from each connection, as it keeps keys in memory apart for each of them. */
const CONNECTIONS = 9;
/** A table is made: its key is described, granted, made and read once. */
const CREATION = 4;

/** A connection that has not asked for a table's key for so long asks KMS again. */
const IDLE_MS = 300_000;

/** Requests to KMS of the first use of a new table with a key of one's own. */
export const NEW_TABLE_REQUESTS: number = CREATION + CONNECTIONS;

/**
 * What Keyspaces asks of KMS for tables with a key of one's own. No client sees it: it is reckoned by the guide's rule, with a connection
 * to each of the nine nodes that Keyspaces shows.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/encryption.howitworks.html "Table key caching"
 */
export class TableKeys {
  private readonly now: () => number;
  private readonly lastUse = new Map<string, number>();

  /** @param now milliseconds */
  constructor(now: () => number) {
    this.now = now;
  }

  /** A table is written to or read. @returns requests that this costs */
  use(table: string): number {
    const [last, at] = [this.lastUse.get(table), this.now()];
    this.lastUse.set(table, at);
    if (last === undefined) return NEW_TABLE_REQUESTS;
    return at - last >= IDLE_MS ? CONNECTIONS : 0;
  }
}
