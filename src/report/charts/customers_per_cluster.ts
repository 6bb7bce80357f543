import type { ClusterProfile } from "../../clustering/profile.js";
import type { Chart } from "../figure.js";
import { baseLayout, CLUSTER_AXIS, clusterLabel, clusterMark, formatNumber, formatShare, GRID } from "./style.js";

/** How many customers each cluster has: one bar a cluster, also for an empty one. */
export function customersPerCluster(clusters: readonly ClusterProfile[]): Chart {
  const customers = clusters.reduce((sum, each) => sum + each.customers, 0);
  const counted = (each: ClusterProfile) =>
    `${formatNumber(each.customers)} (${formatShare(each.customers / customers)})`;
  const [largest, ...others] = clusters.toSorted((a, b) => b.customers - a.customers);
  const empty = clusters.filter((each) => each.customers === 0).length;
  const title =
    largest && customers > 0
      ? `Cluster ${largest.cluster} “${largest.name}” holds ${formatShare(largest.customers / customers)} of the customers`
      : "No customer is in any cluster";
  const smallest = others.at(-1);
  const summary = [
    `${formatNumber(customers)} customers in ${clusters.length} clusters`,
    largest ? `the largest is ${largest.cluster} “${largest.name}” with ${counted(largest)}` : "",
    smallest ? `the smallest ${smallest.cluster} “${smallest.name}” with ${counted(smallest)}` : "",
    empty > 0 ? `${empty} empty` : "",
  ];
  return {
    title,
    summary: `${summary.filter(Boolean).join("; ")}.`,
    figure: {
      data: [
        {
          type: "bar",
          orientation: "h",
          y: clusters.map(clusterLabel),
          x: clusters.map((each) => each.customers),
          text: clusters.map(counted),
          textposition: "outside",
          cliponaxis: false,
          marker: { color: clusters.map((each) => clusterMark(each.cluster).color) },
          hovertemplate: "%{y}<br>%{text} customers<extra></extra>",
        },
      ],
      layout: {
        ...baseLayout(title, 130 + 38 * Math.max(clusters.length, 3)),
        xaxis: {
          title: { text: "Customers (number)", standoff: 10 },
          gridcolor: GRID,
          tickformat: ",d",
          rangemode: "tozero",
          // Room for the count behind the longest bar.
          range: [0, Math.max(1, 1.18 * (largest?.customers ?? 0))],
        },
        yaxis: CLUSTER_AXIS,
        showlegend: false,
        bargap: 0.3,
      },
    },
  };
}
