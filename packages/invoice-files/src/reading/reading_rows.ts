import { formatNumber } from "@keyspaces-segmentation/common";
import { type Decision, describeDates, describeNumbers } from "@keyspaces-segmentation/table-files";
import { FACT_WORDS, FACTS } from "../columns/column_names.js";
import { moneyFactOf } from "../columns/table.js";
import { otherCustomersOf } from "../customers/other_customers.js";
import { returnsOfOneOf } from "../customers/own_address.js";
import { leftOutOf } from "../money/left_out.js";
import { SALES_SIGNS } from "../money/sales_signs.js";
import { sumsOfInvoicesOf } from "../money/sums_of_invoices.js";
import { taxLinesOf } from "../money/tax_lines.js";
import { wholePricesOf } from "../money/whole_prices.js";
import type { NumberFormats } from "../money/worth.js";
import { joinedLinesOf } from "../orders/joined_lines.js";
import { numbersOfLinesOf } from "../orders/numbers_of_lines.js";
import { groupedCustomersOf } from "../orders/order_fields.js";
import { repeatedLinesOf } from "../orders/repeated_lines.js";
import { storesOf } from "../orders/stores.js";
import type { ReadingRow } from "../reading_row.js";
import { salesAmong } from "../returns/no_sale_rows.js";
import { returnMarksOf } from "../returns/return_marks.js";
import { codesLeftOf, flagsLeftOf } from "../states/states_left.js";
import type { ColumnsByValues } from "./decide_columns.js";
import type { Formats } from "./decide_formats.js";
import type { Layout } from "./decide_layout.js";
import type { Meaning } from "./decide_meaning.js";
import type { GivenReading } from "./reading.js";

/** All that is decided about a file, each step by what those before it have found. */
export interface Decisions {
  readonly layout: Layout;
  readonly formats: Formats;
  readonly columns: ColumnsByValues;
  readonly meaning: Meaning;
}

const numberFormats = ({ quantity, price }: Formats): NumberFormats => ({
  quantity: quantity.value,
  price: price.value,
});

/** A decision as a row. */
const rowOf = (what: string, readAs: string, { evidence, confidence }: Decision<unknown>): ReadingRow => ({
  what,
  readAs,
  because: evidence,
  confidence,
});

/** The same, where there is anything to say. */
const rowsOf = (what: string, readAs: string, decision: Decision<unknown>): ReadingRow[] =>
  decision.evidence === "" ? [] : [rowOf(what, readAs, decision)];

/** What was decided about a file, in words: its layout, its orders and customers, its dates and numbers, its money and returns. */
export function readingRows(decisions: Decisions, given: GivenReading): ReadingRow[] {
  return [
    ...headRows(decisions, given),
    ...orderRows(decisions),
    ...customerRows(decisions, given),
    ...formatRows(decisions),
    ...moneyRows(decisions),
    ...returnRows(decisions, given),
  ];
}

/** Of the header, which column is which, and how lines stand below it. */
function headRows({ layout, columns }: Decisions, { columns: given }: GivenReading): ReadingRow[] {
  const { headerLine, evidence, fit } = layout;
  const { table } = columns;
  const { positions } = table;
  return [
    {
      what: "header",
      readAs: headerLine === 0 ? "none" : `line ${formatNumber(headerLine)}`,
      because: evidence,
      confidence: given.order === null ? "certain" : "given",
    },
    {
      what: "columns",
      readAs: FACTS.filter(
        (fact) => positions[fact] !== undefined && !(fact === "amount" && positions.price !== undefined),
      )
        .map((fact) => `${FACT_WORDS[fact]}: ${table.nameOf(positions[fact]!)}`)
        .join("; "),
      because: "their names",
      confidence: Object.keys(given.names).length > 0 || given.order !== null ? "given" : "certain",
    },
    ...rowsOf("fields", fit.value.text, fit),
    ...layout.sections,
    ...repeatedLinesOf(table),
    ...storesOf(table),
  ];
}

function orderRows({ layout, columns: { table }, meaning }: Decisions): ReadingRow[] {
  const { orderFields, orderStates, stockCodes, invoices } = meaning;
  return [
    ...layout.purchases,
    ...rowsOf("lines of an order", orderFields.value.text, orderFields),
    ...rowsOf("states of orders", orderStates.value.text, orderStates),
    ...flagsLeftOf(table),
    ...codesLeftOf(table, { states: orderStates.value.columns.map(({ at }) => at) }),
    ...rowsOf("stock codes", stockCodes.value.text, stockCodes),
    ...invoices.rows,
    ...numbersOfLinesOf(table),
  ];
}

