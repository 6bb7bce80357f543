import { formatNumber, pluralForm } from "@keyspaces-segmentation/common";
import { type Decision, isOpen, type OpenQuestion } from "../decision.js";
import { areStrays, type ColumnValues, NO_SLIPS } from "../occurrences.js";
import { type DateFormat, type DateOrder, patternOf } from "./date_format.js";
import { jointOrder, readAs } from "./date_order.js";
import { dateReader } from "./date_reader.js";
import { type DateTally, type OrderCounts, tallyDates, type YearLastCounts } from "./date_tally.js";
import { halfConverted, noDates, type Order, orderSince, plainOrder } from "./plain_dates.js";
import { isSince, type Since } from "./serial_dates.js";
import { requireTimeZone } from "./time_zone.js";

/** What parameters say about a column's dates; null where they leave it to the file. */
export interface GivenDates {
  /** Or from when a program counts whose dates are plain numbers. */
  readonly dateOrder?: DateOrder | Since | null;
  /** IANA name of the zone of times without an offset. */
  readonly timeZone?: string | null;
}

/**
 * Decides how the dates of a column are written, all of them, from a sample.
 *
 * @param values of the sample, in the file's order; words for "no value" are left out
 * @returns a question where the sample leaves open which number is the day (`dateOrder`) or what times without an offset mean
 * beside others with one (`timeZone`); without choices where no answer would read the column
 * @throws ArgumentError where the given time zone is unknown
 */
export function detectDates(values: ColumnValues, given: GivenDates): Decision<DateFormat> | OpenQuestion {
  const { dateOrder = null, timeZone = null } = given;
  if (timeZone !== null) requireTimeZone(timeZone);
  const since = isSince(dateOrder) ? dateOrder : null;
  const tally = tallyDates(values, since);
  const order = since === null ? orderOfAll(tally, dateOrder as DateOrder | null) : orderSince(tally, since);
  if (isOpen(order)) return order;
  const format: DateFormat = {
    order: order.value.order,
    separators: order.value.separators,
    yearThenDay: order.value.yearThenDay,
    pattern: patternOf(firstExample(tally, order.value), order.value.order, order.value.yearThenDay),
    timeZone,
    ...(timeZone === null && tally.withOffset + tally.withoutOffsetCount > 0 && { hasOffsets: tally.withOffset > 0 }),
  };
  if (timeZone === null && tally.withOffset > 0 && tally.withoutOffsetCount > 0)
    return zoneQuestion(tally, order.value);
  if (timeZone === null && !areStrays(tally.vagueZoneCount, tally.dates, tally.dates)) {
    return {
      parameter: "timeZone",
      got: `${formatNumber(tally.vagueZoneCount)} times name a zone that has several offsets (${tally.withoutOffset.join(", ")})`,
      choices: [],
    };
  }
  const unread =
    tally.unreadCount === 0
      ? ""
      : `; ${formatNumber(tally.unreadCount)} ${pluralForm(tally.unreadCount, "is no date", "are no dates")} (${tally.unread[0]})`;
  return { value: format, evidence: order.evidence + unread, confidence: order.confidence };
}

/** Up to this share, what is written otherwise may be faults of single lines: shifted columns, notes, totals. */
const FEW = 0.2;

function orderOfAll(tally: DateTally, given: DateOrder | null): Order | OpenQuestion {
  const plain = [...tally.plain].sort(([, a], [, b]) => b.count - a.count);
  const plainCount = plain.reduce((sum, [, { count }]) => sum + count, 0);
  const written = tally.dates - plainCount;
  if (tally.dates === 0) return noDates(tally);
  if (given === null && tally.unreadCount >= NO_SLIPS && tally.unreadCount > FEW * (tally.dates + tally.unreadCount)) {
    return {
      parameter: "dateOrder",
      got: `${formatNumber(tally.unreadCount)} of ${formatNumber(tally.dates + tally.unreadCount)} values of the column are no dates: ${tally.unread.join(", ")}`,
      choices: [],
    };
  }
  if (areStrays(written, plainCount, tally.dates)) return plainOrder(plain, plainCount);
  if (given === null && plainCount > FEW * tally.dates && written > FEW * tally.dates) {
    return halfConverted(tally, plain[0]![1], plainCount, written);
  }
  // The fewer do not fit: each of their lines is rejected, and none is misread.
  return plainCount > written && given === null ? plainOrder(plain, plainCount) : writtenOrder(tally, written, given);
}

