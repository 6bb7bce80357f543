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
  /** In the order of their names. */
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

/** Customers by the segments in which they were at the cut, and what they have spent since, as columns: objects for each of them take minutes of millions. */
export interface SegmentSales {
  /** The segments. */
  readonly names: readonly string[];
  /** Of each customer known at the cut, the place of their segment in `names`. */
  readonly segments: ArrayLike<number>;
  /** Of each of them, what they spent after the cut; NaN where they bought nothing. */
  readonly spent: ArrayLike<number>;
  /** Of each other customer who bought after the cut, what they spent. */
  readonly newcomers: ArrayLike<number>;
}

/**
 * Were segments made a quarter ago worth anything? Tells per segment who bought again and what share of the quarter's revenue they
 * brought. Intervals: Wilson's for the customers, the percentile bootstrap over customers for the revenue (Efron, 1979); of more than
 * `mostDraws` customers that many are drawn each time, and the interval is narrowed by the root of their part, as the error of a share is.
 *
 * @param random numbers in [0, 1), for the bootstrap
 * @see Bickel, Götze & van Zwet, "Resampling fewer than n observations", 1997
 */
export function backtest(
  { names, segments: known, spent, newcomers }: SegmentSales,
  random: () => number,
  { mostDraws = MOST_DRAWS }: { readonly mostDraws?: number } = {},
): Backtest {
  // One entry a customer; newcomers are the segment behind the last.
  const segments = new Int32Array(known.length + newcomers.length).fill(names.length);
  segments.set(known);
  const amounts = new Float64Array(segments.length);
  amounts.set(newcomers, known.length);
  const customers = new Array<number>(names.length).fill(0);
  const returned = new Array<number>(names.length).fill(0);
  for (let i = 0; i < known.length; i++) {
    customers[known[i]!]!++;
    if (Number.isNaN(spent[i])) continue;
    returned[known[i]!]!++;
    amounts[i] = spent[i]!;
  }
  const { sums, total } = sumBySegment(segments, amounts, names.length + 1);
  const draws = Math.min(segments.length, mostDraws);
  const drawn = bootstrapShares(segments, amounts, { count: names.length + 1, draws, random });
  const narrower = Math.sqrt(draws / segments.length);
  return {
    segments: names.map((segment, i) => {
      const share = total > 0 ? sums[i]! / total : 0;
      const [low, high] = drawn[i]!.map((bound) => (narrower < 1 ? share + narrower * (bound - share) : bound));
      return {
        segment,
        customers: customers[i]!,
        returned: returned[i]!,
        returnRate: wilsonInterval(returned[i]!, customers[i]!),
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
