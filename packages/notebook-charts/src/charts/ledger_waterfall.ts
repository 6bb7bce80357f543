import { formatNumber, parseDecimal, toNumber } from "@keyspaces-segmentation/common";
import type { Bin, FileLedger } from "@keyspaces-segmentation/invoices";
import { BIN_WORDS } from "../bin_words.js";
import type { Chart } from "../figure.js";
import { baseLayout, GRID, inLabels, type Worded, wrap } from "./style.js";

/** What is taken off on the way from all lines to the purchases of products, in this order. */
const STEPS: readonly Bin[] = [
  "no_customer",
  "cancelled",
  "quantity_not_positive",
  "price_not_positive",
  "not_a_product",
];

/** Narrow enough to stand beside the next one. */
const labelOf = (words: string): string => wrap(words, 15).join("<br>");

const amountOf = (text: string): number => toNumber(parseDecimal(text)!);

/** Where a file's money goes: from all of its lines, bin by bin, to what customers paid for products, or for anything. */
export function ledgerWaterfall(file: FileLedger, { money }: Worded): Chart {
  const labelled = inLabels(money);
  const bins = new Map(file.bins.map((each) => [each.bin, each]));
  const rejected = {
    lines: file.rejects.reduce((sum, { lines }) => sum + lines, 0),
    amount: file.rejects.reduce((sum, { amount }) => sum + amountOf(amount), 0),
  };
  const taken = [
    { words: "Rejected lines", ...rejected },
    { words: "Repeated in the file", lines: file.repeated.lines, amount: amountOf(file.repeated.amount) },
    ...STEPS.map((bin) => {
      const { lines = 0, amount = "0" } = bins.get(bin) ?? {};
      return { words: BIN_WORDS[bin], lines, amount: amountOf(amount) };
    }),
  ].filter(({ lines }) => lines > 0);
  const all = amountOf(file.amount);
  const purchases = bins.get("purchase");
  const bought = purchases ? amountOf(purchases.amount) : 0;
  // Where every code is a product, the word says nothing.
  const purchaseWords = file.rules.productCode === null ? "Purchases" : BIN_WORDS.purchase;
  const title = `The file comes to ${money.whole(all)}; ${purchaseWords.toLowerCase()} alone are ${money.whole(bought)}`;
  const lineCounts = [file.lines, ...taken.map(({ lines }) => lines), purchases?.lines ?? 0];
  return {
    title,
    summary: [
      `${formatNumber(file.lines)} lines, ${money.whole(all)}`,
      ...taken.map(({ words, lines, amount }) => `${words}: ${formatNumber(lines)}, ${money.whole(amount)}`),
      `${purchaseWords.toLowerCase()}: ${formatNumber(purchases?.lines ?? 0)}, ${money.whole(bought)}`,
    ]
      .join("; ")
      .concat("."),
    figure: {
      data: [
        {
          type: "waterfall",
          measure: ["absolute", ...taken.map(() => "relative"), "total"],
          x: ["All lines", ...taken.map(({ words }) => labelOf(words)), labelOf(purchaseWords)],
          y: [all, ...taken.map(({ amount }) => -amount), 0],
          text: [
            labelled.whole(all),
            ...taken.map(({ amount }) => `${amount < 0 ? "+" : ""}${labelled.whole(-amount)}`),
            labelled.whole(bought),
          ],
          textposition: "outside",
          cliponaxis: false,
          customdata: lineCounts.map((lines) => formatNumber(lines)),
          hovertemplate: "%{x}<br>%{text}<br>%{customdata} lines<extra></extra>",
          connector: { line: { color: GRID } },
          increasing: { marker: { color: "#009E73" } },
          decreasing: { marker: { color: "#D55E00" } },
          totals: { marker: { color: "#0072B2" } },
        },
      ],
      layout: {
        ...baseLayout(title, 420),
        xaxis: { title: { text: "What lines are taken off for (and what that adds or takes)", standoff: 8 } },
        yaxis: { title: { text: `Quantity × price${labelled.unit()}` }, gridcolor: GRID, tickformat: "~s" },
        showlegend: false,
      },
    },
  };
}
