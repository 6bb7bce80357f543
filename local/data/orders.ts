import type { Product } from "./catalogue.js";
import type { Chance } from "./chance.js";
import { isOpen, LAST_DAY, type Shopper } from "./shoppers.js";

/** One line of an order, before it has an invoice number. */
export interface OrderLine {
  readonly stockCode: string;
  readonly description: string;
  readonly quantity: number;
  readonly pence: number;
}

/** What becomes one invoice, or, with quantities below zero, one credit note. */
export interface Order {
  /** Milliseconds since 1970, UTC, to the minute. */
  readonly time: number;
  readonly credit: boolean;
  readonly customerId: string | null;
  readonly country: string;
  readonly lines: readonly OrderLine[];
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
const HOME = "United Kingdom";
const QUANTITIES = [1, 1, 2, 2, 3, 4, 6, 6, 8, 10, 12, 12, 24];
const POSTAGE: Omit<OrderLine, "quantity"> = { stockCode: "POST", description: "POSTAGE", pence: 1800 };
const MANUAL: Omit<OrderLine, "quantity"> = { stockCode: "M", description: "Manual", pence: 0 };

/** The orders of one customer, with the credit notes for what they bring back. */
export function ordersOf(chance: Chance, shopper: Shopper, catalogue: readonly Product[]): Order[] {
  return shopper.days.flatMap((day) => {
    const { customerId, habit } = shopper;
    // A few customers order to a second address abroad.
    const country = chance.happens(0.01) ? "Switzerland" : shopper.country;
    const lines = basket(chance, catalogue, Math.max(1, Math.round(chance.logNormal(habit.lines, 0.6))), habit.bulk);
    const order: Order = { time: openingTime(chance, day), credit: false, customerId, country, lines };
    if (habit.returnsOnly) return [{ ...order, credit: true, lines: lines.map(broughtBack) }];
    return [{ ...order, lines: [...lines, ...extras(chance, country)] }, ...creditNotes(chance, order)];
  });
}

/** Orders over the counter, of nobody known, and the stock-taker's corrections, which have neither price nor description. */
export function anonymousOrders(chance: Chance, days: readonly number[], catalogue: readonly Product[]): Order[] {
  return days.map((day) => {
    const order = { time: openingTime(chance, day), credit: false, customerId: null, country: HOME };
    if (chance.happens(0.6)) return { ...order, lines: basket(chance, catalogue, chance.integer(1, 12), 0.5) };
    const { stockCode } = chance.pick(catalogue);
    return { ...order, lines: [{ stockCode, description: "", quantity: -chance.integer(1, 60), pence: 0 }] };
  });
}

function basket(chance: Chance, catalogue: readonly Product[], size: number, bulk: number): OrderLine[] {
  const products = new Set(Array.from({ length: size }, () => popular(chance, catalogue)));
  return [...products].flatMap((product) => {
    const quantity = Math.max(1, Math.round(chance.pick(QUANTITIES) * bulk));
    const pence = quantity >= 24 ? Math.round(product.pence * 0.85) : product.pence;
    const line = { ...product, quantity, pence: chance.happens(0.002) ? 0 : pence };
    // Now and then the same article is typed in twice.
    return chance.happens(0.005) ? [line, { ...line, quantity: chance.pick([quantity, 1]) }] : [line];
  });
}

/** Few articles sell often: the place in the catalogue is skewed to its front. */
function popular(chance: Chance, catalogue: readonly Product[]): Product {
  const place = Math.floor(chance.logNormal(catalogue.length / 5, 1.1));
  return catalogue[place] ?? chance.pick(catalogue);
}

function extras(chance: Chance, country: string): OrderLine[] {
  const lines: OrderLine[] = [];
  if (country !== HOME && chance.happens(0.6)) lines.push({ ...POSTAGE, quantity: chance.integer(1, 3) });
  if (chance.happens(0.01)) lines.push({ ...MANUAL, quantity: 1, pence: chance.integer(100, 30_000) });
  return lines;
}

function creditNotes(chance: Chance, { time, ...order }: Order): Order[] {
  const day = time - (time % DAY_MS) + chance.integer(2, 25) * DAY_MS;
  if (!chance.happens(0.12) || !isOpen(day) || day > LAST_DAY) return [];
  const lines = chance.shuffled(order.lines).slice(0, chance.integer(1, 3));
  const returned = lines.map((line) => broughtBack({ ...line, quantity: chance.integer(1, line.quantity) }));
  return [{ ...order, time: openingTime(chance, day), credit: true, lines: returned }];
}

function broughtBack(line: OrderLine): OrderLine {
  return { ...line, quantity: -line.quantity };
}

/** A minute between 8:00 and 18:00 of the day. */
function openingTime(chance: Chance, day: number): number {
  return day + chance.integer(8 * 60, 18 * 60) * MINUTE_MS;
}
