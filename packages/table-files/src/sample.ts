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
const WHOLE = 2 ** 20;
/** What is taken of a larger one: at its beginning, in its middle, and at its end. */
const PIECE = 2 ** 17;

/**
 * A sample of a text file, plain or gzip: all of a small one, the beginning, the middle and the end of a large one. A gzip is unpacked once from end to end for it;
 * its middle is that of the compressed file.
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
      // At an even place, where a character of two bytes begins.
      const middle = 2 * Math.floor((size - PIECE) / 4);
      const pieces = [
        await piece(0, PIECE),
        await piece(middle, PIECE),
        await piece(size - PIECE - (size % 2), PIECE + (size % 2)),
      ];
      return { pieces, size, whole: false };
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw readFailure(path, cause);
  }
}

async function sampleGzip(path: string, signal: AbortSignal | undefined): Promise<Sample> {
  const half = (await compressedSize(path)) / 2;
  let consumed = 0;
  let size = 0;
  const head = new Piece(0, WHOLE);
  let middle: Piece | undefined;
  let tail: Uint8Array[] = [];
  let tailLength = 0;
  const onBytes = (count: number) => {
    consumed += count;
  };
  for await (const bytes of openBytes(path, { gzip: true, onBytes, signal })) {
    head.add(bytes);
    // At an even place, where a character of two bytes begins.
    if (consumed >= half && head.isFull && size % 2 === 0) middle ??= new Piece(size, PIECE);
    middle?.add(bytes);
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
  const first = head.all(PIECE);
  const between = middle?.all(Math.min(PIECE, end.offset - middle.offset));
  return { pieces: between && between.bytes.length > 0 ? [first, between, end] : [first, end], size, whole: false };
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

  get isFull(): boolean {
    return this.#length >= this.#most;
  }

  add(bytes: Uint8Array): void {
    if (this.isFull) return;
    const part = bytes.subarray(0, this.#most - this.#length);
    this.#parts.push(part);
    this.#length += part.length;
  }

  /** The first so many of them. */
  all(length: number): { bytes: Uint8Array; offset: number } {
    return { bytes: new Uint8Array(Buffer.concat(this.#parts).subarray(0, Math.max(0, length))), offset: this.offset };
  }
}
