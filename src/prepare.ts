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
import type { SparkFeatures } from "@keyspaces-segmentation/glue-features";
import {
  countCustomers,
  DAY_MS,
  dayOf,
  type FeatureColumns,
  type PreparationOptions,
  type RetailAggregate,
  type ScoreCuts,
  type ScoredCustomer,
  scoreColumns,
  scoreRemarks,
  segmentOf,
} from "@keyspaces-segmentation/invoices";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import {
  columnOf,
  type DataFrame,
  firstRows,
  mapRows,
  markdown,
  numbersOf,
  scaledFrame,
  text,
  toFrame,
  withColumns,
} from "@keyspaces-segmentation/notebook-charts";
import type { Parameters } from "./settings.js";

export { describeFrame, groupMeans } from "@keyspaces-segmentation/notebook-charts";

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
  const { customers, analysisDate } = countCustomers(aggregate, options);
  /** One text for all customers of a day. */
  const days = new Map<number, string>();
  function* rows(): Generator<object> {
    for (const { features, aggregate: of } of customers) {
      const { customerId, country, recencyDays: recency_days, frequency, monetary } = features;
      const last_purchase = days.get(recency_days) ?? dayOf(new Date(Date.parse(analysisDate) - recency_days * DAY_MS));
      days.set(recency_days, last_purchase);
      const total = toNumber(of.netAmount);
      yield { customer_id: customerId, country, last_purchase, total, recency_days, frequency, monetary };
    }
  }
  return { customers: toFrame(rows()), analysisDate };
}

/** What Spark has found, where it has: all customers were scored and scaled there. */
interface BySpark {
  readonly spark: SparkFeatures | null;
}

/** How many customers there are, where some of them are looked at: "200,000 of 1,000,000". */
export const countOf = (customers: DataFrame, { spark }: BySpark): string =>
  spark?.sample ? text`${customers.shape[0]!} of ${spark.customers}` : text`${customers.shape[0]!}`;

/** What is read here is all there is. */
const HERE: BySpark = { spark: null };

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
 * danfo has neither `qcut` nor `rank`, so scores come from {@link scoreColumns}; or, where only some customers are here, from Spark,
 * which has ranked them among all.
 *
 * @param customers as {@link customersFrame} makes them; whatever other columns there are stay
 * @throws ArgumentError for cuts that are not four ascending numbers, or when a column is missing
 */
export function addScores(customers: DataFrame, parameters: ScoreParameters, { spark }: BySpark = HERE): DataFrame {
  const bySpark = spark?.sample && columnOf<string>(customers, "customer_id").map((id) => spark.sample!.get(id)!);
  const scoreOf = (name: "r" | "f" | "m") => Uint8Array.from(bySpark ?? [], (scored) => scored[name]);
  const { r, f, m } = bySpark
    ? { r: scoreOf("r"), f: scoreOf("f"), m: scoreOf("m") }
    : scoreColumns(featureColumns(customers), parameters.preparation, cutsOf(parameters));
  const RFM_SCORE = Array.from(r, (score, i) => String(100 * score + 10 * f[i]! + m[i]!));
  return withColumns(customers, { r, f, m, RFM_SCORE, segment: Array.from(r, (score, i) => segmentOf(score, f[i]!)) });
}

/** Says which feature tells few customers apart, and how those are scored who have the same value. */
export function remarkOnScores(scored: DataFrame): void {
  for (const remark of scoreRemarks(scoredCustomers(scored))) markdown`${remark}`;
}

/**
 * The customers with their clusters beside them, {@link FRAME_ROWS} at most: columns `cluster`, `cluster_name` and `distance`, to the
 * cluster's centre.
 *
 * @param customers as {@link addScores} makes them
 * @param clustered the same customers in the same order
 */
export function addClusters(customers: DataFrame, clustered: readonly ClusteredCustomer[]): DataFrame {
  const first = clustered.slice(0, FRAME_ROWS);
  return withColumns(firstRows(customers, FRAME_ROWS), {
    cluster: first.map(({ cluster }) => cluster),
    cluster_name: first.map(({ clusterName }) => clusterName),
    distance: first.map(({ distance }) => distance),
  });
}

/**
 * The rows of a frame that {@link addScores} made, as the later steps take them: the same doubles, to the last bit.
 *
 * @throws ArgumentError when a column is missing
 */
export function scoredCustomers(scored: DataFrame): ScoredCustomer[] {
  const names = ["customer_id", "country", ...FEATURES, "r", "f", "m", "segment"];
  type Cells = [string, string, number, number, number, number, number, number, string];
  return mapRows(scored, names, (...cells: Cells) => {
    const [customerId, country, recencyDays, frequency, monetary, r, f, m, segment] = cells;
    return { customerId, country, recencyDays, frequency, monetary, r, f, m, segment };
  });
}

/** Customers' features before scaling and after, in doubles, with the scaling to undo it by. */
export interface ScaledFeatures {
  /** Columns recency_days, frequency, monetary. */
  readonly features: Matrix;
  /** The same, scaled: what is trained with. */
  readonly scaled: Matrix;
  readonly scaler: Scaler;
  /** The scaled features as a DataFrame, for looking at, of the first {@link FRAME_ROWS} customers: columns recency_scaled, frequency_scaled, monetary_scaled. */
  readonly frame: DataFrame;
  /** What Spark has scaled of all customers, by the same scaler; null where all is here. */
  readonly spark: SparkFeatures | null;
}

/** Customers in a frame that is for looking at: a row takes more than a KB. */
const FRAME_ROWS = 10_000;

/**
 * Brings the features to one scale: `min_max` by danfo's `MinMaxScaler`, as the original does it; `log_standard` by its
 * `StandardScaler`, of the logarithms (see {@link Scaling}).
 *
 * danfo's scalers compute in float32: of money about seven digits are left, so centroids taken back from it would miss by pence
 * and pounds, and a column with one value only becomes NaN. So `scaled` and `scaler`, which training and assignment go by, are computed
 * in doubles; `frame` is danfo's where that shows the same, see `scaledFrame`.
 *
 * @throws ArgumentError for an unknown scaling, when a column is missing, or a value is not finite
 */
export function scaleFeatures(customers: DataFrame, scaling: Scaling, { spark }: BySpark = HERE): ScaledFeatures {
  const { recency, frequency, monetary } = featureColumns(customers);
  const features = { values: new Float64Array(3 * recency.length), rows: recency.length, columns: 3 };
  for (let i = 0; i < recency.length; i++) features.values.set([recency[i]!, frequency[i]!, monetary[i]!], 3 * i);
  const scaler = spark?.scaler ?? fitScaler(features, scaling);
  const scaled = applyScaler(features, scaler);
  return {
    features,
    scaled,
    scaler,
    frame: scaledFrame(scaled, features, { scaling: scaler.scaling, columns: SCALED, atMost: FRAME_ROWS }),
    spark,
  };
}

function featureColumns(customers: DataFrame): FeatureColumns {
  const [recency, frequency, monetary] = FEATURES.map((name) => numbersOf(customers, name));
  return { recency: recency!, frequency: frequency!, monetary: monetary! };
}
