import type { ClusterProfile } from "../../clustering/profile.js";
import type { Chart } from "../figure.js";
import {
  baseLayout,
  CLUSTER_AXIS,
  CURRENCY,
  clusterLabel,
  clusterMark,
  formatMoney,
  formatNumber,
  formatShare,
  GRID,
} from "./style.js";

const PANELS: { title: string; measure: (cluster: ClusterProfile) => number; format: (value: number) => string }[] = [
  {
    title: "Mean recency<br>(days, lower is better)",
    measure: (c) => c.recencyDaysMean,
    format: (v) => formatNumber(v),
  },
  { title: "Mean frequency<br>(invoices)", measure: (c) => c.frequencyMean, format: (v) => formatNumber(v, 1) },
  { title: `Mean monetary<br>value (${CURRENCY})`, measure: (c) => c.monetaryMean, format: formatMoney },
  { title: "Share of revenue<br>(%)", measure: (c) => 100 * c.revenueShare, format: (v) => formatShare(v / 100) },
];

/** How the clusters compare: a panel each for mean recency, frequency and monetary value and for the share of revenue. */
export function clusterProfile(clusters: readonly ClusterProfile[]): Chart {
  const customers = clusters.reduce((sum, each) => sum + each.customers, 0);
  const inhabited = clusters.filter((each) => each.customers > 0);
  const [richest] = inhabited.toSorted((a, b) => b.revenueShare - a.revenueShare);
  const title = richest
    ? `Cluster ${richest.cluster} “${richest.name}”: ${formatShare(richest.customers / customers)} of the customers, ` +
      `${formatShare(richest.revenueShare)} of the revenue`
    : "No customer is in any cluster";
  const labels = clusters.map(clusterLabel);
  const gap = 0.03;
  const width = (1 - gap * (PANELS.length - 1)) / PANELS.length;
  const axes = PANELS.flatMap(({ title, measure }, panel) => {
    const values = inhabited.map(measure);
    // Room for the number at the end of the longest bar, on either side of zero.
    const [lowest, highest] = [Math.min(0, ...values), Math.max(0, ...values)];
    const room = 0.45 * (highest - lowest) || 1;
    const range = [lowest < 0 ? lowest - room : 0, highest + room];
    const left = panel * (width + gap);
    return [
      [
        `xaxis${panel === 0 ? "" : panel + 1}`,
        { title: { text: title }, domain: [left, left + width], range, gridcolor: GRID, nticks: 4, tickangle: 0 },
      ],
    ];
  });
  return {
    title,
    summary: inhabited
      .map(
        (each) =>
          `${each.cluster} “${each.name}”: ${formatNumber(each.customers)} customers, last purchase ` +
          `${formatNumber(each.recencyDaysMean)} days ago, ${formatNumber(each.frequencyMean, 1)} invoices, ` +
          `${formatMoney(each.monetaryMean)} on average, ${formatShare(each.revenueShare)} of revenue`,
      )
      .join("; ")
      .concat("."),
    figure: {
      data: PANELS.map(({ title, measure, format }, panel) => ({
        type: "bar",
        orientation: "h",
        xaxis: `x${panel === 0 ? "" : panel + 1}`,
        y: labels,
        x: clusters.map((each) => (each.customers > 0 ? measure(each) : 0)),
        text: clusters.map((each) => (each.customers > 0 ? format(measure(each)) : "–")),
        textposition: "outside",
        textangle: 0,
        cliponaxis: false,
        marker: { color: clusters.map((each) => clusterMark(each.cluster).color) },
        hovertemplate: `%{y}<br>${title.replace("<br>", " ")}: %{text}<extra></extra>`,
      })),
      layout: {
        ...baseLayout(title, 150 + 38 * Math.max(clusters.length, 3)),
        ...Object.fromEntries(axes),
        yaxis: CLUSTER_AXIS,
        showlegend: false,
        bargap: 0.3,
      },
    },
  };
}
