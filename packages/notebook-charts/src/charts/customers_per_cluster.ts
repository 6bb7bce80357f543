import { formatNumber, formatPlural, formatShare, type Money } from "@keyspaces-segmentation/common";
import type { ClusterProfile } from "@keyspaces-segmentation/customer-clusters";
import type { Chart } from "../figure.js";
import { clusterBars } from "./cluster_bars.js";
import { inLabels, type Worded } from "./style.js";

const revenueOf = (cluster: ClusterProfile): number => cluster.customers * cluster.monetaryMean;

/** How many customers each cluster has, and beside it what they bring: one bar a cluster in each, also for an empty one. */
export function customersPerCluster(clusters: readonly ClusterProfile[], { money }: Worded): Chart {
  const customers = clusters.reduce((sum, each) => sum + each.customers, 0);
  const revenue = clusters.reduce((sum, each) => sum + revenueOf(each), 0);
  const counted = (each: ClusterProfile) =>
    `${formatNumber(each.customers)} (${formatShare(each.customers / customers)})`;
  // Shares of a sum that is not positive say nothing.
  const earnedIn =
    ({ whole }: Money) =>
    (each: ClusterProfile) =>
      whole(revenueOf(each)) + (revenue > 0 ? ` (${formatShare(revenueOf(each) / revenue)})` : "");
  const labelled = inLabels(money);
  const [largest, ...others] = clusters.toSorted((a, b) => b.customers - a.customers);
  const smallest = others.at(-1);
  const [richest] = clusters.toSorted((a, b) => revenueOf(b) - revenueOf(a));
  const empty = clusters.filter((each) => each.customers === 0).length;
  const title = largest && customers > 0 ? finding(largest, customers, revenue) : "No customer is in any cluster";
  const summary = [
    `${formatPlural(customers, "customer")} in ${formatPlural(clusters.length, "cluster")}`,
    largest ? `the largest is ${largest.cluster} “${largest.name}” with ${counted(largest)}` : "",
    smallest ? `the smallest ${smallest.cluster} “${smallest.name}” with ${counted(smallest)}` : "",
    richest && revenue > 0
      ? `most revenue comes from ${richest.cluster} “${richest.name}”, ${earnedIn(money)(richest)}`
      : "",
    empty > 0 ? `${empty} empty` : "",
  ];
  return {
    title,
    summary: `${summary.filter(Boolean).join("; ")}.`,
    figure: clusterBars(title, clusters, [
      { title: "Customers (number)", measure: (each) => each.customers, words: counted },
      { title: `Revenue${labelled.unit()}`, measure: revenueOf, words: earnedIn(labelled) },
    ]),
  };
}

function finding(largest: ClusterProfile, customers: number, revenue: number): string {
  const part = `${formatShare(largest.customers / customers)} of the customers`;
  const lead = `Cluster ${largest.cluster} “${largest.name}”`;
  if (revenue <= 0) return `${lead} holds ${part}`;
  return `${lead} holds ${part} and brings ${formatShare(revenueOf(largest) / revenue)} of the revenue`;
}
