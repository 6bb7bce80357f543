/**
 * Step 6 of the walkthrough: the customers in a danfo DataFrame, scored, put into segments and scaled, as the original
 * does it in pandas.
 *
 * danfo keeps the numbers it is given, doubles; a dtype such as float32 is only a name until a tensor is made of them. What it
 * cannot do exactly, or at all, or not for 100,000 customers in seconds, is done beside it, and said where.
 */
import { toNumber } from "@keyspaces-segmentation/common";
import {
  applyScaler,
  type ClusteredCustomer,
  fitScaler,
  type Scaler,
  type Scaling,
} from "@keyspaces-segmentation/customer-clusters";
import {
  type CustomerFeatures,
  DAY_MS,
  dayOf,
  type PreparationOptions,
  prepareFeatures,
  quantileOf,
  type RetailAggregate,
  type ScoreCuts,
  type ScoredCustomer,
  scoreCustomers,
  scoreRemarks,
} from "@keyspaces-segmentation/invoices";
import { type Matrix, matrixOf } from "@keyspaces-segmentation/kmeans";
import {
  columnOf,
  type DataFrame,
  loadDanfo,
  markdown,
  toFrame,
  withColumns,
} from "@keyspaces-segmentation/notebook-charts";
import type { Parameters } from "./settings.js";

type Cell = string | number | boolean;

/** What the clusters are made of. */
const FEATURES = ["recency_days", "frequency", "monetary"] as const;
/** The same on one scale, without units. */
const SCALED = ["recency_scaled", "frequency_scaled", "monetary_scaled"] as const;

/**
 * The customers as a DataFrame, ordered by customer id, with the columns
 * `customer_id`, `country`, `last_purchase` (YYYY-MM-DD), `total` (Σ quantity × price over all lines of the customer),
 * `recency_days`, `frequency` (invoices) and `monetary` (what the preparation counts of the total).
 *
 * danfo has no decimals, and sums of floats drift: the money was added up in decimals while the table was read, and what is
 * in the frame is each sum's nearest double, right to the penny below 90 million million.
 *
 * @throws ArgumentError for an analysis date that is none or too early; StepError when no customer remains
 */
export function customersFrame(
  aggregate: RetailAggregate,
  options: PreparationOptions,
): { customers: DataFrame; analysisDate: string } {
  const { customers, analysisDate } = prepareFeatures(aggregate, options);
  const totals = new Map(aggregate.customers.map(({ customerId, netAmount }) => [customerId, netAmount]));
  const rows = customers.map(({ customerId, country, recencyDays, frequency, monetary }) => {
    return {
      customer_id: customerId,
      country,
      last_purchase: dayOf(new Date(Date.parse(analysisDate) - recencyDays * DAY_MS)),
      total: toNumber(totals.get(customerId)!),
      recency_days: recencyDays,
      frequency,
      monetary,
    };
  });
  return { customers: toFrame(rows), analysisDate };
}

/** How customers are scored: by which preparation, and by bounds of one's own where there are some. */
export type ScoreParameters = Pick<Parameters, "preparation" | "recencyCuts" | "frequencyCuts" | "monetaryCuts">;

/** The bounds for scores that the parameters set. */
export function cutsOf({ recencyCuts, frequencyCuts, monetaryCuts }: Omit<ScoreParameters, "preparation">): ScoreCuts {
  return { recency: recencyCuts, frequency: frequencyCuts, monetary: monetaryCuts };
}

/**
 * The customers with further columns: the scores `r`, `f` and `m` from 1 to 5, `RFM_SCORE`, which is the three in a row, and
 * `segment`, the name that the original's map has for `r` and `f`.
 *
 * danfo has neither `qcut` nor `rank`, so scores come from {@link scoreCustomers}.
 *
 * @param customers as {@link customersFrame} makes them; whatever other columns there are stay
 * @throws ArgumentError for cuts that are not four ascending numbers, or when a column is missing
 */
export function addScores(customers: DataFrame, parameters: ScoreParameters): DataFrame {
  const scored = scoreCustomers(featuresOf(customers), parameters.preparation, cutsOf(parameters));
  return withColumns(customers, {
    r: scored.map(({ r }) => r),
    f: scored.map(({ f }) => f),
    m: scored.map(({ m }) => m),
    RFM_SCORE: scored.map(({ r, f, m }) => `${r}${f}${m}`),
    segment: scored.map(({ segment }) => segment),
  });
}

/** Says which feature tells few customers apart, and how those are scored who have the same value. */
export function remarkOnScores(scored: DataFrame): void {
  for (const remark of scoreRemarks(scoredCustomers(scored))) markdown`${remark}`;
}

