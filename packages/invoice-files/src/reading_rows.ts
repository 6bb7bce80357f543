import { formatNumber } from "@keyspaces-segmentation/common";
import { type Decision, describeDates, describeNumbers } from "@keyspaces-segmentation/table-files";
import { FACT_WORDS, type Fact } from "./column_names.js";
import type { Decisions } from "./decisions.js";
import { codesLeftOf, flagsLeftOf } from "./flags.js";
import { joinedLinesOf } from "./joined_lines.js";
import { leftOutOf } from "./left_out.js";
import { moneyFactOf, valuesOf } from "./lines_below.js";
import { listed } from "./map_columns.js";
import { salesAmong } from "./no_sale_rows.js";
import { numbersOfLinesOf } from "./numbers_of_lines.js";
import { groupedCustomersOf } from "./order_fields.js";
import { otherCustomersOf } from "./other_customers.js";
import { returnsOfOneOf } from "./own_address.js";
import type { GivenReading } from "./reading.js";
import type { ReadingRow } from "./reading_row.js";
import { repeatedLinesOf } from "./repeated_lines.js";
import { returnMarksOf } from "./return_marks.js";
import { SALES_SIGNS } from "./sales_signs.js";
import { sectionsOf } from "./sections.js";
import { storesOf } from "./stores.js";
import { sumsOfInvoicesOf } from "./sums_of_invoices.js";
import { taxLinesOf } from "./tax_lines.js";
import { wholePricesOf } from "./whole_prices.js";

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
  const { header, body, positions, shift } = columns.lines;
  return [
    {
      what: "header",
      readAs: headerLine === 0 ? "none" : `line ${formatNumber(headerLine)}`,
      because: evidence,
      confidence: given.order === null ? "certain" : "given",
    },
    {
      what: "columns",
      readAs: (Object.keys(FACT_WORDS) as Fact[])
        .filter((fact) => positions[fact] !== undefined && !(fact === "amount" && positions.price !== undefined))
        .map((fact) => `${FACT_WORDS[fact]}: ${listed([header[positions[fact]!] ?? `column ${positions[fact]! + 1}`])}`)
        .join("; "),
      because: "their names",
      confidence: Object.keys(given.names).length > 0 || given.order !== null ? "given" : "certain",
    },
    ...rowsOf("fields", fit.value.text, fit),
    ...sectionsOf(body),
    ...repeatedLinesOf(body, positions, shift),
    ...storesOf(body, header, { positions, shift }),
  ];
}

function orderRows({ layout, columns: { lines }, meaning }: Decisions): ReadingRow[] {
  const { header, body, positions, shift } = lines;
  const { orderFields, orderStates, stockCodes, invoices } = meaning;
  return [
    ...layout.purchases,
    ...rowsOf("lines of an order", orderFields.value.text, orderFields),
    ...rowsOf("states of orders", orderStates.value.text, orderStates),
    ...flagsLeftOf(body, header, { used: new Set<number>(Object.values(positions)), shift }),
    ...codesLeftOf(body, header, { shift, states: orderStates.value.columns.map(({ at }) => at) }),
    ...rowsOf("stock codes", stockCodes.value.text, stockCodes),
    ...invoices.rows,
    ...numbersOfLinesOf(body, header, { positions, shift }),
  ];
}

function customerRows(
  { layout, columns: { lines }, formats, meaning }: Decisions,
  { nobody }: GivenReading,
): ReadingRow[] {
  const { header, pieces, body, positions, shift } = lines;
  const { customers, own, payers } = meaning;
  const amounts = { positions, shift, formats: { quantity: formats.quantity.value, price: formats.price.value } };
  return [
    ...layout.buyers,
    ...customers.rows,
    ...otherCustomersOf(body, header, { positions, shift, nobody }),
    ...own.rows,
    ...payers.rows,
    ...(payers.own === "" ? returnsOfOneOf(body, amounts, own.own) : []),
    ...groupedCustomersOf(pieces, positions, shift),
  ];
}

function formatRows({ layout, columns: { lines }, formats, meaning }: Decisions): ReadingRow[] {
  const { header, positions } = lines;
  const { dates, quantity, price } = formats;
  const money = moneyFactOf(positions);
  const what = money === "price" ? "prices" : "amounts";
  const name = listed([header[positions[money]!] ?? "-"]);
  const inHundredths: ReadingRow = {
    what: "prices",
    readAs: "in hundredths",
    because: `the name ${name}`,
    confidence: "likely",
  };
  return [
    rowOf("dates", describeDates(dates.value), dates),
    // A column that only its values have shown has no format of its own.
    ...(layout.lines.positions.quantity === undefined
      ? []
      : [rowOf("quantities", describeNumbers(quantity.value), quantity)]),
    rowOf(what, describeNumbers(price.value), price),
    ...(meaning.isInMinorUnits
      ? [inHundredths]
      : wholePricesOf(valuesOf(lines, money), { what, name, currency: meaning.currency?.value ?? null })),
  ];
}

function moneyRows({ layout, formats, columns, meaning }: Decisions): ReadingRow[] {
  const { salesSigns, hasPriceUnits } = meaning;
  const { body, positions, shift } = columns.lines;
  const amounts = { positions, shift, formats: { quantity: formats.quantity.value, price: formats.price.value } };
  const { type } = positions;
  const sold = type === undefined ? body : salesAmong(body, columns.noSales.value, type + shift);
  return [
    ...rowsOf("sales", SALES_SIGNS[salesSigns.value], salesSigns),
    ...rowsOf("prices", "for as many pieces as the line says", hasPriceUnits),
    ...layout.sides,
    ...columns.totals,
    ...taxLinesOf(body, amounts),
    ...sumsOfInvoicesOf(sold, amounts),
    ...joinedLinesOf(sold, amounts),
  ];
}

function returnRows({ columns, formats, meaning }: Decisions, { creditNotes }: GivenReading): ReadingRow[] {
  const { header, body, positions, shift } = columns.lines;
  const { currency, hasReturnsTwice, salesSigns, orderStates } = meaning;
  const amounts = { positions, shift, formats: { quantity: formats.quantity.value, price: formats.price.value } };
  return [
    ...returnMarksOf(body, header, amounts, creditNotes),
    ...leftOutOf(body, header, {
      positions,
      shift,
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
