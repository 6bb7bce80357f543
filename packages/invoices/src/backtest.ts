import { ArgumentError } from "@keyspaces-segmentation/common";

/** A share between its bounds at 95 % confidence, all from 0 to 1. */
export interface Estimate {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

/** What the customers of one segment did in the quarter after they were put into it. */
interface SegmentOutcome {
  readonly segment: string;
  readonly customers: number;
  /** How many of them bought again. */
  readonly returned: number;
  readonly returnRate: Estimate;
  /** What they spent in that quarter, in the currency of the data. */
  readonly revenue: number;
  /** Of what all customers spent in it, those included who came only then. */
  readonly revenueShare: Estimate;
}

export interface Backtest {
  /** In the order in which the segments first appear. */
  readonly segments: readonly SegmentOutcome[];
  /** Customers who were in no segment at the cut. */
  readonly newcomers: { readonly customers: number; readonly revenue: number; readonly revenueShare: number };
}

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959963984540054;
const RESAMPLES = 1000;
/** Customers that are drawn for each of them: of ten million, so many as there are would take minutes. */
const MOST_DRAWS = 100_000;

/**
 * Wilson's interval for a proportion: honest for few customers and for shares near 0 and 1.
 *
 * @see Wilson, "Probable inference, the law of succession, and statistical inference", 1927
 */
export function wilsonInterval(successes: number, trials: number): Estimate {
  if (trials === 0) return { share: 0, low: 0, high: 1 };
  const share = successes / trials;
  const centre = share + Z ** 2 / (2 * trials);
  const half = Z * Math.sqrt((share * (1 - share)) / trials + Z ** 2 / (4 * trials ** 2));
  const scale = 1 + Z ** 2 / trials;
  return {
    share,
    low: successes === 0 ? 0 : (centre - half) / scale,
    high: successes === trials ? 1 : (centre + half) / scale,
  };
}

/**
 * Were segments made a quarter ago worth anything? Tells per segment who bought again and what share of the quarter's revenue they
 * brought. Intervals: Wilson's for the customers, the percentile bootstrap over customers for the revenue (Efron, 1979); of more than
 * `mostDraws` customers that many are drawn each time, and the interval is narrowed by the root of their part, as the error of a share is.
 *
 * @param before the customers known at the cut, each with their segment
 * @param spent per customer who bought after the cut, what they spent
 * @param random numbers in [0, 1), for the bootstrap
 * @see Bickel, Götze & van Zwet, "Resampling fewer than n observations", 1997
 * @throws ArgumentError when a customer is in two segments
 */
export function backtest(
  before: readonly { readonly customerId: string; readonly segment: string }[],
  spent: ReadonlyMap<string, number>,
  random: () => number,
  { mostDraws = MOST_DRAWS }: { readonly mostDraws?: number } = {},
): Backtest {
  const names = [...new Set(before.map(({ segment }) => segment))];
  const indexOf = new Map(names.map((name, i) => [name, i]));
  const segmentOf = new Map<string, number>();
  for (const { customerId, segment } of before) {
    if (segmentOf.has(customerId))
      throw new ArgumentError("before", "customers that are in one segment each", customerId);
    segmentOf.set(customerId, indexOf.get(segment)!);
  }
  const newcomers = [...spent].filter(([customerId]) => !segmentOf.has(customerId));
  // One entry a customer; newcomers are the segment behind the last.
  const segments = Int32Array.from([...segmentOf.values(), ...newcomers.map(() => names.length)]);
  const amounts = Float64Array.from([
    ...[...segmentOf.keys()].map((customerId) => spent.get(customerId) ?? 0),
    ...newcomers.map(([, amount]) => amount),
  ]);
  const { sums, total } = sumBySegment(segments, amounts, names.length + 1);
  const draws = Math.min(segments.length, mostDraws);
  const drawn = bootstrapShares(segments, amounts, { count: names.length + 1, draws, random });
  const narrower = Math.sqrt(draws / segments.length);
  return {
    segments: names.map((segment, i) => {
      const share = total > 0 ? sums[i]! / total : 0;
      const [low, high] = drawn[i]!.map((bound) => (narrower < 1 ? share + narrower * (bound - share) : bound));
      const members = before.filter((customer) => customer.segment === segment);
      const returned = members.filter(({ customerId }) => spent.has(customerId)).length;
      return {
        segment,
        customers: members.length,
        returned,
        returnRate: wilsonInterval(returned, members.length),
        revenue: sums[i]!,
        revenueShare: { share, low: low!, high: high! },
      };
    }),
    newcomers: {
      customers: newcomers.length,
      revenue: sums[names.length]!,
      revenueShare: total > 0 ? sums[names.length]! / total : 0,
    },
  };
}

function sumBySegment(
  segments: Int32Array,
  amounts: Float64Array,
  count: number,
): { sums: Float64Array; total: number } {
  const sums = new Float64Array(count);
  for (let i = 0; i < segments.length; i++) sums[segments[i]!]! += amounts[i]!;
  return { sums, total: sums.reduce((sum, each) => sum + each, 0) };
}

/** Per segment, the 2.5th and the 97.5th percentile of its share when so many customers are drawn again, with replacement. */
function bootstrapShares(
  segments: Int32Array,
  amounts: Float64Array,
  { count, draws, random }: { count: number; draws: number; random: () => number },
): [low: number, high: number][] {
  const n = segments.length;
  const shares = Array.from({ length: count }, () => new Float64Array(RESAMPLES));
  const drawnSegments = new Int32Array(draws);
  const drawnAmounts = new Float64Array(draws);
  for (let resample = 0; resample < RESAMPLES; resample++) {
    for (let i = 0; i < draws; i++) {
      const drawn = Math.floor(random() * n);
      drawnSegments[i] = segments[drawn]!;
      drawnAmounts[i] = amounts[drawn]!;
    }
    const { sums, total } = sumBySegment(drawnSegments, drawnAmounts, count);
    for (let s = 0; s < count; s++) shares[s]![resample] = total > 0 ? sums[s]! / total : 0;
  }
  return shares.map((of) => {
    of.sort();
    return [of[Math.floor(0.025 * (RESAMPLES - 1))]!, of[Math.ceil(0.975 * (RESAMPLES - 1))]!];
  });
}
