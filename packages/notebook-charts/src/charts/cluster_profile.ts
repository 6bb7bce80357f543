import { formatNumber, formatPlural, formatShare, type Money } from "@keyspaces-segmentation/common";
import type { ClusterProfile } from "@keyspaces-segmentation/customer-clusters";
import type { Chart } from "../figure.js";
import { type ClusterPanel, clusterBars } from "./cluster_bars.js";
import { inLabels, type Worded } from "./style.js";

/** A measure of those in a cluster: of nobody it is a dash, not a number. */
const panel = (
  title: string,
  measure: (cluster: ClusterProfile) => number,
  format: (value: number) => string,
): ClusterPanel => ({
  title,
  measure: (each) => (each.customers > 0 ? measure(each) : 0),
  words: (each) => (each.customers > 0 ? format(measure(each)) : "–"),
});

/** The same of the typical customer, the mean in brackets below it: a few large customers may have raised that. */
const typically = (
  title: string,
  median: (cluster: ClusterProfile) => number,
  mean: (cluster: ClusterProfile) => number,
  format: (value: number) => string,
): ClusterPanel => ({
  ...panel(title, median, format),
  words: (each) => (each.customers > 0 ? `${format(median(each))}<br>(${format(mean(each))})` : "–"),
});

const panelsIn = (money: Money): readonly ClusterPanel[] => [
  typically(
    "Recency (days),<br>lower is better:<br>median (mean)",
    (c) => c.recencyDaysMedian,
    (c) => c.recencyDaysMean,
    (v) => formatNumber(v),
  ),
  typically(
    "Frequency<br>(invoices):<br>median (mean)",
    (c) => c.frequencyMedian,
    (c) => c.frequencyMean,
    (v) => formatNumber(v, Number.isInteger(v) ? 0 : 1),
  ),
  typically(
    `Monetary<br>value${money.unit()}:<br>median (mean)`,
    (c) => c.monetaryMedian,
    (c) => c.monetaryMean,
    money.whole,
  ),
  panel(
    "Share of revenue<br>(%)",
    (c) => 100 * c.revenueShare,
    (v) => formatShare(v / 100),
  ),
];

/**
 * How the clusters compare: a panel each for recency, frequency and monetary value of the typical customer, which is the median, with the
 * mean beside it, and for the share of revenue.
 */
export function clusterProfile(clusters: readonly ClusterProfile[], { money }: Worded): Chart {
  const customers = clusters.reduce((sum, each) => sum + each.customers, 0);
  const nonEmpty = clusters.filter((each) => each.customers > 0);
  const [richest] = nonEmpty.toSorted((a, b) => b.revenueShare - a.revenueShare);
  const title = richest ? finding(richest, customers) : "No customer is in any cluster";
  return {
    title,
    summary: nonEmpty
      .map(
        (each) =>
          `${each.cluster} “${each.name}”: ${formatPlural(each.customers, "customer")}, typically last purchase ` +
          `${formatNumber(each.recencyDaysMedian)} days ago, ${formatNumber(each.frequencyMedian, 1)} invoices, ` +
          `${money.whole(each.monetaryMedian)} (mean ${money.whole(each.monetaryMean)}), ${formatShare(each.revenueShare)} of revenue`,
      )
      .join("; ")
      .concat("."),
    figure: clusterBars(title, clusters, panelsIn(inLabels(money))),
  };
}

function finding({ cluster, name, customers, revenueShare }: ClusterProfile, all: number): string {
  if (revenueShare <= 0) return "Purchases come to no more than returns: no cluster has a share of a revenue";
  return `Cluster ${cluster} “${name}”: ${formatShare(customers / all)} of the customers, ${formatShare(revenueShare)} of the revenue`;
}
