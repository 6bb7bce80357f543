import { type Decimal, productScale, timesDecimal, withoutTrailingZeros } from "@keyspaces-segmentation/common";
import { type InvoiceLine, lineNumbering, nobodyReader, type ParsedChunk } from "@keyspaces-segmentation/invoices";
import { dateReader, numberReader, type TableRecord } from "@keyspaces-segmentation/table-files";
import { divided } from "./divide.js";
import { dateText, type Reading } from "./reading.js";
import { remembered, detached } from "./remembered.js";

/** Words of a shop's own for nobody; see `nobodyReader`. */
export interface LineOptions {
  readonly nobody?: readonly string[];
}

/** A line before its repeats are counted. */
type UncountedLine = Omit<InvoiceLine, "line">;

/**
 * Reads records as invoice lines, by what was decided about their file. Every record becomes an invoice line or a reject with the
 * reason. Memory: what is needed to count repeats; see `lineNumbering`.
 *
 * @param records all records of the file, those above the header and the header itself among them
 */
export async function* readLines(
  records: AsyncIterable<readonly TableRecord[]>,
  reading: Reading,
  options: LineOptions = {},
): AsyncGenerator<ParsedChunk> {
  const read = lineReader(reading, options);
  const number = lineNumbering();
  for await (const chunk of records) {
    const parsed: ParsedChunk = { lines: [], lineNumbers: [], originals: [], rejects: [], repeated: [] };
    for (const record of chunk) {
      const { lineNumber, text } = record;
      if (lineNumber <= reading.headerLine) continue;
      const line = record.problem ?? read.line(record.fields);
      if (typeof line === "string") {
        const amount = record.problem === undefined ? read.worth(record.fields) : undefined;
        parsed.rejects.push({ lineNumber, line: text, reason: line, ...(amount && { amount }) });
        continue;
      }
      const counted = number(line);
      parsed.lines.push(counted.line);
      if (counted.isRepeated) parsed.repeated.push(lineNumber);
      parsed.lineNumbers.push(lineNumber);
      parsed.originals.push(text);
    }
    yield parsed;
  }
}

/**
 * In bytes. Customers are a clustering column of the tables of results: one that does not fit would stop a run behind its training.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/quotas.html
 */
const LONGEST_KEY = 850;
const ONE: Decimal = { unscaled: 1n, scale: 0 };

interface LineReader {
  /** The line, or why the fields are none. */
  line(fields: readonly string[]): UncountedLine | string;
  /** What fields come to that are no invoice line for another reason. */
  worth(fields: readonly string[]): Decimal | undefined;
}

