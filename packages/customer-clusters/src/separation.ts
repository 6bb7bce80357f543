import { formatNumber, formatShare } from "@keyspaces-segmentation/common";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import { kMeans, sampleRows, sweepRows } from "@keyspaces-segmentation/kmeans";
import type { FoundClusters } from "./identify.js";
import { FEATURES, type Feature, MOST } from "./means.js";
import { applyScaler, featureMatrix, fitScaler, type Scaling } from "./scale.js";
import { countBelow, countUpTo, figuresByCluster, type SortedFigures, sizeOf, usualRange } from "./sorted_figures.js";

/** From this part of the separation on, one feature decides nearly all. */
const NEARLY_ALL = 0.75;

const FEATURE_WORDS: Readonly<Record<Feature, string>> = {
  recencyDays: "recency",
  frequency: "frequency",
  monetary: "monetary value",
};
const SCALING_WORDS: Readonly<Record<Scaling, string>> = { min_max: "min-max scaling", log_standard: "logarithms" };

/**
 * How much each feature has to do with a partition: its part of the sum of squares between the clusters, which is what k-means makes as
 * large as it can. All zero where there is nothing between them.
 *
 * @param scaled the features as the training saw them
 * @param clusters per row, its cluster, 0 … k − 1
 */
export function separationBy({ values, rows, columns }: Matrix, clusters: ArrayLike<number>): number[] {
  const count = new Map<number, number>();
  const sums = new Map<number, Float64Array>();
  const total = new Float64Array(columns);
  for (let i = 0; i < rows; i++) {
    const cluster = clusters[i]!;
    const sum = sums.get(cluster) ?? new Float64Array(columns);
    sums.set(cluster, sum);
    count.set(cluster, (count.get(cluster) ?? 0) + 1);
    for (let j = 0; j < columns; j++) {
      sum[j]! += values[i * columns + j]!;
      total[j]! += values[i * columns + j]!;
    }
  }
  const between = Array.from(total, (all, j) =>
    [...sums].reduce((sum, [cluster, own]) => {
      const size = count.get(cluster)!;
      return sum + size * (own[j]! / size - all / rows) ** 2;
    }, 0),
  );
  const all = between.reduce((sum, part) => sum + part, 0);
  return between.map((part) => (all > 0 ? part / all : 0));
}

/**
 * The clusters that one feature alone tells apart, by their indices: of all customers who lie where three in four of such a cluster do,
 * three in four are its own.
 */
export function toldApartBy(feature: Feature, members: readonly SortedFigures[]): number[] {
  return [...members.keys()].filter((cluster) => {
    const { [feature]: own } = members[cluster]!;
    if (own.length === 0) return false;
    const { from, to } = usualRange(own);
    const inside = (sorted: Float64Array): number => countUpTo(sorted, to) - countBelow(sorted, from);
    const all = members.reduce((sum, of) => sum + inside(of[feature]), 0);
    return inside(own) >= MOST * all;
  });
}

/**
 * Says what sets the clusters apart: where one feature decides nearly all, which clusters are bands of it, and what the other scaling
 * would give.
 *
 * @param names per index of the model, number and name of its cluster
 * @param random where the customers are clustered in the other scaling, on this machine
 * @param mostRows of more customers so many are drawn for that, at random, and the sentence says so
 */
export function describeSeparation(
  { customers, clusters, scaler }: Pick<FoundClusters, "customers" | "clusters" | "scaler">,
  names: readonly { readonly id: number; readonly name: string }[],
  { random, mostRows = sweepRows }: { random: () => number; mostRows?: number },
): string {
  const features = featureMatrix(customers);
  const members = figuresByCluster(customers, clusters, names.length).map(({ figures }) => figures);
  const nonEmpty = members.filter((of) => sizeOf(of) > 0).length;
  const parts = separationBy(applyScaler(features, scaler), clusters);
  const most = Math.max(...parts);
  if (nonEmpty < 2 || most === 0) return "There is one cluster only: nothing sets it apart from others.";
  const feature = FEATURES[parts.indexOf(most)]!;
  const bands = toldApartBy(feature, members).map((index) => names[index]!.id);
  const decidesMany = 2 * bands.length > nonEmpty;
  if (most < NEARLY_ALL && !decidesMany) return `What sets the clusters apart: ${listed(parts)}.`;
  const alone =
    bands.length > 0
      ? `; it alone tells ${bands.length} of the ${nonEmpty} clusters apart (${bands.toSorted((a, b) => a - b).join(", ")})`
      : "";
  const lead =
    `With ${SCALING_WORDS[scaler.scaling]}, ${FEATURE_WORDS[feature]} ${most < NEARLY_ALL ? "decides most" : "decides nearly all"}: ` +
    `${formatShare(most)} of what sets the clusters apart${alone}.`;
  if (scaler.scaling !== "min_max") return lead;
  const other = applyScaler(sampleRows(features, mostRows, random), fitScaler(features, "log_standard"));
  const among = other.rows < features.rows ? `, among ${formatNumber(other.rows)} customers drawn at random` : "";
  const fit = kMeans(other, { k: nonEmpty, random, starts: 5 });
  return `${lead} With scaling "log_standard", the same number of clusters would be set apart otherwise${among}: ${listed(separationBy(other, fit.clusters))}.`;
}

const listed = (parts: readonly number[]): string =>
  FEATURES.map((feature, j) => `${FEATURE_WORDS[feature]} ${formatShare(parts[j]!)}`).join(", ");
