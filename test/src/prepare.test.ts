import { expect, jest, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common/dist/decimal.js";
import {
  applyScaler,
  featureMatrix,
  fitScaler,
  invertScaler,
  type Scaling,
} from "@keyspaces-segmentation/customer-clusters";
import type { SparkFeatures } from "@keyspaces-segmentation/glue-features";
import {
  customerList,
  type Preparation,
  prepareFeatures,
  quantileOf,
  type RetailAggregate,
  scoreCustomers,
} from "@keyspaces-segmentation/invoices";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { type DataFrame, loadDanfo, toFrame } from "@keyspaces-segmentation/notebook-charts";
import {
  addClusters,
  addScores,
  countOf,
  customersFrame,
  describeFrame,
  groupMeans,
  scaleFeatures,
  scoredCustomers,
} from "../../src/prepare.js";
import { fixture, preparations, retailOracle, scalings } from "../support/oracle.js";
import { aggregateLines, invoiceLine, parseGenerated, parseRealData, testOnRealData } from "../support/retail.js";

const danfo = loadDanfo();

type Row = (string | number)[];
type Prepared = { rfm_score: string[]; describe: Row[]; means: Row[] };

/** What preparation.py says. */
const pandas: Record<Preparation, Prepared> = fixture("preparation.json");

const scoring = (preparation: Preparation) => ({
  preparation,
  recencyCuts: null,
  frequencyCuts: null,
  monetaryCuts: null,
});
const parsed = parseGenerated().then(({ lines }) => aggregateLines(lines));
const generated = () => parsed;
const column = (frame: DataFrame, name: string): unknown[] => frame.column(name).values as unknown[];

/** Rows with the numbers in them close to those wanted, and all else equal. */
function expectRows(got: DataFrame, wanted: Row[]): void {
  const values = got.values as Row[];
  expect(values.map((row) => row.filter((cell) => typeof cell === "string"))).toEqual(
    wanted.map((row) => row.filter((cell) => typeof cell === "string")),
  );
  wanted.forEach((row, i) => {
    row.forEach((cell, j) => {
      const value = values[i]![j]!;
      if (typeof cell === "number") expect(Math.abs(Number(value) - cell)).toBeLessThanOrEqual(1e-12 * Math.abs(cell));
    });
  });
}

/** Customers with features of a shop's shape: most have bought once, and money has a long tail. */
function inventedAggregate(count: number): RetailAggregate {
  const random = seededRandom(11);
  const customers = Array.from({ length: count }, (_, i) => {
    const lastPurchase = new Date(Date.UTC(2011, 11, 9) - Math.floor(700 * random()) * 86_400_000);
    const amount = { unscaled: BigInt(Math.round(100 * Math.exp(12 * random()))), scale: 2 };
    return {
      customerId: String(10_000 + i),
      country: `Country ${i % 40}`,
      purchaseInvoices: Math.ceil(random() < 0.7 ? 1 : 30 * random()),
      lastPurchase,
      salesAmount: amount,
      netAmount: amount,
      merged: null,
    };
  });
  const day = new Date("2011-12-09T12:00:00Z");
  return { customers: customerList(customers), firstInvoice: day, lastInvoice: day };
}

test.each(preparations)("the generated customers as pandas prepares them: %s", async (preparation) => {
  const { customers, analysisDate } = customersFrame(await generated(), { preparation });
  const oracle = retailOracle.preparations[preparation].customers;
  expect(analysisDate).toBe(retailOracle.analysisDate);
  expect(customers).toBeInstanceOf(danfo.DataFrame);
  expect(customers.columns.join()).toBe("customer_id,country,last_purchase,total,recency_days,frequency,monetary");
  const names = ["customer_id", "country", "recency_days", "frequency", "monetary"];
  expect(names.map((name) => column(customers, name))).toEqual(names.map((_, j) => oracle.map((row) => row[j])));

  const rfm = addScores(customers, scoring(preparation));
  expect(rfm.columns.slice(7)).toEqual(["r", "f", "m", "RFM_SCORE", "segment"]);
  expect(column(rfm, "RFM_SCORE")).toEqual(pandas[preparation].rfm_score);
  expect(column(rfm, "segment")).toEqual(oracle.map((row) => row[8]));
  expectRows(describeFrame(rfm.drop({ columns: ["total"] })), pandas[preparation].describe);
  expectRows(groupMeans(rfm, "segment"), pandas[preparation].means);
});

test.each(preparations.flatMap((preparation) => scalings.map((scaling) => ({ preparation, scaling }))))(
  "danfo's scaler against the doubles and scikit-learn: $preparation, $scaling",
  async ({ preparation, scaling }) => {
    const { customers } = customersFrame(await generated(), { preparation });
    const { features, scaled, scaler, frame } = scaleFeatures(customers, scaling);
    const wanted = retailOracle.preparations[preparation].scaled[scaling];
    const exact = prepareFeatures(await generated(), { preparation }).customers;
    expect(features).toEqual(featureMatrix(exact));
    expect(scaler).toEqual(fitScaler(features, scaling));
    wanted.flat().forEach((value, at) => {
      expect(scaled.values[at]).toBeCloseTo(value, 12);
      expect((frame.values as number[][])[Math.floor(at / 3)]![at % 3]).toBeCloseTo(value, 5);
    });
    expect(frame.columns).toEqual(["recency_scaled", "frequency_scaled", "monetary_scaled"]);
    // It is danfo's: its numbers are those of float32.
    expect((frame.values as number[][]).flat().every((value) => Math.fround(value) === value)).toBe(true);
  },
);

test("money that was added up in decimals reaches danfo to the penny", () => {
  const third = (line: number) => invoiceLine({ line, quantity: 1, price: { unscaled: 1n, scale: 1 } });
  const large = invoiceLine({ customerId: "50002", quantity: 1, price: { unscaled: 90071992547409_91n, scale: 2 } });
  const { customers } = customersFrame(aggregateLines([third(1), third(2), third(3), large]), { preparation: "net" });
  expect(0.1 + 0.1 + 0.1).not.toBe(0.3);
  expect(column(customers, "total")).toEqual([0.3, 90071992547409.91]);
  expect(column(customers, "monetary")).toEqual([0.3, 90071992547409.91]);
});

test("the total is what all lines come to; what counts of it is the preparation's choice", async () => {
  const back = invoiceLine({ invoice: "C700002", quantity: -1, invoiceDate: new Date("2010-03-09T10:00:00Z") });
  const frameOf = (preparation: Preparation) => customersFrame(aggregateLines([invoiceLine(), back]), { preparation });
  const rowOf = (preparation: Preparation) => frameOf(preparation).customers.values[0];
  expect(rowOf("net")).toEqual(["50001", "France", "2010-03-04", 2.95, 5, 1, 2.95]);
  expect(rowOf("sales")).toEqual(["50001", "France", "2010-03-04", 2.95, 5, 1, 5.9]);
  expect(rowOf("as_published")).toEqual(["50001", "France", "2010-03-09", 2.95, 0, 2, 2]);
});

test("thousands of customers come back from danfo as they went in", () => {
  const invented = inventedAggregate(5000);
  const exact = prepareFeatures(invented, { preparation: "net" }).customers;
  const { customers } = customersFrame(invented, { preparation: "net" });
  const rfm = addScores(customers, scoring("net"));
  expect(scoredCustomers(rfm)).toEqual(scoreCustomers(exact, "net"));

  const described = describeFrame(customers);
  expect(column(described, "feature")).toEqual(["total", "recency_days", "frequency", "monetary"]);
  expect(column(described, "count")).toEqual([5000, 5000, 5000, 5000]);
  const money = exact.map(({ monetary }) => monetary);
  expect(column(described, "median")[3]).toBe(quantileOf(money, 0.5));

  for (const scaling of scalings) {
    const { scaled, scaler, frame } = scaleFeatures(customers, scaling);
    const features = featureMatrix(exact);
    expect(Buffer.from(scaled.values.buffer)).toEqual(Buffer.from(applyScaler(features, scaler).values.buffer));
    expect(scaler).toEqual(fitScaler(features, scaling));
    const back = invertScaler(scaled, scaler).values;
    expect(money.every((amount, i) => Math.abs(back[3 * i + 2]! - amount) < 1e-6)).toBe(true);
    expect(frame.shape).toEqual([5000, 3]);
  }
});

test("scores by bounds of one's own; columns that were put on before stay", async () => {
  const { customers } = customersFrame(await generated(), { preparation: "net" });
  const note = customers.addColumn("note", customers.index.map(String)) as DataFrame;
  const cuts = { ...scoring("net"), frequencyCuts: [1, 2, 5, 10] };
  const rfm = addScores(note, cuts);
  expect(column(rfm, "note")).toEqual(customers.index.map(String));
  const bound = (count: number) => [1, 2, 5, 10].filter((cut) => cut < count).length + 1;
  expect(column(rfm, "f")).toEqual((column(customers, "frequency") as number[]).map(bound));
  expect(rfm.column("RFM_SCORE").dtypes).toEqual(["string"]);
  expect(() => addScores(customers, { ...cuts, monetaryCuts: [2, 1, 3, 4] })).toThrow("Expected `cuts.monetary`");
});

test("scored again by other bounds, customers have one score each", async () => {
  const { customers } = customersFrame(await generated(), { preparation: "net" });
  const first = addScores(customers, scoring("net"));
  const again = addScores(first, { ...scoring("net"), monetaryCuts: [1, 2, 3, 4] });
  expect(again.columns).toEqual(first.columns);
  expect(new Set(column(again, "m"))).toEqual(new Set([5]));
  expect(column(again, "segment")).toEqual(column(first, "segment"));
});

test("clusters are put beside the customers, and make groups as segments do", async () => {
  const { customers } = customersFrame(await generated(), { preparation: "net" });
  const rfm = addScores(customers, scoring("net"));
  const segmented = scoredCustomers(rfm).map((customer, i) => {
    return { ...customer, cluster: i % 2, clusterName: `C${i % 2}`, distance: i / 100, action: "" };
  });
  const mapping = addClusters(rfm, segmented);
  expect(mapping.columns.slice(-3)).toEqual(["cluster", "cluster_name", "distance"]);
  expect(mapping.dtypes.slice(-3)).toEqual(["int32", "string", "float32"]);
  const means = groupMeans(mapping, "cluster");
  const [odd] = (means.values as number[][]).filter(([cluster]) => cluster === 1);
  const oddMoney = (column(customers, "monetary") as number[]).filter((_, i) => i % 2 === 1);
  expect(odd![1]).toBe(oddMoney.length);
  expect(odd![4]).toBeCloseTo(oddMoney.reduce((a, b) => a + b) / oddMoney.length, 8);
});

test("part of the customers can be scored and scaled like all of them", async () => {
  const { customers } = customersFrame(await generated(), { preparation: "net" });
  const some = customers.query(customers.column("frequency").gt(2)) as DataFrame;
  const scored = scoredCustomers(addScores(some, scoring("net")));
  expect(scored.length).toBe(some.shape[0]);
  expect(scored.every(({ frequency }) => frequency > 2)).toBe(true);
  expect(scaleFeatures(some, "min_max").scaled.rows).toBe(scored.length);
});

const frameOf = (rows: [recency: number, frequency: number, monetary: number, country?: string][]) =>
  toFrame(
    rows.map(([recency_days, frequency, monetary, country = "France"], i) => {
      return { customer_id: String(i), country, recency_days, frequency, monetary };
    }),
  );

test.each<[string, Scaling, [number, number, number][]]>([
  ["one customer", "min_max", [[5, 1, 2.5]]],
  ["one customer", "log_standard", [[5, 1, 2.5]]],
  ["a column with one value only", "min_max", [[5, 1, 2.5], [7, 1, 3.5]]], // biome-ignore format: a table
  ["a column with one value only", "log_standard", [[5, 1, 2.5], [7, 1, 3.5]]], // biome-ignore format: a table
  ["pennies apart in millions", "min_max", [[5, 1, 40_000_000.25], [7, 2, 40_000_000.5], [8, 3, 40_000_001]]], // biome-ignore format: a table
])("where danfo's scaler is wrong, the frame has the doubles: %s, %s", (_, scaling, rows) => {
  const customers = frameOf(rows);
  const { scaled, frame } = scaleFeatures(customers, scaling);
  expect((frame.values as number[][]).flat()).toEqual([...scaled.values]);
  const features = customers.iloc({ columns: [2, 3, 4] });
  const Scaler = scaling === "min_max" ? danfo.MinMaxScaler : danfo.StandardScaler;
  const alone = new Scaler().fitTransform(features).values.flat() as number[];
  expect(alone.every((value, at) => Math.abs(value - scaled.values[at]!) < 0.1)).toBe(false);
});

test("groups may have any name, and numbers", () => {
  const rows: [number, number, number, string][] = [
    [1, 1, 10, "constructor"],
    [3, 2, 20, "constructor"],
    [5, 3, 90, "__proto__"],
    [7, 4, 1, "7"],
    [9, 5, 2, ""],
  ];
  const means = groupMeans(frameOf(rows), "country");
  expect(means.columns).toEqual(["country", "customers", "recency_days_mean", "frequency_mean", "monetary_mean"]);
  expect(means.values).toEqual([
    ["__proto__", 1, 5, 3, 90],
    ["constructor", 2, 2, 1.5, 15],
    ["", 1, 9, 5, 2],
    ["7", 1, 7, 4, 1],
  ]);
  const numbered = frameOf(rows).addColumn("cluster", [2, 2, 0, 1, 1]) as DataFrame;
  expect(groupMeans(numbered, "cluster").column("cluster").values).toEqual([0, 2, 1]);
});

test("a column that is missing is named", async () => {
  const { customers } = customersFrame(await generated(), { preparation: "net" });
  const had = "customer_id, country, last_purchase, total, recency_days, frequency, monetary";
  expect(() => scoredCustomers(customers)).toThrow(
    `Expected \`customers\` to be a DataFrame with the column \`r\`, got "one with ${had}"`,
  );
  expect(() => groupMeans(customers, "segment")).toThrow("with the column `segment`");
});

test("means of groups are of the types that their values have, also where the first group has no name", () => {
  const rows = [
    { country: null, recency_days: 1, frequency: 2, monetary: 9.5 },
    { country: "Spain", recency_days: 4, frequency: 2, monetary: 3.25 },
  ];
  const means = groupMeans(toFrame(rows), "country");
  expect(means.values).toEqual([
    [null, 1, 1, 2, 9.5],
    ["Spain", 1, 4, 2, 3.25],
  ]);
  expect(means.dtypes).toEqual(["string", "int32", "int32", "int32", "float32"]);
});

test("nothing but the results is said, and no tensor is left behind", async () => {
  const warn = jest.spyOn(console, "warn").mockImplementation(() => undefined);
  try {
    const { customers } = customersFrame(await generated(), { preparation: "net" });
    const before = danfo.tensorflow.memory().numTensors;
    for (const scaling of scalings) scaleFeatures(customers, scaling);
    expect(danfo.tensorflow.memory().numTensors).toBe(before);
    expect(warn).not.toHaveBeenCalled();
  } finally {
    warn.mockRestore();
  }
});

testOnRealData("the real customers' money in danfo is their lines', to the penny", async () => {
  const aggregate = aggregateLines((await parseRealData()).lines);
  const { customers } = customersFrame(aggregate, { preparation: "net" });
  const exact = new Map(
    [...aggregate.customers].map(({ customerId, netAmount }) => [customerId, formatDecimal(netAmount)]),
  );
  const wanted = (column(customers, "customer_id") as string[]).map((id) => Number(exact.get(id)).toFixed(2));
  expect((column(customers, "total") as number[]).map((amount) => amount.toFixed(2))).toEqual(wanted);
  expect(scoredCustomers(addScores(customers, scoring("net")))).toEqual(
    scoreCustomers(prepareFeatures(aggregate, { preparation: "net" }).customers, "net"),
  );
});

test("of many customers, frames that are only looked at have the first ones", () => {
  const random = seededRandom(3);
  const customers = frameOf(
    Array.from({ length: 10_001 }, () => [Math.floor(400 * random()), 1 + Math.floor(9 * random()), 900 * random()]),
  );
  const scored = addScores(customers, scoring("net"));
  const { scaled, frame } = scaleFeatures(scored, "log_standard");
  expect([scaled.rows, frame.shape]).toEqual([10_001, [10_000, 3]]);
  expect((frame.values as number[][]).flat()).toEqual([...scaled.values.subarray(0, 30_000)]);
  const clustered = scoredCustomers(scored).map((customer, i) => {
    return { ...customer, cluster: i, clusterName: "C", distance: 0 };
  });
  const shown = addClusters(scored, clustered);
  expect(shown.shape[0]).toBe(10_000);
  expect(column(shown, "cluster").at(-1)).toBe(9999);
});

test("where Spark has found more customers than are here, they are scored and scaled as it has done among all", () => {
  const customers = frameOf([
    [10, 2, 50],
    [20, 1, 10],
  ]);
  const scored = { country: "France", frequency: 2, r: 1, f: 5, segment: "Can't Lose" };
  const sample = new Map(
    ["1", "0"].map((customerId, i) => [customerId, { ...scored, customerId, recencyDays: 0, monetary: 0, m: 3 + i }]),
  );
  const scaler = { scaling: "min_max", offset: [0, 0, 0], factor: [0.01, 0.1, 0.001] } as const;
  const spark = { sample, scaler, customers: 1_000_000 } as unknown as SparkFeatures;
  const known = addScores(customers, scoring("net"), { spark });
  expect(column(known, "RFM_SCORE")).toEqual(["154", "153"]);
  expect(countOf(known, { spark })).toBe("2 of 1,000,000");
  expect(countOf(known, { spark: null })).toBe("2");
  const { scaled, frame } = scaleFeatures(known, "min_max", { spark });
  expect([...scaled.values]).toEqual([0.1, 0.2, 0.05, 0.2, 0.1, 0.01]);
  expect((frame.values as number[][]).flat()).toEqual([...scaled.values]);
});
