/** As many are kept until they have come again, and at most. */
const FIRST = 1000;
const MOST = 20_000;
/** So many lookups in vain, those that are answered taken off, before it starts over; while values have come again, and until they have. */
const SHORT_PATIENCE = MOST / 8;
const FIRST_PATIENCE = 8 * FIRST;
/** Longer than the round in which so many values as are kept come by. */
const MOST_PATIENCE = 2 * MOST;

/**
 * Values that are kept because they are likely to come again. It keeps few until these have: the moments of a long file, which go by, would
 * all get into the old generation of memory before they are forgotten. What no longer comes again makes room for what may.
 */
export class Recurring<K, V> {
  private readonly known = new Map<K, V>();
  private room = FIRST;
  private patience = FIRST_PATIENCE;
  /** Of what is known, how often it was asked for; how much more often something else was, while there was no room. */
  private again = 0;
  private refused = 0;

  /** The value kept; undefined for none. */
  get(key: K): V | undefined {
    const value = this.known.get(key);
    if (value !== undefined) {
      this.again++;
      if (this.refused > 0) this.refused--;
    }
    return value;
  }

  has(key: K): boolean {
    return this.known.has(key);
  }

  /** Whether one more is kept. To be asked once for each value that was not known. */
  hasRoom(): boolean {
    if (this.known.size < this.room) return true;
    const recurs = this.again >= this.room / 2;
    if (recurs && this.room < MOST) this.begin(MOST, SHORT_PATIENCE);
    else {
      if (++this.refused < this.patience) return false;
      this.known.clear();
      if (recurs) this.begin(MOST, SHORT_PATIENCE);
      else this.begin(FIRST, this.room === FIRST ? Math.min(2 * this.patience, MOST_PATIENCE) : FIRST_PATIENCE);
    }
    return true;
  }

  /** Keeps a value, where {@link hasRoom}. */
  set(key: K, value: V): void {
    this.known.set(key, value);
  }

  private begin(room: number, patience: number): void {
    this.room = room;
    this.patience = patience;
    this.again = 0;
    this.refused = 0;
  }
}
