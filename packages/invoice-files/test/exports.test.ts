import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { inspectFile, NOTHING_GIVEN, openInvoiceFile } from "@keyspaces-segmentation/invoice-files";
import { givenFile, NO_PARAMETERS } from "@keyspaces-segmentation/invoice-files/dist/parameters.js";

const folder = mkdtempSync(join(tmpdir(), "exports-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Customers as "id recency frequency monetary", and what is said of the reading and of rejects. */
async function read(name: string, lines: readonly string[], columns: string | null = null) {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join("\n")}\n`);
  const { customers, reading, ledger } = await inspectFile(path, givenFile({ ...NO_PARAMETERS, columns }), {
    preparation: "net",
    analysisDate: null,
    now: () => new Date("2024-06-01"),
  });
  return {
    customers: customers.map((each) => `${each.customerId} ${each.recencyDays} ${each.frequency} ${each.monetary}`),
    said: reading.map((row) => `${row.what}: ${row.readAs}`),
    rejects: ledger.rejects.map(({ reason, lines: count }) => `${count} ${reason}`),
    amount: String(ledger.amount),
  };
}

test("orders and payments that came to nothing are no sales: Stripe, and an order's state on its first line alone", async () => {
  const stripe = await read("stripe.csv", [
    "id,Created date (UTC),Amount,Amount Refunded,Currency,Status,Customer ID",
    "ch_1,2024-01-25 10:00,20.00,0.00,eur,Paid,cus_1",
    "ch_2,2024-01-26 10:00,30.00,0.00,eur,Failed,cus_1",
    "ch_3,2024-01-27 10:00,40.00,40.00,eur,Refunded,cus_2",
    "ch_4,2024-01-28 10:00,50.00,0.00,eur,Paid,cus_2",
  ]);
  expect(stripe.customers).toEqual(["cus_1 3 1 20", "cus_2 0 1 50"]);
  expect(stripe.rejects).toEqual(["2 the state of the order is …"]);
  expect(stripe.said).toContain('states of orders: "Failed", "Refunded": rejected, as no sale');

  const shopify = await read("shopify.csv", [
    "Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem price",
    "#1,a@example.com,paid,2024-01-25 10:00:00 +0000,2,Lamp,5.00",
    "#2,a@example.com,voided,2024-01-26 10:00:00 +0000,1,Lamp,7.00",
    "#2,,,,1,Vase,9.00",
    "#3,b@example.com,partially_refunded,2024-01-27 10:00:00 +0000,1,Vase,9.00",
  ]);
  expect(shopify.customers).toEqual(["a@example.com 2 1 10", "b@example.com 0 1 9"]);
});

test("what is paid back in full stays where lines below zero pay it back", async () => {
  const { customers } = await read("returns.csv", [
    "Order ID,SKU,Quantity,Order Date,Price,Customer ID,Order Status",
    "1,A,2,2024-01-25,5.00,7,Refunded",
    "2,A,-2,2024-01-26,5.00,7,Refunded",
    "3,A,1,2024-01-27,5.00,7,Complete",
  ]);
  expect(customers).toEqual(["7 0 2 5"]);
});

test.each([
  ["Soll/Haben", "S", "H"],
  ["Soll/Haben", "H", "S"],
  ["D/C", "Debit", "Credit"],
  ["Dr/Cr", "Cr.", "Dr."],
])("of the sides of a ledger that with fewer lines is the credit notes: %s, %s and %s", async (name, sale, credit) => {
  const { customers, said } = await read("sides.csv", [
    `Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID,${name}`,
    `1,A,2,2024-01-25,5.00,7,${sale}`,
    `2,A,3,2024-01-26,5.00,7,${sale}`,
    `3,A,1,2024-01-27,5.00,7,${credit}`,
  ]);
  expect(customers).toEqual(["7 1 2 20"]);
  expect(said).toContain(`credit notes: ${credit}`);
});

const TOTALS = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID,Line Total";

test("a price that is the amount of the line is known by the column of amounts", async () => {
  const { customers, said } = await read("totals.csv", [
    TOTALS,
    "1,A,2,2024-01-25,10.00,7,10.00",
    "1,B,1,2024-01-25,3.00,7,3.00",
    "2,A,3,2024-01-26,15.00,8,15.00",
    "3,A,4,2024-01-27,20.00,8,20.00",
  ]);
  expect(customers).toEqual(["7 2 1 13", "8 0 2 35"]);
  expect(said).toContain("amounts of lines: Price is the amount of the line, not the price of one piece");
});

test("amounts that are not quantity × price are said, and taken where `columns` says so", async () => {
  const lines = [TOTALS, "1,A,2,2024-01-25,5.00,7,9.00", "2,A,3,2024-01-26,5.00,8,13.50"];
  const { customers, said } = await read("discounts.csv", lines);
  expect(customers).toEqual(["7 1 1 10", "8 0 1 15"]);
  expect(said).toContain("amounts of lines: Line Total is left out, quantity × Price counts");
  expect((await read("discounts.csv", lines, "price=-; amount=Line Total")).customers).toEqual([
    "7 1 1 9",
    "8 0 1 13.5",
  ]);
});

test("columns of yes and no say what is cancelled and what has come back", async () => {
  const { customers, rejects } = await read("flags.csv", [
    "Order ID,SKU,Quantity,Order Date,Price,Customer ID,Cancelled,Is Return",
    "1,A,2,2024-01-25,5.00,7,FALSE,N",
    "2,A,3,2024-01-26,5.00,7,TRUE,N",
    "3,A,1,2024-01-27,5.00,7,FALSE,Y",
    "nan,A,1,2024-01-27,5.00,7,FALSE,N",
  ]);
  expect(customers).toEqual(["7 2 1 5"]);
  expect(rejects).toEqual(["1 cancelled or given back", "1 no invoice number"]);
});

test("lines that add up others are none, of an invoice, of a customer or of all", async () => {
  const { customers, rejects, amount } = await read("with totals.csv", [
    "Rechnung;Bezeichnung;Menge;Datum;Preis;Kunde",
    "1;Lampe;2;25.01.2024;5,00;7",
    "1;Gesamtsumme;1;25.01.2024;10,00;7",
    "2;Vase;1;26.01.2024;3,00;8",
    "2;Zwischensumme;1;26.01.2024;3,00;8",
    "Total;Total;1;26.01.2024;13,00;Total",
    "3;Totalschaden, Buch;1;26.01.2024;4,00;8",
    "3;Zwischensumme Kunde 8;1;26.01.2024;4,00;8",
  ]);
  expect(customers).toEqual(["7 1 1 10", "8 0 2 7"]);
  expect(rejects).toEqual(["4 a total, no line of an invoice"]);
  expect(amount).toBe("17.00");
});

test("refunds and discounts of columns that are not used are said", async () => {
  const { said } = await read("refunds.csv", [
    "Order ID,SKU,Qty Ordered,Qty Refunded,Order Date,Price,Customer ID,Discount,Discount Code",
    "1,A,2,1,2024-01-25,5.00,7,0.50,WINTER24",
    "2,A,1,0,2024-01-26,5.00,8,0.00,",
  ]);
  expect(said).toContain("what was given back: Qty Refunded is left out");
  expect(said).toContain("discounts: Discount is left out");
  const { said: ofPieces, customers } = await read("returned.csv", [
    "Order ID,SKU,Quantity,Order Date,Price,Customer ID,Returned",
    "1,A,3,2024-01-25,5.00,7,1",
    "2,A,1,2024-01-26,5.00,8,0",
  ]);
  expect(ofPieces).toContain("what was given back: Returned is left out");
  expect(customers).toEqual(["7 1 1 15", "8 0 1 5"]);
  expect(said.filter((each) => each.includes("left out"))).toHaveLength(2);
});

test("a column of customers with nothing in it gives way to one that has them", async () => {
  const { customers } = await read("ebay.csv", [
    "Sales Record Number,Buyer Username,Buyer Email,Custom Label,Quantity,Sold For,Sale Date",
    "1,anna,,A,2,£5.00,25-Jan-24",
    "2,bert,,A,1,£5.00,26-Jan-24",
  ]);
  expect(customers).toEqual(["anna 1 1 10", "bert 0 1 5"]);
});

test("a number of invoices that is 0 in all lines gives way to that of orders", async () => {
  const { customers } = await read("opencart.csv", [
    "order_id,invoice_no,customer_id,email,model,quantity,price,date_added",
    "1,0,0,a@example.com,A,2,5.00,2024-01-25",
    "2,0,0,a@example.com,B,1,5.00,2024-01-25",
  ]);
  expect(customers).toEqual(["a@example.com 0 2 15"]);
});

test("Amazon's price of an item is that of the line", async () => {
  const { customers } = await read("amazon.txt", [
    "amazon-order-id,purchase-date,order-status,sku,quantity,currency,item-price,buyer-email",
    "1,2024-01-25T10:00:00+00:00,Shipped,A,2,EUR,10.00,a@example.com",
    "2,2024-01-26T10:00:00+00:00,Cancelled,A,1,EUR,5.00,a@example.com",
    "3,2024-01-26T10:00:00+00:00,Shipped,A,1,EUR,5.00,b@example.com",
  ]);
  expect(customers).toEqual(["a@example.com 1 1 10", "b@example.com 0 1 5"]);
});

test.each([
  ["windows-1250", "latin2", [0xb3, 0xb9, 0xbf], ["windows-1252", "windows-1250", "iso-8859-2", "macintosh"]],
  [
    "windows-1251",
    "Cyrillic",
    [0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2],
    ["windows-1252", "windows-1251", "windows-1253", "gb18030"],
  ],
])(
  "letters that Windows-1252 would hardly read as words are asked about: %s",
  async (encoding, _, letters, choices) => {
    const path = join(folder, `${encoding}.csv`);
    const rows = Array.from({ length: 20 }, (__, i) =>
      Buffer.concat([
        Buffer.from(`${i},A,`),
        Buffer.from(letters.flatMap((letter) => (encoding === "windows-1250" ? [0x61, letter, 0x61] : [letter]))),
        Buffer.from(",1,2024-01-25,5.00,7\n"),
      ]),
    );
    writeFileSync(
      path,
      Buffer.concat([Buffer.from("Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID\n"), ...rows]),
    );
    await expect(openInvoiceFile(path, NOTHING_GIVEN)).rejects.toMatchObject({
      question: { parameter: "encoding", choices: choices.map((value) => ({ value })) },
    });
    expect((await openInvoiceFile(path, { ...NOTHING_GIVEN, encoding })).rows[0]).toMatchObject({
      readAs: encoding,
    });
  },
);

test("Shift_JIS by the names of its columns, and its yen, which is a backslash", async () => {
  const path = join(folder, "orders_sjis.csv");
  // 注文番号,数量,注文日,単価,顧客ID
  const header =
    "\x92\x8d\x95\xb6\x94\xd4\x8d\x86,\x90\x94\x97\xca,\x92\x8d\x95\xb6\x93\xfa,\x92P\x89\xbf,\x8c\xda\x8bqID";
  writeFileSync(path, Buffer.from(`${header}\n1,2,2024/01/25,"\\1,200",7\n2,1,2024/02/25,\\80,8\n`, "latin1"));
  const { rows } = await openInvoiceFile(path, NOTHING_GIVEN);
  expect(rows[0]).toMatchObject({ what: "encoding", readAs: "shift_jis", confidence: "likely" });
  const { customers } = await inspectFile(path, givenFile(NO_PARAMETERS), {
    preparation: "net",
    analysisDate: null,
    now: () => new Date("2024-06-01"),
  });
  expect(customers.map(({ customerId, monetary }) => `${customerId} ${monetary}`)).toEqual(["7 2400", "8 80"]);
});

test("a number that stands on the first line of its order alone, beside its date on each", async () => {
  const { customers } = await read("first.csv", [
    "Invoice,Date,Customer ID,SKU,Qty,Price",
    "1,2024-01-25,7,A,1,5.00",
    ",2024-01-25,7,B,1,6.00",
    "2,2024-01-26,8,A,1,5.00",
    ",2024-01-26,8,B,1,6.00",
    ",2024-01-26,8,C,1,7.00",
    ",2024-01-27,8,C,1,7.00",
  ]);
  expect(customers).toEqual(["7 1 1 11", "8 0 1 18"]);
});

test("a report by customers, who stand on the first of all their lines, is said to be read as one of guests", async () => {
  const rows = (third: string): string[] => [
    "Customer,Invoice,SKU,Qty,Date,Price",
    ...["anna", "", ""].map((name, i) => `${name},1${i},A,1,2024-01-25,5.00`),
    ...["bert", "", ""].map((name, i) => `${name},2${i},A,1,2024-01-25,5.00`),
    ...[third, "", ""].map((name, i) => `${name},3${i},A,1,2024-01-25,5.00`),
  ];
  expect((await read("grouped.csv", rows("cleo"))).said).toContain("customers: nobody where blank");
  expect((await read("guests.csv", rows("anna"))).said).not.toContain("customers: nobody where blank");
});

test("customers that another column has where that which is taken is blank are said, and one customer in all", async () => {
  const rows = (id: (i: number) => string): string[] => [
    "Invoice,Date,Customer ID,Email,SKU,Qty,Price",
    ...Array.from({ length: 12 }, (_, i) => `${i},2024-01-25,${id(i)},${i % 5}@example.com,A,1,5.00`),
  ];
  const says = "customers: Customer ID, and nobody where it is blank";
  expect(
    (
      await read(
        "guests.csv",
        rows((i) => (i % 2 === 0 ? "0" : `${i}`)),
      )
    ).said,
  ).toContain(says);
  expect(
    (
      await read(
        "members.csv",
        rows((i) => (i === 0 ? "" : `${i}`)),
      )
    ).said,
  ).not.toContain(says);
  expect(
    (
      await read(
        "account.csv",
        rows(() => "4000"),
      )
    ).said,
  ).toContain("customers: one in all");
});
