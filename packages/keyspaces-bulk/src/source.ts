import { createReadStream, type ReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { messageOf, StepError } from "@keyspaces-segmentation/common";

/** A record of a file that is not stored. */
export interface Reject {
  /** Line of the file, counted from 1. */
  readonly lineNumber: number;
  /** The record as it stands in the file. */
  readonly line: string;
  readonly reason: string;
}

/** What one more piece of a file came to, in the order of the file. */
export interface Chunk<Line> {
  /** The records that are to become rows. */
  readonly lines: readonly Line[];
  /** Per line, its line of the file, counted from 1. */
  readonly lineNumbers: readonly number[];
  /** Per line, the record as it stands in the file. */
  readonly originals: readonly { readonly text: string }[];
  readonly rejects: readonly Reject[];
}

/**
 * Reads a file's bytes, cut anywhere. One that opens the file in a way of its own, such as a workbook, leaves them alone and says with
 * `count` how many more of the file it has read. What it throws ends the ingest.
 */
export type Parse<Line> = (
  bytes: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
) => AsyncIterable<Chunk<Line>>;

/** The line of the file up to which a chunk goes; 0 for an empty one. */
export const lastLineOf = ({ lineNumbers, rejects }: Chunk<unknown>): number =>
  Math.max(lineNumbers.at(-1) ?? 0, rejects.at(-1)?.lineNumber ?? 0);

/** What tells whether a file is still the same, without reading it. */
export interface FileState {
  /** Bytes. */
  readonly size: number;
  /** When it was written last. */
  readonly mtimeMs: number;
}

/**
 * @param of.what what its records are, for the error text
 * @throws StepError for no file, and for an empty one
 */
export async function fileState({ what, path: file }: { what: string; path: string }): Promise<FileState> {
  const tried = `read the ${what} in ${file}`;
  const info = await stat(file).catch((cause: unknown) => {
    throw new StepError({ tried, got: messageOf(cause), hint: "Get the data first, or mend the path.", cause });
  });
  if (!info.isFile()) throw new StepError({ tried, got: "it is not a file" });
  if (info.size === 0) throw new StepError({ tried, got: "it is empty", hint: "Delete it and get the data again." });
  return info;
}

/**
 * @param before how it was before it was read
 * @throws StepError where it has been written since: what was read may be of neither
 */
export async function refuseChanged(of: { what: string; path: string }, before: FileState): Promise<void> {
  const { size, mtimeMs } = await fileState(of);
  if (size === before.size && mtimeMs === before.mtimeMs) return;
  throw new StepError({
    tried: `read the ${of.what} in ${of.path}`,
    got: "the file was written to meanwhile",
    hint: "Run it again once the file is whole: it goes on from here.",
  });
}

/** A small file is parsed at once, while that code is still slow; of a longer one, so much that it dies young in memory. Bytes. */
const SMALL_FILE = 4 << 20;
const CHUNK = 256 << 10;

/** The bytes of a file of that size. */
export const openFile = (path: string, size: number): ReadStream =>
  createReadStream(path, { highWaterMark: size <= SMALL_FILE ? size : CHUNK });

/** The same chunks; calls `count` with the length of each. */
export async function* counted(
  chunks: AsyncIterable<Uint8Array>,
  count: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    count(chunk.length);
    yield chunk;
  }
}
