import { describe, expect, test } from "@jest/globals";
import { type CustomerFeatures, type Preparation, prepareFeatures } from "@keyspaces-segmentation/invoices/dist/rfm.js";
import { cutoffsOf, scoreCustomers } from "@keyspaces-segmentation/invoices/dist/scores.js";
import { preparations, retailOracle } from "../../../test/support/oracle.js";
import { aggregateLines, parseRealData, testOnRealData } from "../../../test/support/retail.js";

const customersOf = (rows: readonly (readonly [number, number, number])[]): CustomerFeatures[] =>
  rows.map(([recencyDays, frequency, monetary], i) =>
    Object.freeze({ customerId: String(i), country: "France", recencyDays, frequency, monetary }),
  );
const scoresOf = (rows: readonly (readonly [number, number, number])[], preparation: Preparation) =>
  scoreCustomers(customersOf(rows), preparation).map(({ r, f, m }) => [r, f, m]);

test.each(preparations)("the generated customers as pandas scores them: %s", (preparation) => {
  const rows = retailOracle.preparations[preparation].customers;
  const customers = customersOf(rows.map(([, , recency, frequency, monetary]) => [recency, frequency, monetary]));
  expect(scoreCustomers(customers, preparation).map(({ r, f, m, segment }) => [r, f, m, segment])).toEqual(
    rows.map((row) => row.slice(5)),
  );
});

test("equal values get equal scores", () => {
  const rows = [1, 1, 1, 2, 3, 4, 5].map((value): [number, number, number] => [value, value, value]);
  expect(scoresOf(rows, "net")).toEqual([
    [5, 2, 2],
    [5, 2, 2],
    [5, 2, 2],
    [3, 3, 3],
    [3, 4, 4],
    [2, 5, 5],
    [1, 5, 5],
  ]);
});

describe("who bought once, where most did", () => {
  /** Of 100 customers, the first so many bought once. */
  const shop = (once: number) =>
    customersOf(Array.from({ length: 100 }, (_, i) => [i % 50, i < once ? 1 : i, 10 + i] as const));
  const segmentsOf = (once: number, preparation: Preparation) =>
    new Set(
      scoreCustomers(shop(once), preparation)
        .filter(({ frequency }) => frequency === 1)
        .map(({ f, segment }) => `${f} ${segment}`),
    );

  test.each(["net", "sales"] as const)(
    "they have the lowest score and the segments of those who came once: %s",
    (by) => {
      for (const once of [51, 60, 81, 97, 100]) {
        expect(segmentsOf(once, by)).toEqual(
          new Set(["1 New Customers", "1 Promising", "1 About to Sleep", "1 Hibernating"]),
        );
      }
    },
  );

  test("where half of the customers or less did, their average rank counts", () => {
    expect([...segmentsOf(50, "net")].every((segment) => segment.startsWith("2 "))).toBe(true);
    expect([...segmentsOf(30, "net")].every((segment) => segment.startsWith("1 "))).toBe(true);
  });

  test("none of them is ever among the best, however few customers there are", () => {
    for (let count = 1; count <= 12; count++) {
      for (let once = 1; once <= count; once++) {
        const rows = Array.from({ length: count }, (_, i) => [i, i < once ? 1 : 5 + i, 10 * i] as const);
        const single = scoreCustomers(customersOf(rows), "net").filter(({ frequency }) => frequency === 1);
        const best = ["Champions", "Loyal Customers", "Can't Lose"];
        expect(single.filter(({ segment }) => best.includes(segment))).toEqual([]);
      }
    }
  });

  test("others than they are scored by their rank", () => {
    const others = scoreCustomers(shop(97), "net").filter(({ frequency }) => frequency > 1);
    expect(others.map(({ f }) => f)).toEqual([5, 5, 5]);
  });
});

test("cuts that coincide do not crash: equal values fall in the lowest bin that reaches them", () => {
  const rows = [7, 7, 7, 7, 9].map((value): [number, number, number] => [value, value, value]);
  expect(scoresOf(rows, "as_published")).toEqual([
    [5, 1, 1],
    [5, 2, 1],
    [5, 3, 1],
    [5, 4, 1],
    [1, 5, 5],
  ]);
});

test("fixed bounds take the place of fifths, for the features that have them", () => {
  const customers = customersOf([
    [10, 1, 50],
    [30, 2, 100],
    [31, 3, 101],
    [365, 10, 5000],
    [400, 50, -3],
  ]);
  const cuts = { recency: [30, 90, 180, 365], frequency: [1, 2, 5, 10] };
  const scored = scoreCustomers(customers, "net", cuts);
  expect(scored.map(({ r }) => r)).toEqual([5, 5, 4, 2, 1]);
  expect(scored.map(({ f }) => f)).toEqual([1, 2, 3, 4, 5]);
  expect(scored.map(({ m }) => m)).toEqual(scoreCustomers(customers, "net").map(({ m }) => m));
});

test.each([[[1, 2, 3]], [[1, 2, 2, 3]], [[4, 3, 2, 1]], [[1, 2, 3, Number.NaN]]])("%j are no bounds", (recency) => {
  expect(() => scoreCustomers(customersOf([[1, 1, 1]]), "net", { recency })).toThrow(
    "Expected `cuts.recency` to be four ascending numbers",
  );
});

