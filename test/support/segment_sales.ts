import type { SegmentSales } from "@keyspaces-segmentation/invoices/dist/backtest.js";

/** Customers in segments, and what some customers have spent by their ids, as `backtest` takes them. */
export function segmentSales(
  before: readonly { readonly customerId: string; readonly segment: string }[],
  spent: ReadonlyMap<string, number>,
): SegmentSales {
  const names = [...new Set(before.map(({ segment }) => segment))];
  const known = new Set(before.map(({ customerId }) => customerId));
  return {
    names,
    segments: before.map(({ segment }) => names.indexOf(segment)),
    spent: before.map(({ customerId }) => spent.get(customerId) ?? Number.NaN),
    newcomers: [...spent].flatMap(([customerId, amount]) => (known.has(customerId) ? [] : [amount])),
  };
}
