import {
  type DateFormat,
  type Decision,
  detectDates,
  detectNumbers,
  isOpen,
  type NumberFormat,
} from "@keyspaces-segmentation/table-files";
import { dateTexts } from "../columns/date_text.js";
import { addedUp, moneyFactOf, type Table } from "../columns/table.js";
import { refuseOtherMeasures } from "../money/price_units.js";
import type { MoreValues } from "../source/record_sample.js";
import { decided, UndecidedError } from "../undecided.js";
import { orderOfOtherDates } from "./other_dates.js";
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
 * @param isAll whether these, or the sample, are all that the file has
 * @throws UndecidedError naming `dateOrder`, `timeZone` or `decimal`; StepError for quantities and prices in two measures
 */
export function decideFormats(
  table: Table,
  given: GivenReading,
  { more, isAll }: { readonly more: MoreValues | undefined; readonly isAll: boolean },
): Formats {
  const { positions } = table;
  const { dateOrder, timeZone, decimal } = given;
  const texts = more?.dates ?? dateTexts(table);
  const own = detectDates(texts, { dateOrder, timeZone });
  const isDoubtful = isOpen(own) && own.parameter === "dateOrder" && own.choices.length > 0 && isAll;
  const dates = (isDoubtful ? orderOfOtherDates(table, texts, timeZone) : undefined) ?? decided(own);
  const numbers = detectNumbers(
    {
      quantity: more?.quantity ?? table.countsOf("quantity"),
      price: more?.price ?? addedUp(table.countsOf(moneyFactOf(positions)), table.countsOf("credit")),
    },
    { decimal },
  );
  if (isOpen(numbers)) throw new UndecidedError(numbers);
  refuseOtherMeasures(numbers.quantity.value.unit, numbers.price.value.unit);
  return { dates, ...numbers };
}
