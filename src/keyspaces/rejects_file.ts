import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { guardedField } from "../retail/csv.js";
import type { Reject } from "../retail/parse.js";

/** The CSV of the lines that could not be stored: `line_number,reason,line`, the line as it stood in the data. */
export interface RejectsFile {
  /** To be written with the next `flush`. */
  add(rejects: readonly Reject[]): void;
  /** Writes what was added, and answers with the length of the file in bytes. */
  flush(): Promise<number>;
  close(): Promise<void>;
}

const HEADER = "line_number,reason,line\n";

/**
 * One line of the file. Quotes are doubled and fields quoted where RFC 4180 asks for it; a line that a spreadsheet would run as a formula
 * has an apostrophe before it, and without that is the line as it stood in the data.
 */
export function formatReject({ lineNumber, reason, line }: Reject): string {
  return `${lineNumber},${guardedField(reason)},${guardedField(line)}\n`;
}

/**
 * Opens the file. Its header is written at once, so that "no rejects" is a file too.
 *
 * @param keepBytes goes on behind so many bytes of an older file, and drops what follows; 0 replaces it
 */
export async function openRejectsFile(path: string, keepBytes = 0): Promise<RejectsFile> {
  await mkdir(dirname(path), { recursive: true });
  const file = await open(path, keepBytes === 0 ? "w" : "a");
  let bytes = keepBytes;
  let waiting = "";
  const rejects: RejectsFile = {
    add(more) {
      for (const reject of more) waiting += formatReject(reject);
    },
    async flush() {
      const text = Buffer.from(waiting);
      waiting = "";
      if (text.length > 0) await file.appendFile(text);
      bytes += text.length;
      return bytes;
    },
    async close() {
      try {
        await rejects.flush();
      } finally {
        await file.close();
      }
    },
  };
  try {
    await file.truncate(keepBytes);
    if (keepBytes === 0) waiting = HEADER;
    await rejects.flush();
    return rejects;
  } catch (error) {
    await file.close();
    throw error;
  }
}