test.each(preparations)("fewer than five distinct values give scores, never anything else: %s", (preparation) => {
  for (const values of [[1], [1, 1, 1], [1, 2], [1, 1, 2, 2, 3, 3, 4, 4]]) {
    const rows = values.map((value): [number, number, number] => [value, value, value]);
    const all = scoresOf(rows, preparation).flat();
    expect(all.every((score) => Number.isInteger(score) && score >= 1 && score <= 5)).toBe(true);
  }
});

test.each(preparations)("every pair of scores, and so every segment, can be reached by data: %s", (preparation) => {
  const pairs = [1, 2, 3, 4, 5].flatMap((r) => [1, 2, 3, 4, 5].map((f) => [r, f] as const));
  const scored = scoreCustomers(customersOf(pairs.map(([r, f]) => [60 - 10 * r, 3 * f, 7 * f])), preparation);
  expect(scored.map(({ r, f }) => [r, f])).toEqual(pairs);
  const counts: Record<string, number> = {};
  for (const { segment } of scored) counts[segment] = (counts[segment] ?? 0) + 1;
  expect(counts).toEqual({
    Hibernating: 4,
    "At Risk": 4,
    "Can't Lose": 2,
    "About to Sleep": 2,
    "Need Attention": 1,
    "Loyal Customers": 4,
    Promising: 1,
    "New Customers": 1,
    "Potential Loyalists": 4,
    Champions: 2,
  });
});

test.each([
  // One customer is the first of one as well as the last: the best fifth reaches down to them.
  [1, "Champions"],
  [2, "Loyal Customers"],
  [4, "Loyal Customers"],
  [5, "Need Attention"],
  [1000, "Need Attention"],
])("%d customers who are all alike are all in one segment: %s", (count, segment) => {
  const alike = customersOf(new Array(count).fill([10, 2, 30]));
  for (const preparation of ["net", "sales"] as const) {
    expect(new Set(scoreCustomers(alike, preparation).map((customer) => customer.segment))).toEqual(new Set([segment]));
  }
});

test("customers who are all alike as published: the original only has an exception, and breaks ties of frequency by order", () => {
  const scored = scoreCustomers(customersOf(new Array(10).fill([10, 2, 30])), "as_published");
  expect(scored.map(({ r, f, m }) => [r, f, m])).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5].map((f) => [5, f, 1]));
});

test.each(preparations)("nobody, one and two customers: %s", (preparation) => {
  expect(scoresOf([], preparation)).toEqual([]);
  const one = scoresOf([[3, 1, 10]], preparation);
  expect(one.flat().every((score) => score >= 1 && score <= 5)).toBe(true);
  const [first, second] = scoresOf(
    [
      [3, 1, 10],
      [9, 4, 2],
    ],
    preparation,
  ) as [number[], number[]];
  expect([first[0]! > second[0]!, first[1]! < second[1]!, first[2]! > second[2]!]).toEqual([true, true, true]);
});

testOnRealData("the real customers' segments as measured with pandas", async () => {
  const aggregate = aggregateLines((await parseRealData()).lines);
  const sizes = (preparation: Preparation) => {
    const { customers } = prepareFeatures(aggregate, { preparation, analysisDate: "2011-12-09" });
    const counts: Record<string, number> = {};
    for (const { segment } of scoreCustomers(customers, "as_published")) counts[segment] = (counts[segment] ?? 0) + 1;
    return counts;
  };
  const names = [
    "Hibernating",
    "Potential Loyalists",
    "At Risk",
    "Champions",
    "Loyal Customers",
    "About to Sleep",
    "Can't Lose",
    "Need Attention",
    "New Customers",
    "Promising",
  ];
  const expected = (counts: number[]) => Object.fromEntries(names.map((name, i) => [name, counts[i]]));
  expect(sizes("sales")).toEqual(expected([33, 23, 23, 23, 22, 14, 7, 5, 4, 3]));
  expect(sizes("as_published")).toEqual(expected([34, 23, 22, 24, 24, 11, 8, 7, 4, 2]));
});

const customers = Array.from({ length: 10 }, (_, i) => ({
  customerId: String(i),
  country: "France",
  recencyDays: 10 * i,
  frequency: i < 8 ? 1 : 7,
  monetary: 100 - i,
}));

test("each score has the lowest and the highest value that led to it", () => {
  const rows = cutoffsOf(scoreCustomers(customers, "net"));
  expect(rows.map((row) => Object.values(row))).toEqual([
    [5, 0, 10, 7, 7, 99, 100],
    [4, 20, 30, null, null, 97, 98],
    [3, 40, 50, null, null, 95, 96],
    [2, 60, 70, null, null, 93, 94],
    [1, 80, 90, 1, 1, 91, 92],
  ]);
});

test("nobody has no cut-offs", () => {
  expect(cutoffsOf([]).every(({ recencyFrom, monetaryTo }) => recencyFrom === null && monetaryTo === null)).toBe(true);
});
