import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const HEADER = "Invoice,StockCode,Quantity,InvoiceDate,Price,Customer ID";

test.each([
  ["Sold", "Returned"],
  ["Sale", "Refund"],
  ["Verkauf", "Retoure"],
  ["Verkauf", "Rückgabe"],
  ["Myynti", "Palautus"],
  ["vente", "avoir"],
  ["Factuur", "Creditfactuur"],
  ["Faktura VAT", "Faktura korygująca"],
  ["Venda de mercadoria", "Devolução de venda"],
])("a column tells by its words alone what has come back: %s and %s", async (sale, back) => {
  const { customers, said } = await readFile("words.csv", [
    `${HEADER},Transaction`,
    `1,A,2,2024-01-25,5.00,7,${sale}`,
    `2,A,3,2024-01-26,5.00,7,${sale}`,
    `3,A,1,2024-01-27,5.00,7,${back}`,
  ]);
  expect(customers).toEqual(["7 1 2 20"]);
  expect(said).toContain(`credit notes: ${back}`);
});

test.each([
  ["SI", "SC", "credit notes: SC"],
  ["RE", "GS", "credit notes: GS"],
  ["F2", "RE", "credit notes: RE"],
  ["FA", "AV", "credit notes: AV"],
  ["INV", "CRM", "credit notes: CRM"],
  ["380", "381", "credit notes: 381"],
  ["Factura", "Factura rectificativa", "credit notes: Factura rectificativa"],
  ["Faktura", "Kreditfaktura", "credit notes: Kreditfaktura"],
  ["601", "602", "credit notes: 602"],
  ["TD01", "TD04", "credit notes: TD04"],
  ["FV", "FVK", "credit notes: FVK"],
  ["RE", "RK", "credit notes: RK"],
  ["Rechnung", "Rechnungskorrektur", "credit notes: Rechnungskorrektur"],
  ["Invoice", "Cr. Memo", "credit notes: Cr. Memo"],
  ["Sale", "Reversal", "credit notes: Reversal"],
])("an abbreviation is a credit note by that of a sale beside it: %s and %s", async (sale, back, says) => {
  const { customers, said } = await readFile("types.csv", [
    `${HEADER},Type`,
    `1,A,2,2024-01-25,5.00,7,${sale}`,
    `2,A,3,2024-01-26,5.00,7,${sale}`,
    `3,A,1,2024-01-27,5.00,7,${back}`,
  ]);
  expect(customers).toEqual(["7 1 2 20"]);
  expect(said).toContain(says);
});

test("a return with a minus before quantity and price alike is one", async () => {
  const { customers, said } = await readFile("twice.csv", [
    HEADER,
    "1,A,2,2024-01-25,5.00,7",
    "2,A,3,2024-01-26,5.00,7",
    "3,A,-1,2024-01-27,-5.00,7",
  ]);
  expect(customers).toEqual(["7 1 2 20"]);
  expect(said).toContain("returns: quantity below zero, one minus of the two");
});

test("a discount that is taken back has both signs as well, and counts as it stands", async () => {
  const { customers, said } = await readFile("discounts.csv", [
    HEADER,
    "1,A,2,2024-01-25,5.00,7",
    "1,DISCOUNT,1,2024-01-25,-1.00,7",
    "2,DISCOUNT,-1,2024-01-26,-1.00,7",
  ]);
  expect(customers).toEqual(["7 1 1 10"]);
  expect(said.some((each) => each.startsWith("returns:"))).toBe(false);
});

