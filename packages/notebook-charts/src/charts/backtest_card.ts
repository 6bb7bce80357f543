import { formatNumber, formatPlural, formatShare } from "@keyspaces-segmentation/common";
import type { Estimate, SegmentBacktest } from "@keyspaces-segmentation/invoices";
import type { Chart, Trace } from "../figure.js";
import { baseLayout, clusterMark, GRID, inLabels, plainText, type Worded } from "./style.js";

/** Those who were in no segment yet. */
export const NEWCOMERS = "New in that quarter";

type Outcome = SegmentBacktest["segments"][number];

/** "85 % (64 % to 95 %)": a share between its bounds. */
export function estimateText({ share, low, high }: Estimate): string {
  return `${formatShare(share)} (${formatShare(low)} to ${formatShare(high)})`;
}

/** The segments, those that brought the most revenue first. */
export function byRevenue({ segments }: SegmentBacktest): readonly Outcome[] {
  return segments.toSorted((a, b) => b.revenue - a.revenue || b.returnRate.share - a.returnRate.share);
}

/**
 * What came of the segments in the quarter after customers were put into them: who bought again, and where the revenue came from, each
 * share between its bounds at 95 % confidence.
 */
export function backtestCard(backtest: SegmentBacktest, { money }: Worded): Chart {
  const labelled = inLabels(money);
  const segments = byRevenue(backtest);
  const { newcomers, segmentedAt, until } = backtest;
  const customers = segments.reduce((sum, each) => sum + each.customers, 0);
  const title = headline(segments, customers);
  const labels = segments.map((each) => label(each.segment, each.customers, customers));
  const newLabel = `${NEWCOMERS}<br>${counted(newcomers.customers)}`;
  const details = segments.map(
    (each) =>
      `${formatNumber(each.returned)} of ${counted(each.customers)} bought again: ${estimateText(each.returnRate)}<br>` +
      `${labelled.whole(each.revenue)}, ${estimateText(each.revenueShare)} of the revenue`,
  );
  const newDetail = `${labelled.whole(newcomers.revenue)}, ${formatShare(newcomers.revenueShare)} of the revenue`;
  const rates = segments.map(({ returnRate }) => returnRate);
  const shares = segments.map(({ revenueShare }) => revenueShare);
  const most = Math.max(0.01, newcomers.revenueShare, ...shares.map(({ high, share }) => Math.max(high, share)));
  return {
    title,
    summary: [
      ...segments.map(
        (each) =>
          `${each.segment}: ${counted(each.customers)}, ${estimateText(each.returnRate)} bought again, ` +
          `${estimateText(each.revenueShare)} of the revenue`,
      ),
      `${NEWCOMERS}: ${counted(newcomers.customers)}, ${formatShare(newcomers.revenueShare)} of the revenue.`,
    ].join("; "),
    figure: {
      data: [
        ...panel({ axis: "x", color: clusterMark(0).color, most: 1 }, labels, rates, details),
        ...panel({ axis: "x2", color: clusterMark(2).color, most }, labels, shares, details),
        {
          type: "bar",
          orientation: "h",
          xaxis: "x2",
          y: [newLabel],
          x: [newcomers.revenueShare],
          marker: { color: "#bbbbbb" },
          customdata: [newDetail],
          hovertemplate: "%{y}<br>%{customdata}<extra></extra>",
        },
        numbers({ axis: "x2", most }, [newLabel], [newcomers.revenueShare]),
      ],
      layout: {
        ...baseLayout(title, 170 + 42 * (segments.length + 1), { b: 88 }),
        xaxis: { ...shareAxis("Share of the customers who bought again", 1), domain: [0, 0.47] },
        xaxis2: { ...shareAxis("Share of the quarter's revenue", most), domain: [0.53, 1] },
        yaxis: {
          type: "category",
          // Named in full: the first trace has no bar for those who came later.
          categoryorder: "array",
          categoryarray: [...labels, newLabel],
          range: [segments.length + 0.5, -0.5],
          automargin: true,
          ticks: "outside",
          ticklen: 6,
          tickcolor: "#ffffff",
        },
        annotations: [
          {
            text: `Segments as of ${segmentedAt}, what they did from then to ${until}; whiskers: 95 % confidence`,
            x: 0,
            xref: "paper",
            xanchor: "left",
            y: 0,
            yref: "paper",
            yanchor: "top",
            yshift: -56,
            showarrow: false,
            font: { size: 11, color: "#666666" },
          },
        ],
        showlegend: false,
        bargap: 0.35,
        barmode: "overlay",
      },
    },
  };
}

function headline([best]: readonly Outcome[], customers: number): string {
  if (best === undefined || best.revenue <= 0) return "None of the customers in a segment bought in the next quarter";
  const { segment, revenueShare } = best;
  const part = best.customers / customers;
  const finding = `${segment}, ${formatShare(part)} of the customers, brought ${formatShare(revenueShare.share)} of the next quarter's revenue`;
  if (revenueShare.low > part) return finding;
  // A few large customers decide: others like them might have brought no more than their number lets expect.
  return `${finding} (between ${formatShare(revenueShare.low)} and ${formatShare(revenueShare.high)} at 95 % confidence)`;
}

const counted = (customers: number): string => formatPlural(customers, "customer");

const label = (segment: string, customers: number, all: number): string =>
  `${plainText(segment)}<br>${counted(customers)}, ${formatShare(customers / all)}`;

interface Panel {
  readonly axis: "x" | "x2";
  /** The highest value on it. */
  readonly most: number;
}

/** The shares in a column at the right, clear of the whiskers. */
function numbers({ axis, most }: Panel, labels: readonly string[], shares: readonly number[]): Trace {
  return {
    type: "scatter",
    mode: "text",
    xaxis: axis,
    y: labels,
    x: shares.map(() => 1.2 * most),
    text: shares.map(formatShare),
    textposition: "middle left",
    hoverinfo: "skip",
  };
}

/** Bars with whiskers, and their numbers. */
function panel(
  { axis, most, color }: Panel & { readonly color: string },
  labels: readonly string[],
  estimates: readonly Estimate[],
  details: readonly string[],
): Trace[] {
  return [
    {
      type: "bar",
      orientation: "h",
      xaxis: axis,
      y: labels,
      x: estimates.map(({ share }) => share),
      error_x: {
        type: "data",
        symmetric: false,
        array: estimates.map(({ share, high }) => Math.max(0, high - share)),
        arrayminus: estimates.map(({ share, low }) => Math.max(0, share - low)),
        color: "#444444",
        thickness: 1.2,
        width: 4,
      },
      marker: { color, opacity: 0.75 },
      customdata: details,
      hovertemplate: "%{y}<br>%{customdata}<extra></extra>",
    },
    numbers(
      { axis, most },
      labels,
      estimates.map(({ share }) => share),
    ),
  ];
}

/** From nothing to the longest whisker, and room for the numbers beside it. */
function shareAxis(text: string, most: number): object {
  const step = [0.01, 0.02, 0.05, 0.1, 0.2].find((each) => most / each < 5) ?? 0.25;
  const ticks = Array.from({ length: Math.floor(most / step + 1e-9) + 1 }, (_, at) => at * step);
  return {
    title: { text, standoff: 8, font: { size: 12 } },
    range: [0, 1.22 * most],
    tickvals: ticks,
    ticktext: ticks.map(formatShare),
    gridcolor: GRID,
    zerolinecolor: GRID,
  };
}
