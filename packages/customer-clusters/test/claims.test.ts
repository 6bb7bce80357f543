import { describe, expect, test } from "@jest/globals";
import { moneyOf } from "@keyspaces-segmentation/common";
import {
  claimsOf,
  explainWords,
  holds,
  inCurrency,
  rangeClaim,
  wordsFor,
} from "@keyspaces-segmentation/customer-clusters/dist/claims.js";
import { isClusterName } from "@keyspaces-segmentation/customer-clusters/dist/registered_clusters.js";
import { sortedFigures } from "@keyspaces-segmentation/customer-clusters/dist/sorted_figures.js";

const gbp = { money: moneyOf("GBP") };

const customer = (recencyDays: number, frequency: number, monetary: number) => ({ recencyDays, frequency, monetary });
/** Hundred customers, each feature running from 1 to 100. */
const customers = Array.from({ length: 100 }, (_, i) => customer(i + 1, i + 1, i + 1));

describe("words", () => {
  const words = wordsFor(sortedFigures(customers));
  const boundsOf = (phrase: string) => {
    const { from, to } = words.find((word) => word.phrase === phrase)!;
    return [from, to];
  };

  test("mean a half or a fifth of the customers", () => {
    expect(boundsOf("most recent")).toEqual([null, 20.8]);
    expect(boundsOf("more recent")).toEqual([null, 50.5]);
    expect(boundsOf("less recent")).toEqual([51, null]);
    expect(boundsOf("least recent")).toEqual([81, null]);
    expect(boundsOf("bought once")).toEqual([null, 1]);
    expect(boundsOf("very high spend")).toEqual([81, null]);
  });

  test("that fit everybody are none, and nobody is frequent with two invoices", () => {
    const alike = wordsFor(sortedFigures(Array.from({ length: 9 }, () => customer(3, 1, 50))));
    expect(alike.filter((word) => holds(word, customer(3, 1, 50)))).toEqual([]);
    const rare = wordsFor(sortedFigures([1, 1, 1, 2, 2, 9].map((frequency) => customer(1, frequency, frequency))));
    const frequent = rare.filter(({ phrase }) => phrase.endsWith("frequent"));
    expect(frequent.length).toBeGreaterThan(0);
    for (const word of frequent) expect(holds(word, customer(1, 2, 1))).toBe(false);
  });
});

describe("ranges", () => {
  test("are rounded outwards, and read back what they say", () => {
    const ranges = [
      rangeClaim("recencyDays", { from: 231, to: 284 }, { digits: 2, ...gbp }),
      rangeClaim("recencyDays", { from: 1, to: 1 }, { digits: 2, ...gbp }),
      rangeClaim("frequency", { from: 1, to: 1 }, { digits: 2, ...gbp }),
      rangeClaim("frequency", { from: 3, to: 12.5 }, { digits: 2, ...gbp }),
      rangeClaim("monetary", { from: 76_243, to: 193_829.5 }, { digits: 2, ...gbp }),
      rangeClaim("monetary", { from: -93.2, to: 40 }, { digits: 2, ...gbp }),
      rangeClaim("monetary", { from: -93.2, to: -20 }, { digits: 2, ...gbp }),
      rangeClaim("monetary", { from: 4321.5, to: 4321.5 }, { digits: 0, ...gbp }),
      rangeClaim("monetary", { from: 0, to: 0 }, { digits: 3, ...gbp }),
    ];
    expect(ranges.map(({ phrase }) => phrase)).toEqual([
      "bought 230–290 days ago",
      "bought 1 day ago",
      "1 invoice",
      "3–13 invoices",
      "£76,000–200,000 spent",
      "−£94 to £40 spent",
      "−£94 to −£20 spent",
      "£4,321–4,322 spent",
      "£0 spent",
    ]);
    for (const range of ranges) expect(claimsOf(range.phrase, [])).toEqual([range]);
  });

  test.each([
    ["EUR", "€76,000–200,000 spent", "−€94 to −€20 spent"],
    ["USD", "$76,000–200,000 spent", "−$94 to −$20 spent"],
    ["CHF", "CHF 76,000–200,000 spent", "−CHF 94 to −CHF 20 spent"],
    ["BRL", "R$76,000–200,000 spent", "−R$94 to −R$20 spent"],
    [null, "76,000–200,000 spent", "−94 to −20 spent"],
  ])("are in the currency of the amounts, and read back in any: %s", (currency, high, negative) => {
    const money = moneyOf(currency);
    const ranges = [
      rangeClaim("monetary", { from: 76_243, to: 193_829.5 }, { digits: 2, money }),
      rangeClaim("monetary", { from: -93.2, to: -20 }, { digits: 2, money }),
    ];
    expect(ranges.map(({ phrase }) => phrase)).toEqual([high, negative]);
    for (const { feature, phrase, from, to } of ranges) {
      expect(claimsOf(`More recent, ${phrase} (2)`, [])).toEqual([{ feature, phrase: phrase.toLowerCase(), from, to }]);
      expect(isClusterName(`More recent, ${phrase}`)).toBe(true);
      expect(inCurrency(`More recent, ${phrase} (2)`, { money })).toBe(`More recent, ${phrase} (2)`);
    }
  });

  test("of a name given in another currency are the same figures in this one", () => {
    const euro = { money: moneyOf("EUR") };
    const inEuro = (name: string) => inCurrency(name, euro);
    expect(inEuro("£4,300–15,000 spent")).toBe("€4,300–15,000 spent");
    expect(inEuro("Bought 3 days ago, −£94 to £40 spent (2)")).toBe("Bought 3 days ago, −€94 to €40 spent (2)");
    expect(inCurrency("4,300–15,000 spent", gbp)).toBe("£4,300–15,000 spent");
    for (const name of ["Champions", "Our £5 club", "High spend, bought 1 day ago", "Empty (3)"]) {
      expect(inEuro(name)).toBe(name);
    }
  });
});

test("a name says what its phrases say; one that is not made of these words says nothing that is known", () => {
  const words = wordsFor(sortedFigures(customers));
  expect(claimsOf("More recent, very high spend", words).map(({ phrase }) => phrase)).toEqual([
    "more recent",
    "very high spend",
  ]);
  expect(claimsOf("Less recent, £1,100–2,500 spent (2)", words)[1]).toMatchObject({ from: 1100, to: 2500 });
  for (const name of ["Champions", "", "<b>", "£ spent"]) expect(claimsOf(name, words)).toEqual([]);
  expect(claimsOf("Recent, frequent", words).map(({ phrase }) => phrase)).toEqual(["frequent"]);
});

test("each word that is used is explained by its bound among these customers", () => {
  const names = [{ name: "More recent, bought once" }, { name: "More recent, £5–9 spent" }, { name: "High spend (2)" }];
  expect(explainWords([...names, { name: "Champions" }], customers, gbp)).toEqual([
    { word: "more recent", meaning: "days since the last purchase: 50.5 or less" },
    { word: "bought once", meaning: "invoices: 1 or less" },
    { word: "high spend", meaning: "spent: £51.00 or more" },
  ]);
});
