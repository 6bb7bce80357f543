import { isUtf8 } from "node:buffer";
import { StepError } from "@keyspaces-segmentation/common";

const NEWLINE = 0x0a;
/** Longer lines than this mean that the file is no table of text. */
const MAX_LINE_BYTES = 1 << 20;

/**
 * Turns bytes, cut anywhere, into texts that end at line ends; only the last text may lack one. A byte order mark is dropped.
 * Text is UTF-8; a line that is not valid UTF-8 is read as Windows-1252, the encoding spreadsheets write otherwise,
 * so that a pound sign in a description does not cost the line.
 *
 * @throws StepError for a line longer than 1 MiB
 */
export async function* decodeLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let first = true;
  const finish = (last: Uint8Array): string => {
    const text = decode(Buffer.concat([...pending, last]));
    pending = [];
    pendingBytes = 0;
    const start = first && text.startsWith("\uFEFF") ? 1 : 0;
    first = false;
    return text.slice(start);
  };

  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end > 0) yield finish(chunk.subarray(0, end));
    if (end === chunk.length) continue;
    // A copy (which slice() of a Buffer is not): whoever made the chunk may fill it again.
    pending.push(new Uint8Array(chunk.subarray(end)));
    pendingBytes += chunk.length - end;
    if (pendingBytes > MAX_LINE_BYTES) {
      throw new StepError({
        tried: "read invoice lines",
        got: "a line is longer than 1 MiB",
        hint: "Expected a CSV file of invoice lines, uncompressed.",
      });
    }
  }
  if (pendingBytes > 0) yield finish(new Uint8Array());
}

function decode(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString("utf8");
  const windows1252 = new TextDecoder("windows-1252");
  let text = "";
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.subarray(start, end);
    text += isUtf8(line) ? line.toString("utf8") : windows1252.decode(line);
    start = end;
  }
  return text;
}
