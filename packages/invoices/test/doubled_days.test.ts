import { describe, expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import { warningsOf } from "@keyspaces-segmentation/invoices/dist/file_extremes.js";
import { createFileLedger, type FileLedger } from "@keyspaces-segmentation/invoices/dist/file_ledger.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { generatedCsv, parseText } from "../../../test/support/retail.js";

async function ledgerOf(header: string, records: readonly string[]): Promise<FileLedger> {
  const ledger = createFileLedger();
  ledger.add(await parseText(`${[header, ...records].join("\n")}\n`));
  return ledger.report();
}
const saidOf = (ledger: FileLedger): string[] =>
  warningsOf(ledger, { now: new Date("2026-01-01"), money: moneyOf("GBP") }).filter((text) => text.includes("twice"));

const HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const field = (at: number) => (a: string, b: string) => compare(a.split(",")[at]!, b.split(",")[at]!);

/** Two exports of three months each that share a week, and how many lines with what money that week has. */
function overlapping() {
  const random = seededRandom(11);
  const upTo = (n: number): number => Math.floor(random() * n);
  const sold = Array.from({ length: 90 }, (_, day) =>
    Array.from({ length: 8 + upTo(8) }, (_, i) => {
      const at = new Date(Date.UTC(2024, 0, 1 + day, 9, upTo(600))).toISOString().slice(0, 16).replace("T", " ");
      const customer = 100 + upTo(40);
      return Array.from(
        { length: 1 + upTo(4) },
        () => `${1000 + 100 * day + i},P${upTo(9)},x,1,${at},${1 + upTo(9)}.00,${customer},Norway`,
      );
    }).flat(),
  );
  const [before, shared, after] = [sold.slice(0, 50).flat(), sold.slice(50, 57).flat(), sold.slice(57).flat()];
  const money = shared.reduce((sum, record) => sum + Number(record.split(",")[5]), 0);
  return {
    once: [...before, ...shared, ...after],
    joined: [...before, ...shared, ...shared, ...after],
    lines: shared.length,
    money,
  };
}

describe("an overlap of two exports that was sorted afterwards", () => {
  test.each([
    ["invoice", field(0)],
    ["date", field(4)],
    ["customer", field(6)],
    ["product", field(1)],
    ["all fields", compare],
  ])("by %s is counted once or said, with its lines and money", async (_, order) => {
    const { once, joined, lines, money } = overlapping();
    const ledger = await ledgerOf(HEADER, joined.toSorted(order));
    const counted = ledger.bins.find(({ bin }) => bin === "purchase")!;
    const right = (await ledgerOf(HEADER, once)).bins.find(({ bin }) => bin === "purchase")!;
    const [said = { lines: 0, amount: 0 }] = ledger.extremes.doubled ?? [];
    expect([counted.lines - said.lines, Number(counted.amount) - said.amount]).toEqual([
      right.lines,
      Number(right.amount),
    ]);
    expect([ledger.repeated.lines + said.lines, Number(ledger.repeated.amount) + said.amount]).toEqual([lines, money]);
    expect(saidOf(ledger)).toHaveLength(1);
    expect(saidOf(ledger)[0]).toMatch(
      /^Nearly all lines from 2024-02-20 to 2024-02-26 are in the file twice, and \d+ lines worth £/,
    );
  });

  test("and one that was not is counted once, without a word", async () => {
    const { joined, lines } = overlapping();
    const ledger = await ledgerOf(HEADER, joined);
    expect([ledger.repeated.lines, saidOf(ledger)]).toEqual([lines, []]);
  });

  test("nor where an invoice of one article twice stands alone on the day behind it", async () => {
    const { joined, lines } = overlapping();
    const twice = "9999,P1,x,1,2024-02-27 10:00,2.00,100,Norway";
    const others = joined.filter((record) => !record.includes("2024-02-27"));
    const ledger = await ledgerOf(HEADER, [...others, twice, twice]);
    expect([ledger.repeated.lines, saidOf(ledger)]).toEqual([lines, []]);
  });

  test("nor where some invoices of one article twice are of its days", async () => {
    const { joined, lines } = overlapping();
    const pairs = [9995, 9997, 9999].flatMap((invoice) => {
      const line = `${invoice},P1,x,1,2024-02-23 10:00,2.00,100,Norway`;
      return [line, line];
    });
    const ledger = await ledgerOf(HEADER, [...joined, ...pairs]);
    expect([ledger.repeated.lines, saidOf(ledger)]).toEqual([lines, []]);
  });

  test("is said beside a longer one that counts once", async () => {
    const { once } = overlapping();
    const from = (first: string, last = "2025") =>
      once.filter((record) => record.split(",")[4]! >= first && record.split(",")[4]! < last);
    const late = from("2024-03-25", "2024-03-29");
    const joined = [...from("2024", "2024-03-10"), ...from("2024-01-20", "2024-03-25")];
    const { extremes, repeated } = await ledgerOf(HEADER, [
      ...joined,
      ...[...late, ...late].toSorted(compare),
      ...from("2024-03-29"),
    ]);
    expect(repeated.lines).toBe(from("2024-01-20", "2024-03-10").length);
    expect(extremes.doubled).toMatchObject([{ first: "2024-03-25", last: "2024-03-28", lines: late.length }]);
  });

  test("is said where one line of it was mended in between", async () => {
    const { joined, lines } = overlapping();
    const at = joined.findLastIndex((record) => record.includes("2024-02-23"));
    const mended = joined.with(at, joined[at]!.replace(",Norway", ",Sweden"));
    const { extremes } = await ledgerOf(HEADER, mended.toSorted(field(4)));
    const found = extremes.doubled!.reduce((sum, days) => sum + days.lines, 0);
    expect(found).toBeLessThan(lines);
    expect(found).toBeGreaterThan(0.8 * lines);
  });
});

/** Some six hundred receipts of a line each, a fifth of them with that line twice. */
function pairs(seed: number, perDay: number): string[] {
  const random = seededRandom(seed);
  return Array.from({ length: 600 }, (_, i) => {
    const at = new Date(Date.UTC(2024, 0, 1 + Math.floor(i / perDay), 10 + (i % perDay))).toISOString().slice(0, 16);
    const record = `${1000 + i},P${Math.floor(6 * random())},x,1,${at.replace("T", " ")},5.00,${1 + Math.floor(30 * random())},Norway`;
    return random() < 0.2 ? [record, record] : [record];
  }).flat();
}

describe("a shop with many equal lines is no overlap", () => {
  const shop = (each: (random: () => number) => number, perDay: number): string[] => {
    const random = seededRandom(5);
    return Array.from({ length: 300 }, (_, day) =>
      Array.from({ length: perDay }, (_, i) => {
        const at = new Date(Date.UTC(2024, 0, 1 + day, 9 + i)).toISOString().slice(0, 16).replace("T", " ");
        const record = `${1000 + 50 * day + i},P${Math.floor(random() * 9)},x,1,${at},2.00,${Math.floor(random() * 40) + 1},Norway`;
        return Array.from({ length: each(random) }, () => record);
      }).flat(),
    ).flat();
  };
  test.each([
    ["tickets, most for two", (random: () => number) => (random() < 0.7 ? 2 : 1 + Math.floor(3 * random())), 3],
    [
      "tickets, most for two, one order a day",
      (random: () => number) => (random() < 0.7 ? 2 : 1 + Math.floor(3 * random())),
      1,
    ],
    ["coffees, one in ten for two", (random: () => number) => (random() < 0.1 ? 2 : 1), 12],
    ["coffees, one in five for two, one receipt a day", (random: () => number) => (random() < 0.2 ? 2 : 1), 1],
  ])("%s", async (_, each, perDay) => {
    expect(saidOf(await ledgerOf(HEADER, shop(each, perDay)))).toEqual([]);
  });

  test("nor is a small one, where one receipt in five is a pair", async () => {
    const said: string[] = [];
    for (const perDay of [1, 6]) {
      for (let seed = 1; seed <= 60; seed++) said.push(...saidOf(await ledgerOf(HEADER, pairs(seed, perDay))));
    }
    expect(said).toEqual([]);
  });

  test("nor is a shop with lines that repeat, as the walkthrough's", async () => {
    const [header, ...records] = generatedCsv().trimEnd().split("\n");
    expect(saidOf(await ledgerOf(header!, records))).toEqual([]);
  });
});

test("a whole file that is there twice, sorted, is said", async () => {
  const { once } = overlapping();
  const { extremes } = await ledgerOf(HEADER, [...once, ...once].toSorted(compare));
  expect(extremes.doubled).toMatchObject([{ first: "2024-01-01", last: "2024-03-30", lines: once.length }]);
});
