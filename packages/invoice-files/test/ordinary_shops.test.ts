import { describe, expect, test } from "@jest/globals";
import { readFile } from "./support/read_file.js";

/** Ordinary files beside the unusual ones that rules by the values are for: what their columns are called is what they have. */

const LINES = 60;
const day = (i: number): string =>
  `2024-${String(1 + (i % 5)).padStart(2, "0")}-${String(1 + (i % 28)).padStart(2, "0")}`;
const ARTICLES = [5, 10, 20];
const line = (i: number) => ({
  invoice: 1000 + i,
  date: day(i),
  article: i % 3,
  pieces: 1 + (i % 4),
  price: ARTICLES[i % 3]!,
});
const rows = (fields: (i: number) => readonly unknown[], count = LINES): string[] =>
  Array.from({ length: count }, (_, i) => fields(i).join());

const idsOf = (customers: readonly string[]): string[] => customers.map((each) => each.split(" ")[0]!);
const moneyOf = (customers: readonly string[]): number =>
  Math.round(100 * customers.reduce((sum, each) => sum + Number(each.split(" ")[3]), 0)) / 100;
const sold = (count = LINES): number =>
  Array.from({ length: count }, (_, i) => line(i)).reduce((sum, { pieces, price }) => sum + pieces * price, 0);

describe("a number of a card is no customer", () => {
  const header = "Invoice,Date,Item,Quantity,Price";
  const sale = (i: number): readonly unknown[] => {
    const { invoice, date, article, pieces, price } = line(i);
    return [invoice, date, article, pieces, price];
  };
  const four = ["n0@example.com", "n1@example.com", "n2@example.com", "n3@example.com"];
  test.each([
    ["of seven cards", "Card number", (i: number) => `**** 400${i % 7}`],
    ["of a gift in some lines", "Card no.", (i: number) => (i % 9 === 0 ? `G${i}` : "")],
  ])("beside addresses: %s", async (_, name, cardOf) => {
    const { customers } = await readFile("cards.csv", [
      `${header},${name},Email`,
      ...rows((i) => [...sale(i), cardOf(i), four[i % 4]]),
    ]);
    expect(idsOf(customers)).toEqual(four);
  });
  test("beside names", async () => {
    const { customers } = await readFile("cards.csv", [
      `${header},Card No,Customer Name`,
      ...rows((i) => [...sale(i), `400${i % 7}`, ["Ames", "Brook", "Cole"][i % 3]]),
    ]);
    expect(idsOf(customers)).toEqual(["Ames", "Brook", "Cole"]);
  });
  test("unless there is nothing else", async () => {
    const { customers } = await readFile("cards.csv", [
      `${header},cc_num`,
      ...rows((i) => [...sale(i), 4000 + (i % 3)]),
    ]);
    expect(idsOf(customers)).toEqual(["4000", "4001", "4002"]);
  });
});

describe("a slip among first lines that speak for their orders", () => {
  /** Orders of two lines; every fifth is cancelled. */
  const orders = (name: string, stateOf: (order: number, isFirst: boolean) => string): string[] => [
    `Invoice,Customer ID,Date,Item,Quantity,Price,${name}`,
    ...rows((i) => {
      const order = Math.floor(i / 2);
      return [1000 + order, 1 + (order % 4), day(order), i % 3, 1, 5, stateOf(order, i % 2 === 0)];
    }),
  ];
  const isCancelled = (order: number): boolean => order % 5 === 3;
  test("a paid order with its state in the second line as well leaves that of the others to both", async () => {
    const { rejects } = await readFile(
      "orders.csv",
      orders("Status", (order, isFirst) =>
        isFirst ? (isCancelled(order) ? "Cancelled" : "Paid") : order === 7 ? "Paid" : "",
      ),
    );
    expect(rejects).toEqual(["12 the state of the order is …"]);
  });
  test("so does a second line with another state than the first", async () => {
    const { rejects } = await readFile(
      "orders.csv",
      orders("Status", (order, isFirst) =>
        isFirst ? (isCancelled(order) ? "Cancelled" : "Paid") : order === 7 ? "Shipped" : "",
      ),
    );
    expect(rejects).toEqual(["12 the state of the order is …"]);
  });
  test("and the day of a cancelled order in both of its lines", async () => {
    const { rejects } = await readFile(
      "orders.csv",
      orders("Cancelled at", (order, isFirst) => (isCancelled(order) && (isFirst || order === 8) ? day(order) : "")),
    );
    expect(rejects).toEqual(["12 cancelled or given back"]);
  });
  test("pieces that came back one by one, few of all, are said of their lines", async () => {
    const { rejects } = await readFile(
      "items.csv",
      orders("returned_at", (order, isFirst) => (order % 5 === (isFirst ? 2 : 4) ? day(order) : "")),
    );
    expect(rejects).toEqual(["12 cancelled or given back"]);
  });
});

