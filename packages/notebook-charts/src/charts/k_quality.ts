import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import type { KSweepRow, SuggestedK } from "@keyspaces-segmentation/kmeans";
import type { Chart } from "../figure.js";
import { baseLayout, GRID } from "./style.js";

interface Panel {
  readonly title: string;
  readonly of: (at: KSweepRow) => number | null;
  /** The k that this measure alone would choose; null where it chooses none. */
  readonly best: (suggestion: SuggestedK) => number | null;
}

const none = (): null => null;
const PANELS: readonly Panel[] = [
  { title: "Inertia (look for the bend)", of: (at) => at.inertia, best: none },
  { title: "Silhouette (higher is better)", of: (at) => at.silhouette, best: (by) => by.silhouette },
  { title: "Davies–Bouldin (lower is better)", of: (at) => at.daviesBouldin, best: (by) => by.daviesBouldin },
  { title: "Calinski–Harabasz (higher is better)", of: (at) => at.calinskiHarabasz, best: (by) => by.calinskiHarabasz },
  { title: "Mean distance to own centre", of: (at) => at.intra, best: none },
  { title: "Mean distance between centres", of: (at) => at.inter, best: none },
];
const COLUMNS = 3;
const LINE = "#0072B2";
const BEST = "#009E73";
const SUGGESTED = "#D55E00";
const CHOSEN = "#222222";

/** Four significant digits or so. */
const formatMeasure = (value: number | null): string =>
  formatNumber(value ?? Number.NaN, Math.max(0, 3 - Math.floor(Math.log10(Math.max(0.001, Math.abs(value ?? 0))))));

const suffix = (panel: number): string => (panel === 0 ? "" : String(panel + 1));

/** In the middle of a panel that has nothing to draw: with one cluster, or as many as customers, most measures are not defined. */
const undefinedIn = (panel: number): object => ({
  text: "not defined here",
  xref: `x${suffix(panel)} domain`,
  yref: `y${suffix(panel)} domain`,
  x: 0.5,
  y: 0.5,
  showarrow: false,
  font: { size: 12, color: "#555555" },
});

/** A line from the floor of a panel to its ceiling. */
function mark(panel: number, k: number, color: string, dash: string): object {
  const axes = { xref: `x${suffix(panel)}`, yref: `y${suffix(panel)} domain` };
  return { type: "line", ...axes, x0: k, x1: k, y0: 0, y1: 1, line: { color, width: 2, dash }, layer: "below" };
}

function titleOf({ k, elbow, silhouette }: SuggestedK, chosen: number): string {
  const lead =
    elbow === null
      ? `The inertia has no elbow; the suggestion is ${formatPlural(k, "cluster")}`
      : `The elbow is at ${elbow} clusters`;
  const dissent = silhouette === null || silhouette === k ? "" : `, the silhouette prefers ${silhouette}`;
  return `${lead}${dissent}; you chose ${chosen}`;
}

/**
 * The measures of a clustering for each number of clusters, 2 × 3 panels; lines stand at the suggested number and at the one chosen.
 *
 * @param table one entry a k, in ascending order
 * @param suggestion what `suggestK` makes of the table
 */
export function kQuality(table: readonly KSweepRow[], suggestion: SuggestedK, chosen: number): Chart {
  const title = titleOf(suggestion, chosen);
  const ks = table.map(({ k }) => k);
  const axes = PANELS.flatMap((panel, index) => [
    [
      `xaxis${suffix(index)}`,
      {
        title: { text: `${panel.title}<br>k, number of clusters`, standoff: 4 },
        dtick: 1,
        range: [Math.min(...ks) - 0.5, Math.max(...ks) + 0.5],
        // The lines at two of the numbers would hide below those of a grid.
        showgrid: false,
        zeroline: false,
      },
    ],
    [`yaxis${suffix(index)}`, { gridcolor: GRID, nticks: 5, tickformat: ",~r", zeroline: false }],
  ]);
  return {
    title,
    summary: table
      .map(
        (at) =>
          `k ${at.k}: inertia ${formatNumber(at.inertia, 2)}, silhouette ${formatNumber(at.silhouette ?? Number.NaN, 2)}, ` +
          `Davies–Bouldin ${formatNumber(at.daviesBouldin ?? Number.NaN, 2)}, ` +
          `Calinski–Harabasz ${formatNumber(at.calinskiHarabasz ?? Number.NaN)}`,
      )
      .join("; ")
      .concat("."),
    figure: {
      data: PANELS.map((panel, index) => {
        const best = panel.best(suggestion);
        const defined = table.filter((at) => panel.of(at) !== null);
        const ks = defined.map(({ k }) => k);
        return {
          type: "scatter",
          mode: "lines+markers",
          xaxis: `x${suffix(index)}`,
          yaxis: `y${suffix(index)}`,
          x: ks,
          y: defined.map(panel.of),
          line: { color: LINE, width: 2 },
          marker: {
            opacity: 1,
            size: ks.map((k) => (k === best ? 12 : 7)),
            color: ks.map((k) => (k === best ? BEST : LINE)),
          },
          text: defined.map((at) => formatMeasure(panel.of(at))),
          hovertemplate: `k %{x}<br>${panel.title}: %{text}<extra></extra>`,
        };
      }),
      layout: {
        ...baseLayout(title, 560),
        ...Object.fromEntries(axes),
        grid: { rows: 2, columns: COLUMNS, pattern: "independent", xgap: 0.16, ygap: 0.34 },
        shapes: PANELS.flatMap((_, panel) => [
          mark(panel, suggestion.k, SUGGESTED, "dash"),
          ...(ks.includes(chosen) ? [mark(panel, chosen, CHOSEN, "dot")] : []),
        ]),
        annotations: [
          ...[...PANELS.keys()].filter((panel) => table.every((at) => PANELS[panel]!.of(at) === null)).map(undefinedIn),
          {
            text: "dashed: the suggestion · dotted: your k · large, green: best by this measure · distances: in scaled features",
            xref: "paper",
            yref: "paper",
            x: 1,
            y: 1,
            xanchor: "right",
            yanchor: "bottom",
            // Clear of a tick's number at the very top of a panel.
            yshift: 6,
            showarrow: false,
            font: { size: 11, color: "#555555" },
          },
        ],
        showlegend: false,
      },
    },
  };
}
