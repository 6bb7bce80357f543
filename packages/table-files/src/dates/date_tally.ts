import { saysNothing } from "../characters.js";
import { type ColumnValues, occurrencesOf } from "../occurrences.js";
import { scanDate } from "./date_forms.js";
import { type DateParts, emptyParts } from "./date_parts.js";
import { type PlainNumbers, plainNumberOf, type Since } from "./serial_dates.js";

/** What the dates of one form say together about their order. */
export interface OrderCounts {
  count: number;
  /** Values whose number above 12 can be no month: the first, or the second of the two that are day and month. */
  firstOver12: number;
  secondOver12: number;
  readonly first: string[];
  readonly exampleOfFirst: string[];
  readonly exampleOfSecond: string[];
}

/** Dates of three numbers without a four-digit year in front, with one sign between them. */
export interface YearLastCounts extends OrderCounts {
  longYears: number;
  /** Values whose day and month are the same number. */
  alike: number;
  firstOver31: number;
  thirdOver31: number;
  readonly firsts: Set<number>;
  readonly thirds: Set<number>;
}

/** A sample of a column of dates, counted by form. */
export interface DateTally {
  /** Values that are dates in any form. */
  dates: number;
  readonly yearLast: Map<string, YearLastCounts>;
  readonly yearFirst: OrderCounts;
  readonly named: OrderCounts;
  readonly plain: Map<PlainNumbers, OrderCounts>;
  withOffset: number;
  /** Times that name a zone whose offset its name does not tell. */
  vagueZoneCount: number;
  readonly withoutOffset: string[];
  withoutOffsetCount: number;
  readonly unread: string[];
  unreadCount: number;
}

/** As many values as a question shows. */
const EXAMPLES = 3;

/** Counts the forms in a sample; words for "no value" are left out. */
export function tallyDates(values: ColumnValues, since: Since | null = null): DateTally {
  const tally: DateTally = {
    dates: 0,
    yearLast: new Map(),
    yearFirst: emptyCounts(),
    named: emptyCounts(),
    plain: new Map(),
    withOffset: 0,
    vagueZoneCount: 0,
    withoutOffset: [],
    withoutOffsetCount: 0,
    unread: [],
    unreadCount: 0,
  };
  const parts = emptyParts();
  for (const [value, times] of occurrencesOf(values)) {
    const text = value.trim();
    if (saysNothing(text)) continue;
    if (!scanDate(text, parts) || !countForm(text, parts, { tally, times, since })) {
      tally.unreadCount += times;
      keepExample(tally.unread, text);
      continue;
    }
    tally.dates += times;
    if (parts.form === "number") continue;
    if (parts.hasVagueZone) tally.vagueZoneCount += times;
    if (Number.isNaN(parts.offset)) {
      tally.withoutOffsetCount += times;
      keepExample(tally.withoutOffset, text);
    } else {
      tally.withOffset += times;
    }
  }
  return tally;
}

/** A tally, and how often the value that goes into it occurs. */
interface Counted {
  readonly tally: DateTally;
  readonly times: number;
}

interface CountedSince extends Counted {
  /** From when plain numbers count, if a parameter says so. */
  readonly since: Since | null;
}

function countForm(text: string, parts: DateParts, { tally, times, since }: CountedSince): boolean {
  switch (parts.form) {
    case "named":
      countOrder(tally.named, text, [0, 0], times);
      return true;
    case "year_first":
      countOrder(tally.yearFirst, text, [parts.second, parts.third], times);
      return true;
    case "number": {
      const kind = plainNumberOf(text, since);
      if (kind === undefined) return false;
      const counts = tally.plain.get(kind) ?? emptyCounts();
      tally.plain.set(kind, counts);
      countOrder(counts, text, [0, 0], times);
      return true;
    }
    default:
      countYearLast(text, parts, { tally, times });
      return true;
  }
}

function countYearLast(text: string, parts: DateParts, { tally, times }: Counted): void {
  const { first, second, third, shortYear, separator } = parts;
  const sign = separator === 0 ? "" : String.fromCharCode(separator);
  let counts = tally.yearLast.get(sign);
  if (counts === undefined) {
    counts = {
      ...emptyCounts(),
      longYears: 0,
      alike: 0,
      firstOver31: 0,
      thirdOver31: 0,
      firsts: new Set(),
      thirds: new Set(),
    };
    tally.yearLast.set(sign, counts);
  }
  countOrder(counts, text, [first, second], times);
  if (!shortYear) counts.longYears += times;
  if (first === second) counts.alike += times;
  if (first > 31) counts.firstOver31 += times;
  if (third > 31) counts.thirdOver31 += times;
  counts.firsts.add(first);
  counts.thirds.add(third);
}

function countOrder(
  counts: OrderCounts,
  text: string,
  [first, second]: readonly [first: number, second: number],
  times: number,
): void {
  counts.count += times;
  keepExample(counts.first, text);
  if (first > 12 && second <= 12) {
    counts.firstOver12 += times;
    keepExample(counts.exampleOfFirst, text);
  } else if (second > 12 && first <= 12) {
    counts.secondOver12 += times;
    keepExample(counts.exampleOfSecond, text);
  }
}

function keepExample(examples: string[], text: string): void {
  if (examples.length < EXAMPLES && !examples.includes(text)) examples.push(text);
}

function emptyCounts(): OrderCounts {
  return { count: 0, firstOver12: 0, secondOver12: 0, first: [], exampleOfFirst: [], exampleOfSecond: [] };
}
