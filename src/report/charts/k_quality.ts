import type { Chart } from "../figure.js";
import { baseLayout, formatNumber, GRID } from "./style.js";

/** How well the data falls into k clusters; null where a measure is not defined. */
export interface QualityAtK {
  readonly k: number;
  readonly inertia: number;
  readonly silhouette: number | null;
  readonly daviesBouldin: number | null;
  readonly calinskiHarabasz: number | null;
  readonly intra: number;
  readonly inter: number | null;
}

interface Panel {
  readonly title: string;
  readonly of: (at: QualityAtK) => number | null;
  readonly best: "high" | "low" | null;
}

const PANELS: readonly Panel[] = [
  { title: "Inertia (look for the bend)", of: (at) => at.inertia, best: null },
  { title: "Silhouette (higher is better)", of: (at) => at.silhouette, best: "high" },
  { title: "Davies–Bouldin (lower is better)", of: (at) => at.daviesBouldin, best: "low" },
  { title: "Calinski–Harabasz (higher is better)", of: (at) => at.calinskiHarabasz, best: "high" },
  { title: "Mean distance to own centre", of: (at) => at.intra, best: null },
  { title: "Mean distance between centres", of: (at) => at.inter, best: null },
];
const COLUMNS = 3;
const LINE = "#0072B2";
const BEST = "#009E73";
const SUGGESTED = "#D55E00";
const CHOSEN = "#222222";

/** The k at which a measure is best; undefined where it has no best, or no value at all. */
function bestK(table: readonly QualityAtK[], { of, best }: Panel): number | undefined {
  if (best === null) return undefined;
  const measured = table.flatMap((at) => {
    const value = of(at);
    return value === null ? [] : [{ k: at.k, value }];
  });
  const sign = best === "high" ? -1 : 1;
  return measured.toSorted((a, b) => sign * (a.value - b.value) || a.k - b.k)[0]?.k;
}

const suffix = (panel: number): string => (panel === 0 ? "" : String(panel + 1));

/** A line from the floor of a panel to its ceiling. */
function mark(panel: number, k: number, color: string, dash: string): object {
  const axes = { xref: `x${suffix(panel)}`, yref: `y${suffix(panel)} domain` };
  return { type: "line", ...axes, x0: k, x1: k, y0: 0, y1: 1, line: { color, width: 1.5, dash }, layer: "below" };
}

/**
 * The measures of a clustering for each number of clusters, 2 × 3 panels; lines stand at the suggested number and at the one chosen.
 *
 * @param table one entry a k, in ascending order
 */
export function kQuality(
  table: readonly QualityAtK[],
  { suggested, chosen }: { suggested: number; chosen: number },
): Chart {
  const bySilhouette = bestK(table, PANELS[1]!);
  const title =
    bySilhouette === undefined || bySilhouette === suggested
      ? `The elbow is at ${suggested} clusters; you chose ${chosen}`
      : `The elbow is at ${suggested} clusters, the silhouette prefers ${bySilhouette}; you chose ${chosen}`;
  const ks = table.map(({ k }) => k);
  const axes = PANELS.flatMap((panel, index) => [
    [
      `xaxis${suffix(index)}`,
      {
        title: { text: `${panel.title}<br>k, number of clusters`, standoff: 4 },
        dtick: 1,
        range: [Math.min(...ks) - 0.5, Math.max(...ks) + 0.5],
        gridcolor: GRID,
        zeroline: false,
      },
    ],
    [`yaxis${suffix(index)}`, { gridcolor: GRID, nticks: 5, tickformat: "~g", zeroline: false }],
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
        const best = bestK(table, panel);
        return {
          type: "scatter",
          mode: "lines+markers",
          xaxis: `x${suffix(index)}`,
          yaxis: `y${suffix(index)}`,
          x: ks,
          y: table.map(panel.of),
          line: { color: LINE, width: 2 },
          marker: {
            opacity: 1,
            size: ks.map((k) => (k === best ? 12 : 7)),
            color: ks.map((k) => (k === best ? BEST : LINE)),
          },
          hovertemplate: `k %{x}<br>${panel.title}: %{y:.4~g}<extra></extra>`,
        };
      }),
      layout: {
        ...baseLayout(title, 560),
        ...Object.fromEntries(axes),
        grid: { rows: 2, columns: COLUMNS, pattern: "independent", xgap: 0.16, ygap: 0.34 },
        shapes: PANELS.flatMap((_, panel) => [
          ...(ks.includes(suggested) ? [mark(panel, suggested, SUGGESTED, "dash")] : []),
          ...(ks.includes(chosen) ? [mark(panel, chosen, CHOSEN, "dot")] : []),
        ]),
        annotations: [
          {
            text: "dashed: the elbow · dotted: your k · green: best by this measure",
            xref: "paper",
            yref: "paper",
            x: 1,
            y: 1,
            xanchor: "right",
            yanchor: "bottom",
            showarrow: false,
            font: { size: 11, color: "#555555" },
          },
        ],
        showlegend: false,
      },
    },
  };
}
