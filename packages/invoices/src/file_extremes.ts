import {
  formatNumber,
  formatPlural,
  formatShare,
  type Money,
  pluralForm,
  type Units,
} from "@keyspaces-segmentation/common";
import { DAY_MS } from "./days.js";
import { type DoubledDays, doubledText } from "./doubled_days.js";
import type { InvoiceLine, Reject } from "./parse.js";

/** Where in a file a line is. */
export interface LineReference {
  /** Line of the file, counted from 1, the header included. */
  readonly lineNumber: number;
  readonly invoice: string;
}

/** The lines of one year, in UTC, and the first of them. */
export interface YearOfLines extends LineReference {
  readonly year: number;
  readonly lines: number;
}

/** Lines that contradict how all are read, and the first of them. */
export interface ContraryLines {
  readonly contradicts: NonNullable<Reject["contradicts"]>;
  readonly lines: number;
  readonly lineNumber: number;
}

/** What stands out among the lines of a file. */
export interface FileExtremes {
  readonly years: readonly YearOfLines[];
  /** The last in time, as ISO text; null where there is no line. */
  readonly last: (LineReference & { readonly date: string }) | null;
  /** The one worth most, as a nearest number, below zero or above. */
  readonly largest: (LineReference & { readonly amount: number }) | null;
  /** Σ |quantity × price|, and about their median, those of nothing left out. */
  readonly turnover: number;
  readonly medianAmount: number;
  /** Lines that are worth anything. */
  readonly lines: number;
  /** Rejected lines that let one doubt others; records of earlier loads may lack it. */
  readonly contrary?: readonly ContraryLines[];
  /** Days that are in it twice; records of earlier loads may lack it. */
  readonly doubled?: readonly DoubledDays[];
}

/** Of no lines. */
export const noExtremes: FileExtremes = {
  years: [],
  last: null,
  largest: null,
  turnover: 0,
  medianAmount: 0,
  lines: 0,
};

/** Amounts are counted in steps of 2^(1/8), 9 %, from 2^−64 to 2^64. */
const STEPS = 8;
const LEAST = -64 * STEPS;

/** Finds what stands out, in memory that does not grow with the lines. */
export class ExtremesFinder {
  private readonly years = new Map<number, { lines: number; lineNumber: number; invoice: string }>();
  private last: { lineNumber: number; invoice: string; time: number } | null = null;
  private largest: { lineNumber: number; invoice: string; amount: number } | null = null;
  private readonly histogram = new Float64Array(-2 * LEAST);
  private turnover = 0;
  private lines = 0;
  private time = Number.NaN;
  private ofYear = { lines: 0, lineNumber: 0, invoice: "" };
  private readonly contrary = new Map<string, { -readonly [Key in keyof ContraryLines]: ContraryLines[Key] }>();

  addReject({ contradicts, lineNumber }: Reject): void {
    if (contradicts === undefined) return;
    const known = this.contrary.get(contradicts);
    if (known === undefined) this.contrary.set(contradicts, { contradicts, lines: 1, lineNumber });
    else known.lines++;
  }

  add(
    { invoice, invoiceDate }: Pick<InvoiceLine, "invoice" | "invoiceDate">,
    lineNumber: number,
    units: Units,
    scale: number,
  ): void {
    const time = invoiceDate.getTime();
    if (time !== this.time) this.takeTime(time, lineNumber, invoice);
    this.ofYear.lines++;
    if (units === 0 || units === 0n) return;
    const amount = Number(units) / 10 ** scale;
    const size = Math.abs(amount);
    this.lines++;
    this.turnover += size;
    if (size > Math.abs(this.largest?.amount ?? 0)) this.largest = { lineNumber, invoice, amount };
    const bin = Math.floor(STEPS * Math.log2(size)) - LEAST;
    this.histogram[Math.max(0, Math.min(bin, this.histogram.length - 1))]! += 1;
  }

  /** @param doubled days that are in the file twice */
  report(doubled: readonly DoubledDays[] = []): FileExtremes {
    return {
      years: [...this.years].map(([year, of]) => ({ year, ...of })).sort((a, b) => a.year - b.year),
      last: this.last && {
        lineNumber: this.last.lineNumber,
        invoice: this.last.invoice,
        date: new Date(this.last.time).toISOString(),
      },
      largest: this.largest,
      turnover: this.turnover,
      medianAmount: this.median(),
      lines: this.lines,
      ...(this.contrary.size > 0 && { contrary: [...this.contrary.values()] }),
      ...(doubled.length > 0 && { doubled }),
    };
  }

  private takeTime(time: number, lineNumber: number, invoice: string): void {
    this.time = time;
    if (this.last === null || time > this.last.time) this.last = { lineNumber, invoice, time };
    const year = new Date(time).getUTCFullYear();
    const known = this.years.get(year);
    this.ofYear = known ?? { lines: 0, lineNumber, invoice };
    if (known === undefined) this.years.set(year, this.ofYear);
  }

  private median(): number {
    let below = 0;
    for (const [bin, count] of this.histogram.entries()) {
      below += count;
      if (count > 0 && 2 * below >= this.lines) return 2 ** ((bin + LEAST + 0.5) / STEPS);
    }
    return 0;
  }
}

