import { DecimalSum, formatDecimal, parseDecimal } from "@keyspaces-segmentation/common";
import { DoubledDaysFinder } from "./doubled_days.js";
import { ExtremesFinder, type FileExtremes } from "./file_extremes.js";
import type { Bin, LedgerBin } from "./ledger.js";
import { lineAmount } from "./line_amount.js";
import { type FoundRules, type LineRules, rulesOf } from "./line_rules.js";
import type { ParsedChunk } from "./parse.js";
import { UndecidedLedger } from "./undecided_ledger.js";

export interface LinesAndMoney {
  readonly lines: number;
  /** Σ quantity × price, exact decimal text. */
  readonly amount: string;
}

/** Lines of a file that are no invoice lines, for one kind of reason. */
interface RejectBin {
  readonly reason: string;
  readonly lines: number;
  /** Σ quantity × price of those in which both can be read, exact decimal text. */
  readonly amount: string;
}

/** What a file holds, before any of it is stored. Bins, rejects and repeated lines sum to the file, to the penny. */
export interface FileLedger {
  readonly lines: number;
  /** Σ quantity × price, exact decimal text. */
  readonly amount: string;
  /** When the first and the last invoice line were, rejected ones left out, as ISO text in UTC; null where there is none. */
  readonly firstInvoice: string | null;
  readonly lastInvoice: string | null;
  readonly bins: readonly LedgerBin[];
  readonly rejects: readonly RejectBin[];
  /** Lines that are in the file a second time, with the invoice that they are on, and count once; see `lineNumbering`. */
  readonly repeated: LinesAndMoney;
  /** What lines count as, from all of them. */
  readonly rules: FoundRules;
  /** What stands out among its lines; see `warningsOf`. */
  readonly extremes: FileExtremes;
}

/** Takes a file as it is parsed. */
export interface FileLedgerBuilder {
  add(chunk: ParsedChunk): void;
  report(): FileLedger;
}

export interface FileLedgerOptions {
  /** Instead of those that fit the lines of the file. */
  readonly rules?: LineRules | undefined;
}

export function createFileLedger(options: FileLedgerOptions = {}): FileLedgerBuilder {
  const ledger = new UndecidedLedger();
  const extremes = new ExtremesFinder();
  const doubled = new DoubledDaysFinder();
  const repeated = { lines: 0, amount: new DecimalSum() };
  const rejects = new Map<string, { lines: number; amount: DecimalSum }>();
  const total = new DecimalSum();
  let lines = 0;
  let firstLine = Number.POSITIVE_INFINITY;
  let lastLine = Number.NEGATIVE_INFINITY;
  const isoText = (time: number): string | null => (Number.isFinite(time) ? new Date(time).toISOString() : null);
  return {
    add(chunk) {
      lines += chunk.lines.length + chunk.rejects.length;
      // A loop that makes nothing: it runs for each line.
      for (let i = 0; i < chunk.lines.length; i++) {
        const [line, lineNumber] = [chunk.lines[i]!, chunk.lineNumbers[i]!];
        const { units, scale } = lineAmount(line);
        total.add(units, scale);
        extremes.add(line, lineNumber, units, scale);
        const isRepeat = chunk.repeats?.has(lineNumber) ?? false;
        doubled.add(line, Number(units) / 10 ** scale, isRepeat);
        if (isRepeat) {
          repeated.lines++;
          repeated.amount.add(units, scale);
          continue;
        }
        ledger.add(line, units, scale);
        const time = line.invoiceDate.getTime();
        if (time < firstLine) firstLine = time;
        if (time > lastLine) lastLine = time;
      }
      for (const reject of chunk.rejects) {
        const { reason, amount } = reject;
        extremes.addReject(reject);
        const kind = kindOf(reason);
        const bin = rejects.get(kind) ?? { lines: 0, amount: new DecimalSum() };
        rejects.set(kind, bin);
        bin.lines++;
        if (amount === undefined) continue;
        bin.amount.add(amount.unscaled, amount.scale);
        total.add(amount.unscaled, amount.scale);
      }
    },
    report: () => {
      const found = rulesOf(ledger.evidence());
      const rules = { ...found, ...options.rules };
      return {
        lines,
        amount: formatDecimal(total.value()),
        firstInvoice: isoText(firstLine),
        lastInvoice: isoText(lastLine),
        bins: ledger.ledger(rules).bins(rules),
        rejects: [...rejects]
          .map(([reason, { lines: count, amount }]) => ({
            reason,
            lines: count,
            amount: formatDecimal(amount.value()),
          }))
          .sort((a, b) => b.lines - a.lines || (a.reason < b.reason ? -1 : 1)),
        repeated: { lines: repeated.lines, amount: formatDecimal(repeated.amount.value()) },
        rules,
        extremes: extremes.report(doubled.report()),
      };
    },
  };
}

/** A reason without the values of the one line that it was given for. */
const kindOf = (reason: string): string => reason.replace(/"(?:[^"\\]|\\.)*"/g, "…").replace(/-?\d+/g, "…");

/** One line of the reconciliation: what a file had, and what a table has of it. */
export interface ReconciliationRow {
  /** A bin, or why lines were rejected. */
  readonly bin: Bin | string;
  readonly linesInFile: number;
  readonly amountInFile: string;
  readonly linesInTable: number;
  readonly amountInTable: string;
}

/**
 * Reconciles a file with a table, before the database and after: every line in one row, and a sum below. Where a bin differs, the service has
 * refused rows of it, or the table has others from earlier files.
 */
export function reconcile(file: FileLedger, table: readonly LedgerBin[]): ReconciliationRow[] {
  const after = new Map(table.map((each) => [each.bin, each]));
  const inFile = new Set(file.bins.map(({ bin }) => bin));
  const rows: ReconciliationRow[] = [
    ...file.rejects.map(({ reason, lines, amount }) => ({
      bin: `rejected: ${reason}`,
      linesInFile: lines,
      amountInFile: amount,
      linesInTable: 0,
      amountInTable: "0",
    })),
    ...file.bins.map(({ bin, lines, amount }) => {
      const stored = after.get(bin);
      return {
        bin,
        linesInFile: lines,
        amountInFile: amount,
        linesInTable: stored?.lines ?? 0,
        amountInTable: stored?.amount ?? "0",
      };
    }),
    // Other files may have other rules.
    ...table
      .filter(({ bin, lines }) => lines > 0 && !inFile.has(bin))
      .map(({ bin, lines, amount }) => ({
        bin,
        linesInFile: 0,
        amountInFile: "0",
        linesInTable: lines,
        amountInTable: amount,
      })),
    ...(file.repeated.lines === 0
      ? []
      : [
          {
            bin: "repeated in the file",
            linesInFile: file.repeated.lines,
            amountInFile: file.repeated.amount,
            linesInTable: 0,
            amountInTable: "0",
          },
        ]),
  ];
  const sum = (amounts: readonly string[]): string => {
    const total = new DecimalSum();
    for (const amount of amounts) {
      const { unscaled, scale } = parseDecimal(amount)!;
      total.add(unscaled, scale);
    }
    return formatDecimal(total.value());
  };
  const sumOf = (lines: "linesInFile" | "linesInTable") => rows.reduce((total, row) => total + row[lines], 0);
  return [
    ...rows,
    {
      bin: "all lines",
      linesInFile: sumOf("linesInFile"),
      amountInFile: sum(rows.map(({ amountInFile }) => amountInFile)),
      linesInTable: sumOf("linesInTable"),
      amountInTable: sum(rows.map(({ amountInTable }) => amountInTable)),
    },
  ];
}
