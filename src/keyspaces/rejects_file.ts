import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { finished } from "node:stream/promises";
import { csvField } from "../retail/csv.js";
import type { Reject } from "../retail/parse.js";

/** The CSV of the lines that could not be stored: `line_number,reason,line`, the line as it stood in the data. */
export interface RejectsFile {
  add(reject: Reject): Promise<void>;
  close(): Promise<void>;
}

/** One line of the file. Quotes are doubled and fields quoted where RFC 4180 asks for it. */
export function formatReject({ lineNumber, reason, line }: Reject): string {
  return `${lineNumber},${csvField(reason)},${csvField(line)}\n`;
}

/** Opens the file, replacing an older one, and writes its header, so that "no rejects" is a file too. */
export async function openRejectsFile(path: string): Promise<RejectsFile> {
  await mkdir(dirname(path), { recursive: true });
  const stream = createWriteStream(path);
  await once(stream, "open");
  const write = async (text: string): Promise<void> => {
    if (!stream.write(text)) await once(stream, "drain");
  };
  await write("line_number,reason,line\n");
  return {
    add: (reject) => write(formatReject(reject)),
    async close() {
      stream.end();
      await finished(stream);
    },
  };
}
