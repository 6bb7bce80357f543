/**
 * What is known of a connection's streams, by their ids. No Map, which moves into a new table every so many entries: once the garbage
 * collector holds one of its tables for old, each table keeps the next alive, with every request that was in it.
 */
export interface Streams<T> {
  readonly size: number;
  has(stream: number): boolean;
  get(stream: number): T | undefined;
  set(stream: number, value: T): void;
  /** @returns what there was */
  take(stream: number): T | undefined;
  /** @returns whether there was something */
  delete(stream: number): boolean;
  ids(): number[];
  clear(): void;
}

/** @typeParam T anything but undefined */
export function createStreams<T>(): Streams<T> {
  let values: (T | undefined)[] = [];
  let size = 0;
  // An id has 16 bits and a sign.
  const at = (stream: number) => stream & 0xffff;
  const take = (stream: number): T | undefined => {
    const index = at(stream);
    const value = values[index];
    if (value === undefined) return undefined;
    values[index] = undefined;
    size--;
    return value;
  };
  return {
    get size() {
      return size;
    },
    has: (stream) => values[at(stream)] !== undefined,
    get: (stream) => values[at(stream)],
    set: (stream, value) => {
      const index = at(stream);
      if (values[index] === undefined) size++;
      values[index] = value;
    },
    take,
    delete: (stream) => take(stream) !== undefined,
    ids: () => [...values.keys()].filter((index) => values[index] !== undefined).map((index) => (index << 16) >> 16),
    clear: () => {
      values = [];
      size = 0;
    },
  };
}
