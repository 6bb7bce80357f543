import { describe, expect, test } from "@jest/globals";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { readFile } from "./support/read_file.js";

interface Line {
  readonly item: string;
  readonly pieces: number;
  readonly price: number;
}
interface Order {
  readonly number: number;
  readonly at: string;
  readonly customer: number;
  readonly lines: readonly Line[];
}

/** Orders of one to four articles. */
function orders(seed = 3): Order[] {
  const random = seededRandom(seed);
  const upTo = (n: number): number => Math.floor(random() * n);
  return Array.from({ length: 30 }, (_, i) => {
    const first = upTo(20);
    return {
      number: 1000 + i,
      at: `2024-${String(1 + Math.floor(i / 10)).padStart(2, "0")}-${String(1 + upTo(28)).padStart(2, "0")} 10:${10 + i}:00`,
      customer: 1 + upTo(6),
      lines: Array.from({ length: 1 + upTo(4) }, (_, line) => {
        const article = first + 3 * line;
        return { item: `Article ${article}`, pieces: 1 + upTo(3), price: 2 + article + 0.95 };
      }),
    };
  });
}
const worth = ({ lines }: Order): number => lines.reduce((sum, { pieces, price }) => sum + pieces * price, 0);
const HEADER = "Order,Date,Customer,Item,Qty,Price";
const row = ({ number, at, customer }: Order, { item, pieces, price }: Line): string =>
  `${number},${at},${customer},${item},${pieces},${price.toFixed(2)}`;

const saidOf = async (lines: readonly string[], what: string): Promise<string[]> =>
  (await readFile("orders.csv", lines)).said.filter((each) => each.startsWith(what));

describe("lines that add up others are said", () => {
  const ADDS = "lines that add up others: each counts";
  const withLine = (item: string, isFirst: boolean): string[] => [
    HEADER,
    ...orders().flatMap((order) => {
      const sum = row(order, { item, pieces: 1, price: worth(order) });
      const lines = order.lines.map((line) => row(order, line));
      return isFirst ? [sum, ...lines] : [...lines, sum];
    }),
  ];
  test.each([
    ["the amount due at the end", "Amount due", false],
    ["the set before its parts", "Gift set", true],
  ])("%s", async (_, item, isFirst) => {
    expect(await saidOf(withLine(item, isFirst), "lines that add up")).toEqual([ADDS]);
  });
  test("but not where they are rejected, as totals", async () => {
    expect(await saidOf(withLine("Total", false), "lines that add up")).toEqual([]);
  });
  test.each([
    ["an ordinary shop", (order: Order) => order.lines],
    ["returns of some articles on their order", (order: Order) => [...order.lines, { ...order.lines[0]!, pieces: -1 }]],
    ["postage on each order", (order: Order) => [...order.lines, { item: "Postage", pieces: 1, price: 4.9 }]],
    ["one price for all", (order: Order) => order.lines.map((line) => ({ ...line, price: 5 }))],
  ])("and not in %s", async (_, linesOf) => {
    const lines = orders().flatMap((order) => linesOf(order).map((line) => row(order, line)));
    expect(await saidOf([HEADER, ...lines], "lines that add up")).toEqual([]);
  });
});

describe("invoices that come to nothing are said", () => {
  const NOTHING = "invoices that come to nothing: each line counts";
  test("where each has its payment below zero", async () => {
    const lines = orders().flatMap((order) => [
      ...order.lines.map((line) => row(order, line)),
      row(order, { item: "Visa", pieces: 1, price: -worth(order) }),
    ]);
    expect(await saidOf([HEADER, ...lines], "invoices that come")).toEqual([NOTHING]);
  });
  test("and not where some orders have come back in full", async () => {
    const lines = orders().flatMap((order, i) => {
      const [first] = order.lines;
      const sold = row(order, first!);
      return i % 4 === 0 ? [sold, row(order, { ...first!, pieces: -first!.pieces })] : [sold];
    });
    expect(await saidOf([HEADER, ...lines], "invoices that come")).toEqual([]);
  });
});

