import type { Sample } from "../bytes/sample.js";
import { lineDecoder } from "./decode.js";
import type { LineEnd } from "./text_format.js";

/** The text of each piece, also of lines that it begins or ends within. */
export function uncutTexts({ pieces }: Sample, encoding: string): string[] {
  return pieces.map((piece) => {
    const decode = lineDecoder({ encoding, lineEnd: "lf" });
    return decode(aligned(piece, encoding)) + decode(undefined);
  });
}

/** Text from the start of a line on. */
export interface SampleText {
  readonly text: string;
  /** Whether the file ends where it ends. */
  readonly atEnd: boolean;
}

/** The text of each piece, without the lines that a piece begins or ends within. */
export function sampleTexts({ pieces, size }: Sample, encoding: string, lineEnd: LineEnd): SampleText[] {
  return pieces.map((piece, at) => {
    const decode = lineDecoder({ encoding, lineEnd });
    const lines = decode(aligned(piece, encoding));
    const last = decode(undefined);
    const atEnd = piece.offset + piece.bytes.length >= size;
    const text = atEnd ? lines + last : lines;
    return { text: at === 0 ? text : text.slice(text.indexOf("\n") + 1 || text.length), atEnd };
  });
}

/** Characters of UTF-16 begin at even places of the file. */
function aligned({ bytes, offset }: Sample["pieces"][number], encoding: string): Uint8Array {
  return encoding.startsWith("utf-16") && offset % 2 === 1 ? bytes.subarray(1) : bytes;
}
