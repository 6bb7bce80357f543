import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const PAYPAL =
  "Date,Type,Status,Currency,Gross,From Email Address,To Email Address,Transaction ID,Item Title,Item ID,Quantity,Balance Impact";
const SHOP = "shop@example.com";

test("of PayPal's payments those without an article or a quantity count, and invoices that were sent do not", async () => {
  const rows = [
    `2024-01-20,Invoice Sent,Paid,USD,20.00,${SHOP},anna@example.com,I1,Badges,,2,Memo`,
    `2024-01-21,Website Payment,Completed,USD,20.00,anna@example.com,${SHOP},T1,For invoice 1,0001,2,Credit`,
    `2024-01-22,PayPal Here Payment,Completed,USD,30.00,bert@example.com,${SHOP},T2,,,,Credit`,
    `2024-01-23,General Authorization,Pending,USD,-9.00,${SHOP},fuel@example.com,A1,,,,Memo`,
    `2024-01-24,General PayPal Debit Card Transaction,Completed,USD,-9.00,${SHOP},fuel@example.com,T3,,,,Debit`,
    `2024-01-24,General PayPal Debit Card Transaction,Completed,USD,-1.00,${SHOP},fuel@example.com,T3,,,,Debit`,
    `2024-01-25,Website Payment,Completed,USD,5.00,anna@example.com,${SHOP},T4,For invoice 2,0002,1,Credit`,
  ];
  const { customers, rejects, said } = await readFile("paypal.csv", [PAYPAL, ...rows]);
  expect(customers).toEqual(["anna@example.com 0 2 25", "bert@example.com 3 1 30"]);
  expect(rejects).toEqual(["2 a kind of line that is no sale"]);
  expect(said).toContain("stock codes: the description where there is none, or a dash");
  expect(said.some((each) => each.startsWith("kinds of lines"))).toBe(false);
});

test("a column of memos that are no kind of impact tells of no payment", async () => {
  const { customers } = await readFile("memos.csv", [
    "Transaction ID,Date,Type,Amount,Customer,Memo",
    "T1,2024-01-24,Payment,20.00,7,Memo",
    "T2,2024-01-25,Payment,30.00,8,Memo",
  ]);
  expect(customers).toEqual(["7 1 1 20", "8 0 1 30"]);
});

test("a line without an article beside others of its invoice may add them up, and one beside invoices of several lines may be a fault", async () => {
  const header = "Invoice,SKU,Description,Quantity,Date,Price,Customer";
  const sums = await readFile("sums.csv", [
    header,
    ...[1, 2, 3].flatMap((i) => [`${i},A,Lamp,1,2024-01-2${i},10.00,7`, `${i},,,1,2024-01-2${i},10.00,7`]),
  ]);
  expect(sums).toMatchObject({ customers: ["7 0 3 30"], rejects: ["3 no stock code"] });
  const lines = Array.from(
    { length: 30 },
    (_, i) => `${i},A,Lamp,1,2024-01-25,10.00,7\n${i},B,Vase,1,2024-01-25,5.00,7`,
  );
  const fault = await readFile("fault.csv", [header, ...lines, "99,,,1,2024-01-25,10.00,7"]);
  expect(fault.rejects).toEqual(["1 no stock code"]);
});

test("an amount without a quantity that stands beside other lines of its invoice is no line of one piece", async () => {
  const { customers, rejects } = await readFile("sums.csv", [
    "Invoice,SKU,Quantity,Date,Amount,Customer",
    ...[1, 2, 3].flatMap((i) => [`${i},A,2,2024-01-2${i},10.00,7`, `${i},Z,,2024-01-2${i},10.00,7`]),
  ]);
  expect(customers).toEqual(["7 0 3 30"]);
  expect(rejects).toEqual(["3 quantity … is not a number as the file writes them"]);
});

