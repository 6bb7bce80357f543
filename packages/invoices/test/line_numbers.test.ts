import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { createFileLedger, type FileLedger } from "@keyspaces-segmentation/invoices/dist/file_ledger.js";
import type { Aside } from "@keyspaces-segmentation/invoices/dist/line_log.js";
import { lineNumbering, type UnnumberedLine } from "@keyspaces-segmentation/invoices/dist/line_numbers.js";
import type { ParsedChunk } from "@keyspaces-segmentation/invoices/dist/parse.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { generateRetailCsv } from "../../../local/data/generate.js";
import { realFile } from "../../../test/support/real_data.js";
import { foldLines, generatedCsv, parseGenerated, parseText, testOnRealData } from "../../../test/support/retail.js";

const HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";
const fileOf = (lines: readonly string[]): Promise<ParsedChunk> => parseText(`${[HEADER, ...lines].join("\n")}\n`);
const ledgerOf = (parsed: ParsedChunk): FileLedger => {
  const ledger = createFileLedger();
  ledger.add(parsed);
  return ledger.report();
};

/** A line of an invoice on a day of January 2010, the price as the line's own mark. */
const line = (invoice: number, day: number, { code = "85048", price = "1.00", minute = 0 } = {}): string =>
  `${invoice},${code},x,1,2010-01-${String(day).padStart(2, "0")} 10:${String(minute).padStart(2, "0")},${price},7,Norway`;

/** So many invoices of three lines, three a day. */
const invoices = (first: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    ["1.00", "2.00", "1.00"].map((price) => line(first + i, 1 + Math.floor(i / 3), { price })),
  ).flat();

const numbersOf = ({ lines, lineNumbers, repeats }: ParsedChunk): [number, number][] =>
  lines.map(({ line: number }, i) => [number, repeats?.get(lineNumbers[i]!) ?? 0]);