function writtenOrder(tally: DateTally, written: number, given: DateOrder | null): Order | OpenQuestion {
  const groups = [...tally.yearLast]
    .filter(([, { count }]) => !areStrays(count, written - count, written))
    .sort(([, a], [, b]) => b.count - a.count);
  const years = yearFirstOrder(tally, written);
  if (isOpen(years)) return years;
  if (groups.length === 0) return years;
  const separators = groups.map(([sign]) => sign);
  const value = (order: DateOrder): Order["value"] => ({ order, separators, yearThenDay: years.value.yearThenDay });
  if (given !== null) {
    return { value: value(given), evidence: givenEvidence(given, groups), confidence: "given" };
  }
  if (isTurnedRound(tally.yearFirst, groups)) return turnedRound(tally.yearFirst, groups[0]![1]);
  const order = jointOrder(groups);
  return isOpen(order) ? order : { value: value(order.value), evidence: order.evidence, confidence: order.confidence };
}

/** Fewer dates in either form may be so by chance. */
const FEWEST_TURNED = 5;

/**
 * Whether a spreadsheet has taken those dates for its own that it could, the day for the month, and left the others as text: none with
 * the year in front has a number above 12, and all others have.
 */
function isTurnedRound(
  { count, firstOver12, secondOver12 }: OrderCounts,
  groups: readonly (readonly [string, YearLastCounts])[],
): boolean {
  if (count < FEWEST_TURNED || firstOver12 + secondOver12 > 0) return false;
  const others = groups.reduce((sum, [, each]) => sum + each.count, 0);
  const tell = groups.reduce((sum, [, { firstOver12: day, secondOver12: month }]) => sum + day + month, 0);
  return others >= FEWEST_TURNED && tell === others;
}

function turnedRound(years: OrderCounts, others: OrderCounts): OpenQuestion {
  return {
    parameter: "dateOrder",
    got:
      `${formatNumber(years.count)} dates have the year in front and no number above 12 (${years.first[0]}), and all others have one above 12 ` +
      `(${others.first[0]}). A spreadsheet seems to have turned round those that it could, so take the file from its source`,
    choices: [],
  };
}

function givenEvidence(given: DateOrder, groups: readonly (readonly [string, YearLastCounts])[]): string {
  const contrary = groups.reduce((sum, [, { firstOver12, secondOver12, longYears }]) => {
    if (given === "year_first") return sum + longYears;
    return sum + (given === "day_first" ? secondOver12 : firstOver12);
  }, 0);
  return contrary === 0
    ? "a parameter says so"
    : `a parameter says so, though ${formatNumber(contrary)} values cannot be read so`;
}

/** The order where no date has its year last: that of dates with a four-digit year in front, if there are any. */
function yearFirstOrder({ yearFirst, named }: DateTally, written: number): Order | OpenQuestion {
  const { count, firstOver12, secondOver12, exampleOfFirst, exampleOfSecond } = yearFirst;
  if (count === 0 || (named.count > 0 && areStrays(count, named.count, written))) {
    const evidence = `${named.count === 1 ? "1 value has" : `${formatNumber(named.count)} values have`} a month's name`;
    return { value: { order: "month_named", separators: [], yearThenDay: false }, evidence, confidence: "certain" };
  }
  if (firstOver12 > 0 && secondOver12 > 0) {
    const yearThenDay = areStrays(secondOver12, firstOver12, count);
    if (!yearThenDay && !areStrays(firstOver12, secondOver12, count)) {
      return {
        parameter: "dateOrder",
        got:
          `after the year both orders of day and month occur: ${exampleOfFirst[0]}, ${exampleOfSecond[0]}. ` +
          "A spreadsheet may have turned some of them round; neither order reads them all, so take the file from its source",
        choices: [],
      };
    }
    const evidence = `the year is in front; ${formatNumber(Math.min(firstOver12, secondOver12))} of ${formatNumber(count)} values have the rarer order`;
    return { value: { order: "year_first", separators: [], yearThenDay }, evidence, confidence: "likely" };
  }
  const yearThenDay = firstOver12 > 0;
  const evidence = yearThenDay
    ? `the year is in front, and ${formatNumber(firstOver12)} of ${formatNumber(count)} values have a second number above 12`
    : `${count === 1 ? "1 value has" : `${formatNumber(count)} values have`} the year in front`;
  return { value: { order: "year_first", separators: [], yearThenDay }, evidence, confidence: "certain" };
}

/** The first value of the form that the order speaks of. */
function firstExample(tally: DateTally, { order, separators }: Order["value"]): string {
  const group = tally.yearLast.get(separators[0] ?? "none");
  if (group !== undefined) return group.first[0]!;
  if (order === "month_named") return tally.named.first[0] ?? "";
  return tally.yearFirst.first[0] ?? "";
}

function zoneQuestion(tally: DateTally, { order, separators, yearThenDay }: Order["value"]): OpenQuestion {
  const read = dateReader({ order, separators, yearThenDay, pattern: "", timeZone: null });
  return {
    parameter: "timeZone",
    got:
      `${formatNumber(tally.withOffset)} times have an offset from UTC and ${formatNumber(tally.withoutOffsetCount)} have none ` +
      `(${tally.withoutOffset.join(", ")}), so whose clock they are of is open`,
    choices: [{ value: "UTC", reads: tally.withoutOffset.map((text) => readAs(read(text))) }],
  };
}
