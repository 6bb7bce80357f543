import {
  type Decimal,
  parseDecimal,
  productScale,
  StepError,
  timesDecimal,
  withoutTrailingZeros,
} from "@keyspaces-segmentation/common";
import { type CsvRecord, csvSplitter } from "./csv.js";
import { decodeLines } from "./decode.js";
import { type Layout, readHeader } from "./header.js";
import { parseInvoiceDate } from "./invoice_date.js";
import { lineNumbering, type UnnumberedLine } from "./line_numbers.js";

/** One line of an invoice, as a row of the table `online_retail`. */
export interface InvoiceLine {
  /** Invoice number; credit notes start with C. */
  readonly invoice: string;
  readonly stockCode: string;
  /** Counts the lines of the same invoice and stock code in file order: 1, 2, … */
  readonly line: number;
  readonly description: string | null;
  /** Pieces, or what it is sold by: 0.75 of a kilogram. Negative for returns. */
  readonly quantity: Decimal;
  /** UTC. */
  readonly invoiceDate: Date;
  /** Of one piece. */
  readonly price: Decimal;
  readonly customerId: string | null;
  readonly country: string | null;
}

/** A record that is no invoice line. */
export interface Reject {
  /** Line of the file, counted from 1, the header included. */
  readonly lineNumber: number;
  /** The record as it stands in the file. */
  readonly line: string;
  readonly reason: string;
  /** Quantity × price, where both can be read. */
  readonly amount?: Decimal;
}

/** What one chunk of the file completed. */
export interface ParsedChunk {
  readonly lines: InvoiceLine[];
  /** Per line, its line of the file, counted from 1, the header included. */
  readonly lineNumbers: number[];
  /** Per line, the record as it stands in the file. */
  readonly originals: string[];
  readonly rejects: Reject[];
  /**
   * Lines that are in the file a second time, by their line of the file: which of the equal lines of its invoice each is again, from 1.
   * See `lineNumbering`.
   */
  readonly repeats?: ReadonlyMap<number, number>;
}

/**
 * Reads invoice lines from a CSV file with the columns of *Online Retail* or *Online Retail II*.
 * Every record becomes an invoice line or a reject with the reason. Memory: one chunk, and a few bytes for each
 * line; see `lineNumbering`.
 *
 * @param chunks the bytes of the file, cut anywhere; see `decodeLines` for encodings and `csvSplitter` for quotes
 * @throws StepError when the file is empty, has no line below the header, or its header lacks a column
 */