describe("a file with an overlap", () => {
  test("has each line of the overlap once, equal lines of an invoice as often as it has them", async () => {
    const once = invoices(100, 30);
    const overlapping = [...once, ...invoices(100, 30).slice(60)];
    const parsed = await fileOf(overlapping);
    const numbers = numbersOf(parsed);
    expect(numbers.slice(0, 90)).toEqual(
      Array.from({ length: 30 }, () => [
        [1, 0],
        [2, 0],
        [3, 0],
      ]).flat(),
    );
    // Of the lines at 1.00, the first and the second; in between the one at 2.00.
    expect(numbers.slice(90)).toEqual(
      Array.from({ length: 10 }, () => [
        [1, 1],
        [2, 1],
        [3, 2],
      ]).flat(),
    );
    const { bins, repeated, amount } = ledgerOf(parsed);
    expect([repeated, amount]).toEqual([{ lines: 30, amount: "40.00" }, "160.00"]);
    expect(bins.filter(({ lines }) => lines > 0)).toEqual([{ bin: "purchase", lines: 90, amount: "120.00" }]);
  });

  test("keeps what an invoice of the overlap has more of, and a line that differs in anything", async () => {
    const again = [line(101, 1), line(101, 1), line(101, 1), line(101, 1, { price: "3.00" })];
    const other = ["85048,x,1,2010-01-01 10:00,1.00,,Norway", "85048,y,1,2010-01-01 10:00,1.00,7,Norway"];
    const parsed = await fileOf([...invoices(100, 30), ...again, ...other.map((rest) => `101,${rest}`)]);
    expect(numbersOf(parsed).slice(90)).toEqual([
      [1, 1],
      [3, 2],
      [4, 0],
      [5, 0],
      [6, 0],
      [7, 0],
    ]);
  });

  test("may have it three times", async () => {
    const once = invoices(100, 30);
    const { repeated, bins } = ledgerOf(await fileOf([...once, ...once, ...once]));
    expect(repeated.lines).toBe(180);
    expect(bins.find(({ bin }) => bin === "purchase")).toMatchObject({ lines: 90, amount: "120.00" });
  });

  test("where dates have no time and are all of one day, twenty invoices tell it", async () => {
    const day = Array.from({ length: 30 }, (_, i) => `${200 + i},85048,x,1,2010-01-05,${i}.00,7,Norway`);
    expect(ledgerOf(await fileOf([...day, ...day])).repeated.lines).toBe(30);
  });

  describe("and invoices whose lines are of two days, has them once", () => {
    const random = seededRandom(4);
    const orders = Array.from({ length: 300 }, (_, i) =>
      Array.from({ length: 2 + Math.floor(4 * random()) }, (_, article) => ({
        invoice: 5000 + i,
        day: 1 + Math.floor(i / 6) + (random() < 0.15 ? 1 : 0),
        article: 10 * Math.floor(5 * random()) + article,
      })),
    );
    type Ordered = (typeof orders)[number][number];
    const fieldsOf = ({ invoice, day, article }: Ordered): string => {
      const date = new Date(Date.UTC(2024, 0, day)).toISOString().slice(0, 10);
      return `${invoice},P${article},x,1,${date},1.00,${invoice % 20},Norway`;
    };
    const sorted = (compare: (a: Ordered, b: Ordered) => number): Ordered[] =>
      orders.flatMap((order) => order.toSorted(compare));
    const oldest = sorted((a, b) => a.day - b.day);
    const newest = [...orders].reverse().flatMap((order) => order.toSorted((a, b) => b.day - a.day));
    const byArticle = sorted((a, b) => a.article - b.article);
    const byDay = oldest.toSorted((a, b) => a.day - b.day);
    test.each([
      ["oldest first, then newest first", oldest, newest],
      ["newest first, then oldest first", newest, oldest],
      ["each by article", byArticle, byArticle],
      ["oldest first, then by day", oldest, byDay],
    ])("%s", async (_, first, second) => {
      const [until, from] = [first.filter(({ day }) => day < 30), second.filter(({ day }) => day >= 15)];
      const parsed = await fileOf([...until, ...from].map(fieldsOf));
      expect(ledgerOf(parsed).repeated.lines).toBe(until.length + from.length - oldest.length);
    });
  });

  test.each([
    ["in the same order in both", [8, 18, 13], [8, 18, 13]],
    ["in order of time in the second", [8, 18, 13], [8, 13, 18]],
  ])(
    "and invoices whose lines are of a long day and in no order of time, has them once: %s",
    async (_, first, second) => {
      const sold = (hours: number[], from: number, until: number): string[] =>
        Array.from({ length: until - from }, (__, i) => from + i).flatMap((day) =>
          hours.map((hour) => {
            const at = new Date(Date.UTC(2024, 0, 1 + day, hour)).toISOString().slice(0, 16).replace("T", " ");
            return `${1000 + day},P${hour},x,1,${at},1.00,${day % 9},Norway`;
          }),
        );
      const parsed = await fileOf([...sold(first, 0, 40), ...sold(second, 20, 60)]);
      expect(ledgerOf(parsed).repeated.lines).toBe(60);
    },
  );

  test("and invoices of a day that say the same, with a new line of a later day in front, has each once", async () => {
    const sold = (invoice: number, day: number): string => `${invoice},85048,x,1,2010-01-${10 + day},1.00,7,Norway`;
    const numbers = Array.from({ length: 30 }, (_, i) => i);
    const first = numbers.flatMap((i) => [sold(100 + i, Math.floor(i / 3)), sold(100 + i, Math.floor(i / 3))]);
    const second = numbers.flatMap((i) => [sold(100 + i, 2 + Math.floor(i / 3)), ...first.slice(2 * i, 2 * i + 2)]);
    const { repeated, lines } = ledgerOf(await fileOf([...first, ...second]));
    expect([repeated.lines, lines]).toEqual([60, 150]);
  });

  test("comes to the customers of its two parts, and of the file without it", async () => {
    const [header, ...records] = generatedCsv().trimEnd().split("\n");
    const at = (share: number): number => {
      let cut = Math.floor(share * records.length);
      const invoiceAt = (of: number) => records[of]!.slice(0, records[of]!.indexOf(","));
      while (invoiceAt(cut) === invoiceAt(cut - 1)) cut++;
      return cut;
    };
    const [from, to] = [at(0.6), at(0.75)];
    const parsed = await parseText(`${[header, ...records.slice(0, to), ...records.slice(from)].join("\n")}\n`);
    const once = await parseGenerated();
    const rows = new Map(parsed.lines.map((each) => [`${each.invoice}|${each.stockCode}|${each.line}`, each]));
    expect(foldLines(rows.values())).toEqual(foldLines(once.lines));
    const { repeated, bins } = ledgerOf(parsed);
    expect(repeated.lines).toBe(parsed.lines.length - once.lines.length);
    expect(bins).toEqual(ledgerOf(once).bins);
  });
});

