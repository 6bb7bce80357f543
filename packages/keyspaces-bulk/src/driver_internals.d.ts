/** What `keyspaces_client` builds on behind the public face of the driver; its version is pinned. */
declare module "cassandra-driver/lib/requests" {
  /** A statement of a batch, prepared. */
  interface BatchItem {
    params: unknown[];
    queryId?: Buffer;
    /** Of the statement's values. */
    meta?: { columns: readonly unknown[] };
  }
  interface BatchOptions {
    getConsistency(): number;
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
    clone(): BatchRequest;
  }
}

/** What `packed_rows` builds on. */
declare module "cassandra-driver/lib/streams" {
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

  export class Parser {
    push(item: { header: Frame["header"]; result: { rows: unknown; meta: Frame["meta"]; flags: object } }): void;
    parseRows(frame: Frame, reader: FrameReader): void;
  }
}
