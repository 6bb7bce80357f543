import { formatNumber, formatPlural, formatShare } from "@keyspaces-segmentation/common";
import type { Chart } from "../figure.js";
import { baseLayout, besideLegend, clusterFill, clusterLabel, clusterLines, GRID } from "./style.js";

const BINS = 20;

/**
 * How clearly customers belong to their clusters: their margins, stacked by cluster.
 *
 * @param margins per customer, 1 − distance to the nearest centroid ÷ distance to the second nearest, 0 … 1
 * @param clusters per customer, the id of their cluster
 * @param profiles names of the clusters, by id
 * @param fence customers with a margin below this sit on the fence
 */
export function customerMargins(
  margins: ArrayLike<number>,
  clusters: ArrayLike<number>,
  profiles: readonly { readonly cluster: number; readonly name: string }[],
  fence: number,
): Chart {
  const customers = margins.length;
  const onFence = Array.from(margins).filter((margin) => margin < fence).length;
  const title =
    onFence === 0
      ? "Every customer clearly belongs to one cluster"
      : `${formatShare(onFence / customers)} of the customers sit on the fence between two clusters`;
  const centres = Array.from({ length: BINS }, (_, bin) => (bin + 0.5) / BINS);
  const counts = profiles.map(() => new Array<number>(BINS).fill(0));
  const indexOf = new Map(profiles.map(({ cluster }, index) => [cluster, index]));
  for (let i = 0; i < customers; i++) {
    const bins = counts[indexOf.get(clusters[i]!)!]!;
    bins[Math.min(BINS - 1, Math.floor(margins[i]! * BINS))]! += 1;
  }
  return {
    title,
    summary: `${formatNumber(onFence)} of ${formatPlural(customers, "customer")} have a margin below ${formatNumber(fence, 2)}.`,
    figure: {
      data: profiles.map((profile, index) => ({
        type: "bar",
        name: clusterLines(profile),
        x: centres,
        y: counts[index]!,
        width: 1 / BINS,
        marker: clusterFill(profile.cluster),
        hovertemplate: `${clusterLabel(profile)}<br>margin about %{x:.2f}: %{y:,d} customers<extra></extra>`,
      })),
      layout: {
        ...baseLayout(title, besideLegend(400, profiles.length), { b: 76 }),
        barmode: "stack",
        legend: { traceorder: "normal", x: 1.02, y: 1 },
        xaxis: {
          title: {
            text: "Margin<br>0: as near to another centre as to its own · 1: at its own centre",
            font: { size: 12 },
          },
          range: [0, 1],
          gridcolor: GRID,
        },
        yaxis: { title: { text: "Customers (number)" }, gridcolor: GRID, tickformat: ",d" },
        shapes: [
          {
            type: "line",
            xref: "x",
            yref: "paper",
            x0: fence,
            x1: fence,
            y0: 0,
            y1: 1,
            line: { color: "#222222", dash: "dash", width: 1.5 },
          },
        ],
        annotations: [
          {
            text: "◂ on the fence",
            x: fence,
            xanchor: "left",
            y: 1,
            yref: "paper",
            yanchor: "bottom",
            showarrow: false,
            font: { size: 11 },
          },
        ],
      },
    },
  };
}
