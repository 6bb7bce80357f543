import { Client, type types } from "cassandra-driver";
import type { Tags } from "../marks.js";
import { copyRow, type EncodedRow } from "../row_encoding.js";
import { BatchRequest, type ExecuteRequest, sending } from "./internals.js";
import "./requests_under_way.js";
import { type PreparedItem, type Traffic, tellOfBatch, tellOfExecute, tellOfPage } from "./traffic.js";

const BATCH = 0x0d;
const HEADER_BYTES = 9;
const PREPARED = 1;
const WITH_DEFAULT_TIMESTAMP = 0x20;

const NO_ROWS: readonly EncodedRow[] = [];

/** Rows on their way through the driver, which takes them for the one value of one statement. */
class RowsOfBatch {
  rows: readonly EncodedRow[];
  constructor(rows: readonly EncodedRow[]) {
    this.rows = rows;
  }
}

/** Kind of statement, its id, number of values: what stands before the values of each row. */
function statementHeader(queryId: Buffer, columns: number): Buffer {
  const header = Buffer.alloc(1 + 2 + queryId.length + 2);
  header[0] = PREPARED;
  header.writeUInt16BE(queryId.length, 1);
  queryId.copy(header, 3);
  header.writeUInt16BE(columns, 3 + queryId.length);
  return header;
}

/**
 * A batch of encoded rows, written in one piece: the driver makes two objects for each value and puts them together in the end, which
 * for a million rows of nine values is half of all the client's work.
 *
 * @see https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec, section 4.1.7
 */
class BatchOfRows extends BatchRequest {
  traffic: Traffic | undefined;

  override write(encoder: { protocolVersion: number }, streamId: number): Buffer {
    const frame = this.frameOf(encoder, streamId);
    // Statements that are not prepared come without their columns.
    if (this.traffic && this.queries[0]?.meta) tellOfBatch(this.traffic, this.queries, frame);
    return frame;
  }

  private frameOf(encoder: { protocolVersion: number }, streamId: number): Buffer {
    const [{ queryId, params, meta } = { params: [] }] = this.queries;
    const [batch] = params;
    if (!(batch instanceof RowsOfBatch)) return super.write(encoder, streamId);
    if (encoder.protocolVersion !== 4) throw new Error(`Expected protocol version 4, got ${encoder.protocolVersion}`);
    const header = statementHeader(queryId!, meta!.columns.length);
    let body = 1 + 2 + 2 + 1 + (this.timestamp ? 8 : 0);
    for (const { start, end } of batch.rows) body += header.length + end - start;
    this.length = body;

    const frame = Buffer.allocUnsafe(HEADER_BYTES + body);
    frame[0] = encoder.protocolVersion;
    frame[1] = 0;
    frame.writeInt16BE(streamId, 2);
    frame[4] = BATCH;
    frame.writeInt32BE(body, 5);
    frame[9] = this.type;
    let at = frame.writeUInt16BE(batch.rows.length, 10);
    for (const row of batch.rows) {
      for (let i = 0; i < header.length; i++) frame[at++] = header[i]!;
      at = copyRow(row, frame, at);
    }
    at = frame.writeUInt16BE(this.options.getConsistency(), at);
    frame[at++] = this.timestamp ? WITH_DEFAULT_TIMESTAMP : 0;
    if (this.timestamp) {
      at = frame.writeInt32BE(this.timestamp.getHighBits(), at);
      frame.writeInt32BE(this.timestamp.getLowBits(), at);
    }
    return frame;
  }

  /** For another attempt, after the statement was prepared again. */
  override clone(): BatchRequest {
    return Object.assign(new BatchOfRows(this.queries, this.options), { traffic: this.traffic });
  }
}

/** The driver's client, with a fast way for many rows. Everything else is the driver's own. */
export class KeyspacesClient extends Client {
  /** Is told what is written and read from now on. */
  traffic: Traffic | undefined;
  /** Further tags for what is made over it. */
  tags: Tags = {};

  /**
   * Writes rows with one request, an unlogged batch at the client's consistency.
   *
   * @param insert an INSERT that binds the values of a row
   * @throws what the driver throws: the service's answer, or no connection
   */
  async insertRows(insert: string, rows: readonly EncodedRow[]): Promise<void> {
    const batch = new RowsOfBatch(rows);
    try {
      await this.batch([{ query: insert, params: [batch] }], { prepare: true, logged: false });
    } finally {
      // Some of what the driver makes for a request is in the old generation of memory from the start: until that is collected it would
      // keep every row of a file.
      batch.rows = NO_ROWS;
    }
  }

  async _createBatchRequest(items: BatchRequest["queries"], options: BatchRequest["options"]): Promise<BatchRequest> {
    return Object.assign(new BatchOfRows(items, options), { traffic: this.traffic });
  }

  async _createExecuteRequest(query: string, ...others: unknown[]): Promise<ExecuteRequest> {
    const request = await sending._createExecuteRequest.call(this, query, ...others);
    const { traffic } = this;
    if (traffic === undefined) return request;
    const { write } = request;
    // Copied with the request, for another attempt after the statement was prepared again.
    request.write = function (this: ExecuteRequest & PreparedItem, encoder: object, streamId: number): Buffer {
      const frame = write.call(this, encoder, streamId);
      tellOfExecute(traffic, this, frame);
      return frame;
    };
    return request;
  }

  async _execute(query: string, ...others: unknown[]): Promise<types.ResultSet> {
    const result = await sending._execute.call(this, query, ...others);
    if (this.traffic) tellOfPage(this.traffic, query, result);
    return result;
  }
}