test("the few articles of a shop that have a name and no code are sold as the others are, and so is the payment that has neither", async () => {
  const sold = Array.from(
    { length: 30 },
    (_, i) => `#${i},7,2024-01-24,A,Lamp,1,10.00\n#${i},7,2024-01-24,B,Vase,1,5.00`,
  );
  const { customers, rejects } = await readFile("gift_cards.csv", [
    "Name,Customer ID,Created at,Lineitem sku,Lineitem name,Lineitem quantity,Lineitem price",
    ...sold,
    "#99,8,2024-01-25,,Gift card,1,160.00",
  ]);
  expect({ customers, rejects }).toEqual({ customers: ["7 1 30 450", "8 0 1 160"], rejects: [] });
  const stripe = await readFile("stripe.csv", [
    "id,Created (UTC),Amount,Description,Customer ID",
    ...[1, 2, 3, 4].map((i) => `ch_${i},2024-01-2${i} 10:00,10.00,Subscription update,cus_1`),
    "py_5,2024-01-25 10:00,300.00,,cus_2",
  ]);
  expect(stripe).toMatchObject({ customers: ["cus_1 1 4 40", "cus_2 0 1 300"], rejects: [] });
});

const TIENDANUBE =
  "Número de orden;Email;Fecha;Estado del pago;Moneda;Descuento;Total;Número;País;Nombre del producto;Precio del producto;Cantidad del producto;SKU";
const ORDERS = [
  "4327;anna@example.com;30/10/2024 10:00:00;Recibido;ARS;0.00;39900;1250;Argentina;Remera;39900;1;",
  "4326;bert@example.com;29/10/2024 23:44:06;Recibido;ARS;20000.00;99800;899;Argentina;Short;79900;1;",
  "4326;bert@example.com;;;;;;;;Ojotas;39900;1;",
];

test("Tiendanube's orders are told apart by their number, not by that of the house", async () => {
  const { customers, rejects, said } = await readFile("ventas.csv", [TIENDANUBE, ...ORDERS]);
  expect({ customers, rejects }).toEqual({
    customers: ["anna@example.com 0 1 39900", "bert@example.com 1 1 119800"],
    rejects: [],
  });
  expect(said).toContain(
    "columns: invoice number: Número de orden; stock code: SKU; description: Nombre del producto; quantity: Cantidad del producto; date of the invoice: Fecha; price of one piece: Precio del producto; customer: Email; country: País; currency: Moneda; state of the order: Estado del pago",
  );
});

test("a header that has lost its letters with accents is known by the others", async () => {
  const lost = TIENDANUBE.replaceAll(/[^\p{ASCII}]/gu, "\uFFFD");
  const { customers } = await readFile("perdido.csv", [lost, ...ORDERS]);
  expect(customers).toEqual(["anna@example.com 0 1 39900", "bert@example.com 1 1 119800"]);
  const german = await readFile("verloren.csv", [
    "Rechnungsnr;Datum;Kundennr;Artikel;St\uFFFDckzahl;Preis",
    "1;25.01.2024;7;A;2;5,50",
  ]);
  expect(german.customers).toEqual(["7 0 1 11"]);
});

test("an order's total on its first line alone is all that the order comes to, and its other lines are none that fail", async () => {
  const { customers, rejects, said } = await readFile("totals.csv", [
    "Name,Email,Created at,Total,Lineitem name,Lineitem quantity",
    "#1,anna@example.com,2024-01-24,30.00,Lamp,1",
    "#1,,,,Vase,2",
    "#1,,,,Bowl,1",
    "#2,bert@example.com,2024-01-25,20.00,Lamp,1",
    "#2,,,,Vase,1",
  ]);
  expect({ customers, rejects }).toEqual({
    customers: ["anna@example.com 1 1 30", "bert@example.com 0 1 20"],
    rejects: [],
  });
  expect(said).toContain(
    "lines of an order: the date and customer of the order's first line where blank, whose amount is that of the whole order",
  );
});

test("a blank amount of a single later line is a fault", async () => {
  const { rejects } = await readFile("fault.csv", [
    "Invoice,Date,Customer,Article,Amount",
    "1,2024-01-24,7,A,10.00",
    "1,2024-01-24,7,B,5.00",
    "2,2024-01-25,7,A,10.00",
    "2,2024-01-25,7,B,",
  ]);
  expect(rejects).toEqual(["1 amount … is not a number as the file writes them"]);
});

