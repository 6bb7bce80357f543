import { type Money, printable } from "@keyspaces-segmentation/common";
import type { Trace } from "../figure.js";

/**
 * Ten colours that stay apart for colour-blind readers and on white paper, in the order in which they are used.
 * The first seven are Okabe and Ito's (Color Universal Design, 2008) without yellow, which white paper swallows;
 * the rest are the darkest of Paul Tol's muted scheme (Technical note SRON/EPS/TN/09-002, 2021).
 */
const COLOURS = [
  "#0072B2",
  "#E69F00",
  "#009E73",
  "#CC79A7",
  "#56B4E9",
  "#D55E00",
  "#000000",
  "#882255",
  "#999933",
  "#332288",
] as const;

/** A second way to tell clusters apart: the symbols that 3-D scatter plots know, but "x", which is an emoji there. */
const SYMBOLS = ["circle", "square", "diamond", "cross", "circle-open", "square-open", "diamond-open"] as const;

/** The mark of a cluster, the same in every chart; colour and symbol together repeat after 70 clusters. */
export function clusterMark(cluster: number): { color: string; symbol: string } {
  return {
    color: COLOURS[cluster % COLOURS.length] as string,
    symbol: SYMBOLS[cluster % SYMBOLS.length] as string,
  };
}

/** The same for bars without a label: hatched where the colours come round again, after ten clusters. */
export function clusterFill(cluster: number): { color: string; pattern: { shape: string } } {
  const shapes = ["", "/", "x", "\\", "-", "|", "+", "."];
  const round = Math.floor(cluster / COLOURS.length) % shapes.length;
  return { color: clusterMark(cluster).color, pattern: { shape: shapes[round] as string } };
}

/** What Plotly's labels take for more than text: a little HTML, templates, and TeX where the page has MathJax. */
const MARKUP: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  "%{": "%&#123;",
  $: "&#36;",
};

/** More of a name would fill a picture. */
const LONGEST = 200;

/** Text as Plotly shows it literally, wherever it stands: entities are what it reads last. */
export function plainText(text: string): string {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
  return printable(shown).replace(/[&<>$]|%\{/g, (markup) => MARKUP[markup] as string);
}

/** Amounts as labels show them: a dollar is markup there. */
export function inLabels(money: Money): Money {
  return {
    ...money,
    whole: (value) => plainText(money.whole(value)),
    exact: (value) => plainText(money.exact(value)),
    range: (from, to) => plainText(money.range(from, to)),
    unit: (remark) => plainText(money.unit(remark)),
  };
}

/** What every chart with amounts is told: how they are worded. */
export interface Worded {
  readonly money: Money;
}

/** "0 · name": how a cluster is called on axes, legends and hovers. */
export function clusterLabel({ cluster, name }: { cluster: number; name: string }): string {
  return `${cluster} · ${plainText(name)}`;
}

/** The same in lines of some 26 characters: long names in one would leave the picture half a page. */
export function clusterLines({ cluster, name }: { cluster: number; name: string }): string {
  return wrap(`${cluster} · ${name}`, 26).map(plainText).join("<br>");
}

/** The height that a chart needs beside a legend of so many clusters, each of so many pixels. */
export function besideLegend(height: number, clusters: number, entry = 36): number {
  return Math.max(height, 140 + entry * clusters);
}

/** Breaks a text into lines of at most `width` characters, as Plotly wants them; a longer word stays whole, and so does "34 %". */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/ (?!%)/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

export const GRID = "#e3e3e3";
const FONT = "DejaVu Sans, Verdana, sans-serif";
const INK = "#222222";

/**
 * Lays out a figure in the one visual language of this project: headline at the left, white paper, quiet grid.
 *
 * @param sides margins other than the one at the top, which belongs to the headline
 */
export function baseLayout(
  title: string,
  height: number,
  sides: { l?: number; r?: number; b?: number } = {},
): { height: number; [attribute: string]: unknown } {
  const lines = wrap(title, 84);
  const top = 32 + 22 * lines.length;
  return {
    title: {
      text: lines.map(plainText).join("<br>"),
      x: 0.01,
      xanchor: "left",
      // Hung by the baseline of its first line: anchored at its top, a second line would push the first off the paper.
      y: 1,
      yref: "paper",
      yanchor: "bottom",
      pad: { b: top - 26 },
      font: { size: 16 },
    },
    font: { family: FONT, size: 12, color: INK },
    paper_bgcolor: "#ffffff",
    plot_bgcolor: "#ffffff",
    margin: { l: 64, r: 32, b: 64, ...sides, t: top },
    height: height + 22 * (lines.length - 1),
    hoverlabel: { align: "left" },
  };
}

/** The axis that names the clusters, the first at the top, with a little air between name and bar. */
export const CLUSTER_AXIS = {
  title: { text: "Cluster", standoff: 16 },
  type: "category",
  autorange: "reversed",
  automargin: true,
  ticks: "outside",
  ticklen: 6,
  tickcolor: "#ffffff",
} as const;

/** The subset of a trace that stands for its cluster in legends and hovers. */
export function clusterTrace(type: string, of: { cluster: number; name: string }): Trace {
  return { type, name: clusterLines(of), legendgroup: String(of.cluster) };
}
