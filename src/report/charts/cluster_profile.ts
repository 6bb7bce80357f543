import type { ClusterProfile } from "../../clustering/profile.js";
import { CURRENCY, formatMoney, formatNumber, formatPlural, formatShare } from "../../formats.js";
import type { Chart } from "../figure.js";
import { type ClusterPanel, clusterBars } from "./cluster_bars.js";

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

const PANELS: readonly ClusterPanel[] = [
  panel(
    "Mean recency<br>(days, lower<br>is better)",
    (c) => c.recencyDaysMean,
    (v) => formatNumber(v),
  ),
  panel(
    "Mean frequency<br>(invoices)",
    (c) => c.frequencyMean,
    (v) => formatNumber(v, 1),
  ),
  panel(`Mean monetary<br>value (${CURRENCY})`, (c) => c.monetaryMean, formatMoney),
  panel(
    "Share of revenue<br>(%)",
    (c) => 100 * c.revenueShare,
    (v) => formatShare(v / 100),
  ),
];

/** How the clusters compare: a panel each for mean recency, frequency and monetary value and for the share of revenue. */
export function clusterProfile(clusters: readonly ClusterProfile[]): Chart {
  const customers = clusters.reduce((sum, each) => sum + each.customers, 0);
  const inhabited = clusters.filter((each) => each.customers > 0);
  const [richest] = inhabited.toSorted((a, b) => b.revenueShare - a.revenueShare);
  const title = richest ? finding(richest, customers) : "No customer is in any cluster";
  return {
    title,
    summary: inhabited
      .map(
        (each) =>
          `${each.cluster} “${each.name}”: ${formatPlural(each.customers, "customer")}, last purchase ` +
          `${formatNumber(each.recencyDaysMean)} days ago, ${formatNumber(each.frequencyMean, 1)} invoices, ` +
          `${formatMoney(each.monetaryMean)} on average, ${formatShare(each.revenueShare)} of revenue`,
      )
      .join("; ")
      .concat("."),
    figure: clusterBars(title, clusters, PANELS),
  };
}

function finding({ cluster, name, customers, revenueShare }: ClusterProfile, all: number): string {
  if (revenueShare <= 0) return "The customers' returns outweigh their purchases: no cluster has a share of a revenue";
  return `Cluster ${cluster} “${name}”: ${formatShare(customers / all)} of the customers, ${formatShare(revenueShare)} of the revenue`;
}
