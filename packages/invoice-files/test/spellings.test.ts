import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common";
import { NOTHING_GIVEN, openInvoiceFile } from "@keyspaces-segmentation/invoice-files";

const folder = mkdtempSync(join(tmpdir(), "spellings-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A line of the shop as it is meant. */
interface Meant {
  readonly invoice: string;
  readonly code: string;
  readonly quantity: number;
  readonly day: Date;
  readonly cents: number;
  readonly customer: string;
}

const MEANT: readonly Meant[] = Array.from({ length: 60 }, (_each, i) => ({
  invoice: String(560_000 + Math.floor(i / 3)),
  code: String(20_000 + i),
  quantity: i % 9 === 8 ? -2 : i % 10 === 7 ? 1200 : (i % 5) + 1,
  day: new Date(Date.UTC(2023, Math.floor(i / 6), 1 + ((5 * Math.floor(i / 3)) % 28))),
  cents: i % 7 === 6 ? 123_450 : 55 + 125 * (i % 4),
  customer: i % 6 < 3 ? String(13_000 + (i % 8)) : "",
}));

const day = (date: Date, locale: string, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }).format(date);
const LONG = { day: "numeric", month: "long", year: "numeric" } as const;
const iso = ({ day: date }: Meant): string => date.toISOString().slice(0, 10);
const price = ({ cents }: Meant): string => (cents / 100).toFixed(2);
const english = ({ cents }: Meant): string => (cents / 100).toLocaleString("en", { minimumFractionDigits: 2 });
const german = ({ cents }: Meant): string => (cents / 100).toLocaleString("de", { minimumFractionDigits: 2 });

const USUAL = "Invoice;StockCode;Quantity;InvoiceDate;Price;Customer ID";
type Row = (line: Meant) => readonly (string | number)[];
const usual =
  (change: Partial<Record<"quantity" | "date" | "price" | "customer", (line: Meant) => string>>): Row =>
  (line) => [
    ...[line.invoice, line.code, change.quantity?.(line) ?? line.quantity],
    ...[(change.date ?? iso)(line), (change.price ?? price)(line), change.customer?.(line) ?? line.customer],
  ];

/** `1.3005E4`, without zeros at the end. */
const asPower = (id: string): string => `${id[0]}.${id.slice(1).replace(/0+$/, "") || "0"}E${id.length - 1}`;

const spellings: readonly [what: string, header: string, row: Row][] = [
  ...["pl", "tr", "pt", "sv", "ja", "zh", "ko", "hu"].map((locale): [string, string, Row] => [
    `dates of ${locale}`,
    USUAL,
    usual({ date: (line) => day(line.day, locale, locale === "hu" ? { dateStyle: "short" } : LONG) }),
  ]),
  ["six digits", USUAL, usual({ date: (line) => iso(line).slice(2).replaceAll("-", "") })],
  ["CR", USUAL, usual({ quantity: ({ quantity }) => (quantity < 0 ? `${-quantity} CR` : String(quantity)) })],
  ["Cr. and Dr.", USUAL, usual({ quantity: ({ quantity }) => (quantity < 0 ? `${-quantity}Cr.` : `${quantity} Dr.`) })],
  ["guests", USUAL, usual({ customer: ({ customer }) => customer || "Guest" })],
  ["ids kept from a spreadsheet", USUAL, usual({ customer: ({ customer }) => (customer ? `'${customer}` : "<null>") })],
  [
    "Etsy",
    "Order ID;SKU;Quantity;Sale Date;Price;Buyer",
    usual({ date: (line) => day(line.day, "en-US", { dateStyle: "short" }) }),
  ],
  [
    "eBay",
    "Sales Record Number;Custom Label (SKU);Quantity;Sale Date;Sold For;Buyer Username",
    usual({ price: (line) => `£${english(line)}` }),
  ],
  ["Navision", "Document No.;No.;Quantity;Posting Date;Unit Price;Sell-to Customer No.", usual({})],
  ["Lexware", "Rechnungs-Nr.;Artikel-Nr.;Anzahl;Datum;E-Preis;Kunden-Nr.", usual({ price: german })],
  [
    "Italian",
    "Numero documento;Codice articolo;Quantità;Data documento;Prezzo unitario;Codice cliente",
    usual({ price: german }),
  ],
  [
    "Portuguese",
    "Nº Fatura;Código do produto;Quantidade;Data da fatura;Preço unitário;Cód. Cliente",
    usual({ price: german }),
  ],
  ["Polish", "Numer faktury;Kod produktu;Ilość;Data wystawienia;Cena;Klient", usual({ price: german })],
  ...(
    [
      ["Year;Month;Day", (year, month, of) => [year, month, of]],
      ["Tag;Monat;Jahr", (year, month, of) => [`${of}.0`, `${month}.0`, `${year}.0`]],
      [
        "day;month;year",
        (year, month, of) => [of, new Date(Date.UTC(2000, month - 1)).toLocaleString("en", { month: "long" }), year],
      ],
      ["Month;Year;Day;Date", (year, month, of) => [month, year, of, `${of}.${month}.${year}`]],
    ] as [string, (year: number, month: number, of: number) => (string | number)[]][]
  ).map(([names, parts]): [string, string, Row] => [
    `dates as ${names}`,
    `Invoice;StockCode;Quantity;${names};Price;Customer ID`,
    (line) => [
      ...[line.invoice, line.code, line.quantity],
      ...parts(line.day.getUTCFullYear(), line.day.getUTCMonth() + 1, line.day.getUTCDate()),
      ...[price(line), line.customer],
    ],
  ]),
  ["the halves of a day by a letter", USUAL, usual({ date: (line) => `${day(line.day, "en-US", {})} 12:05a` })],
  [
    "a date of which a spreadsheet has dropped the zero",
    USUAL,
    usual({ date: (line) => String(Number(iso(line).split("-").reverse().join(""))) }),
  ],
  [
    "ticks of .NET",
    USUAL,
    usual({ date: (line) => String((BigInt(line.day.getTime()) + 62_135_596_800_000n) * 10_000n) }),
  ],
  [
    "serial numbers of days and parts of them",
    "Invoice;StockCode;Quantity;InvoiceDate;Time;Price;Customer ID",
    (line) => [
      ...[line.invoice, line.code, line.quantity, line.day.getTime() / 86_400_000 + 25_569, "0.60417"],
      ...[price(line), line.customer],
    ],
  ],
  ["ids as Java writes doubles", USUAL, usual({ customer: ({ customer }) => customer && asPower(customer) })],
  ["Swedish", "Fakturanr;Artikelnr;Antal;Fakturadatum;À-pris;Kundnr", usual({ price: german })],
];

/** What is read of a file has to be what is meant. */
async function expectMeant(path: string): Promise<void> {
  const file = await openInvoiceFile(path, NOTHING_GIVEN);
  const read: string[] = [];
  for await (const { lines, rejects } of file.lines()) {
    expect(rejects).toEqual([]);
    for (const line of lines) {
      const { quantity, price: of, invoiceDate } = line;
      read.push(
        [
          line.invoice,
          formatDecimal(quantity),
          formatDecimal(of),
          invoiceDate.toISOString().slice(0, 10),
          line.customerId,
        ].join(),
      );
    }
  }
  expect(read).toEqual(
    MEANT.map((line) => [line.invoice, line.quantity, price(line), iso(line), line.customer || null].join()),
  );
}

test.each(spellings)("%s", async (what, header, row) => {
  const path = join(folder, `${what}.csv`);
  writeFileSync(path, `${[header, ...MEANT.map((line) => row(line).join(";"))].join("\n")}\n`);
  await expectMeant(path);
});

test("dates that a spreadsheet has turned round where it could are asked about", async () => {
  const path = join(folder, "turned.csv");
  const turned = ({ day: date }: Meant): string => {
    const [year, month, of] = date.toISOString().slice(0, 10).split("-");
    return Number(of) <= 12 ? `${year}-${of}-${month} 00:00:00` : `${of}/${month}/${year}`;
  };
  writeFileSync(path, `${[USUAL, ...MEANT.map((line) => usual({ date: turned })(line).join(";"))].join("\n")}\n`);
  await expect(openInvoiceFile(path, NOTHING_GIVEN)).rejects.toThrow(/A spreadsheet seems to have turned round/);
});

test("a table without separators, in columns of a fixed width", async () => {
  const path = join(folder, "fixed.txt");
  const rows = [USUAL.split(";"), ...MEANT.map(usual({}))];
  writeFileSync(path, rows.map((row) => row.map((field) => String(field).padEnd(14)).join("")).join("\n"));
  await expectMeant(path);
});
