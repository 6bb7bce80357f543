import type { TableRecord } from "../schema/records.js";
import type { ReadRow } from "./images.js";

/** A row of which cells will end. */
export interface ExpiringRow {
  readonly keyspace: string;
  readonly table: string;
  /** As it was written. */
  readonly row: ReadRow;
}

/** Looks at rows again when the first of their cells has ended. */
export interface Expiries {
  /** Takes note of a row that was written, or is gone. */
  note(table: TableRecord, path: string, row: ReadRow | undefined, before: ReadRow | undefined): void;
  /** Whether it was not written since. */
  isLatest(path: string, row: ReadRow): boolean;
  close(): void;
}

/** Timers take no more. */
const LONGEST_MS = 2 ** 31 - 1;
/** A cell is gone in the second after the last of its time to live. */
const GRACE_MS = 1100;

/** @param look at one whose time has come; gives what is left of it */
export function createExpiries(look: (expiring: ExpiringRow) => Promise<ReadRow | undefined>): Expiries {
  const latest = new Map<string, { readonly row: ReadRow; readonly timer: NodeJS.Timeout }>();
  const keyOf = (path: string, { key }: ReadRow) => `${path}/${key}`;
  const forget = (key: string) => {
    clearTimeout(latest.get(key)?.timer);
    latest.delete(key);
  };
  const wait = (path: string, expiring: ExpiringRow) => {
    const { row } = expiring;
    const key = keyOf(path, row);
    forget(key);
    if (row.secondsLeft === undefined) return;
    const delayMs = Math.min(LONGEST_MS, row.secondsLeft * 1000 + GRACE_MS);
    const timer = setTimeout(() => {
      // It fails only with Cassandra gone, and the stream with it.
      void look(expiring)
        .catch(() => undefined)
        .then((left) => {
          if (latest.get(key)?.row !== row) return;
          latest.delete(key);
          if (left) wait(path, { ...expiring, row: left });
        });
    }, delayMs);
    timer.unref();
    latest.set(key, { row, timer });
  };
  return {
    note: ({ keyspace, table }, path, row, before) => {
      if (row) wait(path, { keyspace, table, row });
      else if (before) forget(keyOf(path, before));
    },
    isLatest: (path, row) => latest.get(keyOf(path, row))?.row === row,
    close: () => {
      for (const { timer } of latest.values()) clearTimeout(timer);
      latest.clear();
    },
  };
}
