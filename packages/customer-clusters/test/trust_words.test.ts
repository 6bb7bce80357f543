import { expect, test } from "@jest/globals";
import { compareTrust, describeTrust } from "@keyspaces-segmentation/customer-clusters/dist/trust_words.js";
import type { TrustGauge } from "@keyspaces-segmentation/kmeans";

const gauge = (different: Partial<TrustGauge> = {}): TrustGauge => ({
  k: 6,
  rows: 4338,
  fittedRows: 4338,
  starts: 50,
  startsAtBest: 0.02,
  inertia: 0.775,
  fence: 0.1,
  agreement: { mean: 0.684, least: 0.51, most: 0.93, samples: 50 },
  margins: new Float64Array(4338),
  onTheFence: Array.from({ length: 321 }, (_, i) => i),
  ...different,
});
const steady = gauge({
  k: 4,
  startsAtBest: 1,
  onTheFence: [],
  agreement: { mean: 0.957, least: 0.9, most: 1, samples: 50 },
});

test("a gauge in words", () => {
  expect(describeTrust("as published", gauge())).toEqual({
    setting: "as published",
    clusters: 6,
    verdict: "shaky",
    found: "1 of 50 starts end at the best result; another training may well end at another one.",
    stays: "With customers drawn anew 50 times, the clusters agree to 68 of 100 (51 to 93; 100: the same, 0: chance).",
    onTheFence:
      "321 of 4,338 customers (7.4 %) lie on the fence: their cluster is less than 10 % nearer than the next one.",
  });
  expect(describeTrust("log", steady)).toMatchObject({
    verdict: "steady",
    found: "50 of 50 starts end at the best result.",
    onTheFence: "No customer lies on the fence between two clusters.",
  });
});

test.each([
  [0.9, "steady"],
  [0.899, "fairly steady"],
  [0.75, "fairly steady"],
  [0.749, "shaky"],
])("an agreement of %d is %s", (mean, verdict) => {
  expect(describeTrust("x", gauge({ agreement: { mean, least: 0, most: 1, samples: 9 } })).verdict).toBe(verdict);
});

test("side by side: which is steadier, and where luck was needed", () => {
  const published = { setting: "min-max, 6", gauge: gauge() };
  const alternative = { setting: "log, 4", gauge: steady };
  const { table, conclusion } = compareTrust(published, alternative);
  expect(table).toEqual([describeTrust("min-max, 6", gauge()), describeTrust("log, 4", steady)]);
  expect(conclusion).toBe(
    "“log, 4” is steadier than “min-max, 6”: 96 against 68 of 100. " +
      "Finding the best result takes luck with “min-max, 6”: keep the model, or use more starts.",
  );
});

test("what may be chance makes no difference", () => {
  const close = gauge({ ...steady, agreement: { mean: 0.91, least: 0.8, most: 1, samples: 50 } });
  expect(compareTrust({ setting: "a", gauge: close }, { setting: "b", gauge: steady }).conclusion).toBe(
    "“b” and “a” are about equally steady (96 and 91 of 100).",
  );
});

test("fits to a sample are said to be such", () => {
  expect(describeTrust("large", gauge({ rows: 1_000_000, fittedRows: 100_000 })).found).toMatch(
    /^1 of 50 starts, on a sample of 100,000 customers, end at the best result/,
  );
});
