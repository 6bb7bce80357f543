import { describe, expect, test } from "@jest/globals";
import {
  comparePreparations,
  mostDifferent,
  type PreparationRow,
} from "@keyspaces-segmentation/invoices/dist/compare_preparations.js";
import { generateRetailCsv } from "../../../local/data/generate.js";
import { askPandas, withFile } from "../../../test/support/pandas.js";
import { realFile } from "../../../test/support/real_data.js";
import { aggregateLines, invoiceLine, parseRealData, parseText, testOnRealData } from "../../../test/support/retail.js";

interface Comparison {
  rows: (Omit<PreparationRow, "monetary"> & { monetary: number })[];
  spreads: number[];
}

function expectAsPandas(aggregate: ReturnType<typeof aggregateLines>, { rows, spreads }: Comparison): void {
  const ours = comparePreparations(aggregate).map(({ monetary, ...row }) => ({ ...row, monetary: Number(monetary) }));
  expect(ours.map(({ monetaryMedian, ...row }) => row)).toEqual(rows.map(({ monetaryMedian, ...row }) => row));
  for (const [i, { monetaryMedian }] of ours.entries()) expect(monetaryMedian).toBeCloseTo(rows[i]!.monetaryMedian!, 9);
  const different = mostDifferent(aggregate, {}, 10);
  expect(different).toHaveLength(spreads.filter((spread) => spread >= 1).length);
  for (const [i, { netMonetary, salesMonetary, publishedMonetary }] of different.entries()) {
    const amounts = [netMonetary, salesMonetary, publishedMonetary].map((amount) => amount ?? 0);
    expect(Math.max(...amounts) - Math.min(...amounts)).toBeCloseTo(spreads[i]!, 9);
  }
}

describe("the three preparations differ as pandas finds them to", () => {
  test.each([1, 7])("generated data, seed %d", async (seed) => {
    const csv = generateRetailCsv({ seed });
    const compared = await withFile(csv, (file) => askPandas<Comparison>("comparison", "preparations", file));
    expectAsPandas(aggregateLines((await parseText(csv)).lines), compared);
  });

  testOnRealData("the real data", async () => {
    const compared = await askPandas<Comparison>("comparison", "preparations", realFile);
    const aggregate = aggregateLines((await parseRealData()).lines);
    expectAsPandas(aggregate, compared);
    expect(comparePreparations(aggregate).map(({ monetary }) => monetary)).toEqual([
      "539584.24",
      "576896.34",
      "539075",
    ]);
  });
});

test("what a return changes", () => {
  const aggregate = aggregateLines([
    invoiceLine({ quantity: 10 }),
    invoiceLine({ invoice: "C2", quantity: -4, invoiceDate: new Date("2010-03-09T10:00:00Z") }),
    invoiceLine({ invoice: "3", customerId: "50002" }),
    invoiceLine({ invoice: "C4", customerId: "50003", quantity: -1 }),
  ]);
  const [net, sales, published] = comparePreparations(aggregate);
  expect(net).toEqual({
    preparation: "net",
    customers: 2,
    monetary: "23.60",
    recencyMedian: 5,
    frequencyMedian: 1,
    monetaryMedian: 11.8,
    onlyHere: 0,
    onlyInNet: 0,
    recencyDiffers: 0,
    frequencyDiffers: 0,
    monetaryDiffers: 0,
    segmentDiffers: 0,
  });
  expect(sales).toMatchObject({ customers: 2, monetary: "35.40", recencyDiffers: 0, monetaryDiffers: 1 });
  expect(published).toMatchObject({
    customers: 3,
    monetary: "20",
    onlyHere: 1,
    onlyInNet: 0,
    recencyDiffers: 1,
    frequencyDiffers: 1,
    monetaryDiffers: 0,
  });
  expect(mostDifferent(aggregate, {}, 2).map(({ customerId }) => customerId)).toEqual(["50001", "50003"]);
  expect(mostDifferent(aggregate, {}, 10)[1]).toMatchObject({
    netMonetary: null,
    publishedMonetary: -2,
    netSegment: null,
  });
});

test("a customer whose only line repeats as another customer's is missing as published", () => {
  const rows = comparePreparations(aggregateLines([invoiceLine(), invoiceLine({ line: 2, customerId: "50002" })]));
  expect(rows.map(({ customers, onlyHere, onlyInNet }) => [customers, onlyHere, onlyInNet])).toEqual([
    [2, 0, 0],
    [2, 0, 0],
    [1, 0, 1],
  ]);
});

test("a preparation that leaves nobody is a row of nobody", () => {
  const [net, , published] = comparePreparations(aggregateLines([invoiceLine({ invoice: "C1", quantity: -1 })]));
  expect(net).toMatchObject({ customers: 0, monetary: "0", recencyMedian: null, monetaryMedian: null });
  expect(published).toMatchObject({ customers: 1, onlyHere: 1 });
});

test("the analysis date and bounds of one's own count", () => {
  const aggregate = aggregateLines([invoiceLine(), invoiceLine({ invoice: "2", customerId: "50002", quantity: 90 })]);
  const later = comparePreparations(aggregate, { analysisDate: "2010-03-14" });
  expect(later.map(({ recencyMedian }) => recencyMedian)).toEqual([10, 10, 10]);
  const cuts = { recency: [1, 2, 3, 4] };
  expect(mostDifferent(aggregate, { analysisDate: "2010-03-14", cuts }, 10)).toEqual([]);
  expect(() => comparePreparations(aggregate, { cuts: { recency: [1] } })).toThrow("`cuts.recency`");
  expect(() => comparePreparations(aggregate, { analysisDate: "2010-03-01" })).toThrow("`analysisDate`");
  expect(() => comparePreparations(aggregateLines([]))).toThrow("there are no invoice lines");
});