test("a word of three letters behind an amount says what it is of, unless it is that of a currency or a clock", async () => {
  const venmo = await readFile("fees.csv", [
    "ID,Date,Customer,Amount (fee),Amount (total)",
    "1,2024-01-24,7,0.30,10.00",
    "2,2024-01-25,8,0.60,20.00",
  ]);
  expect(venmo.customers).toEqual(["7 1 1 10", "8 0 1 20"]);
  const usd = await readFile("usd.csv", ["ID,Date (PST),Customer,Amount (usd)", "1,2024-01-24,7,10.00"]);
  expect(usd.customers).toEqual(["7 0 1 10"]);
});

test("a column of invoice numbers in which there are none is none", async () => {
  const blank = await readFile("charges.csv", [
    "id,created,customer_id,description,amount,invoice_id",
    "ch_1,2024-01-24 10:00,7,Subscription,10.00,",
    "ch_2,2024-01-25 11:00,8,Subscription,20.00,",
  ]);
  expect(blank.customers).toEqual(["7 1 1 10", "8 0 1 20"]);
  const few = await readFile("receipts.csv", [
    "id,doc_number,transaction_date,customer_id,total_amount",
    "1,,2024-01-23,7,10.00",
    "2,A7,2024-01-24,7,20.00",
    "3,,2024-01-25,8,30.00",
  ]);
  expect(few).toMatchObject({ customers: ["7 1 2 30", "8 0 1 30"], rejects: [] });
});

test("a number that an order has on its first line alone is that of its other lines, however many", async () => {
  const { customers } = await readFile("first.csv", [
    "Invoice,Date,Customer,Article,Quantity,Price",
    "1,2024-01-24,7,A,1,10.00",
    ",,,B,1,5.00",
    ",,,C,1,5.00",
    "2,2024-01-25,7,A,1,10.00",
    ",,,B,1,5.00",
  ]);
  expect(customers).toEqual(["7 0 2 35"]);
});

test("other columns of dates tell the order of day and month, where the invoices' own leave it open", async () => {
  const row = (day: string, due: string, id: number): string => `${id},${day},${due},A,1,5.00,7`;
  const header = "Invoice,Date,Due date,Article,Quantity,Price,Customer";
  const days = ["03/02/2024", "04/02/2024", "05/02/2024"];
  const { customers, said, evidence } = await readFile("due.csv", [
    header,
    ...days.map((day, i) => row(day, day.replace(/^../, "28"), i)),
  ]);
  expect(customers).toEqual(["7 0 3 15"]);
  expect(said).toContain("dates: day first, dd/mm/yyyy");
  expect(evidence).toContain("as in Due date, where 3 of 3 values have a first number above 12");
  // Of another form, by another program or hand, or alike in either order, they tell nothing of these.
  for (const other of ["2024-02-28", "28-02-24", "28 Feb 2024", "06/06/2024"]) {
    const file = readFile("other.csv", [header, ...days.map((day, i) => row(day, other, i))]);
    await expect(file).rejects.toMatchObject({
      message: expect.stringContaining("none of the 3 dates has a number above 12"),
    });
  }
});

const OPEN = { message: expect.stringContaining("has a number above 12 that would tell day from month") };

test.each<[string, string, (i: number, two: (n: number) => string) => string]>([
  ["one slip", "Delivered", (i) => (i === 7 ? "03/25/2024" : "")],
  ["the birthdays of customers", "Birthday", (i, two) => `${two(13 + i)}/03/1980`],
  ["a shipper with another program", "Shipped", (i, two) => `${two(13 + (i % 12))}/0${1 + (i % 3)}/2024`],
  ["a shipper with another program", "Shipped", (i, two) => `0${1 + (i % 3)}/${two(13 + (i % 12))}/2024`],
])("the order of day and month is not told by %s: %s", async (_, name, other) => {
  const two = (n: number): string => String(n).padStart(2, "0");
  const isMonthFirst = other(0, two).startsWith("13");
  const rows = Array.from({ length: 12 }, (_each, i) => {
    const [own, month] = [two(1 + i), `0${1 + (i % 3)}`];
    return `${i},${isMonthFirst ? `${month}/${own}` : `${own}/${month}`}/2024,${other(i, two)},A,1,5.00,7`;
  });
  const file = readFile("open.csv", [`Order,Order Date,${name},SKU,Quantity,Price,Customer`, ...rows]);
  await expect(file).rejects.toMatchObject(OPEN);
});

