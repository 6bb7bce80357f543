import type { ScoredCustomer } from "./scores.js";

/** The values that led to a score; null where nobody has it. */
export interface Cutoffs {
  readonly score: number;
  readonly recencyFrom: number | null;
  readonly recencyTo: number | null;
  readonly frequencyFrom: number | null;
  readonly frequencyTo: number | null;
  readonly monetaryFrom: number | null;
  readonly monetaryTo: number | null;
}

/** Where each score begins and ends, from the best to the worst: the lowest and the highest value among the customers who have it. */
export function cutoffsOf(customers: readonly ScoredCustomer[]): Cutoffs[] {
  return [5, 4, 3, 2, 1].map((score) => {
    const [recencyFrom, recencyTo] = rangeOf(customers.filter(({ r }) => r === score).map((of) => of.recencyDays));
    const [frequencyFrom, frequencyTo] = rangeOf(customers.filter(({ f }) => f === score).map((of) => of.frequency));
    const [monetaryFrom, monetaryTo] = rangeOf(customers.filter(({ m }) => m === score).map((of) => of.monetary));
    return { score, recencyFrom, recencyTo, frequencyFrom, frequencyTo, monetaryFrom, monetaryTo };
  });
}

function rangeOf(values: readonly number[]): [number | null, number | null] {
  if (values.length === 0) return [null, null];
  const least = values.reduce((a, b) => Math.min(a, b));
  return [least, values.reduce((a, b) => Math.max(a, b))];
}
