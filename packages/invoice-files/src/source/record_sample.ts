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
  fields[0] === header[0] && fields.length === header.length && header.every((name, at) => name === fields[at]);

/** The records below the header that could be split, piece by piece, without the header again, and how often that is there. */
export function recordsBelow(
  { pieces }: RecordSample,
  { header, headerLine }: { readonly header: readonly string[]; readonly headerLine: number },
): { pieces: TableRecord[][]; headersAgain: number } {
  let headersAgain = 0;
  const isLine = (record: TableRecord): boolean => {
    if (record.problem !== undefined) return false;
    if (!isHeaderAgain(record, header)) return true;
    headersAgain++;
    return false;
  };
  const [first = [], ...others] = pieces;
  const below = [first.filter(({ lineNumber }) => lineNumber > headerLine), ...others];
  return { pieces: below.map((piece) => piece.filter(isLine)), headersAgain };
}
