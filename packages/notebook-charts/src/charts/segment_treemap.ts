import { formatPlural, formatShare, type Money } from "@keyspaces-segmentation/common";
import type { ScoredCustomer } from "@keyspaces-segmentation/invoices";
import { segmentOf } from "@keyspaces-segmentation/invoices";
import type { Chart } from "../figure.js";
import { baseLayout, inLabels, type Worded, wrap } from "./style.js";

interface SegmentSum {
  readonly segment: string;
  readonly customers: number;
  readonly revenue: number;
}

/** Each segment's colour: from green for those who buy often and lately to grey for those who left; dark enough for white text. */
const COLOURS: Readonly<Record<string, string>> = {
  Champions: "#00694B",
  "Loyal Customers": "#1B7F79",
  "Potential Loyalists": "#3A7D34",
  "New Customers": "#2A6FB0",
  Promising: "#4C6FAE",
  "Need Attention": "#8A6100",
  "About to Sleep": "#8D5A2B",
  "At Risk": "#B34700",
  "Can't Lose": "#9C2A2A",
  Hibernating: "#636363",
};

/** Below these parts of the picture a tile has room for short lines, for a name only, and for nothing. */
const NARROW = 0.06;
const SMALL = 0.02;
const TINY = 0.01;

const SCORES = [5, 4, 3, 2, 1] as const;
/** The segments that scores can lead to, the most recent and frequent first. */
const SEGMENTS: readonly string[] = [...new Set(SCORES.flatMap((r) => SCORES.map((f) => segmentOf(r, f))))];

/**
 * The rule-based segments by their revenue: a tile each, as large as its part of the revenue. A segment without revenue, or whose returns
 * exceed it, has no tile; the summary names every one. Where no segment has any, tiles are as large as their part of the customers.
 */
export function segmentTreemap(customers: readonly ScoredCustomer[], { money }: Worded): Chart {
  const labelled = inLabels(money);
  const sums = SEGMENTS.map((segment): SegmentSum => {
    const members = customers.filter((customer) => customer.segment === segment);
    return { segment, customers: members.length, revenue: members.reduce((sum, { monetary }) => sum + monetary, 0) };
  });
  const revenue = sums.reduce((sum, each) => sum + each.revenue, 0);
  const nonEmpty = sums.filter((each) => each.customers > 0).toSorted((a, b) => b.revenue - a.revenue);
  const byRevenue = nonEmpty.some((each) => each.revenue > 0);
  const areaOf = byRevenue ? (each: SegmentSum) => each.revenue : (each: SegmentSum) => each.customers;
  const tiles = nonEmpty.filter((each) => areaOf(each) > 0).toSorted((a, b) => areaOf(b) - areaOf(a));
  const tiled = tiles.reduce((sum, each) => sum + areaOf(each), 0);
  const wordsIn =
    ({ whole }: Money) =>
    (each: SegmentSum): string =>
      [
        `${each.segment}: ${formatPlural(each.customers, "customer")}`,
        whole(each.revenue),
        ...(revenue > 0 ? [`${formatShare(each.revenue / revenue)} of the revenue`] : []),
      ].join(", ");
  const words = wordsIn(money);
  const named = nonEmpty.map((each) => (areaOf(each) > 0 ? words(each) : `${words(each)} (no tile)`));
  const title =
    finding(tiles, customers.length, revenue) + (byRevenue || tiles.length === 0 ? "" : "; areas are customers");
  return {
    title,
    summary: named.length > 0 ? `${named.join("; ")}.` : "Nobody.",
    figure: {
      data: [
        {
          type: "treemap",
          labels: tiles.map(({ segment }) => segment),
          parents: tiles.map(() => ""),
          values: tiles.map(areaOf),
          text: tiles.map((each) => `${labelled.whole(each.revenue)}<br>${formatPlural(each.customers, "customer")}`),
          texttemplate: tiles.map((each) => labelOf(each, areaOf(each) / tiled, labelled)),
          textfont: { color: "#ffffff", size: 13 },
          customdata: tiles.map(wordsIn(labelled)),
          hovertemplate: "%{customdata}<extra></extra>",
          marker: {
            colors: tiles.map(({ segment }) => COLOURS[segment]!),
            line: { color: "#ffffff", width: 2 },
            pad: { t: 0, l: 0, r: 0, b: 0 },
          },
          pathbar: { visible: false },
          tiling: { packing: "squarify", pad: 0 },
        },
      ],
      layout: baseLayout(title, 440, { l: 12, r: 12, b: 16 }),
    },
  };
}

/** Plotly shrinks a label until it fits: rather less of one, or none, than what nobody can read; the hover has it all. */
function labelOf({ segment, revenue, customers }: SegmentSum, part: number, money: Money): string {
  if (part < TINY) return " ";
  const name = wrap(segment, 10);
  if (part < SMALL) return name.join("<br>");
  if (part < NARROW) {
    return [...name, money.whole(revenue), ...wrap(formatPlural(customers, "customer"), 10)].join("<br>");
  }
  return "%{label}<br>%{text}";
}

function finding([first]: readonly SegmentSum[], customers: number, revenue: number): string {
  if (customers === 0) return "No customer is in any segment";
  if (first === undefined || revenue <= 0)
    return `The segments of ${formatPlural(customers, "customer")} bring no revenue`;
  return (
    `${first.segment}: ${formatShare(first.customers / customers)} of the customers, ` +
    `${formatShare(first.revenue / revenue)} of the revenue`
  );
}
