import { isAscii, isUtf8 } from "node:buffer";
import { TextDecoder } from "node:util";
import { codePageDecoder, isUndefinedInWindows1252 } from "./code_pages.js";
import { noCounts, type TextCounts, type TextFormat } from "./text_format.js";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** A line or record may be as long as a row of Amazon Keyspaces. In bytes of UTF-8. */
export const LONGEST_RECORD: number = 1 << 20;
const CHUNK_BYTES = 1 << 16;
const MARKS = /^\uFEFF+/;

/** Takes the next bytes of a file, cut anywhere; `undefined` is its end. Gives the text of the lines completed by them. */
export type LineDecoder = (chunk: Uint8Array | undefined) => string;

/**
 * Turns bytes, cut anywhere, into text that ends at line ends; only the last text may lack one. Byte order marks in front and NULs are
 * left out. With line ends `cr` a carriage return alone becomes a line feed. Of a line longer than {@link LONGEST_RECORD} only
 * the first bytes are kept, one more than that, so that memory does not grow with it.
 *
 * A line of a UTF-8 file that is not valid UTF-8 is read as Windows-1252, the encoding spreadsheets write otherwise, so
 * that a pound sign in a description does not cost the line; and so is one of UTF-8 in a file of eight bits a character.
 *
 * @param counts told how many NULs were left out and how many lines were in the other encoding
 */
export function lineDecoder(
  { encoding, lineEnd }: Pick<TextFormat, "encoding" | "lineEnd">,
  counts: TextCounts = noCounts(),
): LineDecoder {
  const returns = lineEnd === "cr";
  const eightBits = encoding === "utf-8" ? undefined : eightBitDecoder(encoding);
  const decode = encoding === "utf-8" ? utf8Decoder(returns, counts) : eightBits && mixed(eightBits, returns, counts);
  const lines = decode
    ? linesOfBytes(decode, returns, counts)
    : linesOfText(new TextDecoder(encoding, { ignoreBOM: true }), returns, counts);
  let first = true;
  return (chunk) => {
    const text = chunk === undefined || chunk.length <= CHUNK_BYTES ? lines(chunk) : inParts(chunk, lines);
    if (!first || text === "") return text;
    first = false;
    return text.replace(MARKS, "");
  };
}

/** So that a line which is too long spans several chunks, and is cut at the same place, however it comes. */
function inParts(chunk: Uint8Array, lines: LineDecoder): string {
  let text = "";
  for (let at = 0; at < chunk.length; at += CHUNK_BYTES) text += lines(chunk.subarray(at, at + CHUNK_BYTES));
  return text;
}

/** For encodings in which the bytes of line ends stand for nothing else. */
function linesOfBytes(decode: (bytes: Buffer) => string, returns: boolean, counts: TextCounts): LineDecoder {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  /** A carriage return that ended a chunk: a line feed may follow. */
  let held = false;
  const keep = (bytes: Uint8Array): void => {
    const kept = bytes.subarray(0, LONGEST_RECORD + 1 - pendingBytes);
    // A copy (which slice() of a Buffer is not): whoever made the chunk may fill it again.
    if (kept.length > 0) pending.push(new Uint8Array(kept));
    pendingBytes += kept.length;
  };
  const finish = (last: Buffer): string => {
    const text = decode(pending.length === 0 ? last : Buffer.concat([...pending, last]));
    pending = [];
    pendingBytes = 0;
    return returns ? withoutReturns(text) : text;
  };

  return (chunk) => {
    if (chunk === undefined) {
      const last = Buffer.from(held ? "\n" : "");
      held = false;
      return pendingBytes + last.length > 0 ? finish(last) : "";
    }
    let bytes: Buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    if (bytes.includes(0)) bytes = withoutNuls(bytes, counts);
    if (returns && bytes.length > 0) {
      if (held) bytes = Buffer.concat([Buffer.from("\r"), bytes]);
      held = bytes.at(-1) === CARRIAGE_RETURN;
      if (held) bytes = bytes.subarray(0, -1);
    }
    const end = lastLineEnd(bytes, returns) + 1;
    let text = "";
    let start = 0;
    if (end > 0 && pendingBytes > 0) {
      start = firstLineEnd(bytes, returns);
      keep(bytes.subarray(0, start));
      const behind = start + (bytes[start] === CARRIAGE_RETURN && bytes[start + 1] === LINE_FEED ? 2 : 1);
      text = finish(bytes.subarray(start, behind));
      start = behind;
    }
    if (start < end) text += finish(bytes.subarray(start, end));
    if (end < bytes.length) keep(bytes.subarray(end));
    return text;
  };
}

function withoutNuls(bytes: Buffer, counts: TextCounts): Buffer {
  const kept = bytes.filter((byte) => byte !== 0);
  counts.nulBytes += bytes.length - kept.length;
  return Buffer.from(kept.buffer, kept.byteOffset, kept.length);
}

