import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { clustersCsv, customersCsv } from "@keyspaces-segmentation/cluster-store/dist/result_csv.js";
import { unguarded } from "@keyspaces-segmentation/common/dist/csv_field.js";
import type { ClusteredCustomer } from "@keyspaces-segmentation/customer-clusters";
import { linkToResult } from "@keyspaces-segmentation/notebook-charts";
import { handOut } from "@keyspaces-segmentation/notebook-charts/dist/hand_out.js";
import { writeResults } from "../../src/result_files.js";
import { clusteredCustomers } from "../support/clustered_customers.js";
import { csvRecords } from "../support/invoice_files.js";
import { summaryOf } from "../support/summary.js";

const SUMMARY = summaryOf();

const splitter = (csv: string | Iterable<string>) => csvRecords([...csv].join("")).map(({ fields }) => fields);

function customer(changes: Partial<ClusteredCustomer>): ClusteredCustomer {
  const [any] = clusteredCustomers(1).customers as [ClusteredCustomer];
  return { ...any, ...changes };
}

describe("customersCsv", () => {
  test("has the agreed columns, by cluster and distance", () => {
    const three = [
      customer({ customerId: "3", cluster: 1, distance: 0.1 }),
      customer({ customerId: "2", cluster: 0, distance: 0.5 }),
      customer({ customerId: "1", cluster: 0, distance: 0.25, recencyDays: 4, frequency: 2, monetary: -1.5 }),
    ];
    const lines = [...customersCsv(three)].join("").split("\n");
    expect(lines[0]).toBe(
      "customer_id,country,recency_days,frequency,monetary,r,f,m,segment,cluster,cluster_name,distance",
    );
    expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(["1", "2", "3", ""]);
    expect(lines[1]).toMatch(/^1,[^,]+,4,2,-1.5,3,3,3,\w+,0,[^,]+,0.25$/);
  });

  test("quotes commas, quotes and line ends, and nothing else", () => {
    const [, csv] = customersCsv([customer({ country: 'Korea, "South"\n', clusterName: "a b" })]);
    expect(csv).toContain(',"Korea, ""South""\n",');
    expect(csv).toContain(",a b,");
  });
});

test("customersCsv comes in pieces, whose number grows with the customers and whose length does not", () => {
  const pieces = [...customersCsv(clusteredCustomers(2500).customers)];
  expect(pieces.map((piece) => piece.trimEnd().split("\n").length)).toEqual([1, 1000, 1000, 500]);
});

describe("clustersCsv", () => {
  test("has a line for every cluster; an empty one has no means and medians", () => {
    const lines = clustersCsv(clusteredCustomers(100).clusters).trimEnd().split("\n");
    expect(lines[0]).toBe(
      "cluster,name,customers,recency_days_mean,frequency_mean,monetary_mean,revenue_share," +
        "recency_days_median,frequency_median,monetary_median",
    );
    expect(lines).toHaveLength(7);
    expect(lines[6]).toBe("5,Nobody,0,,,,0,,,");
    const later = clustersCsv(clusteredCustomers(100, [1, 4, 9, 16, 25, 36]).clusters)
      .trimEnd()
      .split("\n");
    expect(later.slice(1).map((line) => line.split(",")[0])).toEqual(["1", "4", "9", "16", "25", "36"]);
    expect(later.map((line) => line.replace(/^\d+/, ""))).toEqual(lines.map((line) => line.replace(/^\d+/, "")));
  });
});

describe("a text in a table that a spreadsheet opens", () => {
  const FORMULAS = [
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "'=1+1",
    "''@x",
    "＝1",
    '=HYPERLINK("http://evil.test")',
  ];

  test.each(FORMULAS)("is no formula, and can be had back: %j", (text) => {
    const [, row] = splitter(
      customersCsv([customer({ customerId: text, country: text, segment: text, clusterName: text })]),
    );
    const texts = [row![0], row![1], row![8], row![10]];
    expect(texts).toEqual(Array.from({ length: 4 }, () => `'${text}`));
    expect(texts.map((field) => unguarded(field!))).toEqual(Array.from({ length: 4 }, () => text));
    const [profile] = clusteredCustomers(5).clusters;
    const [, cluster] = splitter(clustersCsv([{ ...profile!, name: text }]));
    expect(cluster?.[1]).toBe(`'${text}`);
  });

  test.each(["'n Shop", "it's", "a=b", "1-2", "12346", "", "'"])("stays as it is where it is none: %j", (text) => {
    const [, row] = splitter(customersCsv([customer({ country: text })]));
    expect(row?.[1]).toBe(text);
    expect(unguarded(text)).toBe(text);
  });

  test("a number stays one, with its minus", () => {
    const [, row] = splitter(customersCsv([customer({ monetary: -12.5 })]));
    expect(row?.[4]).toBe("-12.5");
  });
});

describe("linkToResult", () => {
  test.each([
    ["../out", "../out/customers.csv"],
    ["/anywhere/out", "customers.csv"],
    ["my folder/50 % #1?", "my%20folder/50%20%25%20%231%3F/customers.csv"],
    ["javascript:alert(1)//", "javascript%3Aalert(1)/customers.csv"],
    ["http://evil.test", "http%3A/evil.test/customers.csv"],
  ])("leads from the notebook into %j", (outputDirectory, href) => {
    expect(linkToResult("customers.csv", { outputDirectory })).toEqual({ text: "customers.csv", href });
  });
});

describe("writeResults", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "results-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  test("writes four whole files into a directory that it makes, and over older ones", async () => {
    const target = join(directory, "a/out");
    const { customers, clusters: profiles } = clusteredCustomers(50);
    const results = { customers, profiles, summary: SUMMARY };
    await writeResults(target, results);
    const paths = await writeResults(target, results);
    expect(paths).toEqual(
      ["customers.csv", "clusters.csv", "summary.json", "segments.html"].map((name) => join(target, name)),
    );
    expect((await readdir(target)).sort()).toEqual(["clusters.csv", "customers.csv", "segments.html", "summary.json"]);
    expect((await readFile(paths[0] as string, "utf8")).split("\n")).toHaveLength(52);
    expect(JSON.parse(await readFile(paths[2] as string, "utf8"))).toEqual(SUMMARY);
    expect(await readFile(paths[3] as string, "utf8")).toBe(handOut(SUMMARY));
  });

  test("names the file that cannot be written", async () => {
    const target = join(directory, "file");
    await writeFile(target, "");
    const { customers, clusters: profiles } = clusteredCustomers(5);
    const results = { customers, profiles, summary: SUMMARY };
    await expect(writeResults(target, results)).rejects.toThrow(/^Could not write .*customers\.csv: .*E(EXIST|NOTDIR)/);
  });
});
