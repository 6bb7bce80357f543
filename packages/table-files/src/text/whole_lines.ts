import type { Sample } from "../bytes/sample.js";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The whole lines of a piece: those that it begins or ends within may be cut within a character. */
export interface WholePart {
  readonly lines: Buffer;
  readonly lineEnd: number;
}

/** Those of each piece. */
export function* wholeParts({ pieces, size }: Sample): Generator<WholePart> {
  for (const { bytes, offset } of pieces) {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    // Old Macs ended lines with a carriage return alone.
    const lineEnd = buffer.includes(LINE_FEED) ? LINE_FEED : CARRIAGE_RETURN;
    const start = offset === 0 ? 0 : afterLine(buffer, lineEnd, 0);
    const end = offset + bytes.length >= size ? buffer.length : buffer.lastIndexOf(lineEnd) + 1;
    yield { lines: buffer.subarray(start, Math.max(start, end)), lineEnd };
  }
}

/** One after the other, each with what ends it. */
export function* linesOf({ lines, lineEnd }: WholePart): Generator<Buffer> {
  for (let start = 0; start < lines.length; ) {
    const next = afterLine(lines, lineEnd, start);
    yield lines.subarray(start, next);
    start = next;
  }
}

/** How many of them have a byte that is no ASCII. */
export function linesBeyondAscii({ lines, lineEnd }: WholePart): number {
  const toLineEnd = lineEnd === LINE_FEED ? /[\x80-\xff][^\n]*/g : /[\x80-\xff][^\r]*/g;
  return lines.toString("latin1").match(toLineEnd)?.length ?? 0;
}

/** How many lines the pieces have. */
export function lineCount(sample: Sample): number {
  let count = 0;
  for (const { lines, lineEnd } of wholeParts(sample))
    for (let at = 0; at < lines.length; at = afterLine(lines, lineEnd, at)) count++;
  return count;
}

/** Where the line that goes on from a place ends. */
function afterLine(bytes: Buffer, lineEnd: number, from: number): number {
  const at = bytes.indexOf(lineEnd, from);
  return at < 0 ? bytes.length : at + 1;
}

/** Those of all pieces. */
export function* wholeLines(sample: Sample): Generator<Buffer> {
  for (const part of wholeParts(sample)) yield* linesOf(part);
}
