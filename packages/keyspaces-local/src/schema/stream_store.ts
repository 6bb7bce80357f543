import { quoteString } from "../cql/properties.js";
import type { Backend } from "../protocol/backend.js";
import type { Owner } from "./arns.js";
import { textOf } from "./cells.js";
import { adoptEarlierStreams } from "./earlier_streams.js";

/** The stream of a table's changes. */
export interface Stream {
  readonly keyspace: string;
  readonly table: string;
  /** When it began, which is a part of its ARN. */
  readonly label: string;
  readonly created: Date;
  /** What its records have of a row; it never changes. */
  readonly view: string;
  /** When its table's cdc was turned off; what is in it can be read for as long as records are kept. */
  readonly ended: Date | undefined;
}

/** A change as it is kept: in the form of the API, by its place in the stream. */
export interface StoredRecord {
  readonly sequenceNumber: string;
  readonly created: Date;
  readonly record: object;
}

/** Streams and their records, kept in the database: they outlive the gateway, and the records end after a day. */
export interface StreamStore {
  /** All that can be read. */
  streams(): readonly Stream[];
  /** The one that a table's changes go to. */
  find(keyspace: string, table: string): Stream | undefined;
  /** Begins a stream where there is none. */
  begin(keyspace: string, table: string, view: string): Promise<Stream>;
  /** Nothing is added to it any more. */
  end(keyspace: string, table: string): Promise<void>;
  /** Of a table that is dropped: its streams go with all that is in them. */
  remove(keyspace: string, table: string): Promise<void>;
  /** Adds records, in this order, made of the number that each is given. */
  append(stream: Stream, records: readonly ((sequenceNumber: string, created: Date) => object)[]): Promise<void>;
  /** Those from a place on, the oldest first, and at most so many. */
  read(stream: Stream, from: string, limit: number): Promise<StoredRecord[]>;
  /** What the next record's number is greater than. */
  last(): string;
  /** The number of a record of that time. */
  numberAt(time: Date): string;
}

/** How long a record can be read. */
export const RETENTION_MS: number = 24 * 3600 * 1000;

const STREAMS = "system_gateway.table_streams";
const RECORDS = "system_gateway.stream_records";
const DIGITS = 24;
/** Within a millisecond. */
const NUMBERS_PER_MS = 1_000_000n;
const numberText = (value: bigint): string => String(value).padStart(DIGITS, "0");

