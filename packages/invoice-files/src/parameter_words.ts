import type { FileParameters } from "./parameters.js";

/** What each parameter about a file is, in a few words for the reader of a notebook. */
export const FILE_PARAMETER_WORDS: Readonly<Record<keyof FileParameters, string>> = {
  dateOrder: "order of day and month in the file's dates",
  decimal: "decimal sign of its numbers",
  separator: "what separates its fields",
  encoding: "how its characters are encoded",
  columns: "which of its columns is which",
  sheet: "sheet of a workbook",
  timeZone: "time zone of times that name none",
  currency: "currency of its amounts, an ISO 4217 code",
  nobody: "further words for no customer",
  creditNotes: "how numbers of credit notes begin, or end, whose quantities are above zero",
};

/** What each of them stands for where it is null. */
export const FILE_NULL_WORDS: Readonly<Record<keyof FileParameters, string>> = {
  dateOrder: "as the file says",
  decimal: "as the file says",
  separator: "as the file says",
  encoding: "as the file says",
  columns: "as the file says",
  sheet: "all with the same columns",
  timeZone: "UTC",
  currency: "as the file says",
  nobody: "the usual ones",
  creditNotes: "none: a quantity below zero tells",
};
