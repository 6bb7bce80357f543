import { expect, test } from "@jest/globals";
import { repeatCounter } from "@keyspaces-segmentation/invoices/dist/fingerprints.js";
import { seededRandom } from "@keyspaces-segmentation/kmeans";

test("counts a pair each time it comes, wherever it comes", () => {
  const count = repeatCounter();
  const pairs = [
    ["1", "A", 1],
    ["1", "B", 1],
    ["1", "A", 2],
    ["2", "A", 1],
    ["1", "A", 3],
    ["2", "A", 2],
    ["", "", 1],
    ["", "", 2],
  ] as const;
  for (const [first, second, expected] of pairs)
    expect([first, second, count(first, second)]).toEqual([first, second, expected]);
});

test("keeps pairs apart whose texts run together the same way", () => {
  const count = repeatCounter();
  for (const [first, second] of [
    ["ab", "c"],
    ["a", "bc"],
    ["abc", ""],
    ["", "abc"],
    ["c", "ab"],
    ["b", "ac"],
  ] as const) {
    expect(count(first, second)).toBe(1);
  }
});

test("agrees with plain counting over many pairs, in any order", () => {
  const random = seededRandom(11);
  const count = repeatCounter();
  const plain = new Map<string, number>();
  let wrong = 0;
  for (let i = 0; i < 300_000; i++) {
    const [invoice, stockCode] = [
      String(489_434 + Math.floor(random() * 9000)),
      `${20_000 + Math.floor(random() * 40)}B`,
    ];
    const key = `${invoice}|${stockCode}`;
    const expected = (plain.get(key) ?? 0) + 1;
    plain.set(key, expected);
    if (count(invoice, stockCode) !== expected) wrong++;
  }
  expect(wrong).toBe(0);
  expect(plain.size).toBeGreaterThan(200_000);
});

test("every pair of a large file is new", () => {
  const count = repeatCounter();
  let repeated = 0;
  for (let invoice = 0; invoice < 20_000; invoice++) {
    for (let code = 0; code < 20; code++) if (count(String(489_434 + invoice), String(20_000 + code)) !== 1) repeated++;
  }
  expect(repeated).toBe(0);
});
