import { DecimalSum, formatDecimal } from "@keyspaces-segmentation/common";
import type { RetailAggregate } from "./retail_sums.js";
import { countCustomers, type PreparationOptions } from "./rfm.js";
import type { FeatureColumns } from "./scores.js";

/** The features of the customers whom a preparation covers. */
export interface CountedColumns {
  /** Their places among all customers. */
  readonly rows: Uint32Array;
  readonly features: FeatureColumns;
  /** Σ of their monetary values, exact decimal text. */
  readonly total: string;
  readonly analysisDate: string;
}

/**
 * What `prepareFeatures` gives, as columns.
 *
 * @throws ArgumentError, StepError as `prepareFeatures`
 */
export function countedColumns(aggregate: RetailAggregate, options: PreparationOptions): CountedColumns {
  const { customers, analysisDate } = countCustomers(aggregate, options);
  const { length } = aggregate.customers;
  const rows = new Uint32Array(length);
  const [recency, frequency, monetary] = [new Float64Array(length), new Float64Array(length), new Float64Array(length)];
  const total = new DecimalSum();
  let count = 0;
  for (const { row, features, amount } of customers) {
    rows[count] = row;
    recency[count] = features.recencyDays;
    frequency[count] = features.frequency;
    monetary[count] = features.monetary;
    total.add(amount.unscaled, amount.scale);
    count++;
  }
  const features = {
    recency: recency.subarray(0, count),
    frequency: frequency.subarray(0, count),
    monetary: monetary.subarray(0, count),
  };
  return { rows: rows.subarray(0, count), features, total: formatDecimal(total.value()), analysisDate };
}
