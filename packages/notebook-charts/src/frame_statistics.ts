import { quantileOf } from "@keyspaces-segmentation/invoices";
import { columnOf, type DataFrame, loadDanfo, toFrame } from "./frame.js";

type Cell = string | number | boolean;

/** The columns whose means are told of groups of customers. */
const FEATURES = ["recency_days", "frequency", "monetary"] as const;
type Columns = [recency: number[], frequency: number[], monetary: number[]];

/**
 * `describe().T` of the original: for each column of numbers, its count, mean, standard deviation (of a sample, as in pandas), least
 * value, median and greatest.
 *
 * danfo's own `describe` is quadratic where many values are alike: of 100,000 customers of whom most bought once, the median of one
 * column takes it some 20 seconds. So this asks danfo for all but the median. The columns of the result have the names of methods, which
 * danfo lets them hide: `mean` of it is a column.
 */
export function describeFrame(frame: DataFrame): DataFrame {
  const numbers = frame.columns.filter((_, i) => frame.dtypes[i] === "int32" || frame.dtypes[i] === "float32");
  const rows = numbers.map((feature) => {
    const series = frame.column(feature);
    const count = series.count();
    // Of a single value danfo says 0, which would mean no spread; pandas, that there is none to be known.
    const std = count > 1 ? series.std() : Number.NaN;
    const median = quantileOf(series.values as number[], 0.5);
    return { feature, count, mean: series.mean(), std, min: series.min(), median, max: series.max() };
  });
  return toFrame(rows);
}

/**
 * How many customers each group has and the means of their features, the group that spends most first: columns `by`, `customers`,
 * `recency_days_mean`, `frequency_mean` and `monetary_mean`.
 *
 * @param by the column whose values make the groups, such as `"segment"` or `"country"`
 * @throws ArgumentError when a column is missing
 */
export function groupMeans(customers: DataFrame, by: string): DataFrame {
  const { DataFrame: Frame } = loadDanfo();
  const [recency, frequency, monetary] = FEATURES.map((name) => columnOf<number>(customers, name)) as Columns;
  // danfo keeps groups in a plain object, where a country named "constructor" crashes: a mark before each name keeps them apart.
  const groups = columnOf<Cell>(customers, by).map((group) => (typeof group === "string" ? `=${group}` : group));
  const values = groups.map((group, i) => [group, recency[i]!, frequency[i]!, monetary[i]!]);
  const dtypes = [typeof groups[0] === "string" ? "string" : "int32", "int32", "int32", "float32"];
  const means = new Frame(values, { columns: [by, ...FEATURES], dtypes })
    .groupby([by])
    .agg({ recency_days: ["count", "mean"], frequency: "mean", monetary: "mean" })
    .rename({ recency_days_count: "customers" })
    // Quadratic, which is nothing for groups, and too much for customers.
    .sortValues("monetary_mean", { ascending: false });
  const unmarked = (means.values as Cell[][]).map(([group, ...rest]) => [
    typeof group === "string" ? group.slice(1) : group!,
    ...rest,
  ]);
  return new Frame(unmarked, { columns: means.columns, dtypes: means.dtypes });
}
