import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const HEADER = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID";
const SHOP = ["1,A,2,2024-01-25,5.00,7", "2,B,3,2024-01-26,7.50,7", "3,C,4,2024-01-27,2.25,7"];
const ALL = ["7 0 3 41.5"];

test.each([
  ["Payment", "Invoice"],
  ["Customer Payment", "Sales Invoice"],
  ["Zahlungseingang", "Rechnung"],
  ["Règlement", "Facture"],
])("what a customer has paid is no sale beside the invoice: %s", async (payment, invoice) => {
  const lines = (sale: string, sign: string): string[] => [
    "Type,Number,Date,Customer,Amount",
    ...[1, 2, 3].flatMap((i) => [
      `${sale},${i},2024-01-2${i},7,10.00`,
      `${payment},P${i},2024-01-2${i},7,${sign}10.00`,
    ]),
  ];
  for (const sign of ["", "-"]) {
    const { customers, said, rejects } = await readFile("list.csv", lines(invoice, sign));
    expect(customers).toEqual(["7 0 3 30"]);
    expect(said).toContain(`no sales: ${payment}: rejected`);
    expect(rejects).toEqual(["3 a kind of line that is no sale"]);
  }
});

test("a payment beside refunds is how a sale is called", async () => {
  const { customers } = await readFile("square.csv", [
    `${HEADER},Event Type`,
    ...SHOP.map((line) => `${line},Payment`),
    "4,A,1,2024-01-27,5.00,7,Refund",
  ]);
  expect(customers).toEqual(["7 0 3 36.5"]);
});

test("rows that add up the lines below them, by what both are called", async () => {
  const { customers } = await readFile("vend.csv", [
    `Line Type,${HEADER}`,
    "Sale,1,,5,2024-01-25,17.50,7",
    "Sale Line,1,A,2,2024-01-25,5.00,7",
    "Sale Line,1,B,3,2024-01-25,2.50,7",
  ]);
  expect(customers).toEqual(["7 0 1 17.5"]);
});

test("a ledger of both sides with its payments", async () => {
  const { customers } = await readFile("both.csv", [
    "Date,Type,Invoice No,Customer,Debit,Credit",
    ...[1, 2, 3].flatMap((i) => [`2024-01-2${i},Invoice,${i},7,10.00,`, `2024-01-2${i},Payment,P${i},7,,10.00`]),
    "2024-01-24,Credit Note,4,7,,2.50",
  ]);
  expect(customers).toEqual(["7 1 3 27.5"]);
});

test.each(["price_cents", "unitPriceCents", "Price (pence)", "Price in cents", "Unit price (minor units)"])(
  "money in hundredths, by the name of its column: %s",
  async (name) => {
    const { customers, said } = await readFile("cents.csv", [
      HEADER.replace("Price", name),
      "1,A,2,2024-01-25,500,7",
      "2,B,3,2024-01-26,750,7",
      "3,C,4,2024-01-27,225,7",
    ]);
    expect(customers).toEqual(ALL);
    expect(said).toContain("prices: in hundredths");
  },
);

test("a price for 100 pieces is that of one, times the quantity", async () => {
  const { customers, said } = await readFile("sap.csv", [
    `${HEADER},Per`,
    "1,A,2,2024-01-25,500.00,7,100",
    "2,B,3,2024-01-26,7.50,7,1",
    "3,C,4,2024-01-27,2.25,7,",
  ]);
  expect(customers).toEqual(ALL);
  expect(said).toContain("prices: for as many pieces as the line says");
});

test.each([
  ["pieces", "pcs"],
  ["ones", "1"],
])("a column of %s beside a price says nothing", async (_what, per) => {
  const { customers, said } = await readFile("each.csv", [`${HEADER},Per`, ...SHOP.map((line) => `${line},${per}`)]);
  expect(customers).toEqual(ALL);
  expect(said.some((each) => each.startsWith("prices: for"))).toBe(false);
});

test("returns that only the amount of the line has a minus for", async () => {
  const { customers, said } = await readFile("totals.csv", [
    `${HEADER},Line Total`,
    "1,A,2,2024-01-25,5.00,7,10.00",
    "2,B,3,2024-01-26,7.50,7,22.50",
    "3,C,4,2024-01-27,2.25,7,9.00",
    "4,A,1,2024-01-27,5.00,7,-5.00",
  ]);
  expect(customers).toEqual(["7 0 3 36.5"]);
  expect(said).toContain("returns: lines with Line Total below zero, whose sign is turned");
});

