import { createReadStream, existsSync } from "node:fs";
import { test } from "@jest/globals";
import { type Decimal, parseDecimal } from "@keyspaces-segmentation/common/dist/decimal.js";
import type { InvoiceLine, ParsedChunk } from "@keyspaces-segmentation/invoices";
import { type FoldOptions, foldInvoices, type RetailTotals } from "@keyspaces-segmentation/invoices";
import { generateRetailCsv } from "../../local/data/generate.js";
import { meaningOf, parseInvoices } from "./invoice_files.js";
import { retailOracle } from "./oracle.js";
import { realFile, WITHOUT_REAL_DATA } from "./real_data.js";

/** A test that needs the real data set; skipped, and counted at the end of the run, where it is not there. */
export const testOnRealData: typeof test | typeof test.skip = existsSync(realFile)
  ? test
  : Object.assign(
      ((name, ...rest) => test.skip(`${name}${WITHOUT_REAL_DATA}`, ...rest)) as typeof test.skip,
      test.skip,
    );

/** Everything in chunks of CSV, in one piece. */
export async function parseAll(...given: Parameters<typeof parseInvoices>): Promise<ParsedChunk> {
  const found = new Map<number, number>();
  const all: ParsedChunk = { lines: [], lineNumbers: [], originals: [], rejects: [], repeats: found };
  for await (const { lines, lineNumbers, originals, rejects, repeats } of parseInvoices(...given)) {
    all.lines.push(...lines);
    all.lineNumbers.push(...lineNumbers);
    all.originals.push(...originals);
    all.rejects.push(...rejects);
    for (const [lineNumber, which] of repeats ?? []) found.set(lineNumber, which);
  }
  return all;
}

export const parseText = (text: string): Promise<ParsedChunk> => parseAll([Buffer.from(text)]);
/** The reader of further files that are meant as this one. */
export const parserLike = (text: string): typeof parseText => {
  const meaning = meaningOf(Buffer.from(text));
  return (other) => parseAll([Buffer.from(other)], meaning);
};
export const parseRealData = (): Promise<ParsedChunk> => parseAll(createReadStream(realFile));

let csv: string | undefined;
/** The generated data set that the oracle has looked at. */
export const generatedCsv = (): string => {
  csv ??= generateRetailCsv(retailOracle);
  return csv;
};

let parsed: Promise<ParsedChunk> | undefined;
/** Its lines and rejects, which are read once and not to be changed. */
export const parseGenerated = (): Promise<ParsedChunk> => {
  parsed ??= parseText(generatedCsv());
  return parsed;
};

/** What a test says of a line; the quantity may be a number. */
export interface LineValues extends Partial<Omit<InvoiceLine, "quantity">> {
  readonly quantity?: number | Decimal;
}

/** A purchase line; the test says what matters about it. */
export function invoiceLine({ quantity = 2, ...different }: LineValues = {}): InvoiceLine {
  return Object.freeze({
    invoice: "700001",
    stockCode: "61000",
    line: 1,
    description: "TEAL OTTER MUG",
    quantity: typeof quantity === "number" ? parseDecimal(String(quantity))! : quantity,
    invoiceDate: new Date("2010-03-04T10:30:00Z"),
    price: { unscaled: 295n, scale: 2 },
    customerId: "50001",
    country: "France",
    ...different,
  });
}

/** Lines in any order as the table gives them back: invoice after invoice, each by stock code and line. */
export function invoicesOf(lines: Iterable<InvoiceLine>): InvoiceLine[][] {
  const invoices = new Map<string, InvoiceLine[]>();
  for (const line of lines) {
    const known = invoices.get(line.invoice);
    if (known) known.push(line);
    else invoices.set(line.invoice, [line]);
  }
  const byKey = (a: InvoiceLine, b: InvoiceLine) =>
    Buffer.compare(Buffer.from(a.stockCode), Buffer.from(b.stockCode)) || a.line - b.line;
  return [...invoices.values()].map((invoice) => invoice.sort(byKey));
}

/** What lines in any order come to. */
export function foldLines(lines: Iterable<InvoiceLine>, options: FoldOptions = {}): RetailTotals {
  const fold = foldInvoices(options);
  const { add, end } = fold.invoices();
  for (const invoice of invoicesOf(lines)) {
    for (const line of invoice) add(line);
    end();
  }
  return fold.totals();
}

export const aggregateLines = (lines: Iterable<InvoiceLine>): RetailTotals["aggregate"] => foldLines(lines).aggregate;

/** A file in two, with a cut inside an invoice, each part with the header. */
export function inTwo(csv: string, share: number): [string, string] {
  const [header, ...records] = csv.trimEnd().split("\n");
  const invoiceAt = (at: number) => records[at]!.slice(0, records[at]!.indexOf(","));
  let cut = Math.floor(share * records.length);
  while (invoiceAt(cut) !== invoiceAt(cut - 1)) cut++;
  return [records.slice(0, cut), records.slice(cut)].map((part) => `${[header, ...part].join("\n")}\n`) as [
    string,
    string,
  ];
}
