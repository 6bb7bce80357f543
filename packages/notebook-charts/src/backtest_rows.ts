import { formatShare } from "@keyspaces-segmentation/common";
import type { SegmentBacktest } from "@keyspaces-segmentation/invoices";
import { byRevenue, estimateText, NEWCOMERS } from "./charts/backtest_card.js";

/** A backtest in words and numbers, a row for each segment and one for those who were in none; shares with their bounds. */
export interface BacktestRow {
  readonly segment: string;
  readonly customers: number;
  readonly boughtAgain: string;
  /** What they spent in that quarter, in the currency of the data. */
  readonly revenue: number;
  readonly shareOfRevenue: string;
}

/** The rows of a backtest for `showTable`, those that brought the most revenue first. */
export function backtestRows(backtest: SegmentBacktest): BacktestRow[] {
  const { newcomers } = backtest;
  return [
    ...byRevenue(backtest).map(({ segment, customers, returnRate, revenue, revenueShare }) => ({
      segment,
      customers,
      boughtAgain: estimateText(returnRate),
      revenue,
      shareOfRevenue: estimateText(revenueShare),
    })),
    {
      segment: NEWCOMERS,
      customers: newcomers.customers,
      boughtAgain: "–",
      revenue: newcomers.revenue,
      shareOfRevenue: formatShare(newcomers.revenueShare),
    },
  ];
}
