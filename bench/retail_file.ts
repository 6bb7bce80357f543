import { closeSync, openSync, writeSync } from "node:fs";
import { catalogueOf } from "../local/data/catalogue.js";
import { type Chance, chanceOf } from "../local/data/chance.js";
import { fieldsOf, HEADER } from "../local/data/generate.js";
import { anonymousOrders, type Order, ordersOf } from "../local/data/orders.js";
import { shoppersOf } from "../local/data/shoppers.js";
import { seededRandom } from "../src/clustering/kmeans.js";
import { csvField } from "../src/retail/csv.js";

export interface RetailFileOptions {
  /** Records below the header, unreadable ones included. */
  readonly rows: number;
  /** The CSV file as *Online Retail II* has it. */
  readonly file: string;
  /** The same records under the names of the table's columns, with its `line` for programs that do not count repeated lines. */
  readonly numberedFile: string;
  /** The same seed gives the same files. */
  readonly seed?: number;
}

/** The full *Online Retail II* has 1,067,371 rows of 5,942 customers. */
const ROWS_PER_CUSTOMER = 180;
/** What makes the invoices of `local/data` as long as the real ones: 541,909 rows on 25,900 invoices. */
const LINES_FACTOR = 1.65;
const ANONYMOUS_SHARE = 0.03;
/** Column names of the table, so that a program need not be told which is which. */
const NUMBERED_HEADER = "invoice,stock_code,description,quantity,invoice_date,price,customer_id,country,line";
const FIRST_INVOICE = 700_001;

/**
 * Writes a retail data set of any length, of the shape and with the faults of the real one. Memory does not grow with it: what is
 * kept is one day's orders.
 */
export function writeRetailFiles({ rows, file, numberedFile, seed = 1 }: RetailFileOptions): void {
  const [plain, numbered] = [openLines(file), openLines(numberedFile)];
  plain.add(HEADER);
  numbered.add(NUMBERED_HEADER);
  let written = 0;
  for (const { fields, line } of recordsOf(chanceOf(seededRandom(seed)), rows)) {
    const record = fields.map(csvField).join(",");
    plain.add(record);
    numbered.add(`${record},${line}`);
    if (++written === rows) break;
  }
  plain.close();
  numbered.close();
}

interface NumberedRecord {
  readonly fields: readonly string[];
  /** Counts the lines of the same invoice and stock code. */
  readonly line: number;
}

/** At least `rows` records. */
function* recordsOf(chance: Chance, rows: number): Generator<NumberedRecord> {
  let invoice = FIRST_INVOICE;
  for (const order of datedOrders(chance, rows)) {
    const lines = new Map<string, number>();
    for (const orderLine of order.lines) {
      const line = (lines.get(orderLine.stockCode) ?? 0) + 1;
      lines.set(orderLine.stockCode, line);
      const fields = fieldsOf(chance, `${order.credit ? "C" : ""}${invoice}`, order, orderLine);
      yield { fields, line };
      if (chance.happens(1 / 5000)) yield { fields: chance.pick(SPOILS)(fields), line };
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

/** Orders in order of time. The days on which customers want to buy are gone through once, at a pace that ends with `rows` lines. */
function* datedOrders(chance: Chance, rows: number): Generator<Order> {
  const catalogue = catalogueOf(chance);
  const shoppers = shoppersOf(chance, Math.ceil(rows / ROWS_PER_CUSTOMER)).map(({ habit, ...shopper }) => ({
    ...shopper,
    habit: { ...habit, lines: habit.lines * LINES_FACTOR },
  }));
  const visits = shoppers.flatMap((shopper) => shopper.days.map((day) => ({ day, shopper })));
  visits.sort((a, b) => a.day - b.day);

  // Credit notes are for a later day.
  let waiting: Order[] = [];
  let lines = 0;
  for (const [i, { day, shopper }] of visits.entries()) {
    const endOfDay = day + 86_400_000;
    while (lines < (rows * (i + 1)) / visits.length) {
      const orders = ordersOf(chance, { ...shopper, days: [day] }, catalogue);
      if (chance.happens(ANONYMOUS_SHARE)) orders.push(...anonymousOrders(chance, [day], catalogue));
      waiting.push(...orders);
      for (const order of orders) lines += order.lines.length;
    }
    if (visits[i + 1]?.day === day) continue;
    const due = waiting.filter(({ time }) => time < endOfDay || i === visits.length - 1);
    waiting = waiting.filter(({ time }) => time >= endOfDay);
    yield* due.sort((a, b) => a.time - b.time);
  }
}

/** A text file written line by line, in large pieces. */
function openLines(file: string): { add: (line: string) => void; close: () => void } {
  const descriptor = openSync(file, "w");
  let pending: string[] = [];
  const flush = () => {
    writeSync(descriptor, pending.map((line) => `${line}\n`).join(""));
    pending = [];
  };
  return {
    add: (line) => {
      if (pending.push(line) === 10_000) flush();
    },
    close: () => {
      flush();
      closeSync(descriptor);
    },
  };
}
