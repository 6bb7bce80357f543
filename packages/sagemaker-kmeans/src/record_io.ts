import type { Matrix } from "@keyspaces-segmentation/kmeans";

/*
 * RecordIO frames (dmlc-core, include/dmlc/recordio.h) around protobuf messages `aialgs.data.Record`
 * (https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html).
 */
const MAGIC = 0xced7230a;
/** Upper bits of a frame's length: the whole payload, or its first, a middle or its last part. */
const WHOLE = 0;
const FIRST = 1;
const MIDDLE = 2;
const LAST = 3;

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

/** A length-delimited field of a protobuf message. */
const field = (number: number, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(content.length)]), content]);

/** A record of zeros, `features: {"values": {float32_tensor: {values: […]}}}`, that ends with the bytes of its numbers. */
function emptyRecord(columns: number): Buffer {
  const tensor = field(1, Buffer.alloc(4 * columns));
  const value = field(2, tensor);
  return field(1, Buffer.concat([field(1, Buffer.from("values")), field(2, value)]));
}

const padded = (length: number): number => (length + 3) & ~3;

/** Writes a frame at an offset of zeroed bytes and returns the offset after it. */
function putFrame(into: Buffer, at: number, flag: number, payload: Uint8Array): number {
  into.writeUInt32LE(MAGIC, at);
  into.writeUInt32LE(((flag << 29) | payload.length) >>> 0, at + 4);
  into.set(payload, at + 8);
  return at + 8 + padded(payload.length);
}

/** Offsets, multiples of four, at which the payload looks like the start of a frame. */
function magicsIn(payload: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at + 4 <= payload.length; at += 4) if (payload.readUInt32LE(at) === MAGIC) found.push(at);
  return found;
}

/** The payload in several frames, cut at each magic number, which readers put back. */
function splitFrames(payload: Buffer, magics: readonly number[]): Buffer {
  const frames = Buffer.alloc((magics.length + 1) * 12 + payload.length);
  let at = 0;
  let start = 0;
  for (const magic of magics) {
    at = putFrame(frames, at, start === 0 ? FIRST : MIDDLE, payload.subarray(start, magic));
    start = magic + 4;
  }
  return frames.subarray(0, putFrame(frames, at, LAST, payload.subarray(start)));
}

/**
 * Writes rows of a matrix as SageMaker's RecordIO-protobuf: per row one dense vector of float32, no label.
 *
 * @param rows indices of the rows to write, in this order
 */
export function rowsToRecordIo({ values, columns }: Matrix, rows: Uint32Array): Uint8Array {
  const payload = emptyRecord(columns);
  const floats = payload.length - 4 * columns;
  const frame = 8 + padded(payload.length);
  const parts: Buffer[] = [];
  let slab = Buffer.alloc(rows.length * frame);
  let at = 0;
  rows.forEach((row, written) => {
    for (let j = 0; j < columns; j++) payload.writeFloatLE(values[row * columns + j]!, floats + 4 * j);
    const magics = magicsIn(payload);
    if (magics.length === 0) {
      at = putFrame(slab, at, WHOLE, payload);
    } else {
      parts.push(slab.subarray(0, at), splitFrames(payload, magics));
      slab = Buffer.alloc((rows.length - written - 1) * frame);
      at = 0;
    }
  });
  return parts.length === 0 ? slab : Buffer.concat([...parts, slab]);
}
