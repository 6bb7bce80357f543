/** As many are kept at first, and at most. */
const FIRST = 1000;
const MOST = 16_000;

/**
 * Values that are kept because they are likely to come again. It keeps more of them as long as those that it has do: the moments of a long
 * file, which go by, would all get into the old generation of memory before they are forgotten.
 */
export class Recurring<K, V> {
  private readonly known = new Map<K, V>();
  private room = FIRST;
  private again = 0;

  /** The value kept; undefined for none. */
  get(key: K): V | undefined {
    const value = this.known.get(key);
    if (value !== undefined) this.again++;
    return value;
  }

  has(key: K): boolean {
    return this.known.has(key);
  }

  /** Whether one more is kept. Where there is no room, it is made if what is known has come again often enough. */
  hasRoom(): boolean {
    if (this.known.size < this.room) return true;
    if (this.again < this.room) return false;
    this.again = 0;
    if (this.room === MOST) this.known.clear();
    else this.room = Math.min(MOST, 2 * this.room);
    return true;
  }

  /** Keeps a value, where {@link hasRoom}. */
  set(key: K, value: V): void {
    this.known.set(key, value);
  }
}
