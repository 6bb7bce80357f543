export { type Choice, type Decision, isOpen, type OpenQuestion } from "./decision.js";
export { type ByteReading, openBytes } from "./file_bytes.js";
export { type FileKind, kindOfFile } from "./file_kind.js";
export type { TableRecord } from "./record.js";
export { type Sample, sampleFile } from "./sample.js";
export { readSheet, type SheetInfo, type SheetNotes, type SheetReading, sheetsOf } from "./workbook/read_sheet.js";
