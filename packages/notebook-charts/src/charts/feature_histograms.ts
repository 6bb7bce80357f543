import { formatNumber, formatPlural, type Money } from "@keyspaces-segmentation/common";
import type { Scaling } from "@keyspaces-segmentation/customer-clusters";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import type { Chart, Trace } from "../figure.js";
import { baseLayout, GRID, inLabels, type Worded } from "./style.js";

const featuresIn = (money: Money): readonly { readonly name: string; readonly title: string }[] => [
  { name: "recency", title: "Recency (days)" },
  { name: "frequency", title: "Frequency (invoices)" },
  { name: "monetary value", title: `Monetary value${money.unit()}` },
];
const BINS = 30;
const RAW_COLOUR = "#999999";
const SCALED_COLOUR = "#0072B2";
const SCALED_TITLE: Record<Scaling, string> = { min_max: "min-max scaled", log_standard: "log, standardised" };

function column({ values, rows, columns }: Matrix, index: number): number[] {
  return Array.from({ length: rows }, (_, row) => values[row * columns + index] as number);
}

/** Moment coefficient of skewness, m₃ / m₂^1.5 (as scipy.stats.skew); 0 where all values are equal. */
export function skewness(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const moment = (power: number) => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  const variance = moment(2);
  return variance > 0 ? moment(3) / variance ** 1.5 : 0;
}

/** Counts in bins of equal width, as a bar trace: much smaller than the values themselves in a saved notebook. */
function histogram(values: readonly number[], panel: number, title: string, color: string): Trace {
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    lowest = Math.min(lowest, value);
    highest = Math.max(highest, value);
  }
  const width = (highest - lowest) / BINS || 1;
  // A single value has a bar of its own.
  const centreOf = (bin: number): number => (highest > lowest ? lowest + (bin + 0.5) * width : lowest);
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor((value - lowest) / width));
    counts[bin] = (counts[bin] as number) + 1;
  }
  const filled = counts.flatMap((count, bin) => (count > 0 ? [{ count, centre: centreOf(bin) }] : []));
  return {
    type: "bar",
    xaxis: `x${panel}`,
    yaxis: `y${panel}`,
    x: filled.map(({ centre }) => centre),
    y: filled.map(({ count }) => count),
    width,
    marker: { color },
    text: filled.map(({ centre }) => formatNumber(centre, width < 0.1 ? 3 : 0)),
    textposition: "none",
    hovertemplate: `${title}: about %{text}<br>%{y:,d} customers<extra></extra>`,
  };
}

/** Skewness below this is that of a column that reads as even. */
const HARDLY_SKEWED = 0.5;

function findingOf(name: string, before: number, after: number): string {
  if (Math.max(Math.abs(before), Math.abs(after)) < HARDLY_SKEWED) {
    return "Scaling brings the features to one range; none of them is skewed";
  }
  return Math.abs(after) < 0.5 * Math.abs(before)
    ? `Scaling takes the skewness of ${name} from ${formatNumber(before, 1)} to ${formatNumber(after, 1)}`
    : `Scaling brings the features to one range but leaves ${name} skewed (${formatNumber(after, 1)})`;
}

/**
 * The distributions of recency, frequency and monetary value before and after scaling, 2 × 3 panels.
 *
 * @param raw customers × (recency, frequency, monetary value), as prepared
 * @param scaled the same after scaling: what the clustering sees
 */
export function featureHistograms(raw: Matrix, scaled: Matrix, scaling: Scaling, { money }: Worded): Chart {
  const features = featuresIn(inLabels(money));
  const skews = features.map(({ name }, index) => ({
    name,
    before: skewness(column(raw, index)),
    after: skewness(column(scaled, index)),
  }));
  const [worst] = skews.toSorted((a, b) => Math.abs(b.before) - Math.abs(a.before));
  const { name, before, after } = worst as (typeof skews)[number];
  const title = findingOf(name, before, after);
  const panels = [
    ...features.map((feature, index) => ({ title: feature.title, values: column(raw, index), color: RAW_COLOUR })),
    ...features.map((feature, index) => ({
      title: `${feature.title.replace(/ \(.*/, "")} (${SCALED_TITLE[scaling]})`,
      values: column(scaled, index),
      color: SCALED_COLOUR,
    })),
  ];
  const axes = panels.flatMap((panel, index) => [
    [
      `xaxis${index + 1}`,
      {
        title: { text: panel.title, standoff: 6 },
        nticks: 5,
        separatethousands: true,
        gridcolor: GRID,
        zeroline: false,
      },
    ],
    [
      `yaxis${index + 1}`,
      {
        type: "log",
        dtick: 1,
        tickformat: ",d",
        // From a little below 1, so that a bar of one customer shows.
        range: [-0.15, Math.log10(raw.rows + 1) + 0.15],
        gridcolor: GRID,
        ...(index % features.length === 0 && { title: { text: "Customers (log scale)" } }),
      },
    ],
  ]);
  return {
    title,
    summary: `Skewness before and after scaling: ${skews
      .map((each) => `${each.name} ${formatNumber(each.before, 1)} and ${formatNumber(each.after, 1)}`)
      .join(", ")}; ${formatPlural(raw.rows, "customer")}.`,
    figure: {
      data: panels.map((panel, index) => histogram(panel.values, index + 1, panel.title, panel.color)),
      layout: {
        ...baseLayout(title, 500),
        ...Object.fromEntries(axes),
        grid: { rows: 2, columns: features.length, pattern: "independent", xgap: 0.14, ygap: 0.34 },
        showlegend: false,
        bargap: 0,
      },
    },
  };
}
