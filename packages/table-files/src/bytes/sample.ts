import { open } from "node:fs/promises";
import { openBytes, readFailure } from "./file_bytes.js";
import { kindOfFile } from "./file_kind.js";

/** Enough of a file's bytes, unpacked where it is gzip, to tell how it is meant. */
export interface Sample {
  /** Pieces in the order of the file, apart from one another, with the place of each among the (unpacked) bytes. The first begins at 0, the last ends with the file. */
  readonly pieces: readonly { readonly bytes: Uint8Array; readonly offset: number }[];
  /** How many bytes there are in all, unpacked. */
  readonly size: number;
  /** Whether the sample is all of the file, in one piece. */
  readonly whole: boolean;
}

/** Up to this size a file is taken whole. */
const WHOLE = 5 * 2 ** 19;
/** What is taken of a larger one at its beginning and at its end. */
const PIECE = 2 ** 17;
/** Between these, so many pieces of some dozens of lines, evenly: what holds for half a percent of the file in a row is seen. */
const WINDOWS = 256;
const WINDOW = 2 ** 13;

/**
 * A sample of a text file, plain or gzip: all of a small one; of a large one the beginning, the end, and small pieces all over what is between.
 * A gzip is unpacked once from end to end for it, and its pieces are spread over the compressed file.
 *
 * @throws StepError where it cannot be read, is damaged, or is of a kind that is no text
 */
export async function sampleFile(path: string, { signal }: { signal?: AbortSignal } = {}): Promise<Sample> {
  const kind = await kindOfFile(path);
  return kind === "gzip" ? sampleGzip(path, signal) : samplePlain(path);
}

async function samplePlain(path: string): Promise<Sample> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const piece = async (offset: number, length: number) => {
        const bytes = new Uint8Array(length);
        let filled = 0;
        while (filled < length) {
          const { bytesRead } = await file.read(bytes, filled, length - filled, offset + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
        return { bytes: bytes.subarray(0, filled), offset };
      };
      if (size <= WHOLE) return { pieces: [await piece(0, size)], size, whole: true };
      const pieces = [await piece(0, PIECE)];
      const tail = size - PIECE - (size % 2);
      for (let window = 0; window < WINDOWS; window++) {
        // At an even place, where a character of two bytes begins.
        const at = PIECE + 2 * Math.floor(((tail - PIECE - WINDOW) * (window + 0.5)) / WINDOWS / 2);
        pieces.push(await piece(at, WINDOW));
      }
      pieces.push(await piece(tail, size - tail));
      return { pieces, size, whole: false };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw readFailure(path, cause);
  }
}

async function sampleGzip(path: string, signal: AbortSignal | undefined): Promise<Sample> {
  const packedSize = await compressedSize(path);
  let consumed = 0;
  let size = 0;
  const head = new Piece(0, WHOLE);
  const windows: Piece[] = [];
  let tail: Uint8Array[] = [];
  let tailLength = 0;
  const onBytes = (count: number) => {
    consumed += count;
  };
  for await (const bytes of openBytes(path, { gzip: true, onBytes, signal })) {
    head.add(bytes);
    const isDue = consumed >= (packedSize * (windows.length + 0.5)) / WINDOWS;
    // At an even place, where a character of two bytes begins.
    if (isDue && size >= PIECE && size % 2 === 0) windows.push(new Piece(size, WINDOW));
    windows.at(-1)?.add(bytes);
    tail.push(bytes);
    tailLength += bytes.length;
    while (tailLength - (tail[0]?.length ?? 0) >= PIECE + 1) tailLength -= tail.shift()?.length ?? 0;
    size += bytes.length;
  }
  if (size <= WHOLE) return { pieces: [head.all(size)], size, whole: true };
  const last = Buffer.concat(tail);
  const length = Math.min(last.length, PIECE + (size % 2));
  tail = [];
  const end = { bytes: new Uint8Array(last.subarray(last.length - length)), offset: size - length };
  const between = windows.filter(({ offset }) => offset + WINDOW <= end.offset).map((each) => each.all(WINDOW));
  return { pieces: [head.all(PIECE), ...between, end], size, whole: false };
}

async function compressedSize(path: string): Promise<number> {
  const file = await open(path);
  try {
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

/** Bytes gathered from a place on, up to so many. */
class Piece {
  readonly offset: number;
  readonly #most: number;
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  constructor(offset: number, most: number) {
    this.offset = offset;
    this.#most = most;
  }

  add(bytes: Uint8Array): void {
    if (this.#length >= this.#most) return;
    const part = bytes.subarray(0, this.#most - this.#length);
    this.#parts.push(part);
    this.#length += part.length;
  }

  /** The first so many of them. */
  all(length: number): { bytes: Uint8Array; offset: number } {
    return { bytes: new Uint8Array(Buffer.concat(this.#parts).subarray(0, Math.max(0, length))), offset: this.offset };
  }
}