describe("customers who each bought once", () => {
  test.each([
    ["Loyalty Code", (i: number) => ["GOLD", "SILVER", "NONE"][i % 3]],
    ["Client ID", (i: number) => 1 + (i % 2)],
    ["Debitor Nr", (i: number) => 70_000 + (i % 3)],
    ["Member No", (i: number) => 1 + (i % 7)],
    ["Bill-to Customer No.", (i: number) => 1 + (i % 5)],
  ])("stay who they are beside few of %s, which is said", async (name, levelOf) => {
    const { customers, said } = await readFile("once.csv", [
      `Invoice,Customer ID,${name},Date,Item,Quantity,Price`,
      ...rows((i) => {
        const { invoice, date, article, pieces, price } = line(i);
        return [invoice, `C${i}`, levelOf(i), date, article, pieces, price];
      }),
    ]);
    expect(customers).toHaveLength(LINES);
    expect(said).toContain(`customers: Customer ID, not ${name}`);
  });
});

describe("the price of one piece, without a column of articles, where dear things are bought by the dozen", () => {
  const few = (i: number): readonly number[] => (i % 12 === 0 ? [12, 90 + (i % 7)] : [1, 5 + (i % 11)]);
  const many = (i: number): readonly number[] => [1 + (i % 6), (1 + (i % 6)) * (3 + (i % 5)) + 0.49];
  const meantBy = (of: (i: number) => readonly number[]): number =>
    Array.from({ length: 200 }, (_, i) => of(i)).reduce((sum, [pieces, price]) => sum + pieces! * price!, 0);
  test.each([
    ["Unit Price", few],
    ["Price per unit", few],
    ["Price", few],
    ["Unit Price", many],
    ["Price", many],
  ])("%s is what it is called", async (name, of) => {
    const { customers, said } = await readFile("prices.csv", [
      `Invoice,Customer ID,Date,Quantity,${name}`,
      ...rows((i) => [1000 + i, 1 + (i % 9), day(i), ...of(i)], 200),
    ]);
    expect(moneyOf(customers)).toBeCloseTo(meantBy(of), 1);
    expect(said).toContain(`amounts of lines: ${name} is taken for the price of one piece`);
  });
  test.each([
    ["Unit Price", many],
    ["Price", few],
  ])("%s in a list of purchases is so where it is called that of a unit, or few are of several", async (name, of) => {
    const { customers } = await readFile("purchases.csv", [
      `Customer ID,Date,Quantity,${name}`,
      ...rows((i) => [1 + (i % 9), day(i), ...of(i)], 200),
    ]);
    expect(moneyOf(customers)).toBeCloseTo(meantBy(of), 1);
  });
});

describe("prices beside amounts with a tax or a fee on the dearest article", () => {
  const dearest = (of: (whole: number, i: number) => number, highest = 20) =>
    readFile("fees.csv", [
      "Invoice,Customer ID,Date,Item,Quantity,Price,Amount",
      ...rows((i) => {
        const { invoice, date, article, pieces, price } = line(i);
        const whole = pieces * (price === 20 ? highest : price);
        const items = price === 20 ? 2 + (i % 4) : article;
        const amount = price === 20 ? of(whole, Math.floor(i / 3)) : whole;
        return [invoice, 1 + (i % 9), date, items, pieces, price === 20 ? highest : price, amount.toFixed(2)];
      }),
    ]);
  test.each<[string, (whole: number, i: number) => number]>([
    ["a tax, or none", (whole, i) => whole * [1, 1.07, 1.19, 1.25][i % 4]!],
    ["one of several taxes", (whole, i) => whole * [1.07, 1.19, 1.25][i % 3]!],
    ["a fee", (whole, i) => whole + [1, 2.5, 4, 9][i % 4]!],
    ["a large fee", (whole, i) => whole + [1, 12, 25, 40][i % 4]!],
  ])("%s: the prices count", async (_, of) => {
    const { customers, said } = await dearest(of);
    expect(moneyOf(customers)).toBe(sold());
    expect(said).toContain("amounts of lines: Amount is left out, quantity × Price counts");
    expect((await dearest(of, 21)).said).toContain("amounts of lines: Amount is left out, quantity × Price counts");
  });
  test("so they do at 100, where some articles bear no tax", async () => {
    const { said } = await dearest((whole, i) => whole * [1, 1.07, 1.19, 1.25][i % 4]!, 100);
    expect(said).toContain("amounts of lines: Amount is left out, quantity × Price counts");
  });
});