test.each([
  ["Return Reason", "damaged"],
  ["Credit Note No", "CN1"],
  ["Original Invoice", "1"],
])("lines that look like returns and count as sales are said: %s", async (name, mark) => {
  const lines = [`${HEADER},${name}`, ...SHOP.map((line) => `${line},`), `4,A,1,2024-01-27,5.00,7,${mark}`];
  expect((await readFile("marks.csv", lines)).said).toContain(
    `returns: lines with something in ${name} count as sales`,
  );
  const signed = [...lines.slice(0, -1), `4,A,-1,2024-01-27,5.00,7,${mark}`];
  expect((await readFile("marks.csv", signed)).said.some((each) => each.startsWith("returns:"))).toBe(false);
});

test.each([
  ["Zustand", "Versendet", "Storniert"],
  ["Stage", "Shipped", "Cancelled"],
  ["Progress", "Completed", "Closed - Cancelled"],
  ["Status", "Paid", "Payment failed"],
  ["Status", "Paid", "Reversed"],
  ["Test Order", "No", "Yes"],
])("what came to nothing, in a column called %s: %s and %s", async (name, sold, off) => {
  const { customers } = await readFile("states.csv", [
    `${HEADER},${name}`,
    ...SHOP.map((line) => `${line},${sold}`),
    `4,A,9,2024-01-28,5.00,7,${off}`,
  ]);
  expect(customers).toEqual(ALL);
});

test("states that are all sales are said", async () => {
  const { customers, said } = await readFile("unpaid.csv", [
    `${HEADER},Payment Status`,
    ...SHOP.map((line, i) => `${line},${i === 0 ? "unpaid" : "paid"}`),
  ]);
  expect(customers).toEqual(ALL);
  expect(said).toContain('states of orders: "unpaid", "paid": sales');
});

test("what was invoiced counts, of several quantities, and the others are said", async () => {
  const { customers, said } = await readFile("quantities.csv", [
    "Invoice,SKU,Qty Ordered,Qty Shipped,Qty Invoiced,Date,Price,Customer ID",
    "1,A,9,2,2,2024-01-25,5.00,7",
    "2,B,3,3,3,2024-01-26,7.50,7",
    "3,C,4,4,4,2024-01-27,2.25,7",
  ]);
  expect(customers).toEqual(ALL);
  expect(said).toContain("quantities: Qty Invoiced, and not Qty Ordered");
  expect(said.some((each) => each.includes("Qty Shipped"))).toBe(false);
});

test.each([
  ["Power BI", "Sales[Invoice],Sales[SKU],Sales[Quantity],Sales[Date],Sales[Price],Sales[Customer ID]"],
  ["Amazon", "order id,sku,quantity,date/time,price,buyer email"],
  ["Oracle", "TRX_NUMBER,INVENTORY_ITEM_ID,QUANTITY_INVOICED,TRX_DATE,UNIT_SELLING_PRICE,BILL_TO_CUSTOMER_ID"],
  ["Business One", "DocNum,ItemCode,Quantity,DocDate,Price,CardCode"],
  ["Dynamics AX", "INVOICEID,ITEMID,QTY,INVOICEDATE,SALESPRICE,INVOICEACCOUNT"],
  ["Navision", "Belegnr.,Nr.,Menge,Buchungsdatum,VK-Preis,Verk. an Deb.-Nr."],
  ["X3", "Numéro facture,Article,Quantité,Date facture,Prix net,Client facturé"],
  ["MYOB", "Invoice No.,Item Number,Quantity,Date,Price,Co./Last Name"],
  ["Olist", "order_id,product_id,quantity,order_purchase_timestamp,price,customer_unique_id"],
  ["Shoptet", "Číslo dokladu,Kód,Množství,Datum,Cena za MJ,Zákazník"],
])("the columns of %s", async (_program, header) => {
  expect((await readFile("names.csv", [header, ...SHOP])).customers).toEqual(ALL);
});

const FIVE = [
  [1, "A", 2, "5.00", 25],
  [2, "B", 3, "7.50", 26],
  [3, "C", 4, "2.25", 27],
  [4, "D", 1, "1.00", 27],
  [5, "E", 1, "1.00", 27],
  [6, "A", -1, "5.00", 28],
] as const;
const KEPT = ["7 1 5 38.5"];

