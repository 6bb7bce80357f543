import { DAY_MS } from "./days.js";
import { binOf, isPurchase } from "./ledger.js";
import type { LineRules } from "./line_rules.js";
import type { InvoiceLine } from "./parse.js";

/** The part of an invoice line that the fold looks at. */
export type FoldedLine = Omit<InvoiceLine, "line" | "description">;

/** Shorter than a shop is closed at night, longer than a receipt takes. */
export const NIGHT_MS: number = DAY_MS / 4;

/** A number that is bought with again after some days, not only once nor seldom, is of a till whose numbers begin again each day. */
const SOON_MS = 5 * DAY_MS;
const TIMES_SOON = 2;
const SHARE_SOON = 1 / 3;

/**
 * The invoices that a number names, their lines in the order given; a single one where all lines are of one time, whoever's they are.
 *
 * Lines of a customer are of one invoice as long as less than a day lies from one to the next in time; or less than a night, where the same
 * customer, or whoever has the number next, buys with it again after one to five days, two times or more and a third of the times. Numbers that
 * begin again each week, month or year, a return and one more parcel do not.
 */
export function invoicesOf(numbered: readonly FoldedLine[], rules: LineRules): FoldedLine[][] {
  const byCustomer = byCustomerOf(numbered);
  const bought = purchasesAmong(numbered, rules);
  const apart = [bought, ...byCustomerOf(bought).values()].some(comesAgainSoon) ? NIGHT_MS : DAY_MS;
  const invoices = [...byCustomer.values()].flatMap((lines) => inTime(lines, apart));
  return invoices.length === byCustomer.size && inTime(numbered, DAY_MS).length === 1 ? [[...numbered]] : invoices;
}

const purchasesAmong = (lines: readonly FoldedLine[], rules: LineRules): FoldedLine[] =>
  lines.filter((line) => isPurchase(binOf(line, rules)));

function byCustomerOf(lines: readonly FoldedLine[]): Map<string | null, FoldedLine[]> {
  const byCustomer = new Map<string | null, FoldedLine[]>();
  for (const line of lines) {
    const known = byCustomer.get(line.customerId);
    if (known) known.push(line);
    else byCustomer.set(line.customerId, [line]);
  }
  return byCustomer;
}

/** The moments of lines, in order. */
const timesOf = (lines: readonly FoldedLine[]): number[] =>
  [...new Set(lines.map(({ invoiceDate }) => invoiceDate.getTime()))].sort((a, b) => a - b);

/** From each moment to the next. */
function gapsOf(lines: readonly FoldedLine[]): number[] {
  const times = timesOf(lines);
  return times.slice(1).map((time, i) => time - times[i]!);
}

function comesAgainSoon(lines: readonly FoldedLine[]): boolean {
  const days = gapsOf(lines).filter((gap) => gap >= DAY_MS);
  const soon = days.filter((gap) => gap < SOON_MS).length;
  return soon >= TIMES_SOON && soon >= SHARE_SOON * days.length;
}

/** Lines in groups, each as far or farther from the next one. */
function inTime(lines: readonly FoldedLine[], apart: number): FoldedLine[][] {
  const groupOf = new Map<number, number>();
  let group = 0;
  let before = Number.NaN;
  for (const time of timesOf(lines)) {
    if (time - before >= apart) group++;
    groupOf.set(time, group);
    before = time;
  }
  const groups: FoldedLine[][] = Array.from({ length: group + 1 }, () => []);
  for (const line of lines) groups[groupOf.get(line.invoiceDate.getTime())!]!.push(line);
  return groups;
}
