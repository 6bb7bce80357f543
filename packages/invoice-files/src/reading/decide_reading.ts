import type { MoreValues, RecordSample } from "../source/record_sample.js";
import { decideColumns } from "./decide_columns.js";
import { decideFormats } from "./decide_formats.js";
import { decideLayout } from "./decide_layout.js";
import { decideMeaning } from "./decide_meaning.js";
import type { GivenReading, Reading } from "./reading.js";
import { type Decisions, readingRows } from "./reading_rows.js";

/**
 * Decides how a file of invoice lines is meant, for whole columns, from the sample: where its table is and which column is which by name;
 * how dates and numbers are written; which column is which by its values; what its lines mean.
 *
 * @param more values of the whole file, for what the sample has left open
 * @throws UndecidedError naming the parameter that settles what the file cannot tell
 * @throws StepError where no header is found, or a column is missing
 */
export function decideReading(sample: RecordSample, given: GivenReading, more?: MoreValues): Reading {
  const layout = decideLayout(sample, given);
  const formats = decideFormats(layout.table, given, { more, isAll: sample.whole || more !== undefined });
  const columns = decideColumns(layout, formats, given.columns);
  const meaning = decideMeaning(columns, formats, { sales: layout.sales, home: layout.home, sample, given });
  return readingOf({ layout, formats, columns, meaning }, given);
}

function readingOf(decisions: Decisions, given: GivenReading): Reading {
  const { layout, formats, columns, meaning } = decisions;
  const { header, positions } = columns.table;
  return {
    rows: readingRows(decisions, given),
    warnings: [
      ...meaning.stockCodes.value.warnings,
      ...(meaning.currency?.warning === undefined ? [] : [meaning.currency.warning]),
    ],
    header,
    headerLine: layout.headerLine,
    positions,
    fit: layout.fit.value,
    dates: formats.dates.value,
    quantity: positions.quantity === undefined ? null : formats.quantity.value,
    price: formats.price.value,
    orderFields: meaning.orderFields.value,
    orderStates: meaning.orderStates.value,
    stockCodes: meaning.stockCodes.value,
    creditTypes: columns.turned.value,
    noSales: columns.noSales.value,
    kindsSeen: columns.seen,
    isInMinorUnits: meaning.isInMinorUnits,
    hasPriceUnits: meaning.hasPriceUnits.value,
    isOnePieceWhereBlank: meaning.isOnePieceWhereBlank,
    hasReturnsTwice: meaning.hasReturnsTwice.value,
    salesSigns: meaning.salesSigns.value,
    signAt: columns.signAt,
    creditNotes: given.creditNotes,
    nobody: given.nobody,
    own: meaning.own.own,
    payers: meaning.payers,
    ids: { invoice: meaning.invoices.numbers, customer: meaning.customers.numbers },
    currency: meaning.currency?.value ?? null,
    settled: { dates: given.dateOrder !== null, numbers: given.decimal !== null, currency: given.currency !== null },
  };
}
