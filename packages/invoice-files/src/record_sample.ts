import type { TableRecord } from "@keyspaces-segmentation/table-files";

/** Records of a file, all of a small one, else some from all over it. */
export interface RecordSample {
  readonly pieces: readonly (readonly TableRecord[])[];
  /** Whether they are all that the file has. */
  readonly whole: boolean;
  /** Rows of a sheet, which may end before its last column. */
  readonly isSheet?: boolean;
  /** Signs or codes of the currencies in which a sheet shows a column, by its position. */
  readonly currencies?: ReadonlyMap<number, ReadonlySet<string>>;
}

/** Distinct values of a whole file, where a sample has left a question open. */
export interface MoreValues {
  readonly dates: readonly string[];
  readonly quantity: readonly string[];
  readonly price: readonly string[];
}

/** The records below the header that could be split, piece by piece. */
export const piecesBelow = ({ pieces }: RecordSample, headerLine: number): TableRecord[][] =>
  pieces.map((piece, i) =>
    piece.filter(({ lineNumber, problem }) => problem === undefined && (i > 0 || lineNumber > headerLine)),
  );

/** The same in one. */
export const bodyOf = (sample: RecordSample, headerLine: number): TableRecord[] =>
  piecesBelow(sample, headerLine).flat();
