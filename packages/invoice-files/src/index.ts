export { UnreadableError } from "@keyspaces-segmentation/table-files";
export type { Fact } from "./columns/column_names.js";
export { type FileNotes, notesText } from "./file_notes.js";
export { type Inspection, inspectFile } from "./inspect_file.js";
export { type GivenFile, type InvoiceFile, openInvoiceFile } from "./open_invoice_file.js";
export {
  FILE_NULL_WORDS,
  FILE_PARAMETER_WORDS,
  type FileParameters,
  fileParameters,
  givenFile,
  NOTHING_GIVEN,
} from "./parameters.js";

export type { ReadingRow } from "./reading_row.js";
export { UndecidedError } from "./undecided.js";