describe("equal lines of an invoice are its own", () => {
  test("where tills write side by side", async () => {
    const tills = Array.from({ length: 40 }, (_, i) => {
      const group = [0, 1, 2, 3].map((till) => line(1000 + 4 * i + till, 1 + Math.floor(i / 4), { minute: i % 4 }));
      return [...group, ...group, ...group];
    }).flat();
    const parsed = await fileOf(tills);
    expect(parsed.repeats!.size).toBe(0);
    expect(
      numbersOf(parsed)
        .slice(0, 12)
        .map(([number]) => number),
    ).toEqual([1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]);
  });

  test.each([
    ["products", (a: string, b: string) => compare(a.split(",")[1]!, b.split(",")[1]!)],
    ["prices", (a: string, b: string) => compare(a.split(",")[5]!, b.split(",")[5]!)],
    ["customers", (a: string, b: string) => compare(a.split(",")[6]!, b.split(",")[6]!)],
    ["nothing", null],
  ])("in a file in order of %s", async (_, order) => {
    const random = seededRandom(4);
    const codes = Array.from({ length: 40 }, (_, i) => String(10_000 + i));
    const lines = Array.from({ length: 300 }, (_, i) =>
      Array.from({ length: 6 }, () => {
        const code = codes[Math.floor(random() * codes.length)]!;
        const each = line(5000 + i, 1 + Math.floor(i / 12), { code, price: `${code[4]}.00` });
        return each.replace(",7,Norway", `,${i % 50},Norway`);
      }),
    ).flat();
    const sorted = order === null ? shuffled(lines, random) : lines.toSorted(order);
    const { repeats, lines: parsed } = await fileOf(sorted);
    // There are some that could be taken for each other.
    expect(parsed.filter(({ line: number }) => number > 1).length).toBeGreaterThan(50);
    expect(repeats!.size).toBe(0);
  });

  test("in generated files, which are in order of time", async () => {
    for (const seed of [1, 2, 3]) {
      const { repeats, lines } = await parseText(generateRetailCsv({ seed, customers: 120 }));
      expect([repeats!.size, lines.filter(({ line: number }) => number > 1).length > 5]).toEqual([0, true]);
    }
  });

  testOnRealData("in the real file", async () => {
    const { repeats, lines } = await parseText(readFileSync(realFile, "utf8"));
    expect([repeats!.size, lines.filter(({ line: number }) => number > 1).length]).toEqual([0, 73]);
  });
});

test("numbers that begin again name other invoices, whose lines go in beside", () => {
  const numbering = lineNumbering();
  const repeats = new Map<number, number>();
  const of = (invoice: number, year: number): UnnumberedLine => ({
    invoice: String(invoice),
    stockCode: "85048",
    description: "x",
    quantity: { unscaled: 1n, scale: 0 },
    invoiceDate: new Date(Date.UTC(year, 0, 5)),
    price: { unscaled: 100n, scale: 2 },
    customerId: "7",
    country: null,
    line: 0,
  });
  const lines = [2022, 2023].flatMap((year) => Array.from({ length: 50 }, (_, i) => of(i, year)));
  for (const [i, each] of lines.entries()) numbering.add(each, i, repeats);
  expect(numbering.waiting()).toBe(0);
  expect(lines.map((each) => each.line)).toEqual([...new Array(50).fill(1), ...new Array(50).fill(2)]);
  expect(repeats.size).toBe(0);
});

