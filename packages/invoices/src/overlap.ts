import { DecimalSum, forEachConcurrently, formatDecimal, parseDecimal } from "@keyspaces-segmentation/common";
import type { LinesAndMoney } from "./file_ledger.js";
import { repeatCounter } from "./fingerprints.js";
import { lineAmount } from "./line_amount.js";
import type { InvoiceLine, ParsedChunk } from "./parse.js";

/** What a file has in common with what its table held before. */
export interface Overlap {
  /** Invoices of the file that the table had rows of. */
  readonly invoices: number;
  /** Their lines that equal a row in all but `line`: they are that row, and are not counted twice. */
  readonly same: LinesAndMoney;
  /** Their other lines, which go in beside the rows: a corrected line cannot be told from a further one. */
  readonly further: LinesAndMoney;
}

/** For a checkpoint. */
export interface OverlapState extends Overlap {
  /** Lines of the file up to this one are counted; none behind it has been written. */
  readonly countedLine: number;
  /** The invoice of the last line that is counted, if the table had no rows of it. */
  readonly openInvoice: string | null;
}

const nothing = { lines: 0, amount: "0" };
export const noOverlap: Overlap = { invoices: 0, same: nothing, further: nothing };

/** Whether it is one, for what comes out of a file. */
export function isOverlapState(value: unknown): value is OverlapState {
  const { invoices, same, further, countedLine, openInvoice } = Object(value) as Partial<OverlapState>;
  const isCount = (count: unknown): boolean => Number.isSafeInteger(count) && (count as number) >= 0;
  return (
    [invoices, same?.lines, further?.lines, countedLine].every(isCount) &&
    [same?.amount, further?.amount].every((amount) => parseDecimal(String(amount)) !== undefined) &&
    (openInvoice === null || typeof openInvoice === "string")
  );
}

/** Finds the lines of a file among the rows that its table has already. */
export interface LineMatcher {
  /**
   * The same chunk with the `line` that each of its lines has in the table: that of the row it equals, else the next one that is free.
   * No write of an earlier chunk may be under way.
   */
  match(chunk: ParsedChunk): Promise<ParsedChunk>;
  /** Whether a line of the last chunk, by its line of the file, equals a row. */
  isThere(lineNumber: number): boolean;
  overlap(): Overlap;
  state(): OverlapState;
  readonly count: { reads: number };
  /** Invoices that the table had no rows of when this matcher met them. */
  readonly newInvoices: ReadonlySet<string>;
}

export interface MatcherOptions {
  /** Lines of the file up to this one are in the table. */
  settledLine: number;
  /** What the interrupted run had counted that is gone on from. */
  from?: OverlapState | undefined;
}

/** A row as the table has it; other software may have left columns out. */
export interface StoredLine extends Pick<InvoiceLine, "stockCode" | "line" | "description" | "customerId" | "country"> {
  /** Decimal text. */
  readonly quantity: string | null;
  readonly invoiceDate: Date | null;
  /** Decimal text. */
  readonly price: string | null;
}

/** Reads the rows of an invoice, by stock code and line. */
export type ReadInvoice = (invoice: string) => Promise<readonly StoredLine[]>;

/** Invoices that are read at a time. */
const readsAtOnce = 32;

/** The rows of one invoice: by content their numbers in ascending order, and by stock code the highest. */
interface InvoiceRows {
  readonly linesOf: Map<string, number[]>;
  readonly lastOf: Map<string, number>;
}

/**
 * Matches the lines of each invoice with its rows as multisets: the n-th of some equal lines in the file is the n-th of the rows that
 * equal it. So a file may be cut anywhere, parts may overlap, and a part may be loaded again, and each line is in the table once;
 * but where two equal lines of one invoice come in two files, that is one line in both.
 *
 * One read an invoice; an invoice that the table has no rows of is read once.
 */
