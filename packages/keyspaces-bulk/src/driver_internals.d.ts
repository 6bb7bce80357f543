/** What `keyspaces_client` builds on behind the public face of the driver; its version is pinned. */
declare module "cassandra-driver/lib/requests" {
  export const BatchRequest: new (
    queries: import("./driver_batch.js").BatchItem[],
    options: import("./driver_batch.js").BatchOptions,
  ) => import("./driver_batch.js").BatchRequest;
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
