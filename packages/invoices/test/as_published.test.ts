import { describe, expect, test } from "@jest/globals";
import { formatDecimal } from "@keyspaces-segmentation/common/dist/decimal.js";
import { prepareFeatures } from "@keyspaces-segmentation/invoices/dist/rfm.js";
import { scoreCustomers } from "@keyspaces-segmentation/invoices/dist/scores.js";
import { generateRetailCsv } from "../../../local/data/generate.js";
import { askPandas, withFile } from "../../../test/support/pandas.js";
import { realFile } from "../../../test/support/real_data.js";
import { aggregateLines, parseRealData, parseText, testOnRealData } from "../../../test/support/retail.js";

type Row = [id: string, recency: number, frequency: number, monetary: number, ...(number | string | null)[]];

/** What as_published.py prints. */
interface Published {
  customers: Row[];
  monetary_of_floats: number[];
  raises: string | null;
  unraised: Record<"r" | "f" | "m", number[]>;
}

const publishedOf = (file: string, analysisDate: string) => askPandas<Published>("as_published", file, analysisDate);

async function oursOf(parsed: ReturnType<typeof parseText>, analysisDate: string) {
  const aggregate = aggregateLines((await parsed).lines);
  const { customers } = prepareFeatures(aggregate, { preparation: "as_published", analysisDate });
  const rows = scoreCustomers(customers, "as_published").map(
    ({ customerId, recencyDays, frequency, monetary, r, f, m, segment }): Row => [
      ...([customerId, recencyDays, frequency, monetary] as const),
      ...[r, f, m, segment],
    ],
  );
  return { aggregate, rows };
}

const HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country";
/** One line a customer: days before 9 December 2010, number of invoices, pounds. */
const fileOf = (customers: readonly (readonly [days: number, invoices: number, pounds: number])[]): string => {
  const lines = customers.flatMap(([days, invoices, pounds], customer) =>
    Array.from({ length: invoices }, (_, i) => {
      const date = `12/${9 - days}/10 10:00`;
      return `${1000 * (customer + 1) + i},85048,CUP,1,${date},${i === 0 ? pounds : 0},${500 + customer},Spain`;
    }),
  );
  return `${HEADER}\n${lines.join("\n")}\n`;
};

describe("every customer as pandas prepares and scores them", () => {
  test.each([
    [1, 250],
    [2, 120],
    [3, 400],
    [20101209, 60],
  ])("generated data, seed %d, %d customers", async (seed, customers) => {
    const csv = generateRetailCsv({ seed, customers });
    const published = await withFile(csv, (file) => publishedOf(file, "2011-12-09"));
    const { rows } = await oursOf(parseText(csv), "2011-12-09");
    expect(published.raises).toBeNull();
    expect(rows.length).toBeGreaterThan(customers / 2);
    expect(rows).toEqual(published.customers);
  });

  testOnRealData("the real data, to its last day and to the walkthrough's fixed date", async () => {
    for (const analysisDate of ["2010-12-09", "2011-12-09"]) {
      const published = await publishedOf(realFile, analysisDate);
      const { rows } = await oursOf(parseRealData(), analysisDate);
      expect(published.raises).toBeNull();
      expect(rows).toHaveLength(159);
      expect(rows).toEqual(published.customers);
    }
  });
});

testOnRealData(
  "prices bound as floats, as in the walkthrough, change an amount by one at most, and only where it is whole",
  async () => {
    const { monetary_of_floats: floats } = await publishedOf(realFile, "2010-12-09");
    const { rows, aggregate } = await oursOf(parseRealData(), "2010-12-09");
    const exact = new Map(
      [...aggregate.customers].map(({ customerId, merged }) => [customerId, formatDecimal(merged!.amount)]),
    );
    const changed = rows.filter(([, , , monetary], i) => monetary !== floats[i]);
    for (const row of changed) {
      expect(exact.get(row[0])).toMatch(/^-?\d+(\.0+)?$/);
      expect(Math.abs(row[3] - floats[rows.indexOf(row)]!)).toBe(1);
    }
    expect(changed.length).toBeLessThan(10);
  },
);

describe("where pd.qcut raises because edges coincide, values fall in the lowest bin that reaches them", () => {
  test.each([
    ["recency is the same for most", [3, 3, 3, 3, 3, 8].map((days, i) => [days, 1 + i, 10 * i + 10] as const)],
    ["money is the same for most", [1, 2, 3, 4, 5, 6].map((days, i) => [days, 1 + i, i < 4 ? 10 : 20] as const)],
    ["all customers are alike", [1, 1, 1, 1, 1, 1, 1].map((days) => [days, 2, 30] as const)],
    ["there is one customer", [[4, 2, 30] as const]],
    ["there are two, alike", [[4, 2, 30] as const, [4, 2, 30] as const]],
  ])("%s", async (_, customers) => {
    const csv = fileOf(customers);
    const published = await withFile(csv, (file) => publishedOf(file, "2010-12-09"));
    const { rows } = await oursOf(parseText(csv), "2010-12-09");
    expect(published.raises).toMatch(/^Bin edges must be unique/);
    expect(rows.map((row) => row.slice(0, 4))).toEqual(published.customers.map((row) => row.slice(0, 4)));
    const { r, f, m } = published.unraised;
    expect(rows.map((row) => row.slice(4, 7))).toEqual(rows.map((_, i) => [r[i], f[i], m[i]]));
    expect(rows.every((row) => typeof row[7] === "string")).toBe(true);
  });

  test("two customers who differ in everything are scored as pandas scores them", async () => {
    const csv = fileOf([
      [1, 1, 10],
      [5, 2, 20],
    ]);
    const published = await withFile(csv, (file) => publishedOf(file, "2010-12-09"));
    expect(published.raises).toBeNull();
    expect((await oursOf(parseText(csv), "2010-12-09")).rows).toEqual(published.customers);
  });
});
