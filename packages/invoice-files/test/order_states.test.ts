import { expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

const HEADER = "Invoice,SKU,Quantity,Date,Price,Customer ID";
const SHOP = ["1,A,2,2024-01-25,5.00,7", "2,B,3,2024-01-26,7.50,7", "3,C,4,2024-01-27,2.25,7"];
const OFF = "4,A,9,2024-01-28,5.00,7";
const SOLD = ["7 0 3 41.5"];
const ALL = ["7 0 4 86.5"];

/** Three orders in one state, and one in another. */
const shop = (names: string, sold: string, off: string): string[] => [
  `${HEADER},${names}`,
  ...SHOP.map((line) => `${line},${sold}`),
  `${OFF},${off}`,
];

test.each([
  ["Status", "Delivered", "Returned to Seller"],
  ["Status", "Shipped", "Shipped - Lost in Transit"],
  ["Status", "Shipped", "RTO"],
  ["Status", "complete", "order_refunded"],
  ["status", "wc-completed", "wc-pending"],
  ["Status", "Completed", "SUSPECTED_FRAUD"],
  ["Status", "succeeded", "requires_payment_method"],
  ["Statut", "Livré", "Annulée par le client"],
  ["Status", "Versandt", "Storniert (Kunde)"],
  ["Status", "Fakturiert", "Storno"],
  ["Estado", "Completado", "Devuelto"],
  ["Durum", "Tamamlandı", "İptal edildi"],
  ["Status", "Selesai", "Dibatalkan"],
  ["Status", "Hoàn thành", "Đã hủy"],
  ["Статус", "Выполнен", "Отменён"],
  ["Status", "已完成", "已取消"],
  ["Status", "完了", "キャンセル"],
  ["Delivery Status", "Shipping on time", "Shipping canceled"],
  ["Return Status", "No return", "Full Return"],
  ["Estado", "Entregado", "Venta cancelada"],
  ["Status", "Completed", "Order voided"],
  ["Statut", "Livrée", "Commande annulée"],
  ["Status", "Erledigt", "Bestellung storniert"],
  ["Status", "Paid", "Payment expired"],
  ["Result", "SUCCESS", "FAIL"],
  ["status", "SUCCESS", "ERROR"],
  ["Makulerad", "Nej", "Ja"],
  ["Annulleret", "", "Ja"],
  ["Draft", "No", "Yes"],
  ["is_test", "0", "1"],
  ["Mode", "live", "test"],
  ["Cancel Reason", "", "customer"],
  ["Cancelled By", "", "admin"],
])("what came to nothing is no sale, in a column called %s: %s and %s", async (name, sold, off) => {
  expect((await readFile("states.csv", shop(name, sold, off))).customers).toEqual(SOLD);
});

test.each([
  ["Fulfillment Status,Financial Status", "fulfilled,paid", "fulfilled,voided"],
  ["Order Status,Payment Status", "Processing,Paid", "Processing,Failed"],
  ["Cancelled at,Refunded", ",FALSE", ",TRUE"],
  ["Refunded,Cancelled at", "FALSE,", "FALSE,2024-01-29"],
])("each of several columns may say it: %s", async (names, sold, off) => {
  expect((await readFile("states.csv", shop(names, sold, off))).customers).toEqual(SOLD);
});

test("what waits for its payment is sold where invoices have a day on which they are due", async () => {
  expect(
    (await readFile("xero.csv", shop("Status,DueDate", "Paid,2024-02-25", "Awaiting Payment,2024-02-28"))).customers,
  ).toEqual(ALL);
  expect((await readFile("shop.csv", shop("Status", "Paid", "Awaiting Payment"))).customers).toEqual(SOLD);
});

test.each([
  ["Balance", "45.00"],
  ["Amount due", "53.55"],
  ["Terms", "Net 30"],
  ["Payment terms", "30 days"],
  ["Terms", "2/10 Net 30"],
  ["Zahlungsziel", "30 Tage"],
  ["Zahlungsziel", "2024-02-28"],
])("and where they have something in a column %s: %s", async (name, text) => {
  expect((await readFile("list.csv", shop(`Status,${name}`, "Paid,", `Awaiting Payment,${text}`))).customers).toEqual(
    ALL,
  );
});

test("on one line of each invoice that is enough", async () => {
  const lines = shop("Status,Due date", "Paid,", "Awaiting Payment,2024-02-28");
  const { customers } = await readFile("due.csv", [...lines, `${OFF.replace(",A,9,", ",B,1,")},Awaiting Payment,`]);
  expect(customers).toEqual(["7 0 4 91.5"]);
});

test.each([
  ["Terms", ""],
  ["Terms", "1"],
  ["Payment terms", "Prepaid"],
  ["Balance", ""],
  ["Balance", "0.00"],
  ["Balance", "1200"],
  ["Amount due", "0"],
])("a column %s with %j of what waits says nothing of that", async (name, text) => {
  const lines = shop(`Status,${name}`, `Completed,${text}`, `Pending payment,${text}`);
  expect((await readFile("shop.csv", lines)).customers).toEqual(SOLD);
});

test.each(["requires_payment_method", "wc-pending", "Pending payment"])(
  "many payments that nobody made are no sales, and not asked about: %s",
  async (state) => {
    const lines = [
      `${HEADER},Payment status,Order status`,
      ...Array.from({ length: 30 }, (_, i) => `${i},A,1,2024-01-25,5.00,7,${i % 5 < 2 ? state : "Paid"},Completed`),
    ];
    expect((await readFile("list.csv", lines)).customers).toEqual(["7 0 18 90"]);
  },
);

test.each([
  ["Print status", "Completed", "Error"],
  ["Tracking", "Delivered", "Error"],
  ["Accounting", "Processed", "Error"],
  ["ERP", "Success", "Skipped"],
  ["Survey", "Completed", "Skipped"],
  ["Backup", "Success", "Skipped"],
  ["Survey", "Completed", "Order incomplete"],
  ["Status", "Completed", "Payment incomplete"],
  ["Status", "Completed", "Item unavailable"],
  ["Status", "Completed", "Items returned"],
])(
  "what is said of something else than the order leaves it a sale, in a column called %s: %s and %s",
  async (...of) => {
    expect((await readFile("states.csv", shop(...of))).customers).toEqual(ALL);
  },
);

test("where as many lines wait for their payment as in no shop, it is asked whether they are sold", async () => {
  const lines = [
    `${HEADER},Status`,
    ...Array.from({ length: 30 }, (_, i) => `${i},A,1,2024-01-25,5.00,7,${i % 2 === 0 ? "Paid" : "Awaiting Payment"}`),
  ];
  await expect(readFile("list.csv", lines)).rejects.toThrow(
    'Status has "Awaiting Payment" on 15 lines of 30 lines of the sample, many for orders that came to nothing',
  );
  expect((await readFile("list.csv", lines, { columns: "status=-" })).customers).toEqual(["7 0 30 150"]);
  expect((await readFile("list.csv", lines, { columns: "status=Status" })).customers).toEqual(["7 0 15 75"]);
});

test.each([
  ["Valid", "Y", "N"],
  ["Active", "1", "0"],
  ["Is Paid", "Yes", "No"],
  ["livemode", "true", "false"],
])("a flag that may mean as much is said: %s", async (name, sold, off) => {
  const { customers, said } = await readFile("flags.csv", shop(name, sold, off));
  expect(customers).toEqual(ALL);
  expect(said).toContain(`states of orders: ${name} is left out`);
});

test("states as codes that only their program knows are said", async () => {
  const { customers, said } = await readFile("codes.csv", shop("order_status_id", "5", "7"));
  expect(customers).toEqual(ALL);
  expect(said).toContain("states of orders: order_status_id is left out");
  const { said: ofOne } = await readFile("one.csv", shop("order_status_id", "5", "5"));
  const others = ["State Code", "Marital status code", "Stock status ID", "Status code"].map(
    async (name) => (await readFile("states.csv", shop(name, "27", "29"))).said,
  );
  expect([...ofOne, ...(await Promise.all(others)).flat()].some((each) => each.startsWith("states of orders:"))).toBe(
    false,
  );
});

test("codes beside states in words are not said", async () => {
  const { said } = await readFile("codes.csv", shop("order_status_id,order_status", "5,Complete", "7,Cancelled"));
  expect(said.filter((each) => each.startsWith("states of orders:"))).toEqual([
    'states of orders: "Cancelled": rejected, as no sale',
  ]);
});

test("states are left where `columns` says so", async () => {
  const { customers } = await readFile("states.csv", shop("Status", "Paid", "Failed"), { columns: "status=-" });
  expect(customers).toEqual(ALL);
});

test("a state may have a line feed in it", async () => {
  const [header, ...lines] = shop("Status", "paid", '"cancelled\nby customer"');
  const noted = lines.map((line, i) => (i === 0 ? line.replace(/paid$/, '"paid\n"') : line));
  expect((await readFile("states.csv", [header!, ...noted])).customers).toEqual(SOLD);
});

/** Sales, orders that came back by their state, and lines below zero that each stand alone, of one price. */
const returned = (states: number, below: number): string[] => [
  `${HEADER},Status`,
  ...Array.from({ length: 40 }, (_, i) => `s${i},A,1,2024-01-25,5.00,7,Delivered`),
  ...Array.from({ length: states }, (_, i) => `r${i},A,1,2024-01-25,5.00,7,Returned`),
  ...Array.from({ length: below }, (_, i) => `b${i},A,1,2024-01-25,-5.00,7,Delivered`),
];

test("many more orders that came back than lines below zero are not paid back by these", async () => {
  const { customers, rejects } = await readFile("faults.csv", returned(12, 1));
  expect([customers, rejects]).toEqual([["7 0 40 195"], ["12 the state of the order is …"]]);
  // As many as can be the returns of those orders: they take back the sales themselves.
  for (const below of [12, 3]) {
    const paid = await readFile("paid.csv", returned(12, below));
    expect([paid.customers, paid.rejects]).toEqual([[`7 0 52 ${5 * (52 - below)}`], []]);
  }
});
