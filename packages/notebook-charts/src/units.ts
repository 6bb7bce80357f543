import { CURRENCY } from "@keyspaces-segmentation/common";

const UNITS: readonly [pattern: RegExp, unit: string][] = [
  [
    /^(monetary(Mean|Median|From|To|_mean)?|total|(net|sales|published)Monetary|revenue|price|amount(In[A-Z]\w*)?)$/,
    CURRENCY,
  ],
  [/^recency(Mean|Median|From|To)$/, "days"],
  [/^frequency(Mean|Median|From|To|_mean)?$/, "invoices"],
];

/** The unit of a property that tables show, by its name; undefined for counts, shares and what says it itself, as `recencyDays` does. */
export function unitOf(key: string): string | undefined {
  return UNITS.find(([pattern]) => pattern.test(key))?.[1];
}