test.each<[string, string, (pieces: number, each: string) => readonly (string | number)[], string]>([
  ["stock", "Quantity,Price", (pieces, each) => [-pieces, each], "sales: below zero; all signs are turned"],
  [
    "revenue",
    "Amount",
    (pieces, each) => [(-pieces * Number(each)).toFixed(2)],
    "sales: below zero; all signs are turned",
  ],
  [
    "revenue, with pieces",
    "Quantity,Amount",
    (pieces, each) => [pieces, (-pieces * Number(each)).toFixed(2)],
    "sales: below zero; all signs are turned",
  ],
  [
    "items",
    "Quantity,Amount",
    (pieces, each) => [-pieces, (pieces * Number(each)).toFixed(2)],
    "sales: with a quantity below zero, whose sign is turned",
  ],
  [
    "items, twice",
    "Quantity,Price",
    (pieces, each) => (pieces > 0 ? [-pieces, `-${each}`] : [-pieces, `-${each}`]),
    "sales: with a quantity below zero, whose sign is turned",
  ],
])("sales that are below zero on the books of %s are sales", async (_books, names, row, says) => {
  const { customers, said } = await readFile("books.csv", [
    `Invoice,SKU,Date,Customer ID,${names}`,
    ...FIVE.map(([invoice, sku, pieces, each, day]) =>
      [invoice, sku, `2024-01-${day}`, 7, ...row(pieces, each)].join(),
    ),
  ]);
  expect(customers).toEqual(KEPT);
  expect(said).toContain(says);
});

test("half of the lines below zero are returns", async () => {
  const { customers, said } = await readFile("half.csv", [
    HEADER,
    ...[1, 2, 3].flatMap((i) => [`${i},A,2,2024-01-2${i},5.00,7`, `${i + 3},A,-1,2024-01-2${i},5.00,7`]),
  ]);
  expect(customers).toEqual(["7 0 3 15"]);
  expect(said.some((each) => each.startsWith("sales:"))).toBe(false);
});

test("credit notes with lines above zero among others below are said", async () => {
  const { customers, said } = await readFile("fees.csv", [
    `${HEADER},Type`,
    ...SHOP.map((line) => `${line},Invoice`),
    "4,A,-1,2024-01-27,5.00,7,Credit Note",
    "4,FEE,1,2024-01-27,2.00,7,Credit Note",
  ]);
  expect(customers).toEqual(["7 0 4 38.5"]);
  expect(said).toContain("kinds of lines: Credit Note as each is signed");
});

test("customers who return are no returns, and a column of refunds in money is no kind", async () => {
  const kinds = await readFile("kinds.csv", [
    `${HEADER},Kind`,
    ...SHOP.map((line, i) => `${line},${i === 0 ? "returning" : "new"}`),
  ]);
  expect(kinds.customers).toEqual(ALL);
  const refunds = await readFile("refunds.csv", [
    `${HEADER},Refund`,
    ...SHOP.map((line, i) => `${line},${i === 0 ? "5.00" : "0.00"}`),
  ]);
  expect(refunds.customers).toEqual(ALL);
  expect(refunds.said).toContain("what was given back: Refund is left out");
});

test.each(["Type", "Transaction"])(
  "what was void, or only offered, is no sale, in a column called %s",
  async (name) => {
    const { customers, rejects } = await readFile("void.csv", [
      `${HEADER},${name}`,
      ...SHOP.map((line) => `${line},Sale`),
      "4,A,1,2024-01-27,5.00,7,Return",
      "5,A,9,2024-01-27,5.00,7,Void",
      "6,A,9,2024-01-27,5.00,7,Quote",
    ]);
    expect(customers).toEqual(["7 0 3 36.5"]);
    expect(rejects).toEqual(["2 a kind of line that is no sale"]);
  },
);

test.each(["Item", "Product", "Artikel"])("what was paid is no sale beside rows that are called %s", async (kind) => {
  const { customers } = await readFile("rows.csv", [
    `${HEADER},Line Type`,
    ...SHOP.flatMap((line, i) => [`${line},${kind}`, `${i + 1},CARD,1,2024-01-25,99.00,7,Payment`]),
  ]);
  expect(customers).toEqual(ALL);
});