describe("invoices that a program has joined with something else are said", () => {
  const JOINED = "invoices several times over: each line counts";
  test.each([
    ["payments, two for each third order", (i: number) => (i % 3 === 0 ? ["card", "voucher"] : ["card"]), true],
    ["states, each of three", () => ["created", "packed", "gone"], true],
    ["payments, article by article", (i: number) => (i % 3 === 0 ? ["card", "voucher"] : ["card"]), false],
  ])("%s", async (_, others, byOther) => {
    const lines = orders().flatMap((order, i) =>
      byOther
        ? others(i).flatMap((other) => order.lines.map((line) => `${row(order, line)},${other}`))
        : order.lines.flatMap((line) => others(i).map((other) => `${row(order, line)},${other}`)),
    );
    expect(await saidOf([`${HEADER},Other`, ...lines], "invoices several")).toEqual([JOINED]);
  });
  test.each([
    ["a size for each article", (line: Line) => [{ ...line, other: "M" }]],
    [
      "some articles twice, in two sizes",
      (line: Line, i: number) =>
        i % 3 === 0
          ? [
              { ...line, other: "M" },
              { ...line, other: "L" },
            ]
          : [{ ...line, other: "M" }],
    ],
    [
      "each piece on a line of its own, with its number",
      (line: Line) => Array.from({ length: line.pieces }, (_, piece) => ({ ...line, pieces: 1, other: `S${piece}` })),
    ],
  ])("but not a shop with %s", async (_, linesOf) => {
    let count = 0;
    const lines = orders().flatMap((order) =>
      order.lines.flatMap((line) => linesOf(line, count++).map((each) => `${row(order, each)},${each.other}`)),
    );
    expect(await saidOf([`${HEADER},Other`, ...lines], "invoices several")).toEqual([]);
  });
  test("nor a shop where one order in thirty is for two", async () => {
    const lines = Array.from({ length: 300 }, (_, i) => {
      const at = `2024-${String(1 + Math.floor(i / 28)).padStart(2, "0")}-${String(1 + (i % 28)).padStart(2, "0")}`;
      const each = [`${i},${at},C${i % 40},A${i % 7},1,5.00`, `${i},${at},C${i % 40},B${i % 5},1,7.00`];
      return i % 30 === 0 ? [...each, ...each] : each;
    }).flat();
    expect(await saidOf([HEADER, ...lines], "invoices several")).toEqual([]);
  });
  test("nor an overlap of two exports, which counts once", async () => {
    const lines = orders().flatMap((order) => order.lines.map((line) => row(order, line)));
    expect(await saidOf([HEADER, ...lines, ...lines], "invoices several")).toEqual([]);
  });
});

test.each(["Discount", "Rabatt 10 %", "Remise"])(
  "discounts in lines of their own without a minus are said: %s",
  async (item) => {
    const discounts = (price: number): string[] =>
      orders().flatMap((order, i) => [
        ...order.lines.map((line) => row(order, line)),
        ...(i % 4 === 0 ? [row(order, { item, pieces: 1, price })] : []),
      ]);
    expect(await saidOf([HEADER, ...discounts(2)], "discounts")).toEqual([
      "discounts: lines of their own, which count as sales",
    ]);
    expect(await saidOf([HEADER, ...discounts(-2)], "discounts")).toEqual([]);
  },
);

test.each(["Discovery kit", "Coupon book", "Gift voucher"])("a %s is sold", async (item) => {
  const lines = orders().flatMap((order) => [
    ...order.lines.map((line) => row(order, line)),
    row(order, { item, pieces: 1, price: 9 }),
  ]);
  expect(await saidOf([HEADER, ...lines], "discounts")).toEqual([]);
});

