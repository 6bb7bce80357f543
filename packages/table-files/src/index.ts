export { type ByteReading, openBytes, UnreadableError } from "./bytes/file_bytes.js";
export { type FileKind, kindOfFile } from "./bytes/file_kind.js";
export { type Sample, sampleFile } from "./bytes/sample.js";
export { saysNothing } from "./characters.js";
export { fullYear } from "./dates/calendar.js";
export { type DateFormat, type DateOrder, describeDates } from "./dates/date_format.js";
export { type DateMisfit, dateMisfit, dateReader } from "./dates/date_reader.js";
export { detectDates, type GivenDates } from "./dates/detect_dates.js";
export { looksLikeDate } from "./dates/looks_like_date.js";
export type { Since } from "./dates/serial_dates.js";
export { type Choice, type Decision, isOpen, type OpenQuestion } from "./decision.js";
export { currenciesOf, currencyIn } from "./numbers/currency_in.js";
export { detectNumbers, type GivenNumbers } from "./numbers/detect_numbers.js";
export { looksBelowZero, looksLikeNumber } from "./numbers/looks_like_number.js";
export { describeNumbers, type NumberFormat } from "./numbers/number_format.js";
export { hasOtherDecimal, numberReader } from "./numbers/number_reader.js";
export { type ColumnValues, occurrencesOf } from "./occurrences.js";
export type { RecordSplitter, TableRecord } from "./record.js";
export { detectText, type GivenTextFormat, sampleRecords, type TextReading } from "./records/detect_text.js";
export { refuseNonTable } from "./records/not_a_table.js";
export { readTextRecords } from "./records/read_text.js";
export { recordSplitter } from "./records/split_records.js";
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
} from "./text/text_format.js";
export { encodingWatch, watched } from "./text/wide_bytes.js";
export { readSheet, type SheetInfo, type SheetReading, sheetsOf } from "./workbook/read_sheet.js";
export { type SheetSample, sampleSheet } from "./workbook/sample_sheet.js";
export type { SheetNotes } from "./workbook/sheet_rows.js";
