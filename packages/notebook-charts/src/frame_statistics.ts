import { quantileOf } from "@keyspaces-segmentation/invoices";
import { columnOf, type DataFrame, loadDanfo, numbersOf, toFrame } from "./frame.js";

type Cell = string | number | boolean;

/** The columns whose means are told of groups of customers. */
const FEATURES = ["recency_days", "frequency", "monetary"] as const;

/**
 * `describe().T` of the original: for each column of numbers, its count, mean, standard deviation (of a sample, as in pandas), least
 * value, median and greatest.
 *
 * danfo's own `describe` is quadratic where many values are alike: of 100,000 customers of whom most bought once, the median of one
 * column takes it some 20 seconds. So this asks danfo for all but the median. The columns of the result have the names of methods, which
 * danfo lets them hide: `mean` of it is a column.
 */
export function describeFrame(frame: DataFrame): DataFrame {
  const danfo = loadDanfo();
  const numbers = frame.columns.filter((_, i) => frame.dtypes[i] === "int32" || frame.dtypes[i] === "float32");
  const rows = numbers.map((feature) => {
    // Not `frame.column`, which takes a copy of the index.
    const values = columnOf<number>(frame, feature);
    const series = new danfo.Series(values);
    const count = series.count();
    // Of a single value danfo says 0, which would mean no spread; pandas, that there is none to be known.
    const std = count > 1 ? series.std() : Number.NaN;
    const median = quantileOf(values, 0.5);
    return { feature, count, mean: series.mean(), std, min: series.min(), median, max: series.max() };
  });
  return toFrame(rows);
}

/** Sums over the customers of a group. */
interface GroupSums {
  readonly group: Cell;
  count: number;
  readonly sums: [recency: number, frequency: number, monetary: number];
}

/**
 * How many customers each group has and the means of their features, the group that spends most first: columns `by`, `customers`,
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
    const of = groups.get(group) ?? { group, count: 0, sums: [0, 0, 0] };
    if (of.count++ === 0) groups.set(group, of);
    for (let i = 0; i < FEATURES.length; i++) of.sums[i]! += features[i]![row]!;
  }
  const names = FEATURES.map((name) => `${name}_mean`);
  const rows = [...groups.values()]
    .sort((a, b) => b.sums[2] / b.count - a.sums[2] / a.count)
    .map(({ group, count, sums }) => ({
      [by]: group,
      customers: count,
      ...Object.fromEntries(names.map((name, i) => [name, sums[i]! / count])),
    }));
  return toFrame(rows, [by, "customers", ...names]);
}
