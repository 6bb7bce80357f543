import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { SegmentedCustomer } from "../../../src/clustering/profile.js";
import { clustersCsv, customersCsv, type Summary, writeResults } from "../../../src/report/results.js";
import { segmentedCustomers } from "../../support/segmented_customers.js";

const SUMMARY: Summary = {
  dataset: { uri: "s3://data/online_retail.csv", lines: 10, generated: false },
  ledger: {
    stored: 9,
    rejected: 1,
    earlier: 0,
    bins: [],
    file: { lines: 10, amount: "1.50", firstInvoice: null, lastInvoice: null, bins: [], rejects: [] },
  },
  keyspace: "blog_20261121",
  table: "online_retail",
  parameters: { k: 6 },
  customers: 50,
  training: { job: "kmeans-1", algorithm: "k-means", k: 6, inertia: 1.5, seconds: 60 },
  clusters: [],
  requests: { select: 4 },
  seconds: { ingest: 2 },
};

function customer(changes: Partial<SegmentedCustomer>): SegmentedCustomer {
  const [any] = segmentedCustomers(1).customers as [SegmentedCustomer];
  return { ...any, ...changes };
}

describe("customersCsv", () => {
  test("has the agreed columns, by cluster and distance", () => {
    const lines = customersCsv([
      customer({ customerId: "3", cluster: 1, distance: 0.1 }),
      customer({ customerId: "2", cluster: 0, distance: 0.5 }),
      customer({ customerId: "1", cluster: 0, distance: 0.25, recencyDays: 4, frequency: 2, monetary: -1.5 }),
    ]).split("\n");
    expect(lines[0]).toBe(
      "customer_id,country,recency_days,frequency,monetary,r,f,m,segment,cluster,cluster_name,distance",
    );
    expect(lines.slice(1).map((line) => line.split(",")[0])).toEqual(["1", "2", "3", ""]);
    expect(lines[1]).toMatch(/^1,[^,]+,4,2,-1.5,3,3,3,\w+,0,[^,]+,0.25$/);
  });

  test("quotes commas, quotes and line ends, and nothing else", () => {
    const csv = customersCsv([customer({ country: 'Korea, "South"\n', clusterName: "a b" })]);
    expect(csv).toContain(',"Korea, ""South""\n",');
    expect(csv).toContain(",a b,");
  });
});

describe("clustersCsv", () => {
  test("has a line for every cluster; an empty one has no means", () => {
    const lines = clustersCsv(segmentedCustomers(100).clusters).trimEnd().split("\n");
    expect(lines[0]).toBe("cluster,name,customers,recency_days_mean,frequency_mean,monetary_mean,revenue_share");
    expect(lines).toHaveLength(7);
    expect(lines[6]).toBe("5,Nobody,0,,,,0");
  });
});

describe("writeResults", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "results-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  test("writes three whole files into a directory that it makes, and over older ones", async () => {
    const target = join(directory, "a/out");
    const { customers, clusters: profiles } = segmentedCustomers(50);
    const results = { customers, profiles, summary: SUMMARY };
    await writeResults(target, results);
    const paths = await writeResults(target, results);
    expect(paths).toEqual(["customers.csv", "clusters.csv", "summary.json"].map((name) => join(target, name)));
    expect((await readdir(target)).sort()).toEqual(["clusters.csv", "customers.csv", "summary.json"]);
    expect((await readFile(paths[0] as string, "utf8")).split("\n")).toHaveLength(52);
    expect(JSON.parse(await readFile(paths[2] as string, "utf8"))).toEqual(SUMMARY);
  });

  test("names the file that cannot be written", async () => {
    const target = join(directory, "file");
    await writeFile(target, "");
    const { customers, clusters: profiles } = segmentedCustomers(5);
    const results = { customers, profiles, summary: SUMMARY };
    await expect(writeResults(target, results)).rejects.toThrow(/^Could not write .*customers\.csv: .*E(EXIST|NOTDIR)/);
  });
});