/** Lines of an invoice in January 2010, at a minute of the month. */
const lineAt = (invoice: number, minute: number, code: number, price: number): UnnumberedLine => ({
  invoice: String(invoice),
  stockCode: String(code),
  description: "x",
  quantity: { unscaled: 1n, scale: 0 },
  invoiceDate: new Date(Date.UTC(2010, 0, 1, 0, minute)),
  price: { unscaled: BigInt(price), scale: 0 },
  customerId: "7",
  country: null,
  line: 0,
});

/** Blocks of lines of invoices in order of time; of them, one in so many is of an invoice that was there before, or is an earlier one once more. */
function blocksOf(random: () => number, { blocks, again }: { blocks: number; again: number }): UnnumberedLine[] {
  const made: UnnumberedLine[][] = [];
  for (let i = 0; i < blocks; i++) {
    const before = made[Math.floor(random() * made.length)];
    const kind = before === undefined ? 1 : random();
    const invoice = kind < again && before !== undefined ? Number(before[0]!.invoice) : 1000 + i;
    const lines = Array.from({ length: 1 + Math.floor(4 * random()) }, () =>
      lineAt(invoice, 100 * i, Math.floor(3 * random()), Math.floor(2 * random())),
    );
    made.push(kind < again / 2 ? before!.map((each) => ({ ...each })) : lines);
  }
  return made.flat();
}

function numbered(lines: readonly UnnumberedLine[], aside?: Aside) {
  const numbering = lineNumbering(aside);
  const repeats = new Map<number, number>();
  const all = lines.map((each) => ({ ...each }));
  for (const [i, each] of all.entries()) numbering.add(each, i, repeats);
  numbering.end(repeats);
  return { all, repeats };
}

const contentIn = ({ line: _, ...content }: UnnumberedLine): string =>
  JSON.stringify({ ...content, quantity: null, price: String(content.price.unscaled) });

test.each([0.02, 0.05, 0.1, 0.5])(
  "however often invoices come again (%p), a line is an equal one or gets the next number",
  (again) => {
    const wrong: unknown[] = [];
    for (let seed = 1; seed <= 40; seed++) {
      const { all, repeats } = numbered(blocksOf(seededRandom(seed), { blocks: 120, again }));
      const rows = new Map<string, string>();
      const counts = new Map<string, number>();
      for (const [i, each] of all.entries()) {
        const row = `${each.invoice}|${each.stockCode}|${each.line}`;
        if (repeats.has(i)) {
          if (rows.get(row) !== contentIn(each)) wrong.push({ seed, i, row });
          continue;
        }
        const code = `${each.invoice}|${each.stockCode}`;
        counts.set(code, (counts.get(code) ?? 0) + 1);
        if (each.line !== counts.get(code)) wrong.push({ seed, i, row });
        rows.set(row, contentIn(each));
      }
    }
    expect(wrong).toEqual([]);
  },
);

test("what is put aside of a long file is found again", () => {
  const aside = inMemory();
  const once = Array.from({ length: 40_000 }, (_, i) => lineAt(Math.floor(i / 2), i, i % 3, i % 7));
  // The first of all, one in two parts, and one that gets a line more.
  const again = [...once.slice(0, 40), ...once.slice(20_001, 20_003), lineAt(5, 50, 1, 9), lineAt(5, 50, 1, 9)];
  const lines = [...once, ...again.map((each) => ({ ...each }))];
  const { all, repeats } = numbered(lines, aside);
  expect(aside.length()).toBeGreaterThan(32_000 * 20);
  expect(repeats.size).toBe(42);
  expect(all.slice(-2).map((each) => each.line)).toEqual([2, 3]);
  const inOne = numbered(lines);
  expect(all.map((each) => each.line)).toEqual(inOne.all.map((each) => each.line));
  expect(repeats).toEqual(inOne.repeats);
});