test("deliveries of most of the invoices tell the order of day and month, across the turn of a year as well", async () => {
  const row = (date: string, delivered: string, i: number): string => `${i},${date},${delivered},A,1,5.00,7`;
  const dates = ["10/12/2023", "11/12/2023", "12/12/2023", "08/01/2024", "09/01/2024", "10/01/2024"];
  const delivered = ["28/12/2023", "29/12/2023", "13/01/2024", "20/01/2024", "", ""];
  const { customers, said } = await readFile("delivered.csv", [
    "Order,Order Date,Delivered,SKU,Quantity,Price,Customer",
    ...dates.map((date, i) => row(date, delivered[i]!, i)),
  ]);
  expect(customers).toEqual(["7 0 6 30"]);
  expect(said).toContain("dates: day first, dd/mm/yyyy");
});

const STRIPE = "id,Created (UTC),Amount,Currency,Converted Amount,Converted Currency,Fee,Customer ID";

test("amounts of several currencies are those of the column that has them in one", async () => {
  const { customers, said } = await readFile("stripe.csv", [
    STRIPE,
    "ch_1,2024-01-24 10:00,15.00,usd,534.80,thb,35.40,cus_1",
    "ch_2,2024-01-25 10:00,9.00,eur,350.06,thb,26.63,cus_2",
    "ch_3,2024-01-26 10:00,30.00,usd,1070.10,thb,60.10,cus_1",
  ]);
  expect(customers).toEqual(["cus_1 0 2 1604.9", "cus_2 1 1 350.06"]);
  expect(said).toContain("amounts: Converted Amount, and not Amount");
  expect(said).toContain("currency: THB");
  const quickbooks = await readFile("home.csv", [
    "Num,Date,Customer,Amount,Amount (home currency)",
    "1,2024-01-24,7,100.00,100.00",
    "2,2024-01-25,8,100.00,92.00",
  ]);
  expect(quickbooks.customers).toEqual(["7 1 1 100", "8 0 1 92"]);
  expect(quickbooks.said).toContain("amounts: Amount (home currency), and not Amount");
});

test("dates whose day and month are one number are the same in either order", async () => {
  const rows = ["1,10/10/2024 10:00,A,1,5.00,7", "2,10/10/2024 11:00,A,1,5.00,8"];
  const header = "Invoice,Date,Article,Quantity,Price,Customer";
  const { customers, evidence } = await readFile("day.csv", [header, ...rows]);
  expect(customers).toEqual(["7 0 1 5", "8 0 1 5"]);
  expect(evidence).toContain("day and month are the same number in all 2 values");
  const two = readFile("days.csv", [header, ...rows, "3,11/10/2024 10:00,A,1,5.00,7"]);
  await expect(two).rejects.toMatchObject({ message: expect.stringContaining("would tell day from month") });
  const days = [header, "1,2022001,A,1,5.00,7", "2,2022002,A,1,5.00,8"];
  await expect(readFile("ordinal.csv", days)).rejects.toMatchObject({ message: expect.stringContaining("2022001") });
});

test.each([
  ["numero,client_id,montant,date_emission,date_echeance", "F1,7,10.00,2024-01-24,2024-02-24"],
  ["factura_id,fecha,cliente_id,base_imponible,iva_total,total_factura", "1,2024-01-24,7,8.26,1.74,10.00"],
])("lists of invoices by other words: %s", async (header, line) => {
  expect((await readFile("list.csv", [header, line])).customers).toEqual(["7 0 1 10"]);
});

