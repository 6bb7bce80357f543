import { formatNumber, StepError } from "@keyspaces-segmentation/common";
import type { NobodyOptions } from "@keyspaces-segmentation/invoices";
import {
  type DateFormat,
  type Decision,
  describeDates,
  describeNumbers,
  detectDates,
  detectNumbers,
  isOpen,
  type NumberFormat,
  type TableRecord,
} from "@keyspaces-segmentation/table-files";
import { currencyOf, shownIn } from "./amount_currency.js";
import { FACT_WORDS, type Fact } from "./column_names.js";
import { creditTypesOf, typeColumnOf } from "./credit_types.js";
import { findHeader } from "./header.js";
import { customersOf, invoicesOf } from "./id_columns.js";
import type { IdNumbers } from "./id_numbers.js";
import { leftOutOf } from "./left_out.js";
import { lineTotalsOf } from "./line_totals.js";
import { type GivenColumns, listed, type Positions } from "./map_columns.js";
import { groupedCustomersOf, type OrderFields, orderFieldsOf } from "./order_fields.js";
import { type OrderStates, orderStatesOf } from "./order_states.js";
import type { ReadingRow } from "./reading_row.js";
import { returnSignsOf } from "./return_signs.js";
import { type Fit, fitOf } from "./row_fit.js";
import { sectionsOf } from "./sections.js";
import { type StockCodes, stockCodesOf } from "./stock_codes.js";
import { decided, UndecidedError } from "./undecided.js";

/** What a reader has settled by parameters; null: the file is to tell. */
export interface GivenReading {
  readonly columns: GivenColumns;
  readonly dateOrder: "day_first" | "month_first" | "year_first" | null;
  readonly decimal: "point" | "comma" | null;
  readonly timeZone: string | null;
  readonly currency: string | null;
  /** What stands for nobody beside the usual words, and what of these does not. */
  readonly nobody: NobodyOptions;
  /** How numbers of credit notes begin, whose quantities above zero are returns. */
  readonly creditNotes: readonly string[];
}

/** How a file of invoice lines is meant. Every line is read by it; one that does not fit is rejected. */
export interface Reading {
  /** What was decided, in words, in the order of the decisions. */
  readonly rows: readonly ReadingRow[];
  /** Names of the columns as the file has them. */
  readonly header: readonly string[];
  /** Line of the file that they stand in; lines up to it are no records. 0 where there is none. */
  readonly headerLine: number;
  readonly positions: Positions;
  readonly fit: Fit;
  readonly dates: DateFormat;
  readonly quantity: NumberFormat | null;
  /** Of prices, or of amounts where the file has no prices. */
  readonly price: NumberFormat;
  readonly orderFields: OrderFields;
  readonly orderStates: OrderStates;
  readonly stockCodes: StockCodes;
  /** Values of the column `type` whose positive lines are credit notes. */
  readonly creditTypes: readonly string[];
  /** Whether returns have their minus before quantity and price alike. */
  readonly hasReturnsTwice: boolean;
  /** How numbers of credit notes begin, whose quantities above zero are returns. */
  readonly creditNotes: readonly string[];
  readonly nobody: NobodyOptions;
  /** How ids that are numbers are written. */
  readonly ids: { readonly invoice: IdNumbers; readonly customer: IdNumbers };
  /** ISO 4217, where the file says so or a parameter does. */
  readonly currency: string | null;
  /** What parameters have said: lines that contradict it are rejected, and do not let one doubt the others. */
  readonly settled: { readonly dates: boolean; readonly numbers: boolean; readonly currency: boolean };
}

/** Records of a file, all of a small one, else some from all over it. */
export interface RecordSample {
  readonly pieces: readonly (readonly TableRecord[])[];
  /** Whether they are all that the file has. */
  readonly whole: boolean;
  /** Rows of a sheet, which may end before its last column. */
  readonly isSheet?: boolean;
  /** Signs or codes of the currencies in which a sheet shows a column, by its position. */
  readonly currencies?: ReadonlyMap<number, ReadonlySet<string>>;
}

