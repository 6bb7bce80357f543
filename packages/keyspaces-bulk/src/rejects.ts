import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { ArgumentError, guardedField, writeFailure, writeWhole } from "@keyspaces-segmentation/common";
import type { Reject } from "./source.js";

/** How many lines may be rejected before the run stops: a number of them, or a share of those read, such as "5%". */
export type MaxRejects = number | `${number}%`;

/** A share says nothing about the first few lines. */
const ENOUGH_LINES = 1000;

export const maxRejectsRule = 'a number of lines or a percentage such as "5%"';

/** Undefined for what is none. */
export function acceptMaxRejects(value: unknown): MaxRejects | undefined {
  if (typeof value === "number") return value >= 0 && value < Number.POSITIVE_INFINITY ? value : undefined;
  const [text, digits] = /^(\d+(?:\.\d+)?)%$/.exec(String(value)) ?? [];
  return Number(digits) <= 100 ? (text as MaxRejects) : undefined;
}

/**
 * @returns a function that tells whether so many rejects among so many lines are too many
 * @throws ArgumentError
 */
export function readMaxRejects(maxRejects: MaxRejects): (rejected: number, lines: number) => boolean {
  const most = acceptMaxRejects(maxRejects);
  if (most === undefined) throw new ArgumentError("maxRejects", maxRejectsRule, maxRejects);
  if (typeof most === "number") return (rejected) => rejected > most;
  const percent = Number(most.slice(0, -1));
  return (rejected, lines) => lines >= ENOUGH_LINES && rejected * 100 > percent * lines;
}

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
 * Opens the file. Its header is written at once, so that "no rejects" is a file too; an older file is there until then.
 *
 * What is added stays in memory until all of it is on the disk: after a failure, be it of a full disk in the middle of a line,
 * `flush` writes it again from the place where it belongs.
 *
 * @param keepBytes goes on behind so many bytes of an older file, and drops what follows; 0 replaces it
 * @throws StepError when it cannot be opened or written; `flush` and `close` as well
 */
export async function openRejectsFile(path: string, keepBytes = 0): Promise<RejectsFile> {
  const telling = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw writeFailure("the rejected lines", path, error, "run it again: it goes on from here");
    }
  };
  const file = await telling(keepBytes === 0 ? replace(path) : openAt(path, keepBytes));
  let bytes = keepBytes === 0 ? HEADER.length : keepBytes;
  let waiting = "";
  const flush = async (): Promise<number> => {
    const text = waiting;
    if (text === "") return bytes;
    const added = Buffer.from(text);
    await writeAt(file, added, bytes);
    await file.datasync();
    waiting = waiting.slice(text.length);
    bytes += added.length;
    return bytes;
  };
  return {
    add(more) {
      for (const reject of more) waiting += formatReject(reject);
    },
    flush: () => telling(flush()),
    async close() {
      try {
        await telling(flush());
      } finally {
        await file.close();
      }
    },
  };
}

/** Opens a new file with the header, in the place of an older one. */
async function replace(path: string): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, HEADER);
  return open(path, "r+");
}

/** Opens a file that is there, cut to a length. */
async function openAt(path: string, length: number): Promise<FileHandle> {
  const file = await open(path, "r+");
  try {
    await file.truncate(length);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Writes all of the bytes: the system may take fewer than it is given. */
async function writeAt(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}
