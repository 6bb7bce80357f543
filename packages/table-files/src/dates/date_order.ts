import { formatNumber } from "@keyspaces-segmentation/common";
import type { Choice, Decision, OpenQuestion } from "../decision.js";
import { areStrays } from "../occurrences.js";
import type { DateFormat, DateOrder } from "./date_format.js";
import { dateReader } from "./date_reader.js";
import type { OrderCounts, YearLastCounts } from "./date_tally.js";

/** Below this share of values above 12, which is a third of what a month has, they may be slips. */
const FEW = 0.02;

const NAMES: { readonly [sign: string]: string } = {
  "/": "slashes",
  "-": "hyphens",
  ".": "points",
  " ": "blanks",
  "": "nothing",
};

/** Order of dates of three numbers with one sign between them; `sign` is that sign. */
function orderOf(sign: string, counts: YearLastCounts): Decision<DateOrder> | OpenQuestion {
  return shortYearFirst(sign, counts) ?? dayOrMonthFirst(sign, counts);
}

function dayOrMonthFirst(sign: string, counts: YearLastCounts): Decision<DateOrder> | OpenQuestion {
  const { count, firstOver12, secondOver12, longYears, thirds, thirdOver31 } = counts;
  if (firstOver12 > 0 && areStrays(secondOver12, firstOver12, count)) {
    return decided("day_first", "first", firstOver12, secondOver12, count);
  }
  if (secondOver12 > 0 && areStrays(firstOver12, secondOver12, count)) {
    return decided("month_first", "second", secondOver12, firstOver12, count);
  }
  if (firstOver12 > 0) return bothOrders(counts);
  if (sign === ".") {
    return {
      value: "day_first",
      confidence: "certain",
      evidence: "dates with points between their numbers are day first wherever they are in use",
    };
  }
  // Figures without signs between them may be no days of a month at all, as 2022001 is none.
  if (sign !== "" && counts.alike === count) {
    // Of two-digit years, those that change may be days, and what stays the same the year.
    if (longYears < count && thirds.size > 1 && thirdOver31 < count) {
      return undecided(sign, counts, ["day_first", "year_first"]);
    }
    const evidence = `day and month are the same number in ${count === 1 ? "the only value" : `all ${formatNumber(count)} values`}`;
    return { value: "day_first", confidence: "likely", evidence };
  }
  return undecided(sign, counts, ["day_first", "month_first"]);
}

function decided(
  value: DateOrder,
  place: "first" | "second",
  above: number,
  contrary: number,
  count: number,
): Decision<DateOrder> {
  const strays = contrary === 0 ? "" : `; ${contrary} cannot be read so`;
  return {
    value,
    confidence: contrary === 0 && above >= count * FEW ? "certain" : "likely",
    evidence: `${formatNumber(above)} of ${formatNumber(count)} values have a ${place} number above 12${strays}`,
  };
}

/** What is said of a column in which some dates have been turned round; no order reads it. */
function bothOrders({ firstOver12, secondOver12, exampleOfFirst, exampleOfSecond }: OrderCounts): OpenQuestion {
  return {
    parameter: "dateOrder",
    got:
      `both orders of day and month occur: ${formatNumber(firstOver12)} with a first number above 12 (${exampleOfFirst[0]}), ` +
      `${formatNumber(secondOver12)} with a second one (${exampleOfSecond[0]}). ` +
      "A spreadsheet may have turned some of them round; neither order reads them all, so take the file from its source",
    choices: [],
  };
}

/**
 * Two-digit years in front (`23-01-18`): where the third number can be no year, or where the first hardly changes while the
 * third does, as days do. Undefined where the year is last.
 */
function shortYearFirst(sign: string, counts: YearLastCounts): Decision<DateOrder> | OpenQuestion | undefined {
  const { longYears, secondOver12, firstOver31, thirdOver31, firsts, thirds, count } = counts;
  if (longYears > 0 || secondOver12 > 0 || thirdOver31 > 0) return undefined;
  if (firstOver31 > 0) {
    const evidence = `${formatNumber(firstOver31)} of ${formatNumber(count)} values have a first number above 31`;
    return { value: "year_first", confidence: "certain", evidence };
  }
  if (areDays(thirds, firsts)) {
    const evidence = `two-digit years: the first number has ${firsts.size} values, the third ${thirds.size}, as days do`;
    return { value: "year_first", confidence: "likely", evidence };
  }
  if (areDays(firsts, thirds) || sign === "/" || sign === ".") return undefined;
  const orders: DateOrder[] =
    counts.firstOver12 > 0 ? ["day_first", "year_first"] : ["day_first", "month_first", "year_first"];
  return undecided(sign, counts, orders);
}

/** Whether numbers take so many more values than the years beside them that they are days: a file has few years, not few days of the month. */
function areDays(numbers: ReadonlySet<number>, years: ReadonlySet<number>): boolean {
  return numbers.size >= 8 && numbers.size >= 4 * years.size;
}

function undecided(sign: string, counts: YearLastCounts, orders: readonly DateOrder[]): OpenQuestion {
  const examples = counts.first.join(", ");
  return {
    parameter: "dateOrder",
    got: orders.includes("year_first")
      ? `the years have two digits, and no date tells whether they are first or last: ${examples}`
      : `none of the ${formatNumber(counts.count)} dates has a number above 12 that would tell day from month: ${examples}`,
    choices: orders.map((order) => choice(order, sign, counts.first)),
  };
}

/** How an order reads the examples. */
function choice(order: DateOrder, sign: string, examples: readonly string[]): Choice {
  const format: DateFormat = { order, separators: [sign], yearThenDay: false, pattern: "", timeZone: null };
  const read = dateReader(format);
  return { value: order, reads: examples.map((text) => readAs(read(text))) };
}

/** A moment as a question shows it: 2024-03-01 09:15. */
export function readAs(date: Date | undefined): string {
  return date === undefined
    ? "no date"
    : date
        .toISOString()
        .replace("T", " ")
        .replace(/(:00)?\.000Z$/, "");
}

/** What joins the orders of the dates with different signs between their numbers; `signs` with their decisions, most frequent first. */
export function jointOrder(
  groups: readonly (readonly [sign: string, counts: YearLastCounts])[],
): Decision<DateOrder> | OpenQuestion {
  const [main, ...others] = groups.map(([sign, counts]) => ({ sign, counts, order: orderOf(sign, counts) }));
  for (const other of others) {
    const isSame = "value" in main!.order && "value" in other.order && main!.order.value === other.order.value;
    if (isSame) continue;
    return {
      parameter: "dateOrder",
      got:
        `dates are written in two ways that need not have one order of day and month: ${formatNumber(main!.counts.count)} with ` +
        `${NAMES[main!.sign]} (${main!.counts.first[0]}), ${formatNumber(other.counts.count)} with ${NAMES[other.sign]} (${other.counts.first[0]}). ` +
        "A spreadsheet may have turned some of them round, so take the file from its source, or say which order all have",
      choices: (["day_first", "month_first"] as const).map((order) => {
        const read = [main!, other].map(({ sign, counts }) => choice(order, sign, counts.first.slice(0, 1)).reads[0]!);
        return { value: order, reads: read };
      }),
    };
  }
  return main!.order;
}
