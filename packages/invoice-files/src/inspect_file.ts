import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { getHeapStatistics } from "node:v8";
import { moneyOf } from "@keyspaces-segmentation/common";
import {
  type CustomerFeatures,
  createFileLedger,
  customerRemarks,
  dayAfter,
  type FileLedger,
  type FoldedLine,
  foldInvoices,
  numberRemarks,
  type Preparation,
  prepareFeatures,
  refuseNoLines,
  roomIn,
  warningsOf,
} from "@keyspaces-segmentation/invoices";
import type { FileNotes } from "./file_notes.js";
import { type GivenFile, type InvoiceFile, openInvoiceFile } from "./open_invoice_file.js";
import type { ReadingRow } from "./reading_row.js";

/** What a file is and what its lines come to, without any database. */
export interface Inspection {
  readonly file: { readonly name: string; readonly bytes: number };
  /** How it is read: a row a decision. */
  readonly reading: readonly ReadingRow[];
  /** ISO 4217; null where the file does not say. */
  readonly currency: string | null;
  /** Every line in one bin, with its money. */
  readonly ledger: FileLedger;
  readonly notes: FileNotes;
  /** What to look at before the figures are believed. */
  readonly warnings: readonly string[];
  readonly preparation: Preparation;
  /** YYYY-MM-DD. */
  readonly analysisDate: string;
  readonly customers: readonly CustomerFeatures[];
}

export interface InspectOptions {
  readonly preparation: Preparation;
  /** YYYY-MM-DD; null: the date of the last invoice. */
  readonly analysisDate: string | null;
  readonly now: () => Date;
  readonly signal?: AbortSignal;
}

/**
 * Reads a file twice: for its ledger, and for its customers; and once more for each half million lines of invoices that come in several
 * pieces. Memory grows with the customers and the invoice numbers; see `lineNumbering`.
 *
 * @throws as {@link openInvoiceFile}; StepError when no customer remains, or more than there is room for; the signal's reason when aborted
 */
export async function inspectFile(path: string, given: GivenFile, options: InspectOptions): Promise<Inspection> {
  const { preparation, analysisDate, now, signal } = options;
  const file = await openInvoiceFile(path, given, { ...(signal && { signal }) });
  const { size } = await stat(path);
  const { ledger, inPieces } = await accountFor(file, signal);
  refuseNoLines(ledger);
  const until = analysisDate === null ? null : dayAfter(analysisDate);
  const room = roomIn(getHeapStatistics().heap_size_limit);
  const fold = foldInvoices({ rules: ledger.rules, until, room });
  await foldLines(file, fold.invoices(), inPieces, signal);
  const totals = fold.totals();
  const { aggregate } = totals;
  const prepared = prepareFeatures(aggregate, { preparation, analysisDate });
  return {
    file: { name: basename(path), bytes: size },
    reading: file.rows,
    currency: file.currency,
    ledger,
    notes: file.notes(),
    warnings: [
      ...file.warnings,
      ...warningsOf(ledger, { now: now(), money: moneyOf(file.currency) }),
      ...numberRemarks(totals),
      ...customerRemarks(aggregate.customers, { names: false }),
    ],
    preparation,
    analysisDate: prepared.analysisDate,
    customers: prepared.customers,
  };
}

/** Invoices whose lines do not all stand together, each with the part of the work in which it is folded, from 0. */
type InPieces = ReadonlyMap<string, number>;

/** The file's ledger, and its invoices that come in pieces. */
async function accountFor(
  file: InvoiceFile,
  signal?: AbortSignal,
): Promise<{ ledger: FileLedger; inPieces: InPieces }> {
  const ledger = createFileLedger();
  const linesOf = new Map<string, number>();
  const apart = new Set<string>();
  const together = { invoice: "", lines: 0 };
  const endTogether = (): void => {
    const { invoice, lines } = together;
    const before = linesOf.get(invoice) ?? 0;
    if (before > 0) apart.add(invoice);
    linesOf.set(invoice, before + lines);
  };
  for await (const chunk of file.lines()) {
    signal?.throwIfAborted();
    ledger.add(chunk);
    for (const { invoice } of chunk.lines) {
      if (invoice !== together.invoice) {
        if (together.lines > 0) endTogether();
        together.invoice = invoice;
        together.lines = 0;
      }
      together.lines++;
    }
  }
  if (together.lines > 0) endTogether();
  const inPieces = new Map<string, number>();
  let held = 0;
  for (const invoice of apart) {
    inPieces.set(invoice, Math.floor(held / HELD));
    held += linesOf.get(invoice)!;
  }
  return { ledger: ledger.report(), inPieces };
}

/** As many lines of invoices in pieces are held at once; where there are more, the file is read again for the rest. */
const HELD = 500_000;

/** Folds the lines of a file, each invoice in one piece, as a table gives them back; what is in the file twice counts once. */
async function foldLines(
  file: InvoiceFile,
  invoices: ReturnType<ReturnType<typeof foldInvoices>["invoices"]>,
  inPieces: InPieces,
  signal?: AbortSignal,
): Promise<void> {
  const finish = (lines: Line[]): void => {
    lines.sort((a, b) => (a.stockCode === b.stockCode ? a.line - b.line : a.stockCode < b.stockCode ? -1 : 1));
    for (const line of lines) invoices.add(line);
    if (lines.length > 0) invoices.end();
  };
  const lastPart = [...inPieces.values()].at(-1) ?? 0;
  for (let part = 0; part <= lastPart; part++) {
    const held = new Map<string, Line[]>();
    let current: Line[] = [];
    for await (const chunk of file.lines()) {
      signal?.throwIfAborted();
      for (const [i, line] of chunk.lines.entries()) {
        if (chunk.repeats?.has(chunk.lineNumbers[i]!)) continue;
        const partOfInvoice = inPieces.get(line.invoice);
        if (partOfInvoice !== undefined) {
          if (partOfInvoice !== part) continue;
          const lines = held.get(line.invoice);
          if (lines === undefined) held.set(line.invoice, [line]);
          else lines.push(line);
        } else if (part === 0) {
          if (current.length > 0 && current[0]!.invoice !== line.invoice) {
            finish(current);
            current = [];
          }
          current.push(line);
        }
      }
    }
    finish(current);
    for (const lines of held.values()) finish(lines);
  }
}

type Line = FoldedLine & { readonly line: number };
