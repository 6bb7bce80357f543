import { expect, test } from "@jest/globals";
import { BlockChain } from "@keyspaces-segmentation/invoices/dist/block_chain.js";
import { LineLog } from "@keyspaces-segmentation/invoices/dist/line_log.js";
import { lineNumbering, type UnnumberedLine } from "@keyspaces-segmentation/invoices/dist/line_numbers.js";

test("what an invoice has had grows by its new lines, and is not made again", () => {
  const { log, chain, begin } = chained();
  const first = begin(7);
  log.add(1, 1, 10, 10, 1);
  log.add(1, 1, 10, 10, 2);
  const history = chain.upTo(first);
  expect([history.lines, history.isVaried]).toEqual([2, false]);
  const second = begin(7);
  log.add(2, 2, 20, 20, 1);
  log.add(1, 1, 10, 10, 3);
  expect(chain.upTo(second)).toBe(history);
  expect([history.lines, history.isVaried]).toEqual([4, true]);
  expect([...history.numbers().values()]).toEqual([[1, 2, 3], [1]]);
  expect(history.first.map(({ codeLow }) => codeLow)).toEqual([1, 1, 2, 1]);
  expect([0, 2, 4].map((line) => history.keyOf(line))).toEqual([
    LineLog.keyOf(10, 10),
    LineLog.keyOf(20, 20),
    undefined,
  ]);
});

test("a history of many lines has tables of all of them, as one of few would come to", () => {
  const { log, chain, begin } = chained();
  for (let block = 0; block < 30; block++) {
    const last = begin(7);
    for (let i = 0; i < 10; i++) log.add(i, i, block % 2, 7, block + 1);
    const history = chain.upTo(last);
    const lines = 10 * (block + 1);
    const ofKey = Math.ceil((block + 1) / 2) * 10;
    expect(history.numbers().get(LineLog.keyOf(0, 7))).toHaveLength(ofKey);
    expect(history.numbers().get(LineLog.keyOf(1, 7)) ?? []).toHaveLength(lines - ofKey);
    const codes = history.codes();
    if (lines <= 100) expect([codes, history.first.length]).toEqual([null, lines]);
    else expect([...codes!.entries()].map(([, , count]) => count)).toEqual(Array(10).fill(block + 1));
  }
});

test("of histories of few lines as many are kept in a long file as in a short one, and of long ones more", () => {
  const kept = (invoices: number, linesOf: number): boolean => {
    const { log, chain, begin } = chained();
    const first = Array.from({ length: invoices }, (_, i) => {
      const block = begin(i);
      for (let line = 0; line < linesOf; line++) log.add(i, 0, i, line, 1);
      return block;
    });
    const history = chain.upTo(first[0]!);
    for (let i = 1; i * linesOf < 25_000; i++) chain.upTo(first[i]!);
    return chain.upTo(first[0]!) === history;
  };
  expect(kept(500_000, 1)).toBe(false);
  expect(kept(2_500, 200)).toBe(true);
});

test("a number for all cash sales, which comes back thousands of times among other invoices, counts on", () => {
  const numbering = lineNumbering();
  const counts = new Map<string, number>();
  const cash: UnnumberedLine[] = [];
  for (let day = 0; day < 3000; day++) {
    for (let i = 0; i < 30; i++) numbering.add(lineOf(`${day * 30 + i}`, "A", day), 0, new Map());
    const line = lineOf("CASH", `P${day % 7}`, day);
    numbering.add(line, 0, new Map());
    cash.push(line);
  }
  numbering.end(new Map());
  for (const { stockCode, line } of cash) {
    const expected = (counts.get(stockCode) ?? 0) + 1;
    counts.set(stockCode, expected);
    expect(line).toBe(expected);
  }
});

const lineOf = (invoice: string, stockCode: string, day: number): UnnumberedLine => ({
  invoice,
  stockCode,
  line: 0,
  description: null,
  customerId: "7",
  country: null,
  quantity: { unscaled: 1n, scale: 0 },
  price: { unscaled: BigInt(100 + day), scale: 2 },
  invoiceDate: new Date(Date.UTC(2015, 0, 1 + day)),
});

/** A log whose blocks are of keys that are numbers. */
function chained() {
  const log = new LineLog();
  const chain = new BlockChain(log);
  const last = new Map<number, number>();
  const begin = (key: number): number => {
    const block = log.begin();
    chain.add(block, last.get(key) ?? 0);
    last.set(key, block);
    return block;
  };
  return { log, chain, begin };
}
