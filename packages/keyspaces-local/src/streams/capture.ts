import type { Backend } from "../protocol/backend.js";
import { noRowsIfInvalid } from "../protocol/refusal.js";
import { RANGE_DELETE_LIMIT } from "../rules/row_shape.js";
import type { Lifecycle } from "../schema/lifecycle.js";
import type { TableRecord } from "../schema/records.js";
import type { Stream, StreamStore } from "../schema/stream_store.js";
import { createExpiries } from "./expiries.js";
import { createImageReader, type ImageReader, type ReadRow } from "./images.js";
import { createTableLocks } from "./table_locks.js";

/** What one statement writes of a table that has a stream: the WHERE that reads it, with its values. */
export interface CapturedWrite {
  readonly table: TableRecord;
  readonly where: string;
  readonly values: readonly (Buffer | null)[];
  readonly isStatic: boolean;
}

/** How a write ended: done, not done, or what only a look at the rows can tell. */
export type Outcome = "applied" | "not applied" | "unknown";

/** Makes the records of streams: by reading rows before and after they are written. */
export interface Capture {
  /**
   * Has writes done, and adds a record for each row that they change. Others on the same tables wait, so that records have the order of
   * the writes, and images are those of one write.
   */
  around(writes: readonly CapturedWrite[], write: () => Promise<Outcome>): Promise<void>;
  close(): void;
}

/** @param now the time that cells end after */
export function createCapture(backend: Backend, store: StreamStore, lifecycle: Lifecycle, now: () => Date): Capture {
  const locks = createTableLocks();
  const readers = new WeakMap<TableRecord, Promise<ImageReader>>();
  const readerOf = (table: TableRecord): Promise<ImageReader> => {
    const known = readers.get(table);
    if (known) return known;
    const reader = createImageReader(table, backend, RANGE_DELETE_LIMIT, now);
    readers.set(table, reader);
    // Cassandra may be back for the next one.
    reader.catch(() => readers.delete(table));
    return reader;
  };
  const expiries = createExpiries(async ({ keyspace, table, row }) => {
    const stream = store.find(keyspace, table);
    const record = lifecycle.findTable(keyspace, table);
    if (!stream || !record) return undefined;
    return locks.hold([pathOf(record)], async () => {
      if (!expiries.isLatest(pathOf(record), row)) return undefined;
      const after = await (await readerOf(record)).readOne(row.keyCells);
      if (after?.content !== row.content) {
        await add(stream, "TTL", [{ before: row, after }]);
      }
      return after;
    });
  });
  const add = async (stream: Stream, origin: "USER" | "TTL", changes: readonly Change[]) => {
    const records = changes.map((change) => (sequenceNumber: string, created: Date) => ({
      eventVersion: EVENT_VERSION,
      createdAt: created.getTime() / 1000,
      origin,
      ...recordOf(change, stream.view),
      sequenceNumber,
    }));
    await store.append(stream, records);
  };

  return {
    around: (writes, write) =>
      locks.hold(
        writes.map(({ table }) => pathOf(table)),
        async () => {
          const before = await readAll(writes, readerOf);
          const outcome = await write();
          if (outcome === "not applied") return;
          const after = await readAll(writes, readerOf);
          for (const [table, rows] of after) {
            const stream = store.find(table.keyspace, table.table);
            if (!stream) continue;
            const changes = changesBetween(before.get(table) ?? new Map(), rows, outcome === "applied");
            await add(stream, "USER", changes);
            for (const { after: row, before: gone } of changes) expiries.note(table, pathOf(table), row, gone);
          }
        },
      ),
    close: () => expiries.close(),
  };
}

const EVENT_VERSION = "1.1";
const pathOf = ({ keyspace, table }: TableRecord): string => `${keyspace}.${table}`;

/** One row before and after; one of the two at least. */
interface Change {
  readonly before: ReadRow | undefined;
  readonly after: ReadRow | undefined;
}

type Rows = Map<string, ReadRow>;

/** A row that several statements of a batch write is read once. */
async function readAll(
  writes: readonly CapturedWrite[],
  readerOf: (table: TableRecord) => Promise<ImageReader>,
): Promise<Map<TableRecord, Rows>> {
  const tables = new Map<TableRecord, Rows>();
  for (const { table, where, values, isStatic } of writes) {
    const rows = tables.get(table) ?? new Map();
    tables.set(table, rows);
    // What Cassandra does not take as a WHERE, it refuses in the write as well.
    const read = (await readerOf(table)).read(where, values, isStatic).catch(noRowsIfInvalid);
    for (const row of await read) rows.set(row.key, row);
  }
  return tables;
}

/** @param all those too that are as they were before */
function changesBetween(before: Rows, after: Rows, all: boolean): Change[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  const changes = [...keys].map((key) => ({ before: before.get(key), after: after.get(key) }));
  return all ? changes : changes.filter(({ before: one, after: other }) => one?.content !== other?.content);
}

function recordOf({ before, after }: Change, view: string): object {
  const { partitionKeys, clusteringKeys } = (after ?? before)!;
  const hasNew = view === "NEW_IMAGE" || view === "NEW_AND_OLD_IMAGES";
  const hasOld = view === "OLD_IMAGE" || view === "NEW_AND_OLD_IMAGES";
  return {
    partitionKeys,
    clusteringKeys,
    newImage: hasNew ? after?.image : undefined,
    oldImage: hasOld ? before?.image : undefined,
  };
}
