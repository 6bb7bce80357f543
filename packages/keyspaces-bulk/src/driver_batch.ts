import type { types } from "cassandra-driver";

/** A statement of a batch, prepared. */
export interface BatchItem {
  params: unknown[];
  queryId?: Buffer;
  /** Of the statement's values. */
  meta?: { columns: readonly unknown[] };
}

export interface BatchOptions {
  getConsistency(): number;
}

/**
 * A batch on its way, as the driver has it inside. The types stand in a file that is built, not beside the driver's modules in
 * `driver_internals`: those who import this part read its declarations, and a type that is missing there is `any` to them.
 */
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