/** Distinct values of a whole file, where a sample has left a question open. */
export interface MoreValues {
  readonly dates: readonly string[];
  readonly quantity: readonly string[];
  readonly price: readonly string[];
}

/**
 * Decides how a file of invoice lines is meant: which column is which, how dates and numbers are written, what is left out on
 * later lines of an order. All of it for whole columns, from the sample.
 *
 * @param more values of the whole file, for what the sample has left open
 * @throws UndecidedError naming the parameter that settles what the file cannot tell
 * @throws StepError where no header is found, or a column is missing
 */
export function decideReading(sample: RecordSample, given: GivenReading, more?: MoreValues): Reading {
  const { header, headerLine, evidence, ...found } = findHeader(sample.pieces[0] ?? [], given.columns);
  let { positions } = found;
  const pieces = piecesBelow(sample, headerLine);
  const body = pieces.flat();
  if (body.length === 0) {
    throw new StepError({
      tried: "read invoice lines",
      got: `the file has a header${headerLine > 0 ? ` in line ${formatNumber(headerLine)}` : ""} and no line below it`,
    });
  }
  const fit = fitOf(body, { names: header.length, positions, isSheet: sample.isSheet ?? false });
  const at = (fact: Fact): number | undefined => positions[fact];
  const valuesOf = (fact: Fact): string[] => {
    const position = at(fact);
    if (position === undefined) return [];
    const values: string[] = [];
    for (const { fields } of body) {
      const value = fields[position + fit.value.shift]?.trim() ?? "";
      if (value !== "") values.push(value);
    }
    return values;
  };

  const orderFields = orderFieldsOf(pieces, positions, fit.value.shift);
  const dates = decided(
    detectDates(more?.dates ?? datesOf(body, positions, fit.value.shift), {
      dateOrder: given.dateOrder,
      timeZone: given.timeZone,
    }),
  );
  const priceFact = at("price") === undefined ? "amount" : "price";
  const numbers = detectNumbers(
    { quantity: more?.quantity ?? valuesOf("quantity"), price: more?.price ?? valuesOf(priceFact) },
    { decimal: given.decimal },
  );
  if (isOpen(numbers)) throw new UndecidedError(numbers);
  const { quantity, price } = numbers;
  const formats = { quantity: quantity.value, price: price.value };
  const totals = lineTotalsOf(body, header, { positions, shift: fit.value.shift }, formats, given.columns);
  positions = totals.positions;
  const typeColumn = positions.type ?? typeColumnOf(body, positions, fit.value.shift);
  if (typeColumn !== undefined) positions = { ...positions, type: typeColumn };
  const currency = currencyOf(given.currency, valuesOf("currency"), [
    ...valuesOf(priceFact),
    ...shownIn(sample.currencies?.get(at(priceFact)!)),
  ]);
  const stockCodes = stockCodesOf(body, positions, fit.value.shift);
  const customers = customersOf(valuesOf("customerId"), given.nobody);
  const invoices = invoicesOf(valuesOf("invoice"));
  const orderStates = orderStatesOf(body, header, positions, fit.value.shift);
  const creditTypes = creditTypesOf(body, positions, fit.value.shift);
  const returnSigns = returnSignsOf(body, positions, fit.value.shift, formats);
  const hasQuantity = at("quantity") !== undefined;

  const rows: ReadingRow[] = [
    {
      what: "header",
      readAs: headerLine === 0 ? "none" : `line ${formatNumber(headerLine)}`,
      because: evidence,
      confidence: given.columns.order === null ? "certain" : "given",
    },
    {
      what: "columns",
      readAs: (Object.keys(FACT_WORDS) as Fact[])
        .filter((fact) => at(fact) !== undefined && !(fact === "amount" && at("price") !== undefined))
        .map((fact) => `${FACT_WORDS[fact]}: ${listed([header[at(fact)!] ?? `column ${at(fact)! + 1}`])}`)
        .join("; "),
      because: "their names",
      confidence: Object.keys(given.columns.names).length > 0 || given.columns.order !== null ? "given" : "certain",
    },
    ...(fit.evidence === "" ? [] : [rowOf("fields", fit.value.text, fit)]),
    ...sectionsOf(pieces.flat()),
    ...(orderFields.evidence === "" ? [] : [rowOf("lines of an order", orderFields.value.text, orderFields)]),
    ...(orderStates.evidence === "" ? [] : [rowOf("states of orders", orderStates.value.text, orderStates)]),
    ...(stockCodes.evidence === "" ? [] : [rowOf("stock codes", stockCodes.value.text, stockCodes)]),
    ...invoices.rows,
    ...customers.rows,
    ...groupedCustomersOf(pieces, positions, fit.value.shift),
    rowOf("dates", describeDates(dates.value), dates),
    ...(hasQuantity ? [rowOf("quantities", describeNumbers(quantity.value), quantity)] : []),
    rowOf(at("price") === undefined ? "amounts" : "prices", describeNumbers(price.value), price),
    ...(totals.row === null ? [] : [totals.row]),
    ...leftOutOf(body, header, { positions, shift: fit.value.shift }),
    ...(currency === null ? [] : [rowOf("currency", currency.value, currency)]),
    ...(returnSigns.value ? [rowOf("returns", "quantity below zero, one minus of the two", returnSigns)] : []),
    ...(given.creditNotes.length === 0
      ? []
      : [
          {
            what: "credit notes",
            readAs: `invoices that begin with ${given.creditNotes.join(", ")}`,
            because: "the parameter `creditNotes`; what is above zero on them is turned",
            confidence: "given" as const,
          },
        ]),
    ...(creditTypes.value.length === 0 ? [] : [rowOf("credit notes", creditTypes.value.join(", "), creditTypes)]),
  ];
  return {
    rows,
    header,
    headerLine,
    positions,
    fit: fit.value,
    dates: dates.value,
    quantity: hasQuantity ? quantity.value : null,
    price: price.value,
    orderFields: orderFields.value,
    orderStates: orderStates.value,
    stockCodes: stockCodes.value,
    creditTypes: creditTypes.value,
    hasReturnsTwice: returnSigns.value,
    creditNotes: given.creditNotes,
    nobody: given.nobody,
    ids: { invoice: invoices.numbers, customer: customers.numbers },
    currency: currency?.value ?? null,
    settled: { dates: given.dateOrder !== null, numbers: given.decimal !== null, currency: given.currency !== null },
  };
}