describe("amounts beside prices, where no column is called a quantity, are asked about", () => {
  const asked = (header: string, of: (i: number) => readonly unknown[], given = {}) =>
    readFile(
      "paid.csv",
      [`Invoice,Customer ID,Date,Item,${header}`, ...rows((i) => [1000 + i, 1 + (i % 9), day(i), i % 3, ...of(i)])],
      given,
    );
  const deposits = (i: number): readonly number[] => [[500, 900, 1200][i % 3]!, [1, 1, 5, 10, 50][i % 5]!];
  const rates = (i: number): readonly number[] => [[10, 25.5, 40][i % 3]!, [1, 2, 4][i % 3]!, [10, 51, 160][i % 3]!];
  test.each<[string, string, (i: number) => readonly number[], string, number]>([
    ["deposits", "Unit Price,Amount", deposits, "Amount", 12 * 67],
    ["vouchers", "Sale Price,Amount", (i) => [deposits(i)[0]!, 1 + (i % 2)], "Amount", 30 * 3],
    ["rates that are paid", "Amount,Installments,Total", rates, "Installments", 20 * 75.5],
  ])("%s", async (_, header, of, pieces, money) => {
    await expect(asked(header, of)).rejects.toMatchObject({
      question: {
        parameter: "columns",
        choices: [{ value: `quantity=${pieces}` }, { value: "amount=Amount" }],
      },
    });
    expect(moneyOf((await asked(header, of, { columns: "amount=Amount" })).customers)).toBe(money);
  });
});

describe("cancelled lines below zero whose sales the file does not have", () => {
  /** Each twelfth line is cancelled; no two are of one customer, article and quantity unless they are meant to be. */
  const file = (last: string, stateOf: (isOff: boolean) => string, piecesOf = (i: number): number => 1 + (i % 7)) => [
    `Invoice,Customer ID,Date,Item,Quantity,Price,${last}`,
    ...rows((i) => {
      const isOff = i % 12 === 5;
      return [1000 + i, 1 + (i % 9), day(i), `S${i % 11}`, isOff ? -piecesOf(i) : piecesOf(i), 5, stateOf(isOff)];
    }, 120),
  ];
  test.each([
    ["Status", (isOff: boolean) => (isOff ? "Cancelled" : "Completed"), "the state of the order is …"],
    ["Cancelled", (isOff: boolean) => (isOff ? "Yes" : "No"), "cancelled or given back"],
  ])("are taken off nothing: %s", async (last, stateOf, why) => {
    expect((await readFile("cancelled.csv", file(last, stateOf))).rejects).toEqual([`10 ${why}`]);
  });
  test("nor where each customer buys the same again and again, so that any line may seem to be taken back", async () => {
    const { rejects } = await readFile(
      "cancelled.csv",
      file(
        "Status",
        (isOff) => (isOff ? "Cancelled" : "Completed"),
        () => 1,
      ).map((text) => text.replace(/,S\d+,/, ",S1,")),
    );
    expect(rejects).toEqual(["10 the state of the order is …"]);
  });
  test("and those that the file has are taken back", async () => {
    const sales = rows((i) => [1000 + i, 1 + (i % 9), day(i), `S${i % 11}`, 1 + (i % 7), 5, "Completed"], 60);
    const back = [3, 17, 29, 44].map((i) =>
      [2000 + i, 1 + (i % 9), "2024-05-29", `S${i % 11}`, -1 - (i % 7), 5, "Cancelled"].join(),
    );
    const { rejects, customers } = await readFile("cancelled.csv", [
      "Invoice,Customer ID,Date,Item,Quantity,Price,Status",
      ...sales,
      ...back,
    ]);
    expect(rejects).toEqual([]);
    const pieces = (i: number): number => 1 + (i % 7);
    const all = Array.from({ length: 60 }, (_, i) => pieces(i)).reduce((sum, each) => sum + each, 0);
    expect(moneyOf(customers)).toBe(5 * (all - [3, 17, 29, 44].reduce((sum, i) => sum + pieces(i), 0)));
  });
});
