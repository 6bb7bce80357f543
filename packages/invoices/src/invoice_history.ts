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

/** As few as a table can have: most invoices that come again have few lines. */
const FEWEST_SLOTS = 4;

/** What an invoice has had so far; it grows with it, so that one that comes back thousands of times costs its new lines alone. */
export class InvoiceHistory {
  /** How many lines it has had. */
  lines = 0;
  /** Whether not all of them are alike. */
  isVaried = false;
  /** The numbers of its lines by what they say, in the order of the file. */
  readonly numbers: Map<string, number[]> = new Map();
  /** How many lines each stock code has. */
  readonly codes: FingerprintTable = new FingerprintTable(FEWEST_SLOTS);
  readonly #first: string[] = [];

  add({ key, codeLow, codeHigh, number }: LoggedLine): void {
    if (this.#first.length < ENOUGH_LINES) this.#first.push(key);
    this.isVaried ||= key !== this.#first[0];
    const known = this.numbers.get(key);
    if (known) known.push(number);
    else this.numbers.set(key, [number]);
    this.codes.add(codeLow, codeHigh, 1);
    this.lines++;
  }

  /** What its n-th line says, counted from 0: of the first ones, and where all are alike of any. */
  keyOf(line: number): string | undefined {
    if (line >= this.lines) return undefined;
    return this.isVaried ? this.#first[line] : this.#first[0];
  }
}
