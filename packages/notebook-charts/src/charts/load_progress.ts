import { formatNumber } from "@keyspaces-segmentation/common";
import type { Chart } from "../figure.js";
import { baseLayout, GRID } from "./style.js";

/** How far an ingest was at a moment, since its beginning. */
interface LoadPoint {
  readonly seconds: number;
  readonly stored: number;
  readonly rejected: number;
  readonly retries: number;
}

const STORED = "#009E73";
const REJECTED = "#D55E00";

/** Where requests had to be repeated since the point before. */
const withRetries = (history: readonly LoadPoint[]): LoadPoint[] =>
  history.filter(({ retries }, i) => i > 0 && retries > history[i - 1]!.retries);

/**
 * How an ingest went: lines stored and rejected over time, and when the service asked for patience.
 *
 * @param history in order of time; one point or more
 */
export function loadProgress(history: readonly LoadPoint[]): Chart {
  const [first, last] = [history[0], history.at(-1)];
  const seconds = (last?.seconds ?? 0) - (first?.seconds ?? 0);
  const stored = (last?.stored ?? 0) - (first?.stored ?? 0);
  const pace = seconds > 0 ? `, ${formatNumber(stored / seconds)} a second` : "";
  const title = `${formatNumber(stored)} lines were stored in ${formatNumber(seconds, seconds < 10 ? 1 : 0)} s${pace}`;
  const retried = withRetries(history);
  const rejected = last?.rejected ?? 0;
  const repeated = last?.retries ?? 0;
  const x = history.map((point) => point.seconds);
  const line = (name: string, color: string, of: (point: LoadPoint) => number, fill: string) => ({
    type: "scatter",
    mode: history.length > 60 ? "lines" : "lines+markers",
    name,
    x,
    y: history.map(of),
    fill,
    // The last point lies on the edge.
    cliponaxis: false,
    line: { color, width: 2 },
    marker: { color, opacity: 1, size: 5 },
    hovertemplate: `%{y:,d} lines ${name} after %{x:.1f} s<extra></extra>`,
  });
  return {
    title,
    summary: `${title}; ${formatNumber(rejected)} were rejected, and ${formatNumber(repeated)} requests had to be repeated.`,
    figure: {
      data: [
        line("stored", STORED, (point) => point.stored, "tozeroy"),
        ...(rejected > 0 ? [line("rejected", REJECTED, (point) => point.rejected, "none")] : []),
        ...(retried.length > 0
          ? [
              {
                type: "scatter",
                mode: "markers",
                name: "requests repeated",
                x: retried.map((point) => point.seconds),
                y: retried.map((point) => point.stored),
                marker: { color: "#222222", opacity: 1, symbol: "x", size: 6 },
                text: retried.map((point) => formatNumber(point.retries)),
                hovertemplate: "%{text} requests repeated by now<extra></extra>",
              },
            ]
          : []),
      ],
      layout: {
        ...baseLayout(title, 320),
        xaxis: { title: { text: "Time (seconds)" }, gridcolor: GRID, zeroline: false, rangemode: "tozero" },
        yaxis: {
          title: { text: "Lines (number)", standoff: 8 },
          automargin: true,
          gridcolor: GRID,
          tickformat: ",d",
          rangemode: "tozero",
        },
        showlegend: rejected > 0 || retried.length > 0,
      },
    },
  };
}
