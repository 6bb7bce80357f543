import type { Matrix } from "../matrix.js";

const LIST_MAGIC = 0x112n;
/** Record versions by their first word; older records begin with the number of dimensions. */
const V1 = 0xf993fac8;
const V2 = 0xf993fac9;
const V3 = 0xf993faca;
const FLOAT32 = 0;
const FLOAT64 = 1;
const MOST_DIMENSIONS = 32;

/** Reads on, and throws where the file ends too early. */
class Cursor {
  #at = 0;
  readonly #data: Buffer;

  constructor(bytes: Uint8Array) {
    this.#data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  take(length: number): Buffer {
    const end = this.#at + length;
    if (!Number.isSafeInteger(length) || length < 0 || end > this.#data.length)
      throw new RangeError("it ends too early");
    const taken = this.#data.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
  u32 = (): number => this.take(4).readUInt32LE();
  i32 = (): number => this.take(4).readInt32LE();
  u64 = (): bigint => this.take(8).readBigUInt64LE();
}

/** A record's dimensions; `undefined` where it holds no array. */
function readShape(cursor: Cursor): number[] | undefined {
  const version = cursor.u32();
  const legacy = version !== V1 && version !== V2 && version !== V3;
  if (version === V2 || version === V3) {
    const storage = cursor.i32();
    if (storage !== 0) throw new RangeError(`storage type ${storage} is not dense`);
  }
  const dimensions = legacy ? version : cursor.i32();
  if (dimensions === 0) return undefined;
  if (dimensions < 0 || dimensions > MOST_DIMENSIONS) throw new RangeError(`it has ${dimensions} dimensions`);
  return Array.from({ length: dimensions }, () => (legacy ? cursor.u32() : Number(cursor.u64())));
}

/**
 * The one matrix of an MXNet NDArray list, the form of `model_algo-1`.
 * Format: apache/mxnet 1.9, src/ndarray/ndarray.cc, NDArray::Load; all four versions of a record.
 *
 * @throws RangeError for what is no such list, or holds anything but one matrix of finite floats
 */
export function readNdArrayList(bytes: Uint8Array): Matrix {
  const cursor = new Cursor(bytes);
  if (cursor.u64() !== LIST_MAGIC) throw new RangeError("it is no NDArray list");
  cursor.u64();
  const arrays = cursor.u64();
  if (arrays !== 1n) throw new RangeError(`it holds ${arrays} arrays, not one`);
  const shape = readShape(cursor);
  const [rows = 0, columns = 0] = shape ?? [];
  if (shape?.length !== 2 || rows < 1 || columns < 1) throw new RangeError(`its shape is ${shape?.join(" x ")}`);
  cursor.take(8); // The device it was on.
  const type = cursor.i32();
  if (type !== FLOAT32 && type !== FLOAT64) throw new RangeError(`its numbers are of type ${type}`);
  const size = type === FLOAT32 ? 4 : 8;
  const data = cursor.take(rows * columns * size);
  const values = new Float64Array(rows * columns);
  for (let i = 0; i < values.length; i++) values[i] = size === 4 ? data.readFloatLE(4 * i) : data.readDoubleLE(8 * i);
  if (!values.every(Number.isFinite)) throw new RangeError("a value is not finite");
  const names = cursor.u64();
  if (names !== 0n && names !== arrays) throw new RangeError(`it has ${names} names for ${arrays} arrays`);
  return { values, rows, columns };
}
