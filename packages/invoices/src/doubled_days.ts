import { formatPlural, type Money } from "@keyspaces-segmentation/common";
import { DAY_MS, dayOf } from "./days.js";
import { fingerprintOf, hashed, LOW_PRIME, mixed } from "./fingerprints.js";
import type { InvoiceLine } from "./parse.js";

/** Used for each line; see `fingerprints`. */
const { imul } = Math;

/** Days of which nearly all lines are in a file twice and count twice. */
export interface DoubledDays {
  /** YYYY-MM-DD. */
  readonly first: string;
  readonly last: string;
  /** Those that count a second time, and their money, a nearest number. */
  readonly lines: number;
  readonly amount: number;
}

/** The invoices of a day are in as many parts, so that one line more of one of them says nothing about the others. */
const PARTS = 16;
/** Of the lines of a day that is there twice. */
const NEARLY_ALL = 0.9;
/** Fewer parts in a row may have each line twice by chance, as a day beside those of an overlap that counts once. */
const FEWEST_PARTS = 5;
/** Where more lines of all other days are in such parts, that is how the shop sells: tickets for two. */
const FEW_OTHERS = 1 / 5;

/** Of each part of a day. */
interface Day {
  /** The lines' fingerprints added without carry: 0 where each is there an even number of times, and by chance in one part of four thousand million. */
  readonly prints: Int32Array;
  readonly lines: Int32Array;
  /** Lines without those that are known to be there already, less these; half of it counts twice where each is there twice. */
  readonly counted: Int32Array;
  /** The same of the money. */
  readonly money: Float64Array;
}

/**
 * Finds days of which a file has each line twice, in whatever order its lines are: two exports that overlap, joined and then sorted, so that
 * `lineNumbering` cannot tell the lines of one from repeats in the other. Memory grows with the days, by some 1,500 bytes each.
 */
export class DoubledDaysFinder {
  private readonly days = new Map<number, Day>();
  private readonly double = new Float64Array(1);
  private readonly bits = new Int32Array(this.double.buffer);
  private invoice: string | undefined;
  private customer: string | null = null;
  private time = Number.NaN;
  private ofInvoice = 0;
  /** Of invoice, customer and moment, which are mostly those of the line before. */
  private seed = 0;
  private number = Number.NaN;
  private day = emptyDay();

  /** @param isKnown whether the line is known for one that the file had before, and does not count */
  add(line: InvoiceLine, amount: number, isKnown: boolean): void {
    const time = line.invoiceDate.getTime();
    if (line.invoice !== this.invoice || line.customerId !== this.customer || time !== this.time)
      this.begin(line, time);
    const { prints, lines, counted, money } = this.day;
    const part = this.ofInvoice & (PARTS - 1);
    // A fingerprint of what tells a line: invoice, customer, moment, article and money.
    prints[part]! ^= this.with(hashed(line.stockCode, this.seed, LOW_PRIME), amount);
    lines[part]! += 1;
    counted[part]! += isKnown ? -1 : 1;
    money[part]! += isKnown ? -amount : amount;
  }

  private begin({ invoice, customerId }: InvoiceLine, time: number): void {
    if (invoice !== this.invoice) this.ofInvoice = fingerprintOf(invoice)[0];
    this.invoice = invoice;
    this.customer = customerId;
    this.time = time;
    this.seed = this.with(hashed(customerId ?? "", this.ofInvoice, LOW_PRIME), time);
    const number = Math.floor(time / DAY_MS);
    if (number !== this.number) this.takeDay(number);
  }

  /** Goes on with a fingerprint over a number. */
  private with(hash: number, value: number): number {
    this.double[0] = value;
    return mixed(imul(hash ^ this.bits[0]!, LOW_PRIME) ^ this.bits[1]!);
  }

  private takeDay(number: number): void {
    const known = this.days.get(number);
    this.day = known ?? emptyDay();
    this.number = number;
    if (known === undefined) this.days.set(number, this.day);
  }

  report(): DoubledDays[] {
    const runs: Run[] = [];
    let open: Run | null = null;
    let [others, twiceOthers] = [0, 0];
    for (const [number, day] of [...this.days].sort(([a], [b]) => a - b)) {
      const found = doubledOf(day);
      if (found.doubled >= NEARLY_ALL * found.all) {
        if (open === null) {
          open = { first: number, last: number, parts: 0, all: 0, doubled: 0, twice: 0, counted: 0, money: 0 };
          runs.push(open);
        }
        open.last = number;
        for (const key of ["parts", "all", "doubled", "twice", "counted", "money"] as const) open[key] += found[key];
      } else {
        open = null;
        others += found.all;
        twiceOthers += found.twice;
      }
    }
    const isLong = ({ parts }: Run): boolean => parts >= FEWEST_PARTS;
    for (const run of runs) {
      if (isLong(run)) continue;
      others += run.all;
      twiceOthers += run.twice;
    }
    if (twiceOthers > FEW_OTHERS * others) return [];
    return runs.filter(isLong).map(({ first, last, counted, money }) => ({
      first: dayOf(new Date(first * DAY_MS)),
      last: dayOf(new Date(last * DAY_MS)),
      lines: counted / 2,
      amount: money / 2,
    }));
  }
}

/** What is said of them. */
export function doubledText({ first, last, lines, amount }: DoubledDays, money: Money): string {
  const days = first === last ? `of ${first}` : `from ${first} to ${last}`;
  return `Nearly all lines ${days} are in the file twice, and ${formatPlural(lines, "line")} worth ${money.whole(amount)} may count twice: where two exports that overlap were joined, leave those days out of one of them.`;
}

interface Found {
  /** Parts with each line twice in which lines count twice. */
  parts: number;
  all: number;
  /** Of parts with each line twice, and of those of them in which lines count twice. */
  doubled: number;
  twice: number;
  counted: number;
  money: number;
}

interface Run extends Found {
  first: number;
  last: number;
}

function doubledOf({ prints, lines, counted, money }: Day): Found {
  const found = { parts: 0, all: 0, doubled: 0, twice: 0, counted: 0, money: 0 };
  for (let part = 0; part < PARTS; part++) {
    found.all += lines[part]!;
    if (lines[part] === 0 || prints[part] !== 0) continue;
    if (counted[part]! > 0) {
      found.parts++;
      found.twice += lines[part]!;
    }
    found.doubled += lines[part]!;
    found.counted += counted[part]!;
    found.money += money[part]!;
  }
  return found;
}

const emptyDay = (): Day => ({
  prints: new Int32Array(PARTS),
  lines: new Int32Array(PARTS),
  counted: new Int32Array(PARTS),
  money: new Float64Array(PARTS),
});
