import { StepError } from "@keyspaces-segmentation/common";
import { Client, type types, version } from "cassandra-driver";

/**
 * What this folder builds on behind the public face of the driver, which may change with each of its versions: requests, the
 * parser of answers and connections here, the client's own fields in `connections`. Nothing outside of this folder touches any of it.
 */
const tested = "4.10.0";

/** @throws StepError unless it is the version of the driver that this part has been tested with */
export function requireTested(found: string): void {
  if (found === tested) return;
  throw new StepError({
    tried: `use cassandra-driver ${found}`,
    got: `this builds on the inside of version ${tested}`,
    hint: `Install that one (npm install --save-exact cassandra-driver@${tested}), or npm ci where a package-lock.json names it.`,
  });
}

// A string, whatever the driver's own declarations say. Before the modules are loaded that another version may not have.
requireTested(String(version));

/** A statement of a batch, prepared. */
interface BatchItem {
  query?: string;
  params: unknown[];
  queryId?: Buffer;
  /** Of the statement's values. */
  meta?: { columns: readonly unknown[] };
}

interface BatchOptions {
  getConsistency(): number;
}

export interface BatchRequest {
  queries: BatchItem[];
  options: BatchOptions;
  /** Microseconds; missing where the server is to decide. */
  timestamp: types.Long | null | undefined;
  /** 0 logged, 1 unlogged, 2 counter. */
  type: number;
  length: number;
  write(encoder: { protocolVersion: number }, streamId: number): Buffer;
  clone(): BatchRequest;
}

/** What the parser knows of the answer that it is reading. */
interface Frame {
  header: { bodyLength: number };
  meta: { columns: { name: string }[]; pageState?: Buffer };
  flagsInfo: object;
  /** Rows are handed out one by one, as for `eachRow`, from chunks that need not hold a whole answer. */
  byRow?: boolean;
}

/** Reads an answer from its first byte behind the metadata. */
interface FrameReader {
  readonly buf: Buffer;
  readonly offset: number;
  readInt(): number;
}

interface Parser {
  push(item: { header: Frame["header"]; result: { rows: unknown; meta: Frame["meta"]; flags: object } }): void;
  parseRows(frame: Frame, reader: FrameReader): void;
}

/** The request of a prepared statement. */
export interface ExecuteRequest {
  write(encoder: object, streamId: number): Buffer;
}

type Requests = { BatchRequest: new (queries: BatchItem[], options: BatchOptions) => BatchRequest };
export const BatchRequest: Requests["BatchRequest"] = (require("cassandra-driver/lib/requests") as Requests)
  .BatchRequest;

/** How the client makes and sends its requests. */
interface Sending {
  _createExecuteRequest(query: string, ...others: unknown[]): Promise<ExecuteRequest>;
  _execute(query: string, ...others: unknown[]): Promise<types.ResultSet>;
}
export const sending: Sending = Client.prototype as unknown as Sending;

/** Requests that wait for their answers, by the number of their stream. */
export interface RequestsOfConnection<T extends object> {
  get(stream: number): T | undefined;
  set(stream: number, request: T): unknown;
  delete(stream: number): boolean;
  values(): Iterable<T>;
}

interface Connection {
  _operations: RequestsOfConnection<object>;
  open(callback: (error?: Error) => void): void;
}

export const Connection: { prototype: Connection } = require("cassandra-driver/lib/connection") as {
  prototype: Connection;
};

type Streams = { Parser: { prototype: Parser } };
export const Parser: Streams["Parser"] = (require("cassandra-driver/lib/streams") as Streams).Parser;