/** Years without a line that part those on one side from those on the other. */
const DECADE = 10;
const LONGEST_YEARS = 20;
/** More than this share of the lines is no slip. */
const FEW = 0.05;
const MANY_TIMES = 1000;
/** Of fewer lines, a median says little. */
const LEAST_LINES = 20;

/** What warnings are of. */
interface WarnedOf {
  readonly extremes: FileExtremes;
  /** All lines of the file. */
  readonly lines?: number;
  /** By reason, the most frequent first. */
  readonly rejects?: readonly { readonly reason: string; readonly lines: number }[];
}

/**
 * What of a file a reader should look at before its figures are believed, a sentence for each: many rejected lines, days that are there
 * twice, dates in the future or decades from all others, and one line that outweighs the rest.
 *
 * @param worded.now the clock
 * @param worded.money how amounts are worded
 */
export function warningsOf(
  { extremes, lines = 0, rejects = [] }: WarnedOf,
  { now, money }: { now: Date; money: Money },
): string[] {
  const { contrary = [], doubled = [], years } = extremes;
  return [
    ...rejected(lines, rejects),
    ...contrary.map(contraryText),
    ...doubled.map((days) => doubledText(days, money)),
    ...futureOf(extremes, now),
    ...yearsOf(years),
    ...outweighing(extremes, money),
  ];
}

/** More rejected lines than this share are said once more where figures are to be believed. */
const FEW_REJECTS = 0.05;
const FEWEST_REJECTS = 5;

function rejected(lines: number, rejects: NonNullable<WarnedOf["rejects"]>): string[] {
  const [most] = rejects;
  const count = rejects.reduce((sum, reject) => sum + reject.lines, 0);
  if (most === undefined || count < FEWEST_REJECTS || count <= FEW_REJECTS * lines) return [];
  return [
    `${formatNumber(count)} of ${formatPlural(lines, "line")} (${formatShare(count / lines)}) were rejected, ${formatNumber(most.lines)} of them because: ${most.reason}.`,
  ];
}

function contraryText({ contradicts, lines, lineNumber }: ContraryLines): string {
  const [what, other, others] =
    contradicts === "dates"
      ? ["a date", "the other order of day and month", "dates around it whose day is no more than 12"]
      : ["a number", "the other decimal sign", "numbers around it such as 1,234"];
  const first = lines === 1 ? `line ${lineNumber}` : `line ${lineNumber} is the first`;
  return `${formatPlural(lines, "line")} ${pluralForm(lines, "has", "have")} ${what} that only ${other} reads (${first}) and ${lines === 1 ? "is" : "are"} rejected; ${others} may be misread. Have two exports been joined?`;
}

const lineText = ({ lineNumber, invoice }: LineReference): string => `line ${lineNumber} (invoice ${invoice})`;

function futureOf({ last, years }: FileExtremes, now: Date): string[] {
  // Somewhere on earth it is tomorrow.
  if (last === null || Date.parse(last.date) < now.getTime() + DAY_MS) return [];
  if (years.every(({ year }) => year > now.getUTCFullYear())) {
    return [
      `All invoices are in the future, the last, ${lineText(last)}, is of ${last.date.slice(0, 10)}: they may be read wrongly. Look at how dates are read: the parameter \`dateOrder\` says in which order they are, or from when numbers count; years of another calendar are to be mended in the file.`,
    ];
  }
  return [
    `The last invoice is in the future: ${lineText(last)} is of ${last.date.slice(0, 10)}, and recency counts from there. Mend that line, or set the parameter \`analysisDate\` to the day that you mean: lines behind it are left out.`,
  ];
}

function yearsOf(years: readonly YearOfLines[]): string[] {
  const groups: YearOfLines[][] = [];
  for (const year of years) {
    const group = groups.at(-1);
    if (group !== undefined && year.year - group.at(-1)!.year < DECADE) group.push(year);
    else groups.push([year]);
  }
  const linesOf = (group: readonly YearOfLines[]): number => group.reduce((sum, { lines }) => sum + lines, 0);
  const all = linesOf(years);
  const apart = groups.filter((group) => linesOf(group) <= FEW * all);
  const usual = years.filter((year) => !apart.some((group) => group.includes(year)));
  const [first, last] = [usual[0], usual.at(-1)];
  const span = first && last ? last.year - first.year : 0;
  return [
    ...apart.map((group) => {
      const count = linesOf(group);
      return `${formatPlural(count, "line")} of ${group[0]!.year} ${pluralForm(count, "is", "are")} decades away from all others: ${lineText(group[0]!)}${pluralForm(count, "", " is the first")}.`;
    }),
    ...(span > LONGEST_YEARS
      ? [`The invoices span ${span} years, from ${first!.year} to ${last!.year}: are the dates read as they are meant?`]
      : []),
  ];
}

function outweighing({ largest, turnover, medianAmount, lines }: FileExtremes, money: Money): string[] {
  if (largest === null || lines < LEAST_LINES) return [];
  const size = Math.abs(largest.amount);
  const what = `${lineText(largest).replace("line", "Line")} is worth ${money.whole(largest.amount)}`;
  if (size >= turnover - size) return [`${what}, as much as all other lines together: is it a total?`];
  const times = Math.round(size / medianAmount);
  return times >= MANY_TIMES ? [`${what}, ${formatNumber(times)} times what half of the lines are worth.`] : [];
}