export function createLineMatcher(readInvoice: ReadInvoice, { settledLine, from }: MatcherOptions): LineMatcher {
  const counted = from?.countedLine ?? 0;
  let countedLine = counted;
  let last: string | null = null;
  const occurrence = repeatCounter();
  // Read in this run, and without a row before it.
  const fresh = new Set<string>();
  // Not to be counted as found: those that were, and the one that only an interrupted run of this file has written.
  const known = new Set<string>();
  const own = new Set(from?.openInvoice == null ? [] : [from.openInvoice]);
  const there = new Set<number>();
  let invoices = from?.invoices ?? 0;
  const [same, further] = [running(from?.same), running(from?.further)];
  const count = { reads: 0 };
  const isFound = (invoice: string): boolean => !fresh.has(invoice) && !own.has(invoice);

  const rowsOfInvoice = async (invoice: string): Promise<InvoiceRows> => {
    count.reads++;
    const rows = await readInvoice(invoice);
    const [linesOf, lastOf] = [new Map<string, number[]>(), new Map<string, number>()];
    for (const row of rows) {
      const content = contentOf(row);
      const equal = linesOf.get(content);
      if (equal) equal.push(row.line);
      else linesOf.set(content, [row.line]);
      lastOf.set(row.stockCode, row.line);
    }
    return { linesOf, lastOf };
  };
  const numbered = (
    line: InvoiceLine,
    lineNumber: number,
    repeats: number,
    { linesOf, lastOf }: InvoiceRows,
  ): InvoiceLine => {
    const content = contentOf(rowOf(line));
    const rows = linesOf.get(content) ?? [];
    const row = rows[(repeats > 0 ? repeats : occurrence(line.invoice, content)) - 1];
    const free = (lastOf.get(line.stockCode) ?? 0) + 1;
    if (row !== undefined) there.add(lineNumber);
    else {
      lastOf.set(line.stockCode, free);
      rows.push(free);
      linesOf.set(content, rows);
    }
    if (repeats === 0 && lineNumber > counted && isFound(line.invoice)) {
      if (!known.has(line.invoice)) invoices++;
      (row === undefined ? further : same).add(line);
    }
    return { ...line, line: row ?? free };
  };

  const overlap = (): Overlap => ({ invoices, same: same.read(), further: further.read() });

  return {
    async match(chunk) {
      const { lines, lineNumbers } = chunk;
      there.clear();
      const wanted = new Set<string>();
      lines.forEach(({ invoice }, i) => {
        if (lineNumbers[i]! > settledLine && !fresh.has(invoice)) wanted.add(invoice);
      });
      const rows = new Map<string, InvoiceRows>();
      await forEachConcurrently(wanted, readsAtOnce, async (invoice) => {
        const found = await rowsOfInvoice(invoice);
        if (found.lastOf.size === 0) fresh.add(invoice);
        else rows.set(invoice, found);
      });
      const all = lines.map((line, i) => {
        const ofInvoice = rows.get(line.invoice);
        const isSettled = lineNumbers[i]! <= settledLine;
        const repeats = chunk.repeats?.get(lineNumbers[i]!) ?? 0;
        if (isSettled && repeats === 0) occurrence(line.invoice, contentOf(rowOf(line)));
        const result =
          isSettled || ofInvoice === undefined ? line : numbered(line, lineNumbers[i]!, repeats, ofInvoice);
        known.add(line.invoice);
        last = line.invoice;
        return result;
      });
      countedLine = Math.max(countedLine, lineNumbers.at(-1) ?? 0);
      return { ...chunk, lines: all };
    },
    isThere: (lineNumber) => there.has(lineNumber),
    overlap,
    state: () => ({
      ...overlap(),
      countedLine,
      openInvoice: last === null || isFound(last) ? null : last,
    }),
    count,
    newInvoices: fresh,
  };
}

const rowOf = (line: InvoiceLine): StoredLine => ({
  ...line,
  quantity: formatDecimal(line.quantity),
  price: formatDecimal(line.price),
});

/** All that a line says, as text, but its number; of a line of a file and of a row alike. */
function contentOf(of: Omit<StoredLine, "line">): string {
  const { stockCode, description, quantity, invoiceDate, price, customerId, country } = of;
  const values = [stockCode, description, plain(quantity), invoiceDate?.getTime(), plain(price), customerId, country];
  return JSON.stringify(values);
}

/** 2.5 and 2.50 are one price, 24 and 24.0 one quantity. */
const plain = (decimal: string | null): string | null =>
  decimal?.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;

function running(from: LinesAndMoney = nothing): { add(line: InvoiceLine): void; read(): LinesAndMoney } {
  let { lines } = from;
  const sum = new DecimalSum();
  const { unscaled, scale } = parseDecimal(from.amount)!;
  sum.add(unscaled, scale);
  return {
    add(line) {
      lines++;
      const { units, scale } = lineAmount(line);
      sum.add(units, scale);
    },
    read: () => ({ lines, amount: formatDecimal(sum.value()) }),
  };
}
