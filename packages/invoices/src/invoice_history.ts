import { FingerprintTable } from "./fingerprints.js";

/** A line of a file as it is logged: what it says and its stock code, as fingerprints, and its number. */
export interface LoggedLine {
  readonly key: string;
  readonly codeLow: number;
  readonly codeHigh: number;
  readonly number: number;
}

/** As many lines in their order tell an invoice, however many it has. */
export const ENOUGH_LINES = 100;

/** Many lines may have few stock codes. */
const FEWEST_SLOTS = 4;

/** What is looked up in a history of many lines. */
interface Tables {
  readonly numbers: Map<string, number[]>;
  readonly codes: FingerprintTable;
}

/**
 * What an invoice has had so far; it grows with it, so that one that comes back thousands of times costs its new lines alone. Most invoices
 * that come again have few lines and come once: only one of many lines has tables.
 */
export class InvoiceHistory {
  /** How many lines it has had. */
  lines = 0;
  /** Whether not all of them are alike. */
  isVaried = false;
  /** The first lines, which are all where it has no tables. */
  readonly first: LoggedLine[] = [];
  #tables: Tables | null = null;

  add(line: LoggedLine): void {
    if (this.lines < ENOUGH_LINES) this.first.push(line);
    else {
      this.#tables ??= tablesOf(this.first);
      addTo(this.#tables, line);
    }
    this.isVaried ||= line.key !== this.first[0]!.key;
    this.lines++;
  }

  /** The numbers of its lines by what they say, in the order of the file. */
  numbers(): ReadonlyMap<string, readonly number[]> {
    return this.#tables?.numbers ?? numbersOf(this.first);
  }

  /** How many lines each stock code has, of many lines; null for few. */
  codes(): FingerprintTable | null {
    return this.#tables?.codes ?? null;
  }

  /** What its n-th line says, counted from 0: of the first ones, and where all are alike of any. */
  keyOf(line: number): string | undefined {
    if (line >= this.lines) return undefined;
    return this.first[this.isVaried ? line : 0]?.key;
  }
}

function addNumber(numbers: Map<string, number[]>, { key, number }: LoggedLine): void {
  const known = numbers.get(key);
  if (known) known.push(number);
  else numbers.set(key, [number]);
}

function addTo({ numbers, codes }: Tables, line: LoggedLine): void {
  addNumber(numbers, line);
  codes.add(line.codeLow, line.codeHigh, 1);
}

function numbersOf(lines: readonly LoggedLine[]): Map<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (const line of lines) addNumber(numbers, line);
  return numbers;
}

function tablesOf(lines: readonly LoggedLine[]): Tables {
  const codes = new FingerprintTable(FEWEST_SLOTS);
  for (const { codeLow, codeHigh } of lines) codes.add(codeLow, codeHigh, 1);
  return { numbers: numbersOf(lines), codes };
}
