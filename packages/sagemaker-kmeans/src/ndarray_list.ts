import { StepError } from "@keyspaces-segmentation/common";
import type { Matrix } from "@keyspaces-segmentation/kmeans";

/*
 * The file format of mx.nd.save: a list of arrays, little-endian throughout
 * (apache/mxnet v1.9.x, src/ndarray/ndarray.cc and include/mxnet/tuple.h).
 */
const LIST_MAGIC = 0x112n;
/** Array records of MXNet 0.11 and of 0.12 to 1.9; older ones start with their number of dimensions. */
const RECORD_V1 = 0xf993fac8;
const RECORD_V2 = 0xf993fac9;
const DENSE = 0;
const CPU = 1;
const FLOAT32 = 0;
const FLOAT64 = 1;
/** What a model of centroids may have at most; more is not one. */
const MAX_ARRAYS = 64;
const MAX_DIMENSIONS = 32;
const MAX_ELEMENTS = 1 << 24;

/** An array of any number of dimensions, row-major. */
interface NDArray {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/**
 * Reads the one matrix in an MXNet NDArray list file. Names and anything after the arrays are ignored.
 *
 * @throws StepError when the bytes are cut short or no such list, or it holds no matrix, several, or one of another
 *   type than dense float32 or float64
 */
export function readMatrix(bytes: Uint8Array): Matrix {
  const reader = readerOf(bytes);
  if (reader.u64() !== LIST_MAGIC) throw refusal("it does not start like a list of MXNet arrays");
  reader.u64(); // reserved
  const count = reader.u64();
  if (count > MAX_ARRAYS) throw refusal(`it claims ${count} arrays`);
  const arrays = Array.from({ length: Number(count) }, () => readArray(reader));
  const matrices = arrays.filter(({ shape }) => shape.length === 2);
  const [matrix] = matrices;
  if (matrix === undefined || matrices.length > 1) {
    const shapes = arrays.map(({ shape }) => shape.join(" × ") || "none").join(", ");
    throw refusal(`expected one array of two dimensions, got ${arrays.length === 0 ? "no array" : shapes}`);
  }
  return { values: matrix.values, rows: matrix.shape[0]!, columns: matrix.shape[1]! };
}

/** Writes a matrix as SageMaker's k-means writes its model: one dense float32 array without a name. */
export function writeMatrix({ values, rows, columns }: Matrix): Uint8Array {
  const header = [...u64(LIST_MAGIC), ...u64(0n), ...u64(1n), ...u32(RECORD_V2), ...u32(DENSE), ...u32(2)];
  const shape = [...u64(BigInt(rows)), ...u64(BigInt(columns)), ...u32(CPU), ...u32(0), ...u32(FLOAT32)];
  const data = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => {
    data.setFloat32(4 * i, value, true);
  });
  return Buffer.concat([Buffer.from([...header, ...shape]), Buffer.from(data.buffer), Buffer.from(u64(0n))]);
}

function readArray(reader: Reader): NDArray {
  const magic = reader.u32();
  const current = magic === RECORD_V2 || magic === RECORD_V1;
  if (magic === RECORD_V2 && reader.u32() !== DENSE) throw refusal("an array is sparse");
  const dimensions = current ? reader.u32() : magic;
  if (dimensions > MAX_DIMENSIONS) throw refusal("an array is of an unknown version, or has more than 32 dimensions");
  const shape: number[] = [];
  let elements = 1n;
  for (let i = 0; i < dimensions; i++) {
    const length = current ? reader.u64() : BigInt(reader.u32());
    elements *= length;
    if (elements > MAX_ELEMENTS || length > MAX_ELEMENTS) throw refusal("an array has more than 16,777,216 numbers");
    shape.push(Number(length));
  }
  if (dimensions === 0) return { shape, values: new Float64Array() };
  reader.u64(); // device: data are saved from main memory wherever they were
  const type = reader.u32();
  if (type !== FLOAT32 && type !== FLOAT64) throw refusal(`an array is of type ${type}, not float32 or float64`);
  return { shape, values: reader.floats(Number(elements), type === FLOAT32 ? 4 : 8) };
}

interface Reader {
  readonly u32: () => number;
  readonly u64: () => bigint;
  /** So many floats of 4 or 8 bytes; memory is taken only once the bytes are known to be there. */
  readonly floats: (count: number, size: 4 | 8) => Float64Array;
}

/** Reads on from where it stands; never past the end. */
function readerOf(bytes: Uint8Array): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  const advance = (size: number): number => {
    if (at + size > bytes.length) throw refusal(`it is cut short at ${bytes.length} bytes`);
    at += size;
    return at - size;
  };
  return {
    u32: () => view.getUint32(advance(4), true),
    u64: () => view.getBigUint64(advance(8), true),
    floats: (count, size) => {
      const start = advance(count * size);
      const values = new Float64Array(count);
      for (let i = 0; i < count; i++) {
        values[i] = size === 4 ? view.getFloat32(start + 4 * i, true) : view.getFloat64(start + 8 * i, true);
      }
      return values;
    },
  };
}

function u32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}

function refusal(got: string): StepError {
  return new StepError({ tried: "read the model's centroids", got });
}
