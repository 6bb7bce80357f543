import { formatNumber } from "@keyspaces-segmentation/common";
import type { Decision, OpenQuestion } from "../decision.js";
import { areStrays } from "../occurrences.js";
import type { DateFormat } from "./date_format.js";
import { readAs } from "./date_order.js";
import type { DateTally, OrderCounts } from "./date_tally.js";
import { type PlainNumbers, plainNumberOf, plainNumberTime, SINCE, type Since } from "./serial_dates.js";

/** An order with what speaks for it. */
export type Order = Decision<Pick<DateFormat, "order" | "separators" | "yearThenDay">>;

/** A question for a column without a date. */
export function noDates({ unread }: DateTally): OpenQuestion {
  const got = `no value of the column is a date: ${unread.length === 0 ? "all are blank" : unread.join(", ")}`;
  return { parameter: "dateOrder", got, choices: choicesSince(unread) };
}

/** The counts of other programs that make dates of numbers which are none of Excel's or Unix'. */
const choicesSince = (texts: readonly string[]): OpenQuestion["choices"] =>
  SINCE.flatMap((value) => {
    const times = texts.map((text) => plainNumberTime(text, plainNumberOf(text, value) ?? "serial"));
    const isRead = texts.length > 0 && texts.every((text) => plainNumberOf(text, value)) && !times.some(Number.isNaN);
    return isRead ? [{ value, reads: times.map((time) => readAs(new Date(time))) }] : [];
  });

/** The order of a column of numbers of which a parameter says from when they count. */
export function orderSince(tally: DateTally, since: Since): Order | OpenQuestion {
  const [kind, ...others] = tally.plain.keys();
  if (kind === undefined || others.length > 0 || tally.dates > tally.plain.get(kind)!.count) {
    if (tally.dates === 0) return noDates(tally);
    return {
      parameter: "dateOrder",
      got: `the dates are no plain numbers of one kind, as ${since} has them`,
      choices: [],
    };
  }
  return {
    value: { order: kind, separators: [], yearThenDay: false },
    evidence: "a parameter says so",
    confidence: "given",
  };
}

/** What plain numbers are, the most frequent kind first. */
export function plainOrder(plain: readonly [PlainNumbers, OrderCounts][], all: number): Order | OpenQuestion {
  const [kind, counts] = plain[0]!;
  if (!areStrays(all - counts.count, counts.count, all)) {
    const examples = plain.map(([, { first }]) => first[0]).join(", ");
    const got = `the dates are plain numbers of different kinds: ${examples}`;
    return { parameter: "dateOrder", got, choices: [] };
  }
  const range =
    kind === "serial"
      ? "from 20,000 to 80,000"
      : `of the size of the times since ${kind === "ticks" ? "1965" : "1985"}`;
  // A text cannot tell which of Excel's two systems its workbook had, nor whether SAS or Stata has counted.
  const other =
    kind === "serial"
      ? "; of a workbook that counts from 1904, all would be four years and a day later: dateOrder=since_1904"
      : kind === "unix_seconds" || kind === "unix_milliseconds"
        ? "; of SAS or Stata, which count from 1960, all would be ten years earlier: dateOrder=since_1960"
        : "";
  return {
    value: { order: kind, separators: [], yearThenDay: false },
    evidence: `${formatNumber(counts.count)} values are plain numbers ${range} (${counts.first[0]})${other}`,
    confidence: "certain",
  };
}

/** A question for a column that has plain numbers beside dates. */
export function halfConverted(tally: DateTally, plain: OrderCounts, plainCount: number, written: number): OpenQuestion {
  const text = [...tally.yearLast.values(), tally.yearFirst, tally.named].find(({ count }) => count > 0)!.first[0];
  return {
    parameter: "dateOrder",
    got:
      `${formatNumber(plainCount)} dates are plain numbers (${plain.first[0]}) and ${formatNumber(written)} are written out (${text}). ` +
      "A spreadsheet may have turned some of them round, so take the file from its source",
    choices: [],
  };
}
