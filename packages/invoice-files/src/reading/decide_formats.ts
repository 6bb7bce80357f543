import {
  type DateFormat,
  type Decision,
  detectDates,
  detectNumbers,
  isOpen,
  type NumberFormat,
} from "@keyspaces-segmentation/table-files";
import { datesOf } from "../columns/date_text.js";
import { type LinesBelow, moneyFactOf, valuesOf } from "../columns/lines_below.js";
import { refuseOtherMeasures } from "../money/price_units.js";
import type { MoreValues } from "../source/record_sample.js";
import { decided, UndecidedError } from "../undecided.js";
import type { GivenReading } from "./reading.js";

/** How the dates and the numbers of a file are written. */
export interface Formats {
  readonly dates: Decision<DateFormat>;
  readonly quantity: Decision<NumberFormat>;
  readonly price: Decision<NumberFormat>;
}

/**
 * Decides how dates are written, then numbers: quantities and money together, since one may tell the decimal sign of the other.
 *
 * @param more values of the whole file, for what the sample has left open
 * @throws UndecidedError naming `dateOrder`, `timeZone` or `decimal`; StepError for quantities and prices in two measures
 */
export function decideFormats(lines: LinesBelow, given: GivenReading, more?: MoreValues): Formats {
  const { body, positions, shift } = lines;
  const { dateOrder, timeZone, decimal } = given;
  const dates = decided(detectDates(more?.dates ?? datesOf(body, positions, shift), { dateOrder, timeZone }));
  const numbers = detectNumbers(
    {
      quantity: more?.quantity ?? valuesOf(lines, "quantity"),
      price: more?.price ?? [...valuesOf(lines, moneyFactOf(positions)), ...valuesOf(lines, "credit")],
    },
    { decimal },
  );
  if (isOpen(numbers)) throw new UndecidedError(numbers);
  refuseOtherMeasures(numbers.quantity.value.unit, numbers.price.value.unit);
  return { dates, ...numbers };
}