test("a few orders in another currency are left out and said, and many stop the file", async () => {
  const header = "Name,Email,Created at,Currency,Lineitem name,Lineitem quantity,Lineitem price";
  const row = (i: number, code: string): string => `#${i},${i % 9}@example.com,2024-01-25,${code},Lamp,1,10.00`;
  const rows = (others: number): string[] => Array.from({ length: 200 }, (_, i) => row(i, i < others ? "USD" : "TRY"));
  const few = await readFile("few.csv", [header, ...rows(2)]);
  expect(few.said).toContain("currency: TRY");
  expect(few.rejects).toEqual(["2 amount in USD, and others are in TRY"]);
  const many = readFile("many.csv", [header, ...rows(20)]);
  await expect(many).rejects.toMatchObject({ message: expect.stringContaining("cannot be added up") });
});

test("a voided order whose note has lines of its own is rejected because it is voided", async () => {
  const { rejects } = await readFile("notes.csv", [
    "Name,Email,Created at,Financial Status,Lineitem name,Lineitem quantity,Lineitem price,Notes",
    '#1,anna@example.com,2024-01-24,voided,Lamp,1,10.00,"Size: M\r\nPhone: 1\r\nCity: Chandpur\r\nGift"',
    "#2,anna@example.com,2024-01-25,paid,Lamp,1,10.00,",
  ]);
  expect(rejects).toEqual(["1 the state of the order is …"]);
});

test("amounts with taxes, and those of one currency, are not taken for converted ones", async () => {
  const taxed = readFile("taxed.csv", [
    "Invoice,Date,Customer,Amount,Currency,Amount incl. tax,Settled",
    "1,2024-01-24,7,100.00,GBP,120.00,usd",
    "2,2024-01-25,8,100.00,USD,100.00,usd",
  ]);
  await expect(taxed).rejects.toMatchObject({ message: expect.stringContaining("cannot be added up") });
  const one = await readFile("one.csv", [
    STRIPE,
    "ch_1,2024-01-24 10:00,15.00,usd,534.80,thb,35.40,cus_1",
    "ch_2,2024-01-25 10:00,9.00,usd,320.86,thb,26.63,cus_2",
  ]);
  expect(one.customers).toEqual(["cus_1 1 1 15", "cus_2 0 1 9"]);
});

test("a rate of exchange that is 1 throughout makes no amount of a price", async () => {
  const rows = Array.from({ length: 12 }, (_, i) => `B-${i},2024-01-${i + 10},7,1,Lamp,100,100`);
  const { customers } = await readFile("rates.csv", [
    "Invoice,Date,Customer,Exchange Rate,Item,Quantity,Rate",
    ...rows,
  ]);
  expect(customers).toEqual(["7 0 12 120000"]);
});

test("a stop for a missing date names a column that has dates", async () => {
  const file = readFile("dates.csv", ["Invoice,Client,Item,Qty,Price,Booked", "1,7,A,1,5.00,2024-01-24"]);
  await expect(file).rejects.toMatchObject({ hint: expect.stringContaining('columns="invoiceDate=Booked"') });
});

test("a stop for a missing date names a column that has dates", async () => {
  const header = "Exported,Invoice,Client,Item,Qty,Price,Booked";
  const file = readFile("dates.csv", [
    header,
    "2024-02-01,1,7,A,1,5.00,2024-01-24",
    "2024-02-01,2,8,A,1,5.00,2024-01-25",
  ]);
  await expect(file).rejects.toMatchObject({ hint: expect.stringContaining('columns="invoiceDate=Booked"') });
});

test("a stop for a missing date names no column where several have dates", async () => {
  const lines = ["1,7,A,1,5.00,1980-01-24,2024-01-24", "2,8,A,1,5.00,1981-01-24,2024-01-25"];
  const file = readFile("several.csv", ["Invoice,Client,Item,Qty,Price,Birthday,Bought", ...lines]);
  await expect(file).rejects.toMatchObject({ hint: expect.stringContaining("invoiceDate=Name of the column") });
});
