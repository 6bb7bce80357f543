import { Client } from "cassandra-driver";
import { BatchRequest } from "cassandra-driver/lib/requests";

const BATCH = 0x0d;
const HEADER_BYTES = 9;
const PREPARED = 1;
const WITH_DEFAULT_TIMESTAMP = 0x20;
const UNSET = -2;

/**
 * A batch whose values are encoded already (Buffers, or undefined for "unset"). Written in one piece: the driver makes two objects for
 * each value and puts them together in the end, which for a million rows of nine values is a third of all the client's work.
 *
 * @see https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec, section 4.1.7
 */
class PackedBatch extends BatchRequest {
  override write(encoder: { protocolVersion: number }, streamId: number): Buffer {
    const body = this.#bodyLength(encoder.protocolVersion);
    if (body === undefined) return super.write(encoder, streamId);
    this.length = body;
    const frame = Buffer.allocUnsafe(HEADER_BYTES + body);
    frame[0] = encoder.protocolVersion;
    frame[1] = 0;
    frame.writeInt16BE(streamId, 2);
    frame[4] = BATCH;
    frame.writeInt32BE(body, 5);
    frame[9] = this.type;
    let at = frame.writeUInt16BE(this.queries.length, 10);
    for (const { queryId, params } of this.queries) {
      frame[at++] = PREPARED;
      at = frame.writeUInt16BE(queryId!.length, at);
      at += queryId!.copy(frame, at);
      at = frame.writeUInt16BE(params.length, at);
      for (const cell of params as (Buffer | undefined)[]) {
        if (cell === undefined) at = frame.writeInt32BE(UNSET, at);
        else {
          at = frame.writeInt32BE(cell.length, at);
          // For a few bytes a loop is faster than a call into native code.
          if (cell.length > 24) at += cell.copy(frame, at);
          else for (let i = 0; i < cell.length; i++) frame[at++] = cell[i]!;
        }
      }
    }
    at = frame.writeUInt16BE(this.options.getConsistency(), at);
    frame[at++] = this.timestamp ? WITH_DEFAULT_TIMESTAMP : 0;
    if (this.timestamp) {
      at = frame.writeInt32BE(this.timestamp.getHighBits(), at);
      frame.writeInt32BE(this.timestamp.getLowBits(), at);
    }
    return frame;
  }

  /** Undefined where the batch is anything but prepared statements with encoded values. */
  #bodyLength(protocolVersion: number): number | undefined {
    const { options } = this;
    const plain = options.getSerialConsistency() || options.getCustomPayload() || options.isQueryTracing();
    if (protocolVersion !== 4 || plain) return undefined;
    let length = 1 + 2 + 2 + 1 + (this.timestamp ? 8 : 0);
    for (const { queryId, params } of this.queries) {
      if (queryId === undefined) return undefined;
      length += 1 + 2 + queryId.length + 2 + 4 * params.length;
      for (const cell of params) {
        if (Buffer.isBuffer(cell)) length += cell.length;
        else if (cell !== undefined) return undefined;
      }
    }
    return length;
  }
}

/** The driver's client, which writes batches of encoded values faster. Everything else, and every other batch, is the driver's own. */
export class PackingClient extends Client {
  async _createBatchRequest(items: BatchRequest["queries"], options: BatchRequest["options"]): Promise<BatchRequest> {
    return new PackedBatch(items, options);
  }
}
