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
