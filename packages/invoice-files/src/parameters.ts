import { currencyCode, matching, oneOf, optional, type ParameterReaders } from "@keyspaces-segmentation/common";
import { type DateOrder, isSeparator, SEPARATOR_RULE, type Since } from "@keyspaces-segmentation/table-files";
import { readColumns } from "./columns/given_columns.js";
import type { GivenFile } from "./open_invoice_file.js";

/** What a reader may settle about a file; null: the file is to tell. */
export interface FileParameters {
  /** Order of day and month in its dates; or, where these are plain numbers, from when they count. */
  dateOrder: DateOrder | Since | null;
  /** Decimal sign of its numbers. */
  decimal: "point" | "comma" | null;
  /** `,` `;` `|` `tab` or another character. */
  separator: string | null;
  /** Such as `utf-8` or `windows-1252`. */
  encoding: string | null;
  /** Which column is which: "invoice=Number; price=Net", or the facts of its columns in order where it has no header. */
  columns: string | null;
  /** Sheet of a workbook, by name or number, or several with commas between them. */
  sheet: string | null;
  /** IANA time zone of times that name none; null: they are taken as UTC as they stand. */
  timeZone: string | null;
  /** ISO 4217. */
  currency: string | null;
  /** Further words for nobody in the column of customers, with commas between them; `!0` makes a usual one a customer. */
  nobody: string | null;
  /** How numbers of credit notes begin, or behind a `*` end, with commas between them: their quantities above zero are returns. */
  creditNotes: string | null;
}

/** How these parameters are read from a cell, the command line or the environment. */
export const fileParameters: ParameterReaders<FileParameters> = {
  dateOrder: optional(oneOf(["day_first", "month_first", "year_first", "since_1904", "since_1960", "since_1970"])),
  decimal: optional({
    rule: "point or comma",
    read: (value) =>
      value === "point" || value === "." ? "point" : value === "comma" || value === "," ? "comma" : undefined,
  }),
  separator: optional({
    rule: SEPARATOR_RULE,
    read: (value) => (typeof value === "string" && isSeparator(value) ? value : undefined),
  }),
  encoding: optional(matching("the name of an encoding, such as windows-1252", /^[\w.:-]{2,40}$/)),
  columns: optional(matching("pairs such as invoice=Number; price=Net", /\S/)),
  sheet: optional(matching("the name or number of a sheet", /\S/)),
  timeZone: optional({
    rule: "a time zone such as Europe/Berlin",
    read: (value) => (typeof value === "string" && isTimeZone(value) ? value : undefined),
  }),
  currency: optional(currencyCode),
  nobody: optional(matching("words with commas between them", /\S/)),
  creditNotes: optional(matching("beginnings of invoice numbers, or ends behind a *, with commas between them", /\S/)),
};

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** What the parameters say about a file. @throws ArgumentError for `columns` that name no facts */
export function givenFile(parameters: FileParameters): GivenFile {
  const { dateOrder, decimal, separator, encoding, columns, sheet, timeZone, currency, nobody, creditNotes } =
    parameters;
  const split = (text: string | null): string[] => (text ?? "").split(",").map((word) => word.trim());
  const words = split(nobody);
  return {
    dateOrder,
    decimal,
    separator,
    encoding,
    sheet,
    timeZone,
    currency,
    columns: readColumns(columns),
    creditNotes: split(creditNotes).filter((word) => word !== ""),
    nobody: {
      words: words.filter((word) => word !== "" && !word.startsWith("!")),
      except: words.filter((word) => word.startsWith("!")).map((word) => word.slice(1).trim()),
    },
  };
}

/** No parameter is set. */
export const NO_PARAMETERS: FileParameters = {
  dateOrder: null,
  decimal: null,
  separator: null,
  encoding: null,
  columns: null,
  sheet: null,
  timeZone: null,
  currency: null,
  nobody: null,
  creditNotes: null,
};

/** Nothing is given: the file is to tell everything. */
export const NOTHING_GIVEN: GivenFile = givenFile(NO_PARAMETERS);

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
