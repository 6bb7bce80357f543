import type { ClusterProfile } from "@keyspaces-segmentation/customer-clusters";
import type { Figure } from "../figure.js";
import { baseLayout, CLUSTER_AXIS, clusterLines, clusterMark, GRID } from "./style.js";

/** One panel of bars, a bar a cluster. */
export interface ClusterPanel {
  /** With its unit, in lines that fit below the panel. */
  readonly title: string;
  readonly measure: (cluster: ClusterProfile) => number;
  /** What stands at the end of the bar, in one line or several. */
  readonly words: (cluster: ClusterProfile) => string;
}

/** What a still picture has at least for its panels, and what a character at the end of a bar takes, in pixels. */
const PANELS_WIDTH = 560;
const CHARACTER = 7.4;
const GAP = 0.03;

/** Clusters compared by one measure or several: panels side by side, every cluster in its colour in each, also an empty one. */
export function clusterBars(
  title: string,
  clusters: readonly ClusterProfile[],
  panels: readonly ClusterPanel[],
): Figure {
  const width = (1 - GAP * (panels.length - 1)) / panels.length;
  const labels = clusters.map(clusterLines);
  const titleLines = Math.max(...panels.map((panel) => panel.title.split("<br>").length));
  // Long names stand in lines of their own, clear of the next one's.
  const rowHeight = Math.max(38, ...labels.map((label) => 10 + 16 * label.split("<br>").length));
  const axes = panels.map((panel, index) => {
    const left = index * (width + GAP);
    return [
      `xaxis${suffix(index)}`,
      {
        title: { text: panel.title, standoff: 8, font: { size: 12 } },
        domain: [left, Math.min(1, left + width)],
        range: rangeOf(panel, clusters, width * PANELS_WIDTH),
        gridcolor: GRID,
        separatethousands: true,
        nticks: Math.max(3, Math.round((width * PANELS_WIDTH) / 60)),
        tickangle: 0,
      },
    ];
  });
  return {
    data: panels.map((panel, index) => ({
      type: "bar",
      orientation: "h",
      xaxis: `x${suffix(index)}`,
      y: labels,
      x: clusters.map(panel.measure),
      text: clusters.map(panel.words),
      textposition: "outside",
      textangle: 0,
      cliponaxis: false,
      marker: { color: clusters.map((each) => clusterMark(each.cluster).color) },
      hovertemplate: `%{y}<br>${panel.title.replaceAll("<br>", " ")}: %{text}<extra></extra>`,
    })),
    layout: {
      ...baseLayout(title, 104 + 16 * titleLines + rowHeight * Math.max(clusters.length, 3), {
        b: 40 + 16 * titleLines,
      }),
      ...Object.fromEntries(axes),
      yaxis: CLUSTER_AXIS,
      showlegend: false,
      bargap: 0.3,
    },
  };
}

const longestLine = (text: string): number =>
  Math.max(...text.split("<br>").map((line) => line.replace(/&[^;]+;/g, "x").length));

const suffix = (panel: number): string => (panel === 0 ? "" : String(panel + 1));

/** From the lowest value, or nothing, to the highest, and room at either end for the words there. */
function rangeOf({ measure, words }: ClusterPanel, clusters: readonly ClusterProfile[], pixels: number): number[] {
  const values = clusters.map(measure);
  const [lowest, highest] = [Math.min(0, ...values), Math.max(0, ...values)];
  const roomFor = (those: readonly ClusterProfile[]): number =>
    those.length === 0 ? 0 : (CHARACTER * Math.max(...those.map((each) => longestLine(words(each)))) + 8) / pixels;
  const below = roomFor(clusters.filter((each) => measure(each) < 0));
  const above = roomFor(clusters.filter((each) => measure(each) >= 0));
  // Bars keep a quarter of the panel, however long the words are.
  const scale = (highest - lowest || 1) / Math.max(0.25, 1 - below - above);
  return [lowest - below * scale, highest + above * scale];
}
