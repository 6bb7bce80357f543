import { seededRandom } from "@keyspaces-segmentation/local-support";
import { catalogueOf } from "./catalogue.js";
import { type Chance, chanceOf } from "./chance.js";
import { fieldsOf, HEADER, quoted } from "./generate.js";
import { anonymousOrders, type Order, ordersOf } from "./orders.js";
import { shoppersOf } from "./shoppers.js";

/** How much data to invent. */
export interface DataSize {
  /** Records below the header, unreadable ones included. */
  readonly lines: number;
  /** Customers to invent; the last of them to come may not, where there are few lines for each. */
  readonly customers: number;
}

export interface NumberedRecord {
  readonly fields: readonly string[];
  /** Counts the lines of the same invoice and stock code. */
  readonly line: number;
}

/** Lines of a customer as `shoppersOf` invents them. */
const USUAL_LINES = 64;
/** What makes the invoices as long as the real ones: 541,909 rows on 25,900 invoices. */
const LONGEST = 1.65;
const ANONYMOUS_SHARE = 0.03;
const SPOILT_EVERY = 5000;
const FIRST_INVOICE = 700_001;

/** A data set of so many lines, of the shape and with the faults of the real one, as the pieces of a CSV file; the same each time. */
export function* sizedCsv(size: DataSize, seed: number): Generator<string> {
  yield `${HEADER}\n`;
  let written = 0;
  let piece = "";
  for (const { fields } of recordsOf(chanceOf(seededRandom(seed)), size)) {
    piece += `${fields.map(quoted).join(",")}\n`;
    if (++written % 10_000 === 0) {
      yield piece;
      piece = "";
    }
  }
  yield piece;
}

/** The records, in order of time. Memory does not grow with them: what is kept is one day's orders. */
export function* recordsOf(chance: Chance, size: DataSize): Generator<NumberedRecord> {
  let written = 0;
  let invoice = FIRST_INVOICE;
  for (const order of datedOrders(chance, size)) {
    const lines = new Map<string, number>();
    for (const orderLine of order.lines) {
      const line = (lines.get(orderLine.stockCode) ?? 0) + 1;
      lines.set(orderLine.stockCode, line);
      const fields = fieldsOf(chance, `${order.credit ? "C" : ""}${invoice}`, order, orderLine);
      yield { fields, line };
      if (++written === size.lines) return;
      if (written % SPOILT_EVERY !== SPOILT_EVERY / 2) continue;
      yield { fields: chance.pick(SPOILS)(fields), line };
      if (++written === size.lines) return;
    }
    invoice++;
  }
}

/** What makes a record unreadable, for every program: a date, a quantity or a price that is none, and a key without invoice. */
const SPOILS: readonly ((fields: readonly string[]) => string[])[] = [
  (fields) => fields.with(4, "last Tuesday"),
  (fields) => fields.with(3, "six"),
  (fields) => fields.with(5, "n/a"),
  (fields) => fields.with(0, ""),
];

/** Orders in order of time. The days on which customers want to buy are gone through once, at a pace that ends with so many lines. */
function* datedOrders(chance: Chance, { lines: wanted, customers }: DataSize): Generator<Order> {
  const catalogue = catalogueOf(chance);
  const length = Math.min(LONGEST, wanted / customers / USUAL_LINES);
  const shoppers = shoppersOf(chance, customers).map(({ habit, ...shopper }) => ({
    ...shopper,
    habit: { ...habit, lines: habit.lines * length },
  }));
  const visits = shoppers.flatMap((shopper) => shopper.days.map((day) => ({ day, shopper })));
  visits.sort((a, b) => a.day - b.day);

  // Credit notes are for a later day.
  let waiting: Order[] = [];
  let lines = 0;
  const known = new Set<unknown>();
  for (const [i, { day, shopper }] of visits.entries()) {
    const endOfDay = day + 86_400_000;
    const isFirst = !known.has(shopper);
    known.add(shopper);
    for (let orders = 0; (isFirst && orders === 0) || lines < (wanted * (i + 1)) / visits.length; orders++) {
      const made = ordersOf(chance, { ...shopper, days: [day] }, catalogue);
      if (chance.happens(ANONYMOUS_SHARE)) made.push(...anonymousOrders(chance, [day], catalogue));
      waiting.push(...made);
      for (const order of made) lines += order.lines.length;
    }
    if (visits[i + 1]?.day === day) continue;
    const due = waiting.filter(({ time }) => time < endOfDay || i === visits.length - 1);
    waiting = waiting.filter(({ time }) => time >= endOfDay);
    yield* due.sort((a, b) => a.time - b.time);
  }
}
