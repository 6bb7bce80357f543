import { ArgumentError, sortNumbers } from "@keyspaces-segmentation/common";
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

/** The features of customers, a column each. */
export interface FeatureColumns {
  /** Days. */
  readonly recency: Float64Array;
  /** Invoices. */
  readonly frequency: Float64Array;
  /** In the currency of the data. */
  readonly monetary: Float64Array;
}

/** Scores from 1 to 5, a column each. */
export interface ScoreColumns {
  readonly r: Uint8Array;
  readonly f: Uint8Array;
  readonly m: Uint8Array;
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
  const { r, f, m } = scoreColumns(featureColumns(customers), preparation, cuts);
  return customers.map(({ customerId, country, recencyDays, frequency, monetary }, i) => {
    const segment = segmentOf(r[i]!, f[i]!);
    return { customerId, country, recencyDays, frequency, monetary, r: r[i]!, f: f[i]!, m: m[i]!, segment };
  });
}

function featureColumns(customers: readonly CustomerFeatures[]): FeatureColumns {
  return {
    recency: Float64Array.from(customers, ({ recencyDays }) => recencyDays),
    frequency: Float64Array.from(customers, ({ frequency }) => frequency),
    monetary: Float64Array.from(customers, ({ monetary }) => monetary),
  };
}

/**
 * The scores of {@link scoreCustomers}, of columns: a million customers need not be objects for it.
 *
 * @throws ArgumentError for cuts that are not four ascending numbers
 */
export function scoreColumns(
  { recency, frequency, monetary }: FeatureColumns,
  preparation: Preparation,
  cuts: ScoreCuts = {},
): ScoreColumns {
  const isPublished = preparation === "as_published";
  const flipped = (bins: Uint8Array): Uint8Array => bins.map((bin) => 6 - bin);
  const ofRecency = () => (isPublished ? flipped(quantileBins(recency)) : rankScores(recency.map((days) => -days)));
  const ofFrequency = () => (isPublished ? quantileBins(orderRanks(frequency)) : frequencyScores(frequency));
  const ofMonetary = () => (isPublished ? quantileBins(monetary) : rankScores(monetary));
  return {
    r: cuts.recency ? flipped(fixedBins("recency", recency, cuts.recency)) : ofRecency(),
    f: cuts.frequency ? fixedBins("frequency", frequency, cuts.frequency) : ofFrequency(),
    m: cuts.monetary ? fixedBins("monetary", monetary, cuts.monetary) : ofMonetary(),
  };
}

/** The bin, 1 to 5, that each value falls in, upper ends included. */
function fixedBins(name: string, values: Float64Array, cuts: readonly number[]): Uint8Array {
  const ascend = cuts.every((cut, i) => Number.isFinite(cut) && (i === 0 || cut > cuts[i - 1]!));
  if (cuts.length !== 4 || !ascend) {
    throw new ArgumentError(`cuts.${name}`, "four ascending numbers", `[${cuts.join(", ")}]`);
  }
  return binsBetween(values, cuts);
}

/** Tells each value that there is, in ascending order, with how many are below it and how many are not above it. */
function forEachRun(values: Float64Array, tell: (value: number, below: number, upTo: number) => void): void {
  const sorted = sortNumbers(values);
  for (let below = 0, upTo = 0; below < sorted.length; below = upTo) {
    const value = sorted[below]!;
    do upTo++;
    while (sorted[upTo] === value);
    tell(value, below, upTo);
  }
}

/** ⌈5 × average rank ÷ n⌉ of each value, the lowest ranking 1. */
function rankScores(values: Float64Array): Uint8Array {
  // The highest value that scores 1, 2, 3, 4 at most.
  const cuts = [1, 2, 3, 4].map(() => Number.NEGATIVE_INFINITY);
  forEachRun(values, (value, below, upTo) => {
    // Ranks below + 1 … upTo have the average (below + 1 + upTo) / 2.
    const score = Math.ceil((5 * (below + 1 + upTo)) / (2 * values.length));
    for (let most = score; most < 5; most++) cuts[most - 1] = value;
  });
  return binsBetween(values, cuts);
}

/** A value that a greater part of the customers shares than this decides over fifths, which are to tell customers apart. */
export const DOMINATING: number = 1 / 2;

function frequencyScores(frequency: Float64Array): Uint8Array {
  const scores = rankScores(frequency);
  let once = 0;
  for (const invoices of frequency) if (invoices === 1) once++;
  return once > DOMINATING * frequency.length ? scores.map((score, i) => (frequency[i] === 1 ? 1 : score)) : scores;
}

/** The rank of each value from 1, equal values ranked in the order given. */
function orderRanks(values: Float64Array): Float64Array {
  const next = new Map<number, number>();
  forEachRun(values, (value, below) => next.set(value, below + 1));
  return values.map((value) => {
    const rank = next.get(value)!;
    next.set(value, rank + 1);
    return rank;
  });
}

/** The fifth, 1 to 5, that each value falls in: cuts at linearly interpolated quantiles, upper ends included. */
function quantileBins(values: Float64Array): Uint8Array {
  const sorted = sortNumbers(values);
  const cuts = [1, 2, 3, 4].map((fifth) => {
    const position = (fifth * (sorted.length - 1)) / 5;
    const below = Math.floor(position);
    const low = sorted[below]!;
    return low + (position - below) * ((sorted[below + 1] ?? low) - low);
  });
  return binsBetween(values, cuts);
}

/** 1 for values up to the first cut, one more beyond each further one. */
function binsBetween(values: Float64Array, cuts: readonly number[]): Uint8Array {
  const bins = new Uint8Array(values.length).fill(1);
  for (const cut of cuts) for (let i = 0; i < values.length; i++) if (cut < values[i]!) bins[i]!++;
  return bins;
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
  const cutoffs = [5, 4, 3, 2, 1].map((score) => ({
    score,
    recency: newRange(),
    frequency: newRange(),
    monetary: newRange(),
  }));
  for (const { r, f, m, recencyDays, frequency, monetary } of customers) {
    widen(cutoffs[5 - r]!.recency, recencyDays);
    widen(cutoffs[5 - f]!.frequency, frequency);
    widen(cutoffs[5 - m]!.monetary, monetary);
  }
  return cutoffs.map(({ score, recency, frequency, monetary }) => ({
    score,
    recencyFrom: recency.from,
    recencyTo: recency.to,
    frequencyFrom: frequency.from,
    frequencyTo: frequency.to,
    monetaryFrom: monetary.from,
    monetaryTo: monetary.to,
  }));
}

interface Range {
  from: number | null;
  to: number | null;
}

const newRange = (): Range => ({ from: null, to: null });

function widen(range: Range, value: number): void {
  range.from = Math.min(range.from ?? value, value);
  range.to = Math.max(range.to ?? value, value);
}
