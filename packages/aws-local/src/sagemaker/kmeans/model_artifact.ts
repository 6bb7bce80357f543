import { buffer } from "node:stream/consumers";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import type { Matrix } from "../matrix.js";

const LIST_MAGIC = 0x112;
const ARRAY_MAGIC = 0xf993fac9;
const DENSE = 0;
const CPU = 1;
const FLOAT32 = 0;

/**
 * A matrix as an MXNet NDArray list of one unnamed float32 array, the form of `model_algo-1`. Little-endian throughout.
 * Format: apache/mxnet 1.9, src/ndarray/ndarray.cc, NDArray::Save.
 */
export function encodeNdArrayList({ values, rows, columns }: Matrix): Buffer {
  const bytes = Buffer.alloc(72 + 4 * values.length);
  let at = 0;
  const u32 = (value: number) => {
    at = bytes.writeUInt32LE(value, at);
  };
  const u64 = (value: number) => {
    at = bytes.writeBigUInt64LE(BigInt(value), at);
  };
  u64(LIST_MAGIC);
  u64(0);
  u64(1); // arrays
  u32(ARRAY_MAGIC);
  u32(DENSE);
  u32(2); // dimensions
  u64(rows);
  u64(columns);
  u32(CPU);
  u32(0); // device number
  u32(FLOAT32);
  for (const value of values) at = bytes.writeFloatLE(value, at);
  u64(0); // names
  return bytes;
}

/** The model.tar.gz that the container leaves: one file, `model_algo-1`, in a POSIX ustar archive. */
export async function packModel(centroids: Matrix): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: "model_algo-1", mode: 0o644, mtime: new Date(0) }, encodeNdArrayList(centroids));
  archive.finalize();
  return buffer(archive.pipe(createGzip()));
}