function lastLineEnd(bytes: Buffer, returns: boolean): number {
  const feed = bytes.lastIndexOf(LINE_FEED);
  return returns ? Math.max(feed, bytes.lastIndexOf(CARRIAGE_RETURN)) : feed;
}

function firstLineEnd(bytes: Buffer, returns: boolean): number {
  const feed = bytes.indexOf(LINE_FEED);
  const carriageReturn = returns ? bytes.indexOf(CARRIAGE_RETURN) : -1;
  return carriageReturn >= 0 && (feed < 0 || carriageReturn < feed) ? carriageReturn : feed;
}

function withoutReturns(text: string): string {
  return text.replace(/\r(?!\n)/g, "\n");
}

function utf8Decoder(returns: boolean, counts: TextCounts): (bytes: Buffer) => string {
  const windows1252 = codePageDecoder("windows-1252")!;
  return (bytes) => {
    if (isAscii(bytes)) return bytes.toString("latin1");
    if (isUtf8(bytes)) return bytes.toString("utf8");
    return eachLine(bytes, returns, (line) => {
      if (isUtf8(line)) return line.toString("utf8");
      if (line.length > LONGEST_RECORD || line.some(isUndefinedInWindows1252)) {
        // A line of UTF-8 that was cut within a character, not a line in another encoding.
        counts.damagedLines++;
        return line.toString("utf8");
      }
      counts.linesInWindows1252++;
      return windows1252(line);
    });
  };
}

function eachLine(bytes: Buffer, returns: boolean, decode: (line: Buffer) => string): string {
  let text = "";
  for (let start = 0; start < bytes.length; ) {
    const end = start + firstLineEnd(bytes.subarray(start), returns) + 1;
    const line = bytes.subarray(start, end > start ? end : bytes.length);
    start += line.length;
    text += decode(line);
  }
  return text;
}

const EIGHT_BITS = /^(?:windows-\d+|iso-8859-.*|koi8-.|macintosh|x-mac-.*|ibm866)$/;

/** Decodes the bytes of whole lines in an encoding of eight bits a character; undefined for another. */
function eightBitDecoder(encoding: string): ((bytes: Buffer) => string) | undefined {
  const own = codePageDecoder(encoding);
  if (own !== undefined || !EIGHT_BITS.test(encoding)) return own;
  const decoder = new TextDecoder(encoding, { ignoreBOM: true });
  return (bytes) => decoder.decode(bytes);
}

/** Two bytes that may be a character of UTF-8, and hardly stand side by side in another text. */
const PERHAPS_UTF8 = /[\xc2-\xf4][\x80-\xbf]/;
/** Letters of Europe, punctuation, currencies: what a text that is one word of capitals and a sign (É®) is taken for is none of these. */
const USUAL = /[\u00a0-\u017f\u2010-\u20bf]/;

/** A decoder of eight bits a character that knows lines of UTF-8, as where exports of two programs were joined. */
function mixed(decode: (bytes: Buffer) => string, returns: boolean, counts: TextCounts): (bytes: Buffer) => string {
  const isText = (line: string): boolean => USUAL.test(line) || (line.match(/[^\0-\x7f]/g)?.length ?? 0) > 1;
  return (bytes) => {
    if (isAscii(bytes)) return bytes.toString("latin1");
    if (!PERHAPS_UTF8.test(bytes.toString("latin1"))) return decode(bytes);
    return eachLine(bytes, returns, (line) => {
      if (isAscii(line) || !isUtf8(line)) return decode(line);
      const text = line.toString("utf8");
      if (!isText(text)) return decode(line);
      counts.linesInUtf8++;
      return text;
    });
  };
}

/** For all other encodings. */
function linesOfText(decoder: TextDecoder, returns: boolean, counts: TextCounts): LineDecoder {
  let rest = "";
  let held = "";
  return (chunk) => {
    let text = held + (chunk === undefined ? decoder.decode() : decoder.decode(chunk, { stream: true }));
    held = "";
    if (text.includes("\0")) {
      const { length } = text;
      text = text.replaceAll("\0", "");
      counts.nulBytes += length - text.length;
    }
    if (returns && chunk !== undefined && text.endsWith("\r")) {
      held = "\r";
      text = text.slice(0, -1);
    }
    if (returns) text = withoutReturns(text);
    const first = text.indexOf("\n");
    const room = LONGEST_RECORD + 1 - rest.length;
    const line = rest + text.slice(0, Math.min(room, first < 0 ? text.length : first));
    const end = text.lastIndexOf("\n") + 1;
    // Half a character of UTF-16 may stand behind the last one.
    if (chunk === undefined) rest = (end > 0 ? text.slice(end) : line).replace(/^\uFFFD$/, "");
    else rest = end > 0 ? text.slice(end) : line;
    const whole = end > 0 ? line + text.slice(first, end) : "";
    return chunk === undefined ? whole + rest : whole;
  };
}
