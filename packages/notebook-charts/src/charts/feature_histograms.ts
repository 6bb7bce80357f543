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

function column({ values, rows, columns }: Matrix, index: number): Float64Array {
  const column = new Float64Array(rows);
  for (let row = 0; row < rows; row++) column[row] = values[row * columns + index]!;
  return column;
}

/** Moment coefficient of skewness, m₃ / m₂^1.5 (as scipy.stats.skew); 0 where all values are equal. */
export function skewness(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const moment = (power: number) => values.reduce((sum, value) => sum + (value - mean) ** power, 0) / values.length;
  const variance = moment(2);
  return variance > 0 ? moment(3) / variance ** 1.5 : 0;
}

/** Counts in bins of equal width, as a bar trace: much smaller than the values themselves in a saved notebook. */
function histogram(values: Float64Array, panel: number, title: string, color: string): Trace {
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
  const panels = [raw, scaled].flatMap((matrix, isScaled) =>
    features.map((feature, index) => {
      const title = isScaled ? `${feature.title.replace(/ \(.*/, "")} (${SCALED_TITLE[scaling]})` : feature.title;
      return { title, matrix, index, color: isScaled ? SCALED_COLOUR : RAW_COLOUR };
    }),
  );
  // One column after the other, each for both: of millions of customers they are large.
  const drawn = panels.map(({ title, matrix, index, color }, panel) => {
    const values = column(matrix, index);
    return { skew: skewness(values), bars: histogram(values, panel + 1, title, color) };
  });
  const skews = features.map(({ name }, index) => ({
    name,
    before: drawn[index]!.skew,
    after: drawn[features.length + index]!.skew,
  }));
  const [worst] = skews.toSorted((a, b) => Math.abs(b.before) - Math.abs(a.before));
  const { name, before, after } = worst as (typeof skews)[number];
  const title = findingOf(name, before, after);
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
      data: drawn.map(({ bars }) => bars),
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
