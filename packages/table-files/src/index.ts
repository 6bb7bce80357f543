export { type Choice, type Decision, isOpen, type OpenQuestion } from "./decision.js";
export { type ByteReading, openBytes } from "./file_bytes.js";
export { type FileKind, kindOfFile } from "./file_kind.js";
export type { TableRecord } from "./record.js";
export { type Sample, sampleFile } from "./sample.js";
export { readSheet, type SheetInfo, type SheetReading, sheetsOf } from "./workbook/read_sheet.js";
export { type SheetSample, sampleSheet } from "./workbook/sample_sheet.js";
export type { SheetNotes } from "./workbook/sheet_rows.js";
