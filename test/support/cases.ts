import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "@jest/globals";
import { WITHOUT_CASES } from "./real_data.js";

/** Where the files lie that people have, each with the right answer, if they are there. */
export const CASES: string = process.env.RETAIL_CASES ?? join(__dirname, "../../../../shared/cases");

/** What is right for a file. */
export interface Case {
  /** Folder, and below it the file. */
  readonly folder: string;
  readonly file: string;
  /** Features to come out; the file beside it unless another is named. Null where the run has to stop. */
  readonly expected: string | null;
  /** Parameters that are given. */
  readonly param?: readonly string[];
  /** What the message, or the tables, must have in them. */
  readonly says?: RegExp;
}

const right = (folder: string, file: string, more: Partial<Case> = {}): Case => ({
  folder,
  file,
  expected: "expected.csv",
  ...more,
});
const stops = (folder: string, file: string, says: RegExp, more: Partial<Case> = {}): Case => ({
  folder,
  file,
  expected: null,
  says,
  ...more,
});

/** The files whose answers one inspection can give; the README beside them has the reasons. */
export const cases: readonly Case[] = [
  right("00-reference", "invoices.csv"),
  right("01-kaggle-dd-mm-yyyy-hyphens", "OnlineRetail.csv", { says: /day first/ }),
  right("02-dd-mm-yyyy-slashes", "invoices.csv", { says: /day first/ }),
  stops("03-only-days-up-to-12", "first_days_of_march.csv", /`dateOrder`/),
  right("03-only-days-up-to-12", "first_days_of_march.csv", { param: ["dateOrder=day_first"] }),
  right("04-german-excel", "decimal_comma_quoted.csv"),
  right("04-german-excel", "dotted_dates_only.csv"),
  right("04-german-excel", "german_header.csv"),
  right("04-german-excel", "rechnungen.csv"),
  right("06-thousands-separators", "thousands.csv"),
  right("07-trailing-minus", "parentheses.csv"),
  right("07-trailing-minus", "sap.csv"),
  right("09-utf-16-tabs", "tabs_only.tsv"),
  right("09-utf-16-tabs", "unicode_text.csv", { says: /UTF-16/ }),
  right("10-sep-line", "sep_comma.csv"),
  right("12-excel-workbook", "online_retail_II.xlsx", { says: /workbook/ }),
  right("12-excel-workbook", "renamed.csv", { says: /workbook/ }),
  stops("13-no-table-at-all", "access_denied.csv", /S3 \(AccessDenied/),
  stops("13-no-table-at-all", "lfs_pointer.csv", /LFS/),
  right("13-no-table-at-all", "invoices.csv.gz", { expected: "../00-reference/expected.csv", says: /gzip/ }),
  right("15-sheets-that-overlap", "online_retail_II.csv", { says: /repeated/ }),
  right("16-order-fields-on-first-line-only", "orders_renamed.csv", { says: /order/ }),
  right("18-time-zone-offsets", "iso_minus_5.csv", { expected: "expected_if_days_are_utc.csv" }),
  right("19-am-pm", "am_pm.csv"),
  right("19-am-pm", "both_clocks.csv"),
  right("20-excel-serial-dates", "serials.csv", { says: /serial/ }),
  right("21-words-for-nobody", "na.csv"),
  right("21-words-for-nobody", "pandas_nan.csv"),
  right("21-words-for-nobody", "python_None.csv"),
  right("21-words-for-nobody", "sql_server_NULL.csv"),
  right("22-guests-are-zero", "guests.csv"),
  right("23-one-address-two-cases", "addresses.csv", { says: /"addressesInTwoCases":[1-9]/ }),
  right("24-scientific-ids", "phones_as_they_were.csv", { expected: "expected_as_they_were.csv" }),
  stops("24-scientific-ids", "phones_by_excel.csv", /rounded/),
  right("25-leading-zeros", "excel_text_formula.csv", { expected: "../25-leading-zeros/expected.csv" }),
  right("29-blank-comma-rows", "blank_rows.csv"),
  right("30-report-around-the-table", "preamble.csv", { says: /line 4/ }),
  right("30-report-around-the-table", "totals_row.csv"),
  right("31-trailing-commas", "all_end_in_a_comma.csv"),
  right("31-trailing-commas", "lines_end_in_a_comma.csv"),
  right("31-trailing-commas", "pandas_index.csv"),
  right("32-nul-bytes", "in_descriptions.csv"),
  right("32-nul-bytes", "nul_as_nothing.csv"),
  right("33-own-article-codes", "own_codes.csv"),
  right("34-invoice-numbers-with-c", "lower_case_c.csv", { expected: "../00-reference/expected.csv" }),
  right("34-invoice-numbers-with-c", "one_branch_is_ca.csv"),
  right("35-a-date-out-of-its-mind", "year_2203.csv", {
    param: ["analysisDate=2023-12-20"],
    expected: "expected_of_the_others.csv",
    says: /future/,
  }),
  right("36-nothing-or-less-to-spend", "zero_and_below.csv"),
  right("37-nearly-all-buy-once", "bought_once.csv"),
  stops("39-three-kinds", "three_kinds.csv", /`dateOrder`/),
  right("39-three-kinds", "three_kinds.csv", { param: ["dateOrder=month_first"] }),
  right("40-fewer-customers-than-clusters", "five_customers.csv"),
  right("43-names-of-files", "UPPER.CSV"),
  right("43-names-of-files", "Verkäufe 2024 (März) 50% + Rest.csv"),
  right("43-names-of-files", "a b.csv"),
  right("43-names-of-files", "emoji 🎁.csv"),
  right("44-headers-with-surprises", "bom_in_quotes.csv"),
  right("44-headers-with-surprises", "hyphens_and_dots.csv"),
  right("44-headers-with-surprises", "no_country.csv"),
  right("44-headers-with-surprises", "zero_width_space.csv"),
  stops("44-headers-with-surprises", "no_header.csv", /first line looks like data/),
  right("44-headers-with-surprises", "no_header.csv", {
    param: ["columns=invoice,stockCode,description,quantity,invoiceDate,price,customerId,country"],
  }),
  right("46-by-the-kilo", "kilos.csv"),
  right("47-long-descriptions", "long_descriptions.csv"),
  right("48-numbers-as-floats-and-powers", "plus_signs.csv"),
  right("48-numbers-as-floats-and-powers", "quantity_power.csv"),
  right("49-invoice-numbers-start-again", "both.csv"),
];

/** A test that needs these files; skipped, and counted at the end of the run, where they are not there. */
export const testOnCases: typeof test | typeof test.skip = existsSync(CASES)
  ? test
  : Object.assign(((name, ...rest) => test.skip(`${name}${WITHOUT_CASES}`, ...rest)) as typeof test.skip, test.skip, {
      each: (table: readonly object[]) => (name: string) => test.skip.each(table)(`${name}${WITHOUT_CASES}`, () => {}),
    });