function customerRows(
  { layout, columns: { table }, formats, meaning }: Decisions,
  { nobody }: GivenReading,
): ReadingRow[] {
  const { customers, own, payers } = meaning;
  return [
    ...layout.buyers,
    ...customers.rows,
    ...otherCustomersOf(table, nobody),
    ...own.rows,
    ...payers.rows,
    ...(payers.own === "" ? returnsOfOneOf(table, numberFormats(formats), own.own) : []),
    ...groupedCustomersOf(table),
  ];
}

function formatRows({ layout, columns: { table }, formats, meaning }: Decisions): ReadingRow[] {
  const { positions } = table;
  const { dates, quantity, price } = formats;
  const money = moneyFactOf(positions);
  const what = money === "price" ? "prices" : "amounts";
  const name = table.nameOf(positions[money]!);
  const inHundredths: ReadingRow = {
    what: "prices",
    readAs: "in hundredths",
    because: `the name ${name}`,
    confidence: "likely",
  };
  return [
    rowOf("dates", describeDates(dates.value), dates),
    // A column that only its values have shown has no format of its own.
    ...(layout.table.positions.quantity === undefined
      ? []
      : [rowOf("quantities", describeNumbers(quantity.value), quantity)]),
    rowOf(what, describeNumbers(price.value), price),
    ...(meaning.isInMinorUnits
      ? [inHundredths]
      : wholePricesOf(table.countsOf(money), { what, name, currency: meaning.currency?.value ?? null })),
  ];
}

function moneyRows({ layout, formats, columns, meaning }: Decisions): ReadingRow[] {
  const { salesSigns, hasPriceUnits } = meaning;
  const { table } = columns;
  const [sold, numbers] = [salesAmong(table), numberFormats(formats)];
  return [
    ...rowsOf("sales", SALES_SIGNS[salesSigns.value], salesSigns),
    ...rowsOf("prices", "for as many pieces as the line says", hasPriceUnits),
    ...layout.sides,
    ...(layout.home === undefined ? [] : [layout.home.row]),
    ...columns.totals,
    ...taxLinesOf(table, numbers),
    ...sumsOfInvoicesOf(sold, numbers),
    ...joinedLinesOf(sold, numbers),
  ];
}

function returnRows({ columns, formats, meaning }: Decisions, { creditNotes }: GivenReading): ReadingRow[] {
  const { table } = columns;
  const { currency, hasReturnsTwice, salesSigns, orderStates } = meaning;
  return [
    ...returnMarksOf(table, numberFormats(formats), creditNotes),
    ...leftOutOf(table, {
      flags: [...orderStates.value.cancelled.map(({ at }) => at), ...orderStates.value.ofReturns],
    }),
    ...(currency === null ? [] : [rowOf("currency", currency.value, currency)]),
    ...(hasReturnsTwice.value && salesSigns.value === "usual"
      ? [rowOf("returns", "quantity below zero, one minus of the two", hasReturnsTwice)]
      : []),
    ...givenCreditRows(creditNotes),
    ...rowsOf("credit notes", columns.turned.value.join(", "), columns.turned),
    ...columns.kinds,
    ...rowsOf("no sales", `${columns.noSales.value.join(", ")}: rejected`, columns.noSales),
  ];
}

/** Of the beginnings and ends of credit notes that a parameter has named. */
function givenCreditRows(creditNotes: readonly string[]): ReadingRow[] {
  if (creditNotes.length === 0) return [];
  const begins = creditNotes.filter((word) => !word.startsWith("*")).join(", ");
  const ends = creditNotes.flatMap((word) => (word.startsWith("*") ? [word.slice(1)] : [])).join(", ");
  const ways = [begins && `begin with ${begins}`, ends && `end with ${ends}`].filter((way) => way !== "");
  return [
    {
      what: "credit notes",
      readAs: `invoices that ${ways.join(" or ")}`,
      because: "the parameter `creditNotes`; what is above zero on them is turned",
      confidence: "given",
    },
  ];
}
