import { DecimalSum, formatDecimal } from "@keyspaces-segmentation/common";
import type { RetailAggregate } from "./aggregate.js";
import { quantileOf } from "./quantile.js";
import { countedOf, PREPARATIONS, type Preparation, prepareFeatures } from "./rfm.js";
import { type ScoreCuts, type ScoredCustomer, scoreCustomers } from "./scores.js";

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

type Prepared = ReadonlyMap<string, ScoredCustomer>;

/**
 * What the choice of preparation comes to: a row for each of the three.
 *
 * @throws ArgumentError for a bad analysis date or cuts; StepError when there are no lines
 */
export function comparePreparations(aggregate: RetailAggregate, options: ComparisonOptions = {}): PreparationRow[] {
  const all = prepareAll(aggregate, options);
  return PREPARATIONS.map((preparation) => {
    const [here, net] = [all[preparation], all.net];
    const customers = [...here.values()];
    const pairs = customers.flatMap((customer): [ScoredCustomer, ScoredCustomer][] => {
      const other = net.get(customer.customerId);
      return other === undefined ? [] : [[customer, other]];
    });
    const others = (differ: (here: ScoredCustomer, net: ScoredCustomer) => boolean): number =>
      pairs.filter(([a, b]) => differ(a, b)).length;
    // What truncation alone does to every amount is not the difference that matters.
    const comparable = preparation === "as_published" ? Math.trunc : (amount: number) => amount;
    return {
      preparation,
      customers: customers.length,
      monetary: totalOf(aggregate, preparation),
      recencyMedian: median(customers.map(({ recencyDays }) => recencyDays)),
      frequencyMedian: median(customers.map(({ frequency }) => frequency)),
      monetaryMedian: median(customers.map(({ monetary }) => monetary)),
      onlyHere: customers.length - pairs.length,
      onlyInNet: net.size - pairs.length,
      recencyDiffers: others((a, b) => a.recencyDays !== b.recencyDays),
      frequencyDiffers: others((a, b) => a.frequency !== b.frequency),
      monetaryDiffers: others((a, b) => comparable(a.monetary) !== comparable(b.monetary)),
      segmentDiffers: others((a, b) => a.segment !== b.segment),
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
  const { net, sales, as_published: published } = prepareAll(aggregate, options);
  const spread = ({ netMonetary, salesMonetary, publishedMonetary }: PreparedCustomer): number => {
    const amounts = [netMonetary ?? 0, salesMonetary ?? 0, publishedMonetary ?? 0];
    return Math.max(...amounts) - Math.min(...amounts);
  };
  return aggregate.customers
    .map(({ customerId }): PreparedCustomer => {
      const [a, b, c] = [net.get(customerId), sales.get(customerId), published.get(customerId)];
      return {
        customerId,
        netMonetary: a?.monetary ?? null,
        salesMonetary: b?.monetary ?? null,
        publishedMonetary: c?.monetary ?? null,
        netSegment: a?.segment ?? null,
        salesSegment: b?.segment ?? null,
        publishedSegment: c?.segment ?? null,
      };
    })
    .filter((customer) => spread(customer) >= 1)
    .sort((a, b) => spread(b) - spread(a))
    .slice(0, atMost);
}

function prepareAll(
  aggregate: RetailAggregate,
  { analysisDate, cuts = {} }: ComparisonOptions,
): Record<Preparation, Prepared> {
  const prepare = (preparation: Preparation): Prepared => {
    // A preparation may leave nobody: all there is may be returns.
    const nobody = !aggregate.customers.some((customer) => countedOf(customer, preparation) !== null);
    if (nobody && aggregate.lastInvoice !== null) return new Map();
    const { customers } = prepareFeatures(aggregate, { preparation, analysisDate: analysisDate ?? null });
    return new Map(scoreCustomers(customers, preparation, cuts).map((customer) => [customer.customerId, customer]));
  };
  return { net: prepare("net"), sales: prepare("sales"), as_published: prepare("as_published") };
}

function totalOf(aggregate: RetailAggregate, preparation: Preparation): string {
  const sum = new DecimalSum();
  for (const customer of aggregate.customers) {
    const counted = countedOf(customer, preparation);
    if (counted !== null) sum.add(counted.amount.unscaled, counted.amount.scale);
  }
  return formatDecimal(sum.value());
}

const median = (values: readonly number[]): number | null => (values.length === 0 ? null : quantileOf(values, 0.5));