export async function* parseInvoices(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ParsedChunk> {
  const split = csvSplitter();
  const read = lineReader();
  const numberOf = lineNumbering();
  let layout: Layout | undefined;
  let records = 0;

  const parse = (piece: string, atEnd: boolean): ParsedChunk => {
    const repeats = new Map<number, number>();
    const parsed: ParsedChunk = { lines: [], lineNumbers: [], originals: [], rejects: [], repeats };
    for (const record of split(piece, atEnd)) {
      if (layout === undefined) {
        layout = readHeader(record.problem === undefined ? record.fields : [record.text]);
        continue;
      }
      records++;
      const line = record.problem ?? read(record.fields, layout);
      if (typeof line === "string") {
        const amount = record.problem === undefined ? worthOf(record.fields, layout) : undefined;
        parsed.rejects.push({
          lineNumber: record.lineNumber,
          line: record.text,
          reason: line,
          ...(amount && { amount }),
        });
      } else {
        const numbered = numberOf(line);
        if (numbered.repeats > 0) repeats.set(record.lineNumber, numbered.repeats);
        line.line = numbered.line;
        parsed.lines.push(line);
        parsed.lineNumbers.push(record.lineNumber);
        parsed.originals.push(record.text);
      }
    }
    return parsed;
  };

  for await (const text of decodeLines(chunks)) yield parse(text, false);
  yield parse("", true);
  if (records === 0) {
    throw new StepError({
      tried: "read invoice lines",
      got: layout === undefined ? "the file is empty" : "the file has a header and no line below it",
    });
  }
}

/**
 * In bytes. Customers are a clustering column of the tables of results: one that does not fit would stop a run behind its training.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/quotas.html
 */
const LONGEST_KEY = 850;

/** More is no quantity: a number has slipped into the wrong column. */
const MOST = 2n ** 31n;

/** `24.0`, as software writes that reads the column as numbers, is 24; answers with the reason where the text is no quantity. */
function quantityOf(text: string): Decimal | string {
  const quantity = parseDecimal(text);
  if (quantity === undefined) return `quantity ${JSON.stringify(text)} is not a decimal number`;
  const whole = quantity.unscaled / 10n ** BigInt(quantity.scale);
  if (whole >= MOST || whole <= -MOST) return `quantity ${text} does not fit 32 bits`;
  return withoutTrailingZeros(quantity);
}

/** Reads the fields of one record as an invoice line; answers with the reason where they are none. */
function lineReader(): (fields: CsvRecord["fields"], layout: Layout) => (UnnumberedLine & { line: number }) | string {
  const readDate = remembered(parseInvoiceDate);
  const readQuantity = remembered(quantityOf);
  const readPrice = remembered(parseDecimal);
  const readLabel = remembered((text) => (text.trim() === "" ? null : detached(text)));
  const readCustomer = remembered(customerIdOf);

  return (fields, layout) => {
    if (fields.length !== layout.width) return `${fields.length} fields instead of ${layout.width}`;
    const field = (at: number): string => fields[at]!.trim();
    const invoice = field(layout.invoice);
    if (invoice === "") return "no invoice number";
    const stockCode = field(layout.stockCode);
    if (stockCode === "") return "no stock code";
    const quantity = readQuantity(field(layout.quantity));
    if (typeof quantity === "string") return quantity;
    const dateText = field(layout.invoiceDate);
    const invoiceDate = readDate(dateText);
    if (invoiceDate === undefined) return `${JSON.stringify(dateText)} is not a date`;
    const priceText = field(layout.price);
    const price = readPrice(priceText);
    if (price === undefined) return `price ${JSON.stringify(priceText)} is not a decimal number`;
    const customerId = readCustomer(fields[layout.customerId]!);
    if (customerId !== null && customerId.length > LONGEST_KEY / 3 && Buffer.byteLength(customerId) > LONGEST_KEY) {
      return `the customer id has ${Buffer.byteLength(customerId)} bytes, a key in Keyspaces at most ${LONGEST_KEY}`;
    }
    return {
      invoice,
      stockCode,
      line: 0,
      description: readLabel(fields[layout.description]!),
      quantity,
      invoiceDate,
      price,
      customerId,
      country: readLabel(field(layout.country)),
    };
  };
}

/** What a record would come to that is no invoice line for another reason. */
function worthOf(fields: CsvRecord["fields"], layout: Layout): Decimal | undefined {
  if (fields.length !== layout.width) return undefined;
  const quantity = quantityOf(fields[layout.quantity]!.trim());
  const price = parseDecimal(fields[layout.price]!.trim());
  // What is too large to be a quantity is not worth anything either.
  if (typeof quantity === "string" || price === undefined) return undefined;
  return { unscaled: BigInt(timesDecimal(price, quantity)), scale: productScale(price, quantity) };
}

/** `12417.0`, as software writes that reads the column as numbers, is customer 12417. */
function customerIdOf(text: string): string | null {
  return text.trim() === "" ? null : detached(text.trim().replace(/^(\d+)\.0*$/, "$1"));
}

const REMEMBERED = 20_000;

/** The same function, which answers repeated texts from memory: a file holds few distinct prices, dates and descriptions. */
function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const value = known.get(text);
    if (value !== undefined || known.has(text)) return value as T;
    if (known.size >= REMEMBERED) known.clear();
    const fresh = read(text);
    known.set(detached(text), fresh);
    return fresh;
  };
}

/** A copy of the text: a long slice would keep its whole chunk of the file in memory. */
function detached(text: string): string {
  return text.length < 13 ? text : Buffer.from(text).toString();
}