describe("numbers that each line has for itself are said", () => {
  const SAID = "invoice numbers: each line is an invoice of its own";
  const numbered = (numberOf: (order: Order, line: number) => string, dateOf = ({ at }: Order) => at): string[] => [
    HEADER,
    ...orders().flatMap((order) =>
      order.lines.map(({ item, pieces, price }, line) =>
        [numberOf(order, line), dateOf(order), order.customer, item, pieces, price.toFixed(2)].join(),
      ),
    ),
  ];
  const own = ({ number }: Order, line: number): string => `${10 * number + line}`;
  const dayOf = ({ at }: Order): string => at.slice(0, 10);
  test("where lines are of one customer and one moment, or day", async () => {
    expect(await saidOf(numbered(own), "invoice numbers")).toEqual([SAID]);
    expect(await saidOf(numbered(own, dayOf), "invoice numbers")).toEqual([SAID]);
  });
  test("and not where orders have several lines, or each order one", async () => {
    expect(
      await saidOf(
        numbered(({ number }) => String(number)),
        "invoice numbers",
      ),
    ).toEqual([]);
    const single = orders().map((order) => row(order, order.lines[0]!));
    expect(await saidOf([HEADER, ...single], "invoice numbers")).toEqual([]);
  });
  test("nor where some customers order twice a day", async () => {
    const twice = orders().flatMap((order, i) => {
      const first = row(order, order.lines[0]!).replace(/ \d\d:\d\d:00/, "");
      return i % 4 === 0 ? [first, first.replace(/^/, "9")] : [first];
    });
    expect(await saidOf([HEADER, ...twice], "invoice numbers")).toEqual([]);
  });
});

test("a product that is called a refund and has no minus is said, where there are no other descriptions", async () => {
  const lines = orders().flatMap((order, i) => [
    ...order.lines.map((line) => row(order, line)),
    ...(i % 6 === 0 ? [row(order, { ...order.lines[0]!, item: `Refund: ${order.lines[0]!.item}` })] : []),
  ]);
  expect(await saidOf([HEADER, ...lines], "returns")).toEqual([
    "returns: lines whose Item speaks of a refund count as sales",
  ]);
});

describe("money that is only put aside is no sale", () => {
  const HEADS = "Transaction ID,Date,Type,Gross,From Email Address";
  const paid = (type: string): string[] =>
    orders().map(
      (order) =>
        `T${order.number}-${type.length},${order.at},${type},${worth(order).toFixed(2)},${order.customer}@example.com`,
    );
  const moneyOf = (customers: readonly string[]): number =>
    Math.round(customers.reduce((sum, each) => sum + Number(each.split(" ")[3]), 0) * 100) / 100;
  const all = Math.round(orders().reduce((sum, order) => sum + worth(order), 0) * 100) / 100;
  test.each(["General Authorization", "authorization", "Account Hold for Open Authorization"])(
    "%s, beside payments",
    async (type) => {
      const { customers, rejects } = await readFile("paypal.csv", [HEADS, ...paid("Website Payment"), ...paid(type)]);
      expect([moneyOf(customers), rejects]).toEqual([all, ["30 no sale"].map(() => expect.stringMatching(/^30 /))]);
    },
  );
  test("but authorisations alone are what there is of sales", async () => {
    expect(moneyOf((await readFile("alone.csv", [HEADS, ...paid("Authorization")])).customers)).toBe(all);
  });
  test.each([
    "Refund",
    "Payment Refund",
    "Chargeback",
    "Payment fee",
    "Surcharge",
    "Order discount",
    "Card authorization",
  ])("nor does %s pay for them", async (type) => {
    const lines = [...paid("Payment authorization"), ...paid(type).filter((_, i) => i % 6 === 0)];
    const { rejects } = await readFile("kinds.csv", [HEADS, ...lines]);
    expect(rejects.filter((reject) => reject.endsWith("no sale"))).toEqual([]);
  });
  test.each(["Uncaptured", "requires_capture"])("by its state: %s", async (state) => {
    const lines = orders().map(
      (order, i) =>
        `T${order.number},${order.at},${i % 10 === 0 ? state : "succeeded"},${worth(order).toFixed(2)},${order.customer}`,
    );
    const { rejects } = await readFile("stripe.csv", ["id,Created,Status,Amount,Customer", ...lines]);
    expect(rejects).toEqual([expect.stringMatching(/^3 /)]);
  });
});
