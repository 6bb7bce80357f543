export { fullYear } from "./calendar.js";
export { saysNothing } from "./characters.js";
export { currenciesOf, currencyIn } from "./currency_in.js";
export { type DateFormat, type DateOrder, describeDates } from "./date_format.js";
export { type DateMisfit, dateMisfit } from "./date_misfit.js";
export { dateReader } from "./date_reader.js";
export { type Choice, type Decision, isOpen, type OpenQuestion } from "./decision.js";
export { detectDates, type GivenDates } from "./detect_dates.js";
export { detectNumbers, type GivenNumbers } from "./detect_numbers.js";
export { detectText, type GivenTextFormat, sampleRecords, type TextReading } from "./detect_text.js";
export { type ByteReading, openBytes } from "./file_bytes.js";
export { type FileKind, kindOfFile } from "./file_kind.js";
export { looksLikeDate } from "./looks_like_date.js";
export { looksBelowZero, looksLikeNumber } from "./looks_like_number.js";
export { refuseNonTable } from "./not_a_table.js";
export { describeNumbers, type NumberFormat } from "./number_format.js";
export { hasOtherDecimal, numberReader } from "./number_reader.js";
export { readTextRecords } from "./read_text.js";
export type { RecordSplitter, TableRecord } from "./record.js";
export { type Sample, sampleFile } from "./sample.js";
export type { Since } from "./serial_dates.js";
export { recordSplitter } from "./split_records.js";
export {
  isSeparator,
  type LineEnd,
  noCounts,
  type Quoting,
  RFC_4180,
  SEPARATOR_RULE,
  SEPARATORS,
  separatorName,
  type TextCounts,
  type TextFormat,
} from "./text_format.js";
export { encodingWatch, watched } from "./wide_bytes.js";
export { readSheet, type SheetInfo, type SheetReading, sheetsOf } from "./workbook/read_sheet.js";
export { type SheetSample, sampleSheet } from "./workbook/sample_sheet.js";
export type { SheetNotes } from "./workbook/sheet_rows.js";