/** Reads back what there is; makes the tables where they are missing. */
export async function createStreamStore(backend: Backend, owner: Owner, now: () => Date): Promise<StreamStore> {
  await backend.query(
    `CREATE TABLE IF NOT EXISTS ${STREAMS} (keyspace_name text, table_name text, label text, created timestamp,
    view_type text, ended timestamp, PRIMARY KEY (keyspace_name, table_name, label))`,
  );
  await backend.query(
    `CREATE TABLE IF NOT EXISTS ${RECORDS} (stream text, sequence_number text, created timestamp, record text,
    PRIMARY KEY (stream, sequence_number)) WITH default_time_to_live = ${RETENTION_MS / 1000}`,
  );
  await adoptEarlierStreams(backend, STREAMS, owner);
  const pathOf = (keyspace: string, table: string) => `${keyspace}.${table}`;
  const keyOf = ({ keyspace, table, label }: Stream) => `${pathOf(keyspace, table)}/${label}`;
  const numberOf = (time: Date) => BigInt(time.getTime()) * NUMBERS_PER_MS;
  const streams = new Map<string, Stream>();
  const timeOf = (cell: Buffer | null | undefined) => (cell ? new Date(Number(cell.readBigInt64BE())) : undefined);
  let last = numberOf(now());
  for (const row of await backend.query(`SELECT * FROM ${STREAMS}`)) {
    const stream: Stream = {
      keyspace: textOf(row, "keyspace_name"),
      table: textOf(row, "table_name"),
      label: textOf(row, "label"),
      created: timeOf(row.get("created")) ?? new Date(0),
      view: textOf(row, "view_type"),
      ended: timeOf(row.get("ended")),
    };
    streams.set(keyOf(stream), stream);
    const query = `SELECT sequence_number FROM ${RECORDS} WHERE stream = ? ORDER BY sequence_number DESC LIMIT 1`;
    const [newest] = await backend.query(query, [Buffer.from(keyOf(stream))]);
    const number = newest ? BigInt(textOf(newest, "sequence_number")) : 0n;
    // The clock may have been set back.
    if (number > last) last = number;
  }
  const ofTable = (keyspace: string, table: string) =>
    [...streams.values()].filter((stream) => stream.keyspace === keyspace && stream.table === table);
  const find = (keyspace: string, table: string) => ofTable(keyspace, table).find(({ ended }) => !ended);
  const save = async (stream: Stream) => {
    streams.set(keyOf(stream), stream);
    const { keyspace, table, label, created, view, ended } = stream;
    const values = [keyspace, table, label, created.toISOString(), view, ended?.toISOString()].map((value) =>
      value === undefined ? "null" : quoteString(value),
    );
    const columns = "keyspace_name, table_name, label, created, view_type, ended";
    const ttl = ended ? ` USING TTL ${RETENTION_MS / 1000}` : "";
    await backend.query(`INSERT INTO ${STREAMS} (${columns}) VALUES (${values.join(", ")})${ttl}`);
  };

  return {
    streams: () => {
      const oldest = now().getTime() - RETENTION_MS;
      return [...streams.values()].filter(({ ended }) => !ended || ended.getTime() > oldest);
    },
    find,
    begin: async (keyspace, table, view) => {
      const running = find(keyspace, table);
      if (running) return running;
      const created = now();
      const label = created.toISOString().slice(0, -1);
      const stream = { keyspace, table, label, created, view, ended: undefined };
      await save(stream);
      return stream;
    },
    end: async (keyspace, table) => {
      const stream = find(keyspace, table);
      if (!stream) return;
      const { label, created, view } = stream;
      await save({ keyspace, table, label, created, view, ended: now() });
    },
    remove: async (keyspace, table) => {
      for (const stream of ofTable(keyspace, table)) {
        streams.delete(keyOf(stream));
        await backend.query(`DELETE FROM ${RECORDS} WHERE stream = ?`, [Buffer.from(keyOf(stream))]);
      }
      const where = `keyspace_name = ${quoteString(keyspace)} AND table_name = ${quoteString(table)}`;
      await backend.query(`DELETE FROM ${STREAMS} WHERE ${where}`);
    },
    append: async (stream, records) => {
      const created = now();
      for (const record of records) {
        const number = numberOf(created);
        last = number > last ? number : last + 1n;
        const sequenceNumber = numberText(last);
        const text = JSON.stringify(record(sequenceNumber, created));
        await backend.query(`INSERT INTO ${RECORDS} (stream, sequence_number, created, record) VALUES (?, ?, ?, ?)`, [
          Buffer.from(keyOf(stream)),
          Buffer.from(sequenceNumber),
          timestampOf(created),
          Buffer.from(text),
        ]);
      }
    },
    read: async (stream, from, limit) => {
      const oldest = now().getTime() - RETENTION_MS;
      const query = `SELECT * FROM ${RECORDS} WHERE stream = ? AND sequence_number >= ? LIMIT ${limit}`;
      const trimmed = numberText(numberOf(new Date(oldest)));
      const rows = await backend.query(query, [
        Buffer.from(keyOf(stream)),
        Buffer.from(from < trimmed ? trimmed : from),
      ]);
      return rows.map((row) => ({
        sequenceNumber: textOf(row, "sequence_number"),
        created: timeOf(row.get("created")) ?? new Date(0),
        record: JSON.parse(textOf(row, "record")) as object,
      }));
    },
    last: () => numberText(last),
    numberAt: (time) => numberText(numberOf(time)),
  };
}

function timestampOf(time: Date): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(time.getTime()));
  return bytes;
}
