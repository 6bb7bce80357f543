import { ArgumentError, sortInPlace } from "@keyspaces-segmentation/common";
import { quantileOfSorted } from "@keyspaces-segmentation/invoices";
import { FEATURES, type Feature, type FeatureFigures, MOST, requireOnePerCustomer } from "./means.js";

/** A column for each feature. */
type FigureColumns = Readonly<Record<Feature, Float64Array>>;

/** The figures of some customers, those of each feature in ascending order: medians, ranges and counts are read off them. */
export type SortedFigures = FigureColumns;

export function sortedFigures(customers: readonly FeatureFigures[]): SortedFigures {
  return inOrder(columnsOf(customers, (row) => row));
}

/** What is known of the customers of one cluster. */
export interface ClusterFigures {
  /** Over all of them, in their order. */
  readonly sums: FeatureFigures;
  readonly figures: SortedFigures;
}

/**
 * The figures of each cluster's customers, empty clusters included. All clusters are in the same three columns, one behind the other: a list and
 * columns for each would be so many large arrays that the engine looks through all customers for garbage again and again.
 *
 * @param clusters per customer, the model's index of their cluster
 * @param k number of clusters
 * @throws ArgumentError when there is not one cluster per customer, or one is outside 0 … k − 1
 */
export function figuresByCluster(
  customers: readonly FeatureFigures[],
  clusters: ArrayLike<number>,
  k: number,
): ClusterFigures[] {
  const sizes = clusterSizes(customers.length, clusters, k);
  const ends = Uint32Array.from(sizes, (_, cluster) => sizes.slice(0, cluster).reduce((sum, size) => sum + size, 0));
  const all = columnsOf(customers, (row) => ends[clusters[row]!]!++);
  return sizes.map((size, cluster) => {
    const own = (feature: Feature): Float64Array => all[feature].subarray(ends[cluster]! - size, ends[cluster]);
    const of = { recencyDays: own("recencyDays"), frequency: own("frequency"), monetary: own("monetary") };
    const sum = (feature: Feature): number => of[feature].reduce((total, value) => total + value, 0);
    const sums = { recencyDays: sum("recencyDays"), frequency: sum("frequency"), monetary: sum("monetary") };
    return { sums, figures: inOrder(of) };
  });
}

/**
 * How many customers each cluster has.
 *
 * @throws ArgumentError as {@link figuresByCluster}
 */
export function clusterSizes(customers: number, clusters: ArrayLike<number>, k: number): number[] {
  requireOnePerCustomer(clusters.length, customers);
  const sizes = new Array<number>(k).fill(0);
  for (let row = 0; row < customers; row++) {
    const cluster = clusters[row]!;
    if (sizes[cluster] === undefined)
      throw new ArgumentError(`clusters[${row}]`, `an integer from 0 to ${k - 1}`, cluster);
    sizes[cluster]!++;
  }
  return sizes;
}

function columnsOf(customers: readonly FeatureFigures[], placeOf: (row: number) => number): FigureColumns {
  const column = (): Float64Array => new Float64Array(customers.length);
  const columns = { recencyDays: column(), frequency: column(), monetary: column() };
  for (let row = 0; row < customers.length; row++) {
    const customer = customers[row]!;
    const place = placeOf(row);
    columns.recencyDays[place] = customer.recencyDays;
    columns.frequency[place] = customer.frequency;
    columns.monetary[place] = customer.monetary;
  }
  return columns;
}

function inOrder(columns: FigureColumns): SortedFigures {
  for (const feature of FEATURES) sortInPlace(columns[feature]);
  return columns;
}

/** The figures of all of them together. */
export function joinFigures(parts: readonly SortedFigures[]): SortedFigures {
  const joined = (feature: Feature): Float64Array => {
    const all = new Float64Array(parts.reduce((sum, part) => sum + sizeOf(part), 0));
    let at = 0;
    for (const { [feature]: column } of parts) {
      all.set(column, at);
      at += column.length;
    }
    return all;
  };
  return inOrder({ recencyDays: joined("recencyDays"), frequency: joined("frequency"), monetary: joined("monetary") });
}

/** How many customers these are. */
export const sizeOf = ({ monetary }: SortedFigures): number => monetary.length;

/** How many of some ascending values there are before the first that is none of them. */
function countWhile(sorted: Float64Array, isOne: (value: number) => boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isOne(sorted[middle]!)) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** How many of some ascending values are below one. */
export const countBelow = (sorted: Float64Array, value: number): number => countWhile(sorted, (each) => each < value);

/** How many of some ascending values are not above one. */
export const countUpTo = (sorted: Float64Array, value: number): number => countWhile(sorted, (each) => each <= value);

/** The typical customer: half of them have less in a feature, half more. Null where there is nobody. */
export function mediansIn(figures: SortedFigures): FeatureFigures | null {
  if (sizeOf(figures) === 0) return null;
  const [recencyDays, frequency, monetary] = FEATURES.map((feature) => quantileOfSorted(figures[feature], 0.5));
  return { recencyDays: recencyDays!, frequency: frequency!, monetary: monetary! };
}

/** {@link mediansIn}, of customers in any order. */
export const mediansOf = (customers: readonly FeatureFigures[]): FeatureFigures | null =>
  mediansIn(sortedFigures(customers));

/** Where most of some ascending values lie, as narrow as leaves out equally many at either end. */
export function usualRange(sorted: Float64Array): { readonly from: number; readonly to: number } {
  const left = Math.floor(((1 - MOST) / 2) * sorted.length);
  return { from: sorted[left]!, to: sorted[sorted.length - 1 - left]! };
}
