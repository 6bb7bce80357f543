import type { Chance } from "./chance.js";

/** First and last day with invoices; the span of the first year of Online Retail II. */
const FIRST_DAY: number = Date.UTC(2009, 11, 1);
export const LAST_DAY: number = Date.UTC(2010, 11, 9);
const DAY_MS = 86_400_000;

/** A customer and when they buy. */
export interface Shopper {
  readonly customerId: string;
  readonly country: string;
  readonly habit: Habit;
  /** Midnights of the days on which they buy, ascending. */
  readonly days: readonly number[];
}

/** How a kind of customer buys. */
interface Habit {
  /** Of all customers. */
  readonly share: number;
  /** Between which days, counted from the first. */
  readonly from: number;
  readonly to: number;
  /** Medians: invoices in that time, lines of an invoice, and what a usual quantity is multiplied by. */
  readonly invoices: number;
  readonly lines: number;
  readonly bulk: number;
  /** They only bring back what they bought before the first day. */
  readonly returnsOnly?: boolean;
}

const END = (LAST_DAY - FIRST_DAY) / DAY_MS;
/** Returns only, wholesalers, loyal and regular customers, Christmas shoppers, new, lapsed and occasional customers. */
const HABITS: readonly Habit[] = [
  { share: 0.02, from: 0, to: END, invoices: 1, lines: 2, bulk: 1, returnsOnly: true },
  { share: 0.02, from: 0, to: END, invoices: 24, lines: 18, bulk: 8 },
  { share: 0.11, from: 0, to: END, invoices: 9, lines: 14, bulk: 1.6 },
  { share: 0.22, from: 0, to: END, invoices: 4, lines: 12, bulk: 1.2 },
  { share: 0.12, from: 290, to: END, invoices: 2, lines: 16, bulk: 1 },
  { share: 0.13, from: END - 45, to: END, invoices: 1, lines: 12, bulk: 0.8 },
  { share: 0.18, from: 0, to: 130, invoices: 2, lines: 11, bulk: 0.9 },
  { share: 0.2, from: 0, to: END, invoices: 2, lines: 11, bulk: 1 },
];
/** Trade by calendar month, January first: quiet after New Year, busy before Christmas. */
const SEASON = [0.6, 0.7, 0.9, 0.8, 0.85, 0.9, 0.8, 0.8, 1.1, 1.5, 1.9, 1.4];
const COUNTRIES = [
  "United Kingdom",
  "Germany",
  "France",
  "Netherlands",
  "EIRE",
  "Spain",
  "Belgium",
  "Portugal",
  "Sweden",
];
const COUNTRY_WEIGHTS = [50, 12, 10, 6, 6, 5, 5, 3, 3];

/** Invents customers, every habit among them. */
export function shoppersOf(chance: Chance, customers: number): Shopper[] {
  const habits = HABITS.flatMap((habit) => new Array<Habit>(Math.ceil(habit.share * customers)).fill(habit));
  return chance.shuffled(habits.slice(0, Math.max(customers, HABITS.length))).map((habit, i) => ({
    customerId: String(50_001 + i),
    country: chance.pick(COUNTRIES, COUNTRY_WEIGHTS),
    habit,
    days: shoppingDays(chance, habit),
  }));
}

function shoppingDays(chance: Chance, { from, to, invoices }: Habit): number[] {
  const open: number[] = [];
  for (let day = from; day <= to; day++) if (isOpen(FIRST_DAY + day * DAY_MS)) open.push(FIRST_DAY + day * DAY_MS);
  const weights = open.map((day) => SEASON[new Date(day).getUTCMonth()]!);
  const wanted = Math.min(open.length, Math.max(1, Math.round(chance.logNormal(invoices, 0.5))));
  return Array.from({ length: wanted }, () => chance.pick(open, weights)).sort((a, b) => a - b);
}

/** Closed on Saturdays and from Christmas Eve to 3 January. */
export function isOpen(day: number): boolean {
  const date = new Date(day);
  const [month, dayOfMonth] = [date.getUTCMonth(), date.getUTCDate()];
  const holidays = (month === 11 && dayOfMonth >= 24) || (month === 0 && dayOfMonth <= 3);
  return !holidays && date.getUTCDay() !== 6;
}
