/** The parts of the driver behind its public face that `packed_batches` builds on; the driver's version is pinned. */
declare module "cassandra-driver/lib/requests" {
  /** A statement of a batch, prepared. */
  interface BatchItem {
    params: unknown[];
    queryId?: Buffer;
  }
  interface BatchOptions {
    getConsistency(): number;
    getSerialConsistency(): number | undefined;
    getCustomPayload(): unknown;
    isQueryTracing(): boolean | null;
  }

  export class BatchRequest {
    constructor(queries: BatchItem[], options: BatchOptions);
    queries: BatchItem[];
    options: BatchOptions;
    /** Microseconds; missing where the server is to decide. */
    timestamp: import("cassandra-driver").types.Long | null | undefined;
    /** 0 logged, 1 unlogged, 2 counter. */
    type: number;
    length: number;
    write(encoder: { protocolVersion: number }, streamId: number): Buffer;
  }
}
