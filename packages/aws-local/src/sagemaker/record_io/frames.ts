/** Frames of RecordIO: where one record ends and the next begins. Little-endian throughout. */
import { ContainerFailure } from "../container_failures.js";

const MAGIC = 0xced7230a;
const LENGTH_BITS = 29;
const LONGEST = 2 ** LENGTH_BITS - 1;

/** How a frame continues a record that contains the magic number, which is cut out there. */
const Part = { whole: 0, first: 1, middle: 2, last: 3 } as const;

const broken = (why: string): ContainerFailure =>
  new ContainerFailure("ClientError", `(Input Error) Unable to parse record: ${why}`);

/**
 * The payloads of a RecordIO file.
 *
 * @throws ContainerFailure for another magic number, a frame that is cut off, or parts that do not fit together
 * @see https://github.com/dmlc/dmlc-core/blob/main/include/dmlc/recordio.h
 */
export function readFrames(bytes: Uint8Array): Buffer[] {
  const data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = Buffer.alloc(4);
  magic.writeUInt32LE(MAGIC);
  const payloads: Buffer[] = [];
  let parts: Buffer[] | undefined;
  for (let at = 0; at < data.length; ) {
    if (at + 8 > data.length) throw broken("The Record IO header is cut off.");
    if (data.readUInt32LE(at) !== MAGIC) throw broken("The Record IO header does not start with the magic number.");
    const word = data.readUInt32LE(at + 4);
    const part = word >>> LENGTH_BITS;
    const length = word & LONGEST;
    const end = at + 8 + length;
    if (end > data.length) throw broken("The Record IO record is cut off.");
    const payload = data.subarray(at + 8, end);
    // Padding brings the next frame to a multiple of 4; the last one may lack it.
    at = end + (-length & 3);
    const begins = part === Part.whole || part === Part.first;
    if (part > Part.last || begins === (parts !== undefined)) throw broken("The Record IO parts do not fit together.");
    if (part === Part.whole) payloads.push(payload);
    else if (part === Part.first) parts = [payload];
    else parts?.push(magic, payload);
    if (part === Part.last && parts) {
      payloads.push(Buffer.concat(parts));
      parts = undefined;
    }
  }
  if (parts) throw broken("The Record IO record is cut off.");
  return payloads;
}

/** One payload as a frame, in one part as SageMaker writes it. */
export function writeFrame(payload: Uint8Array): Buffer {
  const frame = Buffer.alloc(8 + payload.length + (-payload.length & 3));
  frame.writeUInt32LE(MAGIC, 0);
  frame.writeUInt32LE(payload.length, 4);
  frame.set(payload, 8);
  return frame;
}