test.each([
  ["IsReturn", "0", "1"],
  ["Return Flag", "N", "Y"],
  ["Billing Type", "ZF2", "ZRE"],
  ["Billing Type", "F2", "S1"],
])("quantities above zero are returns by %s: %s and %s", async (name, sale, back) => {
  const { customers } = await readFile("kinds.csv", [
    `${HEADER},${name}`,
    ...SHOP.map((line) => `${line},${sale}`),
    `4,A,1,2024-01-27,5.00,7,${back}`,
  ]);
  expect(customers).toEqual(["7 0 3 36.5"]);
});

test.each([
  ["1005", "927", "5"],
  ["0.42", "0.3938", "0.0035"],
  ["1899-12-30 10:05:00", "1899-12-30 09:27:00", "1899-12-30 00:05:00"],
])("a time of day beside the date, as %s", async (...times) => {
  const { customers, rejects } = await readFile("times.csv", [
    "Invoice,StockCode,Quantity,Date,Time,Price,Customer ID",
    ...SHOP.map((line, i) => line.replace(/(2024-01-\d\d)/, `$1,${times[i]}`)),
  ]);
  expect({ customers, rejects }).toEqual({ customers: ALL, rejects: [] });
});

test("files of a day put behind one another have a header for every few lines, none of which is a line or a date", async () => {
  const days = Array.from({ length: 24 }, (_, i) => [
    HEADER,
    `${i},A,1,2024-01-${String(i + 1).padStart(2, "0")},5.00,7`,
  ]);
  const { customers, rejects, said, evidence, warnings } = await readFile("days.csv", days.flat());
  expect({ customers, rejects, warnings }).toEqual({ customers: ["7 0 24 120"], rejects: [], warnings: [] });
  expect(evidence.join()).toContain("it is there 23 times more, left out");
  expect(said.filter((row) => row.startsWith("nobody"))).toEqual([]);
});

test("a header that comes again may have further columns, or lack some", async () => {
  const longer = [`${HEADER},Channel`, "4,A,1,2024-01-27,5.00,7,web"];
  const { customers, rejects } = await readFile("longer.csv", [HEADER, ...SHOP, ...longer]);
  expect({ customers, rejects }).toEqual({ customers: ["7 0 4 46.5"], rejects: [] });
  expect((await readFile("shorter.csv", [...longer, HEADER, ...SHOP])).customers).toEqual(["7 0 4 46.5"]);
});

test("a quantity with a currency is none", async () => {
  const { customers, rejects } = await readFile("marks.csv", [HEADER, ...SHOP, "4,A,R2,2024-01-27,5.00,7"]);
  expect({ customers, rejects }).toEqual({ customers: ALL, rejects: ["1 quantity … has a currency"] });
});

test("a header with separators behind it that its lines lack", async () => {
  expect((await readFile("behind.csv", [`${HEADER},,`, ...SHOP])).customers).toEqual(ALL);
});

test("an empty column of prices gives way to the amounts", async () => {
  const rows = ["1,A,2,2024-01-25,,10.00,7", "2,B,3,2024-01-26,,22.50,7", "3,C,4,2024-01-27,,9.00,7"];
  const { customers } = await readFile("empty.csv", [HEADER.replace("Price", "Price,Amount"), ...rows]);
  expect(customers).toEqual(ALL);
});

test("dates in apostrophes beside texts in quotes", async () => {
  const { customers, rejects } = await readFile("quotes.csv", [
    HEADER,
    ...SHOP.map((line, i) => line.replace(/(2024-01-\d\d)/, "'$1'").replace(/,[ABC],/, `,"Lamp, ${i}",`)),
  ]);
  expect({ customers, rejects }).toEqual({ customers: ALL, rejects: [] });
});

test("a remark that speaks of what has come back is said", async () => {
  const { said } = await readFile("remarks.csv", [
    `${HEADER},Reason`,
    ...SHOP.map((line) => `${line},`),
    "4,A,1,2024-01-27,5.00,7,Returned by customer",
  ]);
  expect(said).toContain("returns: lines whose Reason speaks of a refund count as sales");
});

test("also where that column is given for the article as well", async () => {
  const lines = [...SHOP, "4,Refund for a mug,1,2024-01-27,5.00,7"];
  const columns = "stockCode=StockCode;description=StockCode";
  const { said } = await readFile("remarks.csv", [HEADER, ...lines], { columns });
  expect(said).toContain("returns: lines whose StockCode speaks of a refund count as sales");
});
