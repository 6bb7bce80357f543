import { expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common";
import { NOTHING_GIVEN, UndecidedError } from "@keyspaces-segmentation/invoice-files";
import { readLines } from "@keyspaces-segmentation/invoice-files/dist/lines/read_lines.js";
import { decideReading } from "@keyspaces-segmentation/invoice-files/dist/reading/decide_reading.js";
import { seededRandom } from "@keyspaces-segmentation/local-support";
import { detectText, isOpen, readTextRecords, sampleRecords } from "@keyspaces-segmentation/table-files";

/** Combinations that are tried; there are some 700,000. */
const TRIED = 2000;

/** A line of the shop, as it is meant. Money in cents. */
interface Meant {
  readonly invoice: string;
  readonly code: string;
  readonly description: string;
  readonly quantity: number;
  readonly at: Date;
  readonly cents: number;
  readonly customer: string;
}

/** A small shop in which every question has an answer: days above 12, prices with two decimals, one above 1,000, returns. */
function shop(): Meant[] {
  const random = seededRandom(20231);
  const whole = (below: number): number => Math.floor(random() * below);
  const words = [
    "CAKESTAND",
    "PARTY BUNTING",
    'TINS "PANTRY" SET',
    "BIRD, SMALL",
    "CAFÉ SIGN; RED",
    "BOX 5\\6",
    "ÉTUI À LUNETTES",
  ];
  return Array.from({ length: 20 }, (_, i) => {
    const at = new Date(Date.UTC(2023, whole(12), 1 + whole(28), 8 + whole(10), whole(60)));
    const isReturn = i % 9 === 4;
    return {
      invoice: `${isReturn ? "C" : ""}${489_400 + i}`,
      code: `2${1000 + whole(9000)}`,
      description: words[whole(words.length)]!,
      quantity: isReturn ? -1 - whole(5) : 1 + whole(30),
      at,
      cents: i % 11 === 3 ? 123_450 + whole(100) : 55 + whole(2000),
      customer: String(12_340 + whole(12)),
    };
  });
}

const two = (value: number): string => String(value).padStart(2, "0");
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Ways to write a moment. */
const DATES: Readonly<Record<string, (at: Date) => string>> = {
  us: (at) =>
    `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()} ${at.getUTCHours()}:${two(at.getUTCMinutes())}`,
  usAmPm: (at) =>
    `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${at.getUTCFullYear()} ${at.getUTCHours() % 12 || 12}:${two(at.getUTCMinutes())} ${at.getUTCHours() < 12 ? "AM" : "PM"}`,
  usShort: (at) =>
    `${at.getUTCMonth() + 1}/${at.getUTCDate()}/${two(at.getUTCFullYear() % 100)} ${at.getUTCHours()}:${two(at.getUTCMinutes())}`,
  slashes: (at) =>
    `${two(at.getUTCDate())}/${two(at.getUTCMonth() + 1)}/${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`,
  hyphens: (at) =>
    `${two(at.getUTCDate())}-${two(at.getUTCMonth() + 1)}-${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`,
  dots: (at) =>
    `${two(at.getUTCDate())}.${two(at.getUTCMonth() + 1)}.${at.getUTCFullYear()} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`,
  iso: (at) => `${at.toISOString().slice(0, 10)} ${at.toISOString().slice(11, 19)}`,
  isoZ: (at) => at.toISOString(),
  offset: (at) => `${new Date(at.getTime() - 5 * 3_600_000).toISOString().slice(0, 19)}-05:00`,
  named: (at) =>
    `${at.getUTCDate()}-${MONTHS[at.getUTCMonth()]}-${at.getUTCFullYear()} ${at.getUTCHours()}:${two(at.getUTCMinutes())}`,
  serial: (at) => String(25_569 + at.getTime() / 86_400_000),
};

const grouped = (digits: string, sign: string): string => digits.replaceAll(/\B(?=(\d{3})+$)/g, sign);
const money = (decimal: string, thousands: string) => (cents: number) =>
  `${grouped(String(Math.floor(cents / 100)), thousands)}${decimal}${two(cents % 100)}`;

/** Ways to write an amount. */
const NUMBERS: Readonly<Record<string, (cents: number) => string>> = {
  point: money(".", ""),
  pointGrouped: money(".", ","),
  comma: money(",", ""),
  commaGrouped: money(",", "."),
  commaBlank: money(",", "\u00a0"),
  swiss: money(".", "'"),
  pound: (cents) => `£${money(".", ",")(cents)}`,
  euro: (cents) => `${money(",", ".")(cents)} €`,
  power: (cents) => (cents / 100).toExponential().replace("e+0", "e+00"),
};

/** Ways to write a quantity below zero. */
const SIGNS: Readonly<Record<string, (value: number) => string>> = {
  front: String,
  behind: (value) => (value < 0 ? `${-value}-` : String(value)),
  parentheses: (value) => (value < 0 ? `(${-value})` : String(value)),
  float: (value) => `${value}.0`,
};

const HEADERS: readonly (readonly string[])[] = [
  ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"],
  ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"],
  ["Rechnungsnr.", "Artikelnr.", "Bezeichnung", "Menge", "Rechnungsdatum", "Einzelpreis", "Kundennr.", "Land"],
  ["N° facture", "Réf. article", "Désignation", "Quantité", "Date facture", "Prix unitaire", "N° client", "Pays"],
];

/** Ways to keep separators and quotes inside fields. */
const QUOTES: Readonly<Record<string, (fields: readonly string[], separator: string) => string>> = {
  where: (fields, separator) =>
    fields.map((field) => (/["\r\n]/.test(field) || field.includes(separator) ? quoted(field) : field)).join(separator),
  all: (fields, separator) => fields.map(quoted).join(separator),
  backslash: (fields, separator) =>
    fields.map((field) => `"${field.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`).join(separator),
};
const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;

const ENCODINGS: Readonly<Record<string, (text: string) => Buffer>> = {
  utf8: (text) => Buffer.from(text),
  utf8Mark: (text) => Buffer.from(`\ufeff${text}`),
  utf16le: (text) => Buffer.from(`\ufeff${text}`, "utf16le"),
  utf16be: (text) => Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
  // € is the one character of these texts that Latin-1 does not have.
  windows1252: (text) => Buffer.from(text.replaceAll("€", "\u0080"), "latin1"),
};

const SURROUNDINGS: Readonly<Record<string, (lines: string[], separator: string) => string[]>> = {
  none: (lines) => lines,
  title: (lines, separator) => [
    `Sales by line item${separator.repeat(7)}`,
    `From January${separator.repeat(7)}`,
    ...lines,
  ],
  sepLine: (lines, separator) => [`sep=${separator}`, ...lines],
  trailing: (lines, separator) => lines.map((line) => line + separator),
  blankRows: (lines, separator) => [...lines, ...Array.from({ length: 30 }, () => separator.repeat(7))],
};

const LINES = shop();

/** What the lines come to, added up in another way than the product does: to the cent, in whole numbers. */
function expectedSums(): string[] {
  return LINES.map(({ invoice, code, quantity, at, cents, customer }) =>
    [invoice, code, quantity, at.toISOString(), cents * quantity, customer].join(" "),
  );
}

async function read(bytes: Buffer): Promise<string[] | UndecidedError> {
  const sample = { pieces: [{ bytes, offset: 0 }], size: bytes.length, whole: true };
  const { format, ...decisions } = detectText(sample);
  if (format === null) {
    for (const decision of Object.values(decisions)) if (isOpen(decision)) return new UndecidedError(decision);
  }
  const pieces = sampleRecords(sample, format!);
  async function* source() {
    yield bytes;
  }
  try {
    const reading = decideReading({ pieces, whole: true }, NOTHING_GIVEN);
    const found: string[] = [];
    for await (const { lines, rejects } of readLines(readTextRecords(source(), format!), reading)) {
      for (const reject of rejects) found.push(`rejected ${reject.lineNumber}: ${reject.reason}`);
      for (const { invoice, stockCode, quantity, invoiceDate, price, customerId } of lines) {
        const [pieces, each] = [formatDecimal(quantity), formatDecimal(price)].map(Number) as [number, number];
        // Serial numbers are days as floats: to the second is what they hold.
        const at = new Date(Math.round(invoiceDate.getTime() / 1000) * 1000).toISOString();
        found.push([invoice, stockCode, pieces, at, Math.round(pieces * each * 100), customerId].join(" "));
      }
    }
    return found;
  } catch (error) {
    if (error instanceof UndecidedError) return error;
    throw error;
  }
}

test(`${TRIED} dialects come out as the shop means them, or stop naming a parameter`, async () => {
  const random = seededRandom(7);
  const pick = <T>(of: Readonly<Record<string, T>>): [string, T] => {
    const names = Object.keys(of);
    const name = names[Math.floor(random() * names.length)]!;
    return [name, of[name]!];
  };
  const separators = { comma: ",", semicolon: ";", tab: "\t", pipe: "|" };
  const ends = { lf: "\n", crlf: "\r\n", cr: "\r" };
  const expected = expectedSums();
  const asked = new Map<string, number>();
  let right = 0;
  for (let tried = 0; tried < TRIED; tried++) {
    const [[separatorName, separator], [endName, end], [dateName, date], [numberName, number]] = [
      pick(separators),
      pick(ends),
      pick(DATES),
      pick(NUMBERS),
    ];
    const [[signName, sign], [quoteName, quote], [encodingName, encode], [aroundName, around]] = [
      pick(SIGNS),
      pick(QUOTES),
      pick(ENCODINGS),
      pick(SURROUNDINGS),
    ];
    const header = HEADERS[Math.floor(random() * HEADERS.length)]!;
    const rows = LINES.map(({ invoice, code, description, quantity, at, cents, customer }) => [
      invoice,
      code,
      description,
      sign(quantity),
      date(at),
      number(cents),
      customer,
      "United Kingdom",
    ]);
    const lines = around(
      [header, ...rows].map((fields) => quote(fields, separator)),
      separator,
    );
    const name = [
      separatorName,
      endName,
      dateName,
      numberName,
      signName,
      quoteName,
      encodingName,
      aroundName,
      header[0],
    ].join(" ");
    const found = await read(encode(lines.join(end) + end));
    if (found instanceof UndecidedError) {
      asked.set(found.question.parameter, (asked.get(found.question.parameter) ?? 0) + 1);
      continue;
    }
    expect({ name, found }).toEqual({ name, found: expected });
    right++;
  }
  // Everything in this shop can be known from its file but for a few combinations.
  expect({ right: right > 0.95 * TRIED, asked: [...asked] }).toEqual({ right: true, asked: [...asked] });
});
