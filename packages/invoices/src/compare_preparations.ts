import { countedColumns } from "./feature_columns.js";
import { quantileOf } from "./quantile.js";
import type { RetailAggregate } from "./retail_sums.js";
import { coversAnybody, PREPARATIONS, type Preparation } from "./rfm.js";
import { type FeatureColumns, type ScoreColumns, type ScoreCuts, scoreColumns } from "./scores.js";
import { segmentOf } from "./segments.js";

export interface ComparisonOptions {
  /** YYYY-MM-DD; by default the date of the last invoice in the data. */
  readonly analysisDate?: string | null;
  /** Bounds of one's own for the scores; see `scoreCustomers`. */
  readonly cuts?: ScoreCuts;
}

/** What one preparation makes of the lines, and what of that the preparation `net` sees differently. */
export interface PreparationRow {
  readonly preparation: Preparation;
  readonly customers: number;
  /** Σ of all customers' monetary values, exact decimal text. */
  readonly monetary: string;
  /** Medians over the customers; null where there are none. */
  readonly recencyMedian: number | null;
  readonly frequencyMedian: number | null;
  readonly monetaryMedian: number | null;
  /** Customers that only this preparation has, and those that only `net` has. */
  readonly onlyHere: number;
  readonly onlyInNet: number;
  /** Of the customers that both have, how many have another value. */
  readonly recencyDiffers: number;
  readonly frequencyDiffers: number;
  /** By a whole unit of the currency where the preparation truncates to whole ones. */
  readonly monetaryDiffers: number;
  readonly segmentDiffers: number;
}

/** A customer whom the preparations see differently; null where a preparation leaves them out. */
export interface PreparedCustomer {
  readonly customerId: string;
  readonly netMonetary: number | null;
  readonly salesMonetary: number | null;
  readonly publishedMonetary: number | null;
  readonly netSegment: string | null;
  readonly salesSegment: string | null;
  readonly publishedSegment: string | null;
}

/** What a preparation makes of customers, as columns: objects for each of them, three times, would be most of what a run has in memory. */
interface Prepared {
  /** Of each customer, its place in the columns; -1 where the preparation leaves it out. */
  readonly places: Int32Array;
  readonly features: FeatureColumns;
  /** Σ of all their monetary values, exact decimal text. */
  readonly total: string;
  readonly scores: ScoreColumns;
}

/**
 * What the choice of preparation comes to: a row for each of the three.
 *
 * @throws ArgumentError for a bad analysis date or cuts; StepError when there are no lines
 */
export function comparePreparations(aggregate: RetailAggregate, options: ComparisonOptions = {}): PreparationRow[] {
  const all = prepareAll(aggregate, options);
  return PREPARATIONS.map((preparation) => {
    const [here, net] = [all[preparation], all.net];
    const [mine, others] = [here.features, net.features];
    // What truncation alone does to every amount is not the difference that matters.
    const comparable = preparation === "as_published" ? Math.trunc : (amount: number) => amount;
    const counts = { both: 0, recency: 0, frequency: 0, monetary: 0, segment: 0 };
    for (let row = 0; row < here.places.length; row++) {
      const [a, b] = [here.places[row]!, net.places[row]!];
      if (a < 0 || b < 0) continue;
      counts.both++;
      if (mine.recency[a] !== others.recency[b]) counts.recency++;
      if (mine.frequency[a] !== others.frequency[b]) counts.frequency++;
      if (comparable(mine.monetary[a]!) !== comparable(others.monetary[b]!)) counts.monetary++;
      if (segmentAt(here, a) !== segmentAt(net, b)) counts.segment++;
    }
    return {
      preparation,
      customers: mine.recency.length,
      monetary: here.total,
      recencyMedian: median(mine.recency),
      frequencyMedian: median(mine.frequency),
      monetaryMedian: median(mine.monetary),
      onlyHere: mine.recency.length - counts.both,
      onlyInNet: others.recency.length - counts.both,
      recencyDiffers: counts.recency,
      frequencyDiffers: counts.frequency,
      monetaryDiffers: counts.monetary,
      segmentDiffers: counts.segment,
    };
  });
}

/**
 * The customers whom the three preparations see most differently: by the distance from the lowest to the highest of their monetary
 * values, those out of a preparation counted as 0 there.
 *
 * @param atMost how many
 * @throws ArgumentError, StepError as {@link comparePreparations}
 */
export function mostDifferent(
  aggregate: RetailAggregate,
  options: ComparisonOptions,
  atMost: number,
): PreparedCustomer[] {
  const all = prepareAll(aggregate, options);
  /** The widest spreads so far, the widest first. */
  const widest: { readonly spread: number; readonly customer: PreparedCustomer }[] = [];
  let row = 0;
  for (const customerId of aggregate.customers.ids()) {
    const customer = preparedCustomer(customerId, all, row++);
    const { netMonetary, salesMonetary, publishedMonetary } = customer;
    const amounts = [netMonetary ?? 0, salesMonetary ?? 0, publishedMonetary ?? 0];
    const spread = Math.max(...amounts) - Math.min(...amounts);
    if (spread < 1) continue;
    const behind = widest.findLastIndex((other) => other.spread >= spread) + 1;
    if (behind < atMost) widest.splice(behind, 0, { spread, customer });
    if (widest.length > atMost) widest.pop();
  }
  return widest.map(({ customer }) => customer);
}

function preparedCustomer(customerId: string, all: Record<Preparation, Prepared>, row: number): PreparedCustomer {
  const monetaryIn = ({ places, features }: Prepared): number | null => features.monetary[places[row]!] ?? null;
  const segmentIn = (of: Prepared): string | null => (of.places[row]! < 0 ? null : segmentAt(of, of.places[row]!));
  return {
    customerId,
    netMonetary: monetaryIn(all.net),
    salesMonetary: monetaryIn(all.sales),
    publishedMonetary: monetaryIn(all.as_published),
    netSegment: segmentIn(all.net),
    salesSegment: segmentIn(all.sales),
    publishedSegment: segmentIn(all.as_published),
  };
}

const segmentAt = ({ scores }: Prepared, place: number): string => segmentOf(scores.r[place]!, scores.f[place]!);

function prepareAll(
  aggregate: RetailAggregate,
  { analysisDate = null, cuts = {} }: ComparisonOptions,
): Record<Preparation, Prepared> {
  const prepare = (preparation: Preparation): Prepared => {
    // A preparation may leave nobody: all there is may be returns.
    const isNobody = !coversAnybody(preparation, aggregate) && aggregate.lastInvoice !== null;
    const { rows, features, total } = isNobody ? NOBODY : countedColumns(aggregate, { preparation, analysisDate });
    const places = new Int32Array(aggregate.customers.length).fill(-1);
    for (let place = 0; place < rows.length; place++) places[rows[place]!] = place;
    return { places, features, total, scores: scoreColumns(features, preparation, cuts) };
  };
  return { net: prepare("net"), sales: prepare("sales"), as_published: prepare("as_published") };
}

const NONE = new Float64Array(0);
const NOBODY = {
  rows: new Uint32Array(0),
  features: { recency: NONE, frequency: NONE, monetary: NONE },
  total: "0",
};

const median = (values: Float64Array): number | null => (values.length === 0 ? null : quantileOf(values, 0.5));
