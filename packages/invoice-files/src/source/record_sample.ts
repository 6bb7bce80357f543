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

/** Whether a record is the header once more, as where files have been put behind one another. */
export const isHeaderAgain = ({ fields }: TableRecord, header: readonly string[]): boolean =>
  fields.length === header.length && header.every((name, at) => name === fields[at]);

/** The records below the header that could be split, piece by piece, without the header again. */
export const piecesBelow = (
  { pieces }: RecordSample,
  { header, headerLine }: { readonly header: readonly string[]; readonly headerLine: number },
): TableRecord[][] =>
  pieces.map((piece, i) =>
    piece.filter(
      (record) =>
        record.problem === undefined && (i > 0 || record.lineNumber > headerLine) && !isHeaderAgain(record, header),
    ),
  );

/** How often a sample has the header again. */
export const headersBelow = (
  { pieces }: RecordSample,
  { header, headerLine }: { readonly header: readonly string[]; readonly headerLine: number },
): number =>
  pieces.flatMap((piece, i) =>
    piece.filter((record) => (i > 0 || record.lineNumber > headerLine) && isHeaderAgain(record, header)),
  ).length;