function lineReader(reading: Reading, { nobody = [] }: LineOptions): LineReader {
  const { positions, fit, orderFields, creditTypes } = reading;
  const { shift, width, mayEndEarly } = fit;
  const readDate = remembered(dateReader(reading.dates));
  const quantityReader = reading.quantity === null ? null : numberReader(reading.quantity);
  const readQuantity =
    quantityReader &&
    remembered((text) => {
      const quantity = quantityReader(text);
      return quantity && withoutTrailingZeros(quantity);
    });
  const readPrice = remembered(numberReader(reading.price));
  const readLabel = remembered((text) => (text === "" ? null : detached(text)));
  const readCustomer = remembered(nobodyReader({ words: nobody }));
  const isCredit = new Set(creditTypes);
  const before = { invoice: "", dateText: "", customer: "" };
  const at = (name: keyof typeof positions): number => (positions[name] === undefined ? -1 : positions[name] + shift);
  const columns = {
    ...{ invoice: at("invoice"), stockCode: at("stockCode"), description: at("description"), type: at("type") },
    ...{ quantity: at("quantity"), price: at("price"), amount: at("amount"), customerId: at("customerId"), country: at("country") },
  };
  const field = (fields: readonly string[], position: number): string =>
    position < 0 ? "" : (fields[position]?.trim() ?? "");
  const fits = (fields: readonly string[]): boolean => {
    if (fields.length === width || (mayEndEarly && fields.length < width)) return true;
    // What is empty at the end is no field.
    for (let extra = width; extra < fields.length; extra++) if (fields[extra]!.trim() !== "") return false;
    return fields.length > width;
  };

  /** Quantity and price of one piece, signs and all; or what cannot be read. */
  const money = (fields: readonly string[]): { quantity: Decimal; price: Decimal } | string => {
    const quantityText = field(fields, columns.quantity);
    const quantity = readQuantity === null ? ONE : readQuantity(quantityText);
    if (quantity === undefined) return `quantity ${JSON.stringify(quantityText)} is not a number as the file writes them`;
    if (isTooMuch(quantity)) return `quantity ${quantityText} does not fit 32 bits`;
    const hasPrice = columns.price >= 0;
    const priceText = field(fields, hasPrice ? columns.price : columns.amount);
    const price = readPrice(priceText);
    const what = hasPrice ? "price" : "amount";
    if (price === undefined) return `${what} ${JSON.stringify(priceText)} is not a number as the file writes them`;
    const isTurned = columns.type >= 0 && isCredit.has(field(fields, columns.type)) && quantity.unscaled > 0n;
    const signed = isTurned ? { unscaled: -quantity.unscaled, scale: quantity.scale } : quantity;
    if (hasPrice) return { quantity: signed, price };
    if (readQuantity === null) return { quantity: ONE, price: isTurned ? { unscaled: -price.unscaled, scale: price.scale } : price };
    if (quantity.unscaled === 0n) return price.unscaled === 0n ? { quantity, price } : "an amount, and no quantity";
    return { quantity: signed, price: divided(isTurned ? negated(price) : price, signed) };
  };

  return {
    line(fields) {
      if (!fits(fields)) return `${fields.length} fields instead of ${width}`;
      const label = field(fields, columns.description);
      let invoice = field(fields, columns.invoice);
      let day = dateText(fields, positions.invoiceDate!, positions.time, shift);
      let customer = field(fields, columns.customerId);
      const code = field(fields, columns.stockCode);
      const continues =
        invoice === before.invoice || (orderFields.invoice && invoice === "" && day === "" && (code || label) !== "");
      if (continues) {
        invoice = before.invoice;
        if (orderFields.invoiceDate && day === "") day = before.dateText;
        if (orderFields.customerId && customer === "") customer = before.customer;
      } else {
        before.invoice = detached(invoice);
        before.dateText = detached(day);
        before.customer = detached(customer);
      }
      if (invoice === "") return "no invoice number";
      const stockCode = code || label || (columns.stockCode < 0 && columns.description < 0 ? NO_CODE : "");
      if (stockCode === "") return "no stock code";
      const of = money(fields);
      if (typeof of === "string") return of;
      const invoiceDate = readDate(day);
      if (invoiceDate === undefined) return day === "" ? "no date" : `${JSON.stringify(day)} is not a date as the file writes them`;
      const customerId = readCustomer(customer);
      if (customerId !== null && customerId.length > LONGEST_KEY / 3 && Buffer.byteLength(customerId) > LONGEST_KEY) {
        return `the customer id has ${Buffer.byteLength(customerId)} bytes, a key in Keyspaces at most ${LONGEST_KEY}`;
      }
      return {
        invoice,
        stockCode,
        description: readLabel(label),
        quantity: of.quantity,
        invoiceDate,
        price: of.price,
        customerId,
        country: readLabel(field(fields, columns.country)),
      };
    },
    worth(fields) {
      const of = fits(fields) ? money(fields) : "";
      if (typeof of === "string") return undefined;
      const { price, quantity } = of;
      return { unscaled: BigInt(timesDecimal(price, quantity)), scale: productScale(price, quantity) };
    },
  };
}

/** The stock code of all lines, where a file has none. */
const NO_CODE = "-";

/** More is no quantity: a number has slipped into the wrong column. */
const MOST = 2n ** 31n;

function isTooMuch({ unscaled, scale }: Decimal): boolean {
  const whole = unscaled / 10n ** BigInt(scale);
  return whole >= MOST || whole <= -MOST;
}

const negated = ({ unscaled, scale }: Decimal): Decimal => ({ unscaled: -unscaled, scale });
