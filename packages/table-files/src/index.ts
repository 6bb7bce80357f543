export { type Choice, type Decision, isOpen, type OpenQuestion } from "./decision.js";
export { detectText, type GivenTextFormat, sampleRecords, type TextReading } from "./detect_text.js";
export { refuseNonTable } from "./not_a_table.js";
export { readTextRecords } from "./read_text.js";
export type { TableRecord } from "./record.js";
export type { Sample } from "./sample.js";
export { type RecordSplitter, recordSplitter } from "./split_records.js";
export {
  type LineEnd,
  noCounts,
  type Quoting,
  RFC_4180,
  SEPARATORS,
  separatorName,
  type TextCounts,
  type TextFormat,
} from "./text_format.js";