test("what was cancelled or came back by a date or a yes in a column of its own is no sale", async () => {
  const shopify = await readFile("shopify.csv", [
    "Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem price,Cancelled at",
    "#1,a@example.com,paid,2024-01-25 10:00:00 +0000,2,Lamp,5.00,",
    "#2,a@example.com,pending,2024-01-26 10:00:00 +0000,1,Lamp,7.00,2024-01-26 11:00:00 +0000",
    "#2,a@example.com,,,1,Vase,9.00,",
    "#3,a@example.com,paid,2024-01-27 10:00:00 +0000,1,Vase,9.00,",
  ]);
  expect(shopify.customers).toEqual(["a@example.com 0 2 19"]);
  expect(shopify.rejects).toEqual(["2 cancelled or given back"]);
  expect(shopify.said).toContain("states of orders: what has something in Cancelled at: rejected, as no sale");

  const superstore = await readFile("superstore.csv", [
    "Order ID,SKU,Quantity,Order Date,Price,Customer ID,Returned",
    "1,A,2,2024-01-25,5.00,7,No",
    "2,A,3,2024-01-26,5.00,7,Yes",
  ]);
  expect(superstore.customers).toEqual(["7 0 1 10"]);
});

test("an order that waits for its payment is no sale", async () => {
  const { customers, rejects } = await readFile("woo.csv", [
    "Order Number,Order Status,Order Date,Email (Billing),SKU,Quantity,Item Cost",
    "1,Completed,2024-01-25 10:00,a@example.com,A,2,5.00",
    "2,Pending payment,2024-01-26 10:00,a@example.com,A,1,5.00",
  ]);
  expect(customers).toEqual(["a@example.com 0 1 10"]);
  expect(rejects).toEqual(["1 the state of the order is …"]);
});

test.each([
  ["GS", "GS2001", "GSX-1"],
  ["rma-, cn", "RMA-2001", "RMAT1"],
])(
  "credit notes that only their number tells are those that a parameter names: %s",
  async (creditNotes, number, other) => {
    const lines = [
      HEADER,
      `${other},A,2,2024-01-25,5.00,7`,
      "2,A,3,2024-01-26,5.00,7",
      `${number},A,1,2024-01-27,5.00,7`,
    ];
    expect((await readFile("numbers.csv", lines)).customers).toEqual(["7 0 3 30"]);
    const { customers, said } = await readFile("numbers.csv", lines, { creditNotes });
    expect(customers).toEqual(["7 1 2 20"]);
    expect(said).toContain(`credit notes: invoices that begin with ${creditNotes.split(/,\s*/).join(", ")}`);
  },
);

test.each(["Zahlung ausstehend", "En attente de paiement", "Pendiente de pago", "In attesa di pagamento"])(
  "an order that waits for its payment is no sale in other languages either: %s",
  async (state) => {
    const { rejects } = await readFile("state.csv", [
      `${HEADER},Status`,
      "1,A,2,2024-01-25,5.00,7,OK",
      `2,A,1,2024-01-26,5.00,7,${state}`,
    ]);
    expect(rejects).toEqual(["1 the state of the order is …"]);
  },
);

test("a way to pay is no kind of document", async () => {
  const { customers, said } = await readFile("paid.csv", [
    `${HEADER},Payment`,
    "1,A,2,2024-01-25,5.00,7,Invoice",
    "2,A,3,2024-01-26,5.00,7,Credit Card",
    "3,A,1,2024-01-27,5.00,7,Credit",
  ]);
  expect(customers).toEqual(["7 0 3 30"]);
  expect(said.some((each) => each.startsWith("credit notes:"))).toBe(false);
});

test("kinds of which none is known are said", async () => {
  const lines = (kind: string, pieces: string): string[] => [
    `${HEADER},Movement Type`,
    "1,A,2,2024-01-25,5.00,7,Issue",
    `2,A,${pieces},2024-01-26,5.00,7,${kind}`,
  ];
  const says = "kinds of lines: Issue, Adjustment: sales";
  expect((await readFile("kinds.csv", lines("Adjustment", "1"))).said).toContain(says);
  expect((await readFile("kinds.csv", lines("Adjustment", "-1"))).said).not.toContain(says);
  expect((await readFile("kinds.csv", lines("Issue", "1"))).said.some((each) => each.startsWith("kinds"))).toBe(false);
});