/**
 * The customers with their clusters beside them: columns `cluster`, `cluster_name` and `distance`, to the cluster's centre.
 *
 * @param customers as {@link addScores} makes them
 * @param clustered the same customers in the same order
 */
export function addClusters(customers: DataFrame, clustered: readonly ClusteredCustomer[]): DataFrame {
  return withColumns(customers, {
    cluster: clustered.map(({ cluster }) => cluster),
    cluster_name: clustered.map(({ clusterName }) => clusterName),
    distance: clustered.map(({ distance }) => distance),
  });
}

/**
 * The rows of a frame that {@link addScores} made, as the later steps take them: the same doubles, to the last bit.
 *
 * @throws ArgumentError when a column is missing
 */
export function scoredCustomers(scored: DataFrame): ScoredCustomer[] {
  const [r, f, m] = [columnOf<number>(scored, "r"), columnOf<number>(scored, "f"), columnOf<number>(scored, "m")];
  const segments = columnOf<string>(scored, "segment");
  return featuresOf(scored).map((customer, i) =>
    Object.assign(customer, { r: r[i]!, f: f[i]!, m: m[i]!, segment: segments[i]! }),
  );
}

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
  const [recency, frequency, monetary] = featureColumns(customers);
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

/** Customers' features before scaling and after, in doubles, with the scaling to undo it by. */
export interface ScaledFeatures {
  /** Columns recency_days, frequency, monetary. */
  readonly features: Matrix;
  /** The same, scaled: what is trained with. */
  readonly scaled: Matrix;
  readonly scaler: Scaler;
  /** The scaled features as a DataFrame, for looking at: columns recency_scaled, frequency_scaled, monetary_scaled. */
  readonly frame: DataFrame;
}

/**
 * Brings the features to one scale: `min_max` by danfo's `MinMaxScaler`, as the original does it; `log_standard` by its
 * `StandardScaler`, of the logarithms (see {@link Scaling}).
 *
 * danfo's scalers compute in float32: of money about seven digits are left, so centroids taken back from it would miss by pence
 * and pounds, and a column with one value only becomes NaN. So `scaled` and `scaler`, which training and assignment go by, are computed
 * in doubles; `frame` is danfo's, unless that is off by more than {@link VISIBLE} somewhere: then it holds the doubles too.
 *
 * @throws ArgumentError for an unknown scaling, when a column is missing, or a value is not finite
 */
export function scaleFeatures(customers: DataFrame, scaling: Scaling): ScaledFeatures {
  const danfo = loadDanfo();
  const [recency, frequency, monetary] = featureColumns(customers);
  const features = matrixOf(recency.map((days, i) => [days, frequency[i]!, monetary[i]!]));
  const scaler = fitScaler(features, scaling);
  const scaled = applyScaler(features, scaler);
  // The curve alone, neither shifted nor stretched: the features themselves, or their logarithms.
  const curved = applyScaler(features, { scaling, offset: [0, 0, 0], factor: [1, 1, 1] });
  const DanfoScaler = scaling === "min_max" ? danfo.MinMaxScaler : danfo.StandardScaler;
  let frame = frameOf(curved);
  // Tensors are not freed by themselves.
  danfo.tensorflow.tidy(() => {
    frame = new DanfoScaler().fitTransform(frame) as DataFrame;
  });
  const values = (frame.values as number[][]).flat();
  const looksRight = values.every((value, at) => Math.abs(value - scaled.values[at]!) <= VISIBLE);
  return { features, scaled, scaler, frame: looksRight ? frame : frameOf(scaled) };
}

/** A part of the range, or of a standard deviation, that would be seen in a table or chart. */
const VISIBLE = 1e-5;

function frameOf({ values, rows, columns }: Matrix): DataFrame {
  const cells = Array.from({ length: rows }, (_, i) => [...values.subarray(i * columns, (i + 1) * columns)]);
  return new (loadDanfo().DataFrame)(cells, { columns: [...SCALED] });
}

function featuresOf(customers: DataFrame): CustomerFeatures[] {
  const countries = columnOf<string>(customers, "country");
  const [recency, frequency, monetary] = featureColumns(customers);
  return columnOf<string>(customers, "customer_id").map((customerId, i) => ({
    customerId,
    country: countries[i]!,
    recencyDays: recency[i]!,
    frequency: frequency[i]!,
    monetary: monetary[i]!,
  }));
}

function featureColumns(customers: DataFrame): [recency: number[], frequency: number[], monetary: number[]] {
  const [recency, frequency, monetary] = FEATURES;
  return [columnOf(customers, recency), columnOf(customers, frequency), columnOf(customers, monetary)];
}
