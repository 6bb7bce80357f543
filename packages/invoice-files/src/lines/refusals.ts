import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import type { Reject } from "@keyspaces-segmentation/invoices";
import { dateMisfit, hasOtherDecimal, SEPARATORS, type TableRecord } from "@keyspaces-segmentation/table-files";
import type { Fact } from "../columns/column_names.js";
import { dateText } from "../columns/date_text.js";
import { factsNamedIn, listed, mapColumns } from "../columns/map_columns.js";
import { ownFields } from "../columns/row_fit.js";
import { trimmedAt } from "../columns/table.js";
import type { Reading } from "../reading/reading.js";

type Contradicted = NonNullable<Reject["contradicts"]>;

/** More contrary lines than this, and more than this share, are no slips: others are misread. */
const SLIPS = 20;
const FEW = 0.01;
/** Fewer names of columns in a line are no header. */
const FEWEST_NAMES = 4;
/** As many carriage returns within a record are ends of lines. */
const OTHER_LINES = 3;

/** The name of a separator by which a line has as many fields as lines are to have. */
const otherSeparator = (text: string, width: number): string | undefined =>
  [...SEPARATORS].find(([sign]) => text.split(sign).length === width)?.[1];

/** The reason of a header between the lines. */
export const HEADER_AGAIN = "the header again";

/** Says why lines are rejected that contradict how the file is read, and stops where those that fit cannot be trusted either. */
export class Refusals {
  readonly #reading: Reading;
  readonly #misfitOf: ReturnType<typeof dateMisfit>;
  readonly #counts: { readonly [what in Contradicted]: { lines: number; first: string } } = {
    dates: { lines: 0, first: "" },
    numbers: { lines: 0, first: "" },
  };

  constructor(reading: Reading) {
    this.#reading = reading;
    this.#misfitOf = dateMisfit(reading.dates);
  }

  /**
   * The reject of a record that is no line for a reason.
   *
   * @throws StepError for the header of another table, whose columns are others
   */
  rejectOf({ lineNumber, text, fields, problem }: TableRecord, reason: string): Reject {
    if (problem !== undefined) return { lineNumber, line: text, reason };
    if (this.#isHeader(lineNumber, fields)) return { lineNumber, line: text, reason: HEADER_AGAIN };
    const { positions, fit, dates, quantity, price } = this.#reading;
    const returns = fields.length === fit.width ? 0 : text.split("\r").length - 1;
    if (returns >= OTHER_LINES) {
      return { lineNumber, line: text, reason: `${returns} lines in one: they end with a carriage return alone` };
    }
    const separator = fields.length === fit.width ? undefined : otherSeparator(text, fit.width);
    if (separator !== undefined) {
      return {
        lineNumber,
        line: text,
        reason: `its fields are separated by ${separator}, unlike those of other lines`,
      };
    }
    const own = ownFields(fields, fit);
    const day = dateText(own, positions);
    const misfit = this.#misfitOf(day);
    if (misfit === "offset") {
      const offset = dates.hasOffsets
        ? "no offset from UTC, as all others have"
        : "an offset from UTC, as no other has";
      return { lineNumber, line: text, reason: `the date ${JSON.stringify(day)} has ${offset}` };
    }
    if (misfit === "order") {
      this.#count("dates", lineNumber, day);
      const why = `${JSON.stringify(day)} is a date only in the other order of day and month`;
      return { lineNumber, line: text, reason: why, contradicts: "dates" };
    }
    for (const [at, format] of [
      [positions.quantity, quantity],
      [positions.price ?? positions.amount, price],
    ] as const) {
      const number = trimmedAt(own, at);
      if (format === null || !hasOtherDecimal(number, format)) continue;
      this.#count("numbers", lineNumber, number);
      const why = `${JSON.stringify(number)} is a number only with the other decimal sign`;
      return { lineNumber, line: text, reason: why, contradicts: "numbers" };
    }
    return { lineNumber, line: text, reason };
  }

  /**
   * @param lines of the file so far
   * @throws StepError where too many of them contradict how the file is read, and no parameter says that it is so
   */
  stopIfMany(lines: number): void {
    const { settled } = this.#reading;
    for (const what of ["dates", "numbers"] as const) {
      const { lines: contrary, first } = this.#counts[what];
      if (settled[what] || contrary < SLIPS || contrary < FEW * lines) continue;
      const [other, parameter] =
        what === "dates"
          ? ["in the other order of day and month", "dateOrder"]
          : ["with the other decimal sign", "decimal"];
      throw new StepError({
        tried: "read the file as its sample is meant",
        got: `${formatPlural(contrary, "line")} of the first ${formatNumber(lines)} can be read only ${other} (${first}), so others that either way reads may be misread`,
        hint: `Two exports may have been joined, or a spreadsheet has turned some round: take the file from its source, into a table of its own (\`table\`) where lines of it are stored already. With the parameter \`${parameter}\` lines that do not fit are only rejected.`,
      });
    }
  }

  #count(what: Contradicted, lineNumber: number, text: string): void {
    const count = this.#counts[what];
    if (count.lines === 0) count.first = `line ${formatNumber(lineNumber)}: ${text}`;
    count.lines++;
  }

  /** Whether a record is the header once more, as between exports that were joined. */
  #isHeader(lineNumber: number, fields: readonly string[]): boolean {
    const { header, positions } = this.#reading;
    if (fields.some((field) => /^[-+]?\d/.test(field)) || fields.length < FEWEST_NAMES) return false;
    if (header.every((name, at) => name === fields[at])) return true;
    if (factsNamedIn(fields) < FEWEST_NAMES) return false;
    const others = mapColumns(fields).positions;
    const moved = (Object.keys(others) as Fact[]).filter(
      (fact) => positions[fact] !== undefined && others[fact] !== positions[fact],
    );
    if (moved.length === 0) return true;
    throw new StepError({
      tried: "read the file as one table",
      got: `line ${formatNumber(lineNumber)} is a header with other columns than the first: ${listed(fields)}`,
      hint: `Exports with different columns have been joined: load each by itself.`,
    });
  }
}
