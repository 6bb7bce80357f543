import { sortInPlace } from "@keyspaces-segmentation/common";
import { quantileOfSorted } from "@keyspaces-segmentation/invoices";
import { partsOf } from "./column_frame.js";
import { columnOf, type DataFrame, numbersOf, toFrame } from "./frame.js";

type Cell = string | number | boolean;

/** The columns whose means are told of groups of customers. */
const FEATURES = ["recency_days", "frequency", "monetary"] as const;

/**
 * `describe().T` of the original: for each column of numbers, its count, mean, standard deviation (of a sample, as in pandas), least
 * value, median and greatest.
 *
 * danfo's own `describe` is quadratic where many values are alike: of 100,000 customers of whom most bought once, the median of one
 * column takes it some 20 seconds; and each of its figures takes a copy of the column. The columns of the result have the names of
 * methods, which danfo lets them hide: `mean` of it is a column.
 */
export function describeFrame(frame: DataFrame): DataFrame {
  const { columns } = partsOf(frame, { atMost: 0 });
  const numbers = columns.filter(({ dtype }) => dtype === "int32" || dtype === "float32");
  return toFrame(numbers.map(({ name: feature }) => ({ feature, ...statisticsOf(numbersOf(frame, feature)) })));
}

/** Of the values that are not missing; they are put in order for it. */
function statisticsOf(column: Float64Array) {
  let [count, sum, squares] = [0, 0, 0];
  for (const value of column) {
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
  }
  const mean = sum / count;
  for (const value of column) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  // Of one value, and of none, there is no spread to be known.
  const std = count > 1 ? Math.sqrt(squares / (count - 1)) : Number.NaN;
  const sorted = sortInPlace(column).subarray(0, count);
  const [min, max] = [sorted[0] ?? Number.NaN, sorted[count - 1] ?? Number.NaN];
  return { count, mean, std, min, median: quantileOfSorted(sorted, 0.5), max };
}

/** Sums over the customers of a group. */
interface GroupSums {
  readonly group: Cell;
  customers: number;
  /** By feature: of the values that are not missing. */
  readonly sums: number[];
  readonly counts: number[];
}

/**
 * How many customers each group has and the means of their features, the group that spends most first, and last
 * one of which that is not known. As in pandas, a value that is missing is left out of its mean. Columns `by`, `customers`,
 * `recency_days_mean`, `frequency_mean` and `monetary_mean`. danfo's `groupby` takes a copy of all rows, and a country named
 * "constructor" crashes it.
 *
 * @param by the column whose values make the groups, such as `"segment"` or `"country"`
 * @throws ArgumentError when a column is missing
 */
export function groupMeans(customers: DataFrame, by: string): DataFrame {
  const features = FEATURES.map((name) => numbersOf(customers, name));
  const groups = new Map<Cell, GroupSums>();
  for (const [row, group] of columnOf<Cell>(customers, by).entries()) {
    const of = groups.get(group) ?? { group, customers: 0, sums: [0, 0, 0], counts: [0, 0, 0] };
    if (of.customers++ === 0) groups.set(group, of);
    for (let i = 0; i < FEATURES.length; i++) {
      const value = features[i]![row]!;
      if (Number.isNaN(value)) continue;
      of.sums[i]! += value;
      of.counts[i]!++;
    }
  }
  const names = FEATURES.map((name) => `${name}_mean`);
  const rows = [...groups.values()]
    .map(({ group, customers: count, sums, counts }) => ({
      group,
      count,
      means: sums.map((sum, i) => sum / counts[i]!),
    }))
    .sort((a, b) => rank(b.means[2]!) - rank(a.means[2]!))
    .map(({ group, count, means }) => ({
      [by]: group,
      customers: count,
      ...Object.fromEntries(names.map((name, i) => [name, means[i]!])),
    }));
  return toFrame(rows, [by, "customers", ...names]);
}

/** What is not known comes after everything else. */
const rank = (mean: number): number => (Number.isNaN(mean) ? -Number.MAX_VALUE : mean);
