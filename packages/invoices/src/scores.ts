import { ArgumentError } from "@keyspaces-segmentation/common";
import type { CustomerFeatures, Preparation } from "./rfm.js";
import { segmentOf } from "./segments.js";

/** A customer with scores from 1 (worst fifth) to 5 (best fifth) and the segment they lead to. */
export interface ScoredCustomer extends CustomerFeatures {
  readonly r: number;
  readonly f: number;
  readonly m: number;
  readonly segment: string;
}

/** Four ascending bounds for each feature that is not to be scored by fifths: up to the first is the lowest fifth, and so on. */
export interface ScoreCuts {
  /** Days; the fewest days score 5. */
  readonly recency?: readonly number[] | null;
  /** Invoices. */
  readonly frequency?: readonly number[] | null;
  /** In the currency of the data. */
  readonly monetary?: readonly number[] | null;
}

/**
 * Scores customers against each other, or against fixed bounds.
 *
 * `net` and `sales`: ⌈5 × average rank ÷ n⌉, recency ranked from the longest ago to the most recent, so that equal
 * values get equal scores; where most customers bought once, these score 1 for frequency: an average rank would
 * lift them the higher the more of them there are, and nobody buys less often. `as_published`: the original's quantile cuts (pandas `qcut`), ties of frequency broken
 * by the order of the customers. Where cuts coincide, for which `qcut` has only an exception, a value falls in the
 * lowest bin that reaches it: equal values still get equal scores, and some scores are not given.
 *
 * @param cuts bounds for some features or all, instead of fifths
 * @throws ArgumentError for cuts that are not four ascending numbers
 */
export function scoreCustomers(
  customers: readonly CustomerFeatures[],
  preparation: Preparation,
  cuts: ScoreCuts = {},
): ScoredCustomer[] {
  const recency = customers.map(({ recencyDays }) => recencyDays);
  const frequency = customers.map(({ frequency }) => frequency);
  const monetary = customers.map(({ monetary }) => monetary);
  const [byRecency, byFrequency, byMonetary] =
    preparation === "as_published"
      ? [quantileBins(recency).map((bin) => 6 - bin), quantileBins(orderRanks(frequency)), quantileBins(monetary)]
      : [rankScores(recency.map((days) => -days)), frequencyScores(frequency), rankScores(monetary)];
  const r = cuts.recency ? fixedBins("recency", recency, cuts.recency).map((bin) => 6 - bin) : byRecency;
  const f = cuts.frequency ? fixedBins("frequency", frequency, cuts.frequency) : byFrequency;
  const m = cuts.monetary ? fixedBins("monetary", monetary, cuts.monetary) : byMonetary;
  return customers.map((customer, i) => {
    const scores = { r: r[i]!, f: f[i]!, m: m[i]! };
    return { ...customer, ...scores, segment: segmentOf(scores.r, scores.f) };
  });
}

/** The bin, 1 to 5, that each value falls in, upper ends included. */
function fixedBins(name: string, values: readonly number[], cuts: readonly number[]): number[] {
  const ascend = cuts.every((cut, i) => Number.isFinite(cut) && (i === 0 || cut > cuts[i - 1]!));
  if (cuts.length !== 4 || !ascend) {
    throw new ArgumentError(`cuts.${name}`, "four ascending numbers", `[${cuts.join(", ")}]`);
  }
  return binsBetween(values, cuts);
}

/** Indices of the values in ascending order; equal values in the order given. */
function ascending(values: readonly number[]): number[] {
  return values.map((_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
}

/** ⌈5 × average rank ÷ n⌉ of each value, the lowest ranking 1. */
function rankScores(values: readonly number[]): number[] {
  const order = ascending(values);
  const scores = new Array<number>(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    // Ranks from + 1 … to have the average (from + 1 + to) / 2.
    const score = Math.ceil((5 * (from + 1 + to)) / (2 * values.length));
    for (const i of order.slice(from, to)) scores[i] = score;
    from = to;
  }
  return scores;
}

/** A value that a greater part of the customers shares than this decides over fifths, which are to tell customers apart. */
export const DOMINATING: number = 1 / 2;

function frequencyScores(frequency: readonly number[]): number[] {
  const scores = rankScores(frequency);
  const once = frequency.filter((invoices) => invoices === 1).length;
  return once > DOMINATING * frequency.length ? scores.map((score, i) => (frequency[i] === 1 ? 1 : score)) : scores;
}

/** The rank of each value from 1, equal values ranked in the order given. */
function orderRanks(values: readonly number[]): number[] {
  const ranks = new Array<number>(values.length);
  ascending(values).forEach((index, rank) => {
    ranks[index] = rank + 1;
  });
  return ranks;
}

/** The fifth, 1 to 5, that each value falls in: cuts at linearly interpolated quantiles, upper ends included. */
function quantileBins(values: readonly number[]): number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const cuts = [1, 2, 3, 4].map((fifth) => {
    const position = (fifth * (sorted.length - 1)) / 5;
    const below = Math.floor(position);
    const low = sorted[below]!;
    return low + (position - below) * ((sorted[below + 1] ?? low) - low);
  });
  return binsBetween(values, cuts);
}

/** 1 for values up to the first cut, one more beyond each further one. */
function binsBetween(values: readonly number[], cuts: readonly number[]): number[] {
  return values.map((value) => 1 + cuts.filter((cut) => cut < value).length);
}

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
