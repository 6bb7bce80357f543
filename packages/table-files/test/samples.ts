import type { Sample } from "@keyspaces-segmentation/table-files";

/** A sample that is the whole file. */
export function wholeSample(file: Uint8Array | string): Sample {
  const bytes = typeof file === "string" ? Buffer.from(file) : file;
  return { pieces: [{ bytes, offset: 0 }], size: bytes.length, whole: true };
}

/** Head, middle and tail of a file, of so many bytes each. */
export function cutSample(bytes: Uint8Array, length: number): Sample {
  const offsets = [0, Math.floor(bytes.length / 2), bytes.length - length];
  return {
    pieces: offsets.map((offset) => ({ bytes: bytes.subarray(offset, offset + length), offset })),
    size: bytes.length,
    whole: false,
  };
}

/** The bytes in chunks of so many. */
export async function* chunksOf(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}