test("a long file that turns out to be in no order is counted from what was put aside", () => {
  const random = seededRandom(8);
  const once = Array.from({ length: 20_000 }, (_, i) => lineAt(i, i, i % 3, i % 7));
  const scattered = Array.from({ length: 20_000 }, (_, i) =>
    lineAt(Math.floor(20_000 * random()), 0, Math.floor(3 * random()), 100 + i),
  );
  const { all } = numbered([...once, ...scattered], inMemory());
  const counts = new Map<string, number>();
  let wrong = 0;
  for (const { invoice, stockCode, line: number } of all) {
    const code = `${invoice}|${stockCode}`;
    counts.set(code, (counts.get(code) ?? 0) + 1);
    if (number !== counts.get(code)) wrong++;
  }
  expect(wrong).toBe(0);
});

function inMemory(): Aside & { length: () => number } {
  let bytes = Buffer.alloc(0);
  return {
    append: (more) => {
      bytes = Buffer.concat([bytes, more]);
    },
    read: (at, into) => {
      if (bytes.copy(into, 0, at, at + into.length) !== into.length) throw new RangeError("behind the end");
    },
    length: () => bytes.length,
  };
}

describe("an overlap of a few invoices of one day", () => {
  const single = (count: number): string[] =>
    Array.from({ length: count }, (_, i) => `${200 + i},85048,x,1,2010-01-05,${i}.00,7,Norway`);

  test.each([5, 6, 10, 15])("is known where each has one line: %i of them", async (count) => {
    const before = single(15);
    const { repeats } = await fileOf([...before, ...before.slice(15 - count), ...single(17).slice(15)]);
    expect(repeats!.size).toBe(count);
  });

  test.each([1, 2, 7])("is known where each has several: %i of them", async (count) => {
    const [before, all] = [invoices(100, 9).slice(0, 27), invoices(100, 12)];
    const sameDay = (lines: string[]) => lines.map((each) => each.replace(/2010-01-\d\d/, "2010-01-07"));
    // Where the same invoice ends one export and begins the next, its lines lie together.
    const from = 3 * (8 - count);
    const { repeats } = await fileOf([...sameDay(before), ...sameDay(all.slice(from, 24)), ...sameDay(all.slice(27))]);
    expect(repeats!.size).toBe(3 * count);
  });

  test("keeps what an invoice has got since", async () => {
    const [a, b] = [line(1, 1), line(1, 1, { price: "2.00" })];
    const parsed = await fileOf([a, b, line(2, 1), a, b, line(1, 1, { price: "3.00" }), a, line(3, 1)]);
    expect(numbersOf(parsed)).toEqual([
      [1, 0],
      [2, 0],
      [1, 0],
      [1, 1],
      [2, 1],
      [3, 0],
      [4, 0],
      [1, 0],
    ]);
  });

  test("is none where one invoice of one line comes again, or brings other lines, or its lines in part", async () => {
    const [a, b] = [line(1, 1), line(1, 1, { price: "2.00" })];
    for (const again of [
      [a, line(2, 1), a, line(3, 1)],
      [a, b, line(2, 1), a, line(3, 1)],
      [a, b, line(2, 1), b, a, line(3, 1)],
      [a, line(2, 1), a, b, line(3, 1)],
      [a, line(2, 1), line(3, 1), a, line(4, 1), line(2, 1)],
      [...single(9), ...single(4), line(3, 1)],
    ]) {
      expect((await fileOf(again)).repeats!.size).toBe(0);
    }
  });
});

test("2.5 and 2.50 are one price, 24 and 24.0 one quantity", async () => {
  const first = invoices(100, 30);
  const again = first.slice(0, 9).map((each) => each.replace(",x,1,", ",x,1.0,").replace(/(\d)\.00,7/, "$1.0,7"));
  expect(ledgerOf(await fileOf([...first, ...again])).repeated.lines).toBe(9);
});

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function shuffled<T>(values: readonly T[], random: () => number): T[] {
  const result = [...values];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
