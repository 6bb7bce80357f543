import { sortNumbers } from "@keyspaces-segmentation/common";
import { quantileOfSorted } from "@keyspaces-segmentation/invoices";
import { FEATURES, type Feature, type FeatureFigures, MOST } from "./means.js";

/** The figures of some customers, those of each feature in ascending order: medians, ranges and counts are read off them. */
export type SortedFigures = Readonly<Record<Feature, Float64Array>>;

export function sortedFigures(customers: readonly FeatureFigures[]): SortedFigures {
  const { length } = customers;
  const [recencyDays, frequency, monetary] = [
    new Float64Array(length),
    new Float64Array(length),
    new Float64Array(length),
  ];
  for (let i = 0; i < length; i++) {
    const customer = customers[i]!;
    recencyDays[i] = customer.recencyDays;
    frequency[i] = customer.frequency;
    monetary[i] = customer.monetary;
  }
  return {
    recencyDays: sortNumbers(recencyDays),
    frequency: sortNumbers(frequency),
    monetary: sortNumbers(monetary),
  };
}

/** The figures of all of them together. */
export function joinFigures(parts: readonly SortedFigures[]): SortedFigures {
  const joined = (feature: Feature): Float64Array => {
    const all = new Float64Array(parts.reduce((sum, part) => sum + sizeOf(part), 0));
    let at = 0;
    for (const { [feature]: column } of parts) {
      all.set(column, at);
      at += column.length;
    }
    return sortNumbers(all);
  };
  return { recencyDays: joined("recencyDays"), frequency: joined("frequency"), monetary: joined("monetary") };
}

/** How many customers these are. */
export const sizeOf = ({ monetary }: SortedFigures): number => monetary.length;

/** How many of some ascending values there are before the first that is none of them. */
function countWhile(sorted: Float64Array, isOne: (value: number) => boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isOne(sorted[middle]!)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** How many of some ascending values are below one. */
export const countBelow = (sorted: Float64Array, value: number): number => countWhile(sorted, (each) => each < value);

/** How many of some ascending values are not above one. */
export const countUpTo = (sorted: Float64Array, value: number): number => countWhile(sorted, (each) => each <= value);

/** The typical customer: half of them have less in a feature, half more. Null where there is nobody. */
export function mediansIn(figures: SortedFigures): FeatureFigures | null {
  if (sizeOf(figures) === 0) return null;
  const [recencyDays, frequency, monetary] = FEATURES.map((feature) => quantileOfSorted(figures[feature], 0.5));
  return { recencyDays: recencyDays!, frequency: frequency!, monetary: monetary! };
}

/** {@link mediansIn}, of customers in any order. */
export const mediansOf = (customers: readonly FeatureFigures[]): FeatureFigures | null =>
  mediansIn(sortedFigures(customers));

/** Where most of some ascending values lie, as narrow as leaves out equally many at either end. */
export function usualRange(sorted: Float64Array): { readonly from: number; readonly to: number } {
  const left = Math.floor(((1 - MOST) / 2) * sorted.length);
  return { from: sorted[left]!, to: sorted[sorted.length - 1 - left]! };
}
