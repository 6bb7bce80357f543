import { isUtf8 } from "node:buffer";
import { StepError } from "@keyspaces-segmentation/common";

/** So many characters of ASCII in a row, each with a NUL beside it, are UTF-16 and no stray NULs. */
const PAIRS = 6;
/** Bytes that are looked at together. */
const WINDOW = 128;
/** So many of these are ASCII in a table of eight bits a character; text in UTF-16 without a NUL has two of three at most. */
const MOSTLY = 0.9;

/**
 * Watches the bytes of a file for a change between UTF-16 and an encoding of eight bits a character, as where two exports were joined
 * byte by byte: what follows would be other characters, or no lines.
 *
 * @param encoding that of the file
 * @returns a function that takes one piece of the file after the other
 * @throws StepError, from that function
 */
export function encodingWatch(encoding: string): (piece: Uint8Array) => void {
  const isWide = encoding.startsWith("utf-16");
  let taken = 0;
  return (piece) => {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    if (isWide) {
      const high = (encoding === "utf-16le" ? 1 : 0) ^ (taken % 2);
      taken += bytes.length;
      if (lacksUtf16(bytes, high)) throw changedEncoding("UTF-16", "another encoding");
    } else if (bytes.includes(0) && hasUtf16(bytes)) throw changedEncoding(encoding, "UTF-16");
  };
}

/** The same pieces of a file, watched. */
export async function* watched(pieces: AsyncIterable<Uint8Array>, encoding: string): AsyncGenerator<Uint8Array> {
  const watch = encodingWatch(encoding);
  for await (const piece of pieces) {
    watch(piece);
    yield piece;
  }
}

function hasUtf16(bytes: Buffer): boolean {
  const last = bytes.length - 2 * PAIRS;
  for (let at = bytes.indexOf(0); at >= 0 && at <= last; at = bytes.indexOf(0, at + 1)) {
    let pairs = 0;
    while (pairs < PAIRS && bytes[at + 2 * pairs] === 0 && bytes[at + 2 * pairs + 1] !== 0) pairs++;
    if (pairs === PAIRS) return true;
    // A block of NULs, as a disk leaves them at the end of a file.
    while (bytes[at + 1] === 0) at++;
  }
  return false;
}

/** @param high where the high byte of the first pair is, 0 or 1 */
function lacksUtf16(bytes: Buffer, high: number): boolean {
  for (let from = 0; from + WINDOW <= bytes.length; from += WINDOW) {
    const window = bytes.subarray(from, from + WINDOW);
    let [narrow, turned] = [0, 0];
    for (let at = 0; at < WINDOW; at++) {
      if (window[at] !== 0) continue;
      if (at % 2 === high) narrow++;
      else turned++;
    }
    if (narrow > 0) continue;
    if (turned > WINDOW / 4 || (turned === 0 && (isCutUtf8(window) || asciiIn(window) >= MOSTLY * WINDOW))) return true;
  }
  return false;
}

/** Whether bytes are UTF-8 but for characters that they begin or end within. */
function isCutUtf8(bytes: Buffer): boolean {
  let [start, end] = [0, bytes.length];
  while (start < 3 && (bytes[start]! & 0xc0) === 0x80) start++;
  while (end > bytes.length - 3 && (bytes[end - 1]! & 0xc0) === 0x80) end--;
  if (end > 0 && bytes[end - 1]! >= 0xc0) end--;
  return isUtf8(bytes.subarray(start, end));
}

function asciiIn(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte < 0x80) count++;
  return count;
}

function changedEncoding(from: string, to: string): StepError {
  return new StepError({
    tried: `read the file in ${from}, as it begins`,
    got: `further on it is in ${to}: two files have been joined byte by byte`,
    hint: "Save each in UTF-8 and join those, or load one after the other.",
  });
}