/** The records below the header that could be split, piece by piece. */
const piecesBelow = ({ pieces }: RecordSample, headerLine: number): TableRecord[][] =>
  pieces.map((piece, i) =>
    piece.filter(({ lineNumber, problem }) => problem === undefined && (i > 0 || lineNumber > headerLine)),
  );

/** The same in one. */
export const bodyOf = (sample: RecordSample, headerLine: number): TableRecord[] =>
  piecesBelow(sample, headerLine).flat();

const rowOf = (what: string, readAs: string, { evidence, confidence }: Decision<unknown>): ReadingRow => ({
  what,
  readAs,
  because: evidence,
  confidence,
});

/** The dates of records, with the time beside them where that is a column of its own. */
export function datesOf(body: readonly TableRecord[], { invoiceDate, time }: Positions, shift: number): string[] {
  return body.flatMap(({ fields }) => dateText(fields, invoiceDate!, time, shift) || []);
}

/** The text of a record's date; a time of its own column stands behind it. */
export function dateText(fields: readonly string[], date: number, time: number | undefined, shift: number): string {
  const day = fields[date + shift]?.trim() ?? "";
  if (time === undefined || day === "") return day;
  const hour = fields[time + shift]?.trim() ?? "";
  return hour === "" || day.includes(":") ? day : `${day} ${hour}`;
}
