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
  readonly originals: readonly string[];
  readonly rejects: readonly Reject[];
}

/** Reads a file's bytes, cut anywhere. What it throws ends the ingest. */
export type Parse<Line> = (bytes: AsyncIterable<Uint8Array>) => AsyncIterable<Chunk<Line>>;

/** The line of the file up to which a chunk goes; 0 for an empty one. */
export const lastLineOf = ({ lineNumbers, rejects }: Chunk<unknown>): number =>
  Math.max(lineNumbers.at(-1) ?? 0, rejects.at(-1)?.lineNumber ?? 0);
