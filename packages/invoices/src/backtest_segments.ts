import { DecimalSum, formatPlural, toNumber } from "@keyspaces-segmentation/common";
import type { CustomerAggregate } from "./aggregate.js";
import { type Backtest, backtest, type SegmentSales } from "./backtest.js";
import { DAY_MS, dayOf } from "./days.js";
import { countedColumns } from "./feature_columns.js";
import type { RetailTotals } from "./fold.js";
import type { RetailAggregate } from "./retail_sums.js";
import { coversAnybody, type Preparation } from "./rfm.js";
import { type ScoreCuts, scoreColumns } from "./scores.js";
import { segmentOf } from "./segments.js";

/** A backtest, and which days it is about. */
export interface SegmentBacktest extends Backtest {
  /** YYYY-MM-DD: the day as of which customers were put into segments, and the last day of what came after. */
  readonly segmentedAt: string;
  readonly until: string;
}

export interface SegmentBacktestOptions {
  readonly preparation: Preparation;
  /** Bounds of one's own for the scores; see `scoreCustomers`. */
  readonly cuts?: ScoreCuts;
  /** Numbers in [0, 1), for the bootstrap. */
  readonly random: () => number;
}

/** A quarter, in days. */
const QUARTER_DAYS = 91;
/** What passes for a quarter after the cut: a shop may be closed for some days. */
const LEAST_DAYS_AFTER = 84;

/**
 * The moment at which data is cut for a backtest: a quarter before its last line.
 *
 * @param last the time of the last line, a date or ISO text; null where there is no line
 */
export function quarterBefore(last: Date | string | null): Date | null {
  return last ? new Date(new Date(last).getTime() - QUARTER_DAYS * DAY_MS) : null;
}

/**
 * Were the rule-based segments worth anything? Puts the customers into segments as of the cut, from nothing but what was known by
 * then, and tells who bought again in the quarter after it and what share of that quarter's sales each segment brought.
 *
 * To buy is to have an invoice with a purchase line, whatever the preparation; sales are those lines, returns not taken off.
 *
 * @param totals of lines that were folded with a `cut`
 * @returns the backtest, or in words why the data do not allow one
 * @throws ArgumentError for an unknown preparation, or cuts that are not four ascending numbers
 */
export function backtestSegments(
  totals: Pick<RetailTotals, "aggregate" | "cut" | "beforeCut"> & {
    /** A sentence. */
    readonly whyNoCut?: string | null;
  },
  { preparation, cuts = {}, random }: SegmentBacktestOptions,
): SegmentBacktest | { noBacktest: string } {
  const { aggregate, cut, beforeCut, whyNoCut } = totals;
  const noBacktest =
    cut === null || beforeCut === null ? (whyNoCut ?? "The data was read without a cut.") : whyNot(aggregate, cut);
  if (noBacktest !== null) return { noBacktest };
  const known = beforeCut as RetailAggregate;
  if (!coversAnybody(preparation, known)) {
    return { noBacktest: "No customer has bought anything before the cut." };
  }
  const { segmentOfRow, names, analysisDate } = segmentKnown(known, preparation, cuts);
  return {
    ...backtest({ names, ...salesSinceCut(aggregate, known, segmentOfRow) }, random),
    segmentedAt: analysisDate,
    until: dayOf(aggregate.lastInvoice as Date),
  };
}

/** In no segment: the preparation leaves them out. */
const NONE = 255;

/** The segment of each customer, by its place in the names, which are in the order in which they first appear. */
function segmentKnown(
  known: RetailAggregate,
  preparation: Preparation,
  cuts: ScoreCuts,
): { segmentOfRow: Uint8Array; names: string[]; analysisDate: string } {
  const { rows, features, analysisDate } = countedColumns(known, { preparation });
  const { r, f } = scoreColumns(features, preparation, cuts);
  const segmentOfRow = new Uint8Array(known.customers.length).fill(NONE);
  const names: string[] = [];
  for (let i = 0; i < rows.length; i++) {
    const name = segmentOf(r[i]!, f[i]!);
    if (!names.includes(name)) names.push(name);
    segmentOfRow[rows[i]!] = names.indexOf(name);
  }
  return { segmentOfRow, names, analysisDate };
}

/** Why lines from the first to the last do not allow a backtest that is cut there; null where they do. */
function whyNot({ firstInvoice, lastInvoice }: RetailAggregate, cut: Date): string | null {
  if (firstInvoice === null || lastInvoice === null) return "There are no invoice lines.";
  const before = Math.floor((cut.getTime() - firstInvoice.getTime()) / DAY_MS);
  const after = (lastInvoice.getTime() - cut.getTime()) / DAY_MS;
  if (after > QUARTER_DAYS) {
    return (
      `The table goes on for ${Math.ceil(after)} days after the cut of ${dayOf(cut)}, more than a quarter (${QUARTER_DAYS} days): ` +
      `lines of other files are later. Read it with the cut at ${dayOf(quarterBefore(lastInvoice) as Date)}.`
    );
  }
  if (before < QUARTER_DAYS || after < LEAST_DAYS_AFTER) {
    return (
      `The data covers ${days(before)} before the cut and ${days(after)} after it; a backtest needs two quarters of ${QUARTER_DAYS} days: ` +
      "one to segment and one to see what came of it."
    );
  }
  return null;
}

const days = (count: number): string => formatPlural(Math.max(0, Math.floor(count)), "day");

/** What customers spent after the cut. Both lists are in the same order, and `before` has some of the customers. */
function salesSinceCut(
  aggregate: RetailAggregate,
  before: RetailAggregate,
  segmentOfRow: Uint8Array,
): Pick<SegmentSales, "segments" | "spent" | "newcomers"> {
  const segments = segmentOfRow.filter((segment) => segment !== NONE);
  const spent = new Float64Array(segments.length).fill(Number.NaN);
  const newcomers: number[] = [];
  const known = before.customers[Symbol.iterator]();
  let next: CustomerAggregate | undefined = known.next().value;
  let [row, place] = [-1, -1];
  for (const customer of aggregate.customers) {
    const earlier = next?.customerId === customer.customerId ? next : undefined;
    if (earlier !== undefined) {
      next = known.next().value;
      row++;
    }
    const isSegmented = earlier !== undefined && segmentOfRow[row] !== NONE;
    if (isSegmented) place++;
    if (customer.purchaseInvoices === (earlier?.purchaseInvoices ?? 0)) continue;
    const amount = salesSince(customer, earlier);
    if (isSegmented) spent[place] = amount;
    else newcomers.push(amount);
  }
  return { segments, spent, newcomers };
}

/** The difference of exact amounts. */
function salesSince({ salesAmount }: CustomerAggregate, earlier: CustomerAggregate | undefined): number {
  const sum = new DecimalSum();
  sum.add(salesAmount.unscaled, salesAmount.scale);
  if (earlier !== undefined) sum.add(-earlier.salesAmount.unscaled, earlier.salesAmount.scale);
  return toNumber(sum.value());
}
