/** One record of a table: a line of a text file, or a row of a sheet. */
export interface TableRecord {
  /** Line of the file, or row of the sheet, on which the record starts; the first is 1. */
  readonly lineNumber: number;
  /** The record as it stands in the file, without its line end. */
  readonly text: string;
  /** Its fields, unquoted; none where there is a problem. */
  readonly fields: readonly string[];
  /** Why the record could not be split. */
  readonly problem?: string;
}

/** Takes the next piece of the text, which ends at a line end but for the last, and whether it is the last; gives the records completed by it. */
export type RecordSplitter = (piece: string, atEnd: boolean) => TableRecord[];
