import type { Money } from "@keyspaces-segmentation/common";

const AMOUNT =
  /^(monetary(Mean|Median|From|To|_mean)?|total|(net|sales|published)Monetary|revenue|price|amount(In[A-Z]\w*)?)$/;
const UNITS: readonly [pattern: RegExp, unit: string][] = [
  [/^recency(Mean|Median|From|To)$/, "days"],
  [/^frequency(Mean|Median|From|To|_mean)?$/, "invoices"],
];

/** What a column counts in, and how many decimals its numbers have at most. */
export interface Unit {
  /** "£", "days"; "" for amounts of which the currency is not known. */
  readonly unit: string;
  readonly mostDigits: number;
}

/** The unit of a property that tables show, by its name; undefined for counts, shares and what says it itself, as `recencyDays` does. */
export function unitOf(key: string, money: Money): Unit | undefined {
  if (AMOUNT.test(key)) return { unit: money.sign, mostDigits: money.digits };
  const unit = UNITS.find(([pattern]) => pattern.test(key))?.[1];
  return unit === undefined ? undefined : { unit, mostDigits: 2 };
}
