import { formatNumber, formatPlural, formatShare } from "@keyspaces-segmentation/common";
import type { ClusteredCustomer, ClusterProfile } from "@keyspaces-segmentation/customer-clusters";
import { segmentOf } from "@keyspaces-segmentation/invoices";
import type { Chart, Trace } from "../figure.js";
import { baseLayout, besideLegend, clusterLabel, clusterLines, clusterMark, wrap } from "./style.js";

const SCORES = [1, 2, 3, 4, 5] as const;

interface Cell {
  readonly r: number;
  readonly f: number;
  readonly customers: number;
  /** The cluster that most of them are in; null where there is nobody. */
  readonly cluster: ClusterProfile | null;
  /** Their part of the cell. */
  readonly share: number;
}

function cellsOf(customers: readonly ClusteredCustomer[], clusters: readonly ClusterProfile[]): Cell[] {
  return SCORES.flatMap((r) =>
    SCORES.map((f) => {
      const here = customers.filter((customer) => customer.r === r && customer.f === f);
      const counts = clusters.map(({ cluster }) => here.filter((customer) => customer.cluster === cluster).length);
      const most = Math.max(0, ...counts);
      const cluster = most > 0 ? clusters[counts.indexOf(most)]! : null;
      return { r, f, customers: here.length, cluster, share: here.length > 0 ? most / here.length : 0 };
    }),
  );
}

/**
 * Ties the rule-based segments to the clusters: a grid of recency and frequency scores, each cell with its segment's name and its number
 * of customers, in the colour of the cluster that most of them are in, the paler the more are in others.
 * The cluster is named in the cell as well: pale colours are hard to tell apart.
 */
export function rfGrid(customers: readonly ClusteredCustomer[], clusters: readonly ClusterProfile[]): Chart {
  const cells = cellsOf(customers, clusters);
  const inOne = cells.reduce((sum, cell) => sum + cell.share * cell.customers, 0);
  const title =
    customers.length === 0
      ? "No customer is in any cell"
      : `Rule and cluster agree for ${formatShare(inOne / customers.length)} of the customers: ` +
        "they are in the cluster of most others with their scores";
  const nonEmpty = clusters.filter(({ cluster }) => cells.some((cell) => cell.cluster?.cluster === cluster));
  const legend = nonEmpty.map(
    (profile): Trace => ({
      type: "scatter",
      mode: "markers",
      name: clusterLines(profile),
      x: [null],
      y: [null],
      marker: { symbol: "square", size: 12, color: clusterMark(profile.cluster).color },
    }),
  );
  const shares = (cell: Cell) =>
    cell.cluster === null
      ? "nobody"
      : `${formatPlural(cell.customers, "customer")}, ${formatShare(cell.share)} of them in ${clusterLabel(cell.cluster)}`;
  return {
    title,
    summary: `${cells
      .filter(({ customers: count }) => count > 0)
      .map((cell) => `R${cell.r} F${cell.f} ${segmentOf(cell.r, cell.f)}: ${shares(cell)}`)
      .join("; ")}.`,
    figure: {
      data: [
        {
          type: "scatter",
          mode: "text",
          showlegend: false,
          x: cells.map(({ f }) => f),
          y: cells.map(({ r }) => r),
          text: cells.map(words),
          textfont: { size: 11 },
          customdata: cells.map(shares),
          hovertemplate: "recency score %{y}, frequency score %{x}<br>%{customdata}<extra></extra>",
        },
        ...legend,
      ],
      layout: {
        ...baseLayout(title, besideLegend(500, nonEmpty.length)),
        xaxis: axis("Frequency score (5: most frequent)"),
        yaxis: axis("Recency score (5: most recent)"),
        shapes: cells.map(({ r, f, cluster, share }) => ({
          type: "rect",
          layer: "below",
          x0: f - 0.48,
          x1: f + 0.48,
          y0: r - 0.48,
          y1: r + 0.48,
          line: { width: 0 },
          fillcolor: cluster === null ? "#f4f4f4" : clusterMark(cluster.cluster).color,
          // Text stays readable on it.
          opacity: cluster === null ? 1 : 0.15 + 0.4 * share,
        })),
        legend: { title: { text: "Most are in cluster" } },
      },
    },
  };
}

/** In lines that fit into a cell beside a legend. */
function words({ r, f, customers, cluster }: Cell): string {
  const named = cluster === null ? [] : [`<i>cluster ${cluster.cluster}</i>`];
  return [...wrap(segmentOf(r, f), 11), formatNumber(customers), ...named].join("<br>");
}

const axis = (text: string): object => ({
  title: { text },
  range: [0.5, 5.5],
  dtick: 1,
  showgrid: false,
  zeroline: false,
});
