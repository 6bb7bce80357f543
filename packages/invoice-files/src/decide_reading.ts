import { formatNumber, StepError } from "@keyspaces-segmentation/common";
import {
  describeDates,
  describeNumbers,
  detectDates,
  detectNumbers,
  isOpen,
} from "@keyspaces-segmentation/table-files";
import { currencyOf, shownIn } from "./amount_currency.js";
import type { Fact } from "./column_names.js";
import { creditTypesOf } from "./credit_types.js";
import { datesOf } from "./date_text.js";
import { salesSideOf } from "./debit_credit.js";
import { flagsLeftOf } from "./flags.js";
import { findHeader } from "./header.js";
import { customersOf, invoicesOf } from "./id_columns.js";
import { leftOutOf } from "./left_out.js";
import { lineTotalsOf } from "./line_totals.js";
import { listed } from "./map_columns.js";
import { isInMinorUnits } from "./minor_units.js";
import { noSalesOf, salesAmong, withoutMoneyKinds } from "./no_sale_rows.js";
import { groupedCustomersOf, orderFieldsOf } from "./order_fields.js";
import { orderStatesOf, statusColumnsOf } from "./order_states.js";
import { otherCustomersOf } from "./other_customers.js";
import { ownAddressOf, returnsOfOneOf } from "./own_address.js";
import { payersOf } from "./payers.js";
import { hasPriceUnits, refuseOtherMeasures } from "./price_units.js";
import type { GivenReading, Reading } from "./reading.js";
import type { ReadingRow } from "./reading_row.js";
import { givenCreditRows, headRows, rowOf, rowsOf } from "./reading_rows.js";
import { type MoreValues, piecesBelow, type RecordSample } from "./record_sample.js";
import { repeatedLinesOf } from "./repeated_lines.js";
import { returnMarksOf } from "./return_marks.js";
import { returnSignsOf } from "./return_signs.js";
import { fitOf } from "./row_fit.js";
import { SALES_SIGNS, salesSignsOf } from "./sales_signs.js";
import { sectionsOf } from "./sections.js";
import { stockCodesOf } from "./stock_codes.js";
import { decided, UndecidedError } from "./undecided.js";
import { wholePricesOf } from "./whole_prices.js";

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
  positions = withoutMoneyKinds(body, positions, fit.value.shift);
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

  const { names } = given.columns;
  const isGiven = names.amount !== undefined;
  const typeAt = positions.type;
  let noSales = noSalesOf(body, positions, fit.value.shift);
  const sales = salesAmong(body, noSales.value, (positions.type ?? 0) + fit.value.shift);
  const sides = salesSideOf(sales, header, { positions, shift: fit.value.shift }, { isGiven });
  positions = sides.positions;
  const orderFields = orderFieldsOf(pieces, positions, fit.value.shift);
  const dates = decided(
    detectDates(more?.dates ?? datesOf(body, positions, fit.value.shift), {
      dateOrder: given.dateOrder,
      timeZone: given.timeZone,
    }),
  );
  const priceFact = at("price") === undefined ? "amount" : "price";
  const numbers = detectNumbers(
    {
      quantity: more?.quantity ?? valuesOf("quantity"),
      price: more?.price ?? [...valuesOf(priceFact), ...valuesOf("credit")],
    },
    { decimal: given.decimal },
  );
  if (isOpen(numbers)) throw new UndecidedError(numbers);
  const { quantity, price } = numbers;
  refuseOtherMeasures(quantity.value.unit, price.value.unit);
  const formats = { quantity: quantity.value, price: price.value };
  const totals = lineTotalsOf(body, header, { positions, shift: fit.value.shift }, formats, given.columns);
  positions = totals.positions;
  const creditTypes = creditTypesOf(sales, header, { positions, shift: fit.value.shift, formats }, names.type);
  if (creditTypes.column !== undefined) positions = { ...positions, type: creditTypes.column };
  const columns = statusColumnsOf(
    body,
    header,
    { positions, shift: fit.value.shift },
    { isLeft: names.status === "-" },
  );
  const [statusAt] = columns;
  if (positions.status === undefined && statusAt !== undefined) positions = { ...positions, status: statusAt };
  const currency = currencyOf(given.currency, valuesOf("currency"), [
    ...valuesOf(priceFact),
    ...shownIn(sample.currencies?.get(at(priceFact)!)),
  ]);
  const stockCodes = stockCodesOf(body, positions, fit.value.shift);
  const customers = customersOf(valuesOf("customerId"), given.nobody);
  const invoices = invoicesOf(valuesOf("invoice"));
  const orderStates = orderStatesOf(body, header, positions, {
    columns,
    shift: fit.value.shift,
    hasReturns: creditTypes.turned.value.length > 0,
  });
  const returnSigns = returnSignsOf(body, positions, fit.value.shift, formats);
  const salesSigns = salesSignsOf(sales, positions, fit.value.shift, formats);
  if (creditTypes.column !== typeAt) noSales = noSalesOf(body, positions, fit.value.shift);
  const { turned } = creditTypes;
  const priceUnits = hasPriceUnits(body, positions, fit.value.shift);
  const moneyAt = at("price") ?? at("amount");
  const isMinor = isInMinorUnits(header[moneyAt!] ?? "");
  const { own, rows: ofOwn } = ownAddressOf(body, header, { positions, shift: fit.value.shift });
  const payers = payersOf(own === "" ? body : [], header, { positions, shift: fit.value.shift });
  const hasQuantity = at("quantity") !== undefined;

  const rows: ReadingRow[] = [
    ...headRows({ header, headerLine, evidence, positions }, given.columns),
    ...rowsOf("fields", fit.value.text, fit),
    ...sectionsOf(body),
    ...repeatedLinesOf(body, positions, fit.value.shift),
    ...rowsOf("lines of an order", orderFields.value.text, orderFields),
    ...rowsOf("states of orders", orderStates.value.text, orderStates),
    ...flagsLeftOf(body, header, { used: new Set<number>(Object.values(positions)), shift: fit.value.shift }),
    ...rowsOf("stock codes", stockCodes.value.text, stockCodes),
    ...invoices.rows,
    ...customers.rows,
    ...otherCustomersOf(body, header, { positions, shift: fit.value.shift, nobody: given.nobody }),
    ...ofOwn,
    ...payers.rows,
    ...(payers.own !== "" ? [] : returnsOfOneOf(body, { positions, shift: fit.value.shift, formats }, own)),
    ...groupedCustomersOf(pieces, positions, fit.value.shift),
    rowOf("dates", describeDates(dates.value), dates),
    ...(hasQuantity ? [rowOf("quantities", describeNumbers(quantity.value), quantity)] : []),
    rowOf(at("price") === undefined ? "amounts" : "prices", describeNumbers(price.value), price),
    ...(isMinor
      ? [
          {
            what: "prices",
            readAs: "in hundredths",
            because: `the name ${listed([header[moneyAt!]!])}`,
            confidence: "likely" as const,
          },
        ]
      : wholePricesOf(valuesOf(at("price") === undefined ? "amount" : "price"), {
          what: at("price") === undefined ? "amounts" : "prices",
          name: listed([header[moneyAt!] ?? "-"]),
          currency: currency?.value ?? null,
        })),
    ...rowsOf("sales", SALES_SIGNS[salesSigns.value], salesSigns),
    ...rowsOf("prices", "for as many pieces as the line says", priceUnits),
    ...sides.rows,
    ...totals.rows,
    ...returnMarksOf(body, header, { positions, shift: fit.value.shift, formats }),
    ...leftOutOf(body, header, { positions, shift: fit.value.shift }),
    ...(currency === null ? [] : [rowOf("currency", currency.value, currency)]),
    ...(returnSigns.value && salesSigns.value === "usual"
      ? [rowOf("returns", "quantity below zero, one minus of the two", returnSigns)]
      : []),
    ...givenCreditRows(given.creditNotes),
    ...rowsOf("credit notes", turned.value.join(", "), turned),
    ...creditTypes.rows,
    ...rowsOf("no sales", `${noSales.value.join(", ")}: rejected`, noSales),
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
    creditTypes: turned.value,
    noSales: noSales.value,
    isInMinorUnits: isMinor,
    hasPriceUnits: priceUnits.value,
    hasReturnsTwice: returnSigns.value,
    salesSigns: salesSigns.value,
    signAt: totals.signAt,
    creditNotes: given.creditNotes,
    nobody: given.nobody,
    own,
    payers,
    ids: { invoice: invoices.numbers, customer: customers.numbers },
    currency: currency?.value ?? null,
    settled: { dates: given.dateOrder !== null, numbers: given.decimal !== null, currency: given.currency !== null },
  };
}
