import { beforeAll, describe, expect, test } from "@jest/globals";
import { customersOfCluster, type MembersPage } from "@keyspaces-segmentation/cluster-store/dist/cluster_members.js";
import { clusterOfCustomer, historyOfCustomer } from "@keyspaces-segmentation/cluster-store/dist/customer_lookup.js";
import { createResultTables } from "@keyspaces-segmentation/cluster-store/dist/result_tables.js";
import { type ClusteringRun, saveClusters } from "@keyspaces-segmentation/cluster-store/dist/results.js";
import { waitUntil } from "@keyspaces-segmentation/common";
import type { ClusteredCustomer, ClusterProfile } from "@keyspaces-segmentation/customer-clusters";
import { dropKeyspace } from "@keyspaces-segmentation/invoice-store/dist/drop_keyspace.js";
import { createKeyspace } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { withKeyspace } from "../support/keyspaces.js";
import { tableContents } from "../support/table_contents.js";

const it = withKeyspace();
beforeAll(async () => {
  await createResultTables(it.client, { ...it, resultsTtlDays: 1 });
});

const profile = (cluster: number, customers: number): ClusterProfile => ({
  cluster,
  name: `cluster ${cluster}`,
  customers,
  recencyDaysMedian: 8,
  recencyDaysMean: 10.5,
  frequencyMedian: 1,
  frequencyMean: 2,
  monetaryMedian: 80,
  monetaryMean: 99.25,
  revenueShare: 0.5,
  action: "",
});

const customer = (i: number, cluster: number): ClusteredCustomer => ({
  customerId: String(12_000 + i),
  country: "Norway",
  recencyDays: i,
  frequency: 2,
  monetary: 10.5 * i,
  r: 1,
  f: 2,
  m: 3,
  segment: "loyal",
  cluster,
  clusterName: `cluster ${cluster}`,
  distance: i / 100,
});

/** Half of the customers in cluster 1, half in 7, and nobody in 9. */
const small = (runId: string, day = 4): ClusteringRun => ({
  runId,
  runDate: new Date(Date.UTC(2026, 2, day, 5, 6, 7, 89)),
  profiles: [profile(1, 50), profile(7, 50), profile(9, 0)],
  customers: Array.from({ length: 100 }, (_, i) => customer(i, i % 2 ? 7 : 1)),
});

const resultsOf = async () =>
  Promise.all(
    ["ml_clustering_results", "cluster_of_customer", "customers_of_cluster"].map((table) =>
      tableContents(it.client, { keyspace: it.keyspace, table }),
    ),
  );

describe("a run that is saved", () => {
  test("has all its clusters and customers, once, however often it is saved", async () => {
    const run = small("run-1");
    // 2 batches for the 50 members of each of two clusters, a row for each customer, and 1 batch of clusters.
    expect(await saveClusters(it.client, it, run)).toEqual({ clusters: 3, customers: 100, requests: 105 });
    const before = await resultsOf();
    expect(before.map((rows) => rows.length)).toEqual([3, 100, 100]);
    expect(before[0]?.[0]).toBe(
      JSON.stringify({
        run_id: "run-1",
        segment: 1,
        buckets: 1,
        frequency_mean: 2,
        monetary_mean: 99.25,
        name: "cluster 1",
        recency_days_mean: 10.5,
        revenue_share: 0.5,
        run_date: "2026-03-04T05:06:07.089Z",
        total_customers: 50,
      }),
    );
    await saveClusters(it.client, it, run);
    expect(await resultsOf()).toEqual(before);
  });

  test("tells where a customer was: in that run, and in all of them", async () => {
    await saveClusters(it.client, it, small("of-the-third", 3));
    await saveClusters(it.client, it, small("of-the-fifth", 5));
    await saveClusters(it.client, it, small("of-the-fourth", 4));
    const found = await clusterOfCustomer(it.client, it, "12007", { runId: "of-the-third" });
    expect(found).toEqual({
      customerId: "12007",
      runId: "of-the-third",
      runDate: new Date("2026-03-03T05:06:07.089Z"),
      cluster: 7,
      clusterName: "cluster 7",
      distance: 0.07,
      recencyDays: 7,
      frequency: 2,
      monetary: 73.5,
      segment: "loyal",
    });
    const runs = (await historyOfCustomer(it.client, it, "12007")).map(({ runId }) => runId);
    expect(runs.filter((run) => run.startsWith("of-"))).toEqual(["of-the-fifth", "of-the-fourth", "of-the-third"]);
    expect(await clusterOfCustomer(it.client, it, "12007", { runId: "none" })).toBeNull();
    expect(await clusterOfCustomer(it.client, it, "nobody", { runId: "of-the-third" })).toBeNull();
    expect(await historyOfCustomer(it.client, it, "nobody")).toEqual([]);
  });
});

describe("a cluster", () => {
  const runId = "large";
  const members = 21_000;
  const idsOf = (all: readonly MembersPage[]) =>
    all.flatMap(({ customers }) => customers.map(({ customerId }) => customerId));
  let inOrder: string[];
  beforeAll(async () => {
    const customers = Array.from({ length: members }, (_, i) => customer(i, 0));
    const run = { runId, runDate: new Date(0), profiles: [profile(0, members), profile(3, 0)], customers };
    await saveClusters(it.client, it, run);
    inOrder = idsOf(await pages(10_000));
  });

  async function pages(pageSize: number): Promise<MembersPage[]> {
    const all: MembersPage[] = [];
    for (let next: string | null = null; ; ) {
      const page: MembersPage | null = await customersOfCluster(it.client, it, { runId, cluster: 0, pageSize, next });
      if (page === null) throw new Error("the cluster is gone");
      all.push(page);
      if (page.next === null) return all;
      next = page.next;
    }
  }

  test("is spread over partitions of about the same size", async () => {
    const query = `SELECT buckets FROM ${it.keyspace}.ml_clustering_results WHERE run_id = ? AND segment = 0`;
    expect((await it.client.execute(query, [runId])).rows[0]?.buckets).toBe(3);
    const sizes = await Promise.all(
      [0, 1, 2].map(async (bucket) => {
        const ids = `SELECT customer_id FROM ${it.keyspace}.customers_of_cluster WHERE run_id = ? AND cluster = 0 AND bucket = ?`;
        return (await it.client.execute(ids, [runId, bucket], { prepare: true, fetchSize: 20_000 })).rows.length;
      }),
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBe(members);
    expect(Math.min(...sizes)).toBeGreaterThan(6000);
  });

  test.each([5000, 7000, 999])("comes in full pages of %i, each customer once, in the same order", async (pageSize) => {
    const all = await pages(pageSize);
    expect(all.slice(0, -1).every(({ customers }) => customers.length === pageSize)).toBe(true);
    expect(all).toHaveLength(Math.ceil(members / pageSize));
    const ids = idsOf(all);
    expect(new Set(ids).size).toBe(members);
    expect(ids).toHaveLength(members);
    expect(inOrder).toEqual(ids);
  });

  test("tells what it knows of its customers, and how many there are", async () => {
    const page = await customersOfCluster(it.client, it, { runId, cluster: 0, pageSize: 2 });
    expect(page).toMatchObject({ runId, cluster: 0, name: "cluster 0", total: members });
    const [one] = page!.customers;
    const { clusterName, cluster, r, f, m, ...known } = customer(Number(one!.customerId) - 12_000, 0);
    expect(one).toEqual(known);
  });

  test("without customers is an empty page, and one that is not there is none", async () => {
    expect(await customersOfCluster(it.client, it, { runId, cluster: 3 })).toEqual({
      runId,
      cluster: 3,
      name: "cluster 3",
      total: 0,
      customers: [],
      next: null,
    });
    expect(await customersOfCluster(it.client, it, { runId, cluster: 1 })).toBeNull();
    expect(await customersOfCluster(it.client, it, { runId: "none", cluster: 0 })).toBeNull();
  });

  test.each([
    [{ pageSize: 0 }, "pageSize"],
    [{ pageSize: 10_001 }, "pageSize"],
    [{ next: "3/1" }, "next"],
    [{ next: "x" }, "next"],
  ])("does not take %j", async (wrong, name) => {
    await expect(customersOfCluster(it.client, it, { runId, cluster: 0, ...wrong })).rejects.toThrow(
      `Expected \`${name}\` to be `,
    );
  });
});

describe("results that expire", () => {
  const ttlOf = async (table: string, column: string, runId: string) => {
    const query = `SELECT run_id, TTL(${column}) AS seconds FROM ${it.keyspace}.${table}`;
    const { rows } = await it.client.execute(query, [], { prepare: true, fetchSize: 50_000 });
    return rows.filter((row) => row.run_id === runId).map((row) => row.seconds as number | null);
  };

  test("have the days that were asked for, in each table, and others none", async () => {
    await saveClusters(it.client, it, small("kept"));
    await saveClusters(it.client, { ...it, resultsTtlDays: 30 }, small("of-a-month"));
    for (const [table, column] of [
      ["ml_clustering_results", "name"],
      ["cluster_of_customer", "cluster"],
      ["customers_of_cluster", "monetary"],
    ] as const) {
      const seconds = await ttlOf(table, column, "of-a-month");
      expect(seconds).toHaveLength(table === "ml_clustering_results" ? 3 : 100);
      for (const left of seconds) {
        expect(left).toBeGreaterThan(30 * 86_400 - 3600);
        expect(left).toBeLessThanOrEqual(30 * 86_400);
      }
      expect(new Set(await ttlOf(table, column, "kept"))).toEqual(new Set([null]));
    }
  });

  test("are gone when their time is over, others are not", async () => {
    await saveClusters(it.client, it, small("to-stay"));
    await saveClusters(it.client, { ...it, resultsTtlDays: 2 / 86_400 }, small("to-go"));
    await waitUntil(
      "the rows to be gone",
      async () => {
        const found = await clusterOfCustomer(it.client, it, "12099", { runId: "to-go" });
        const page = await customersOfCluster(it.client, it, { runId: "to-go", cluster: 7 });
        return found === null && page === null ? { done: true, seen: "" } : { seen: "still there" };
      },
      { deadlineMs: 60_000 },
    );
    expect((await customersOfCluster(it.client, it, { runId: "to-stay", cluster: 7 }))?.customers).toHaveLength(50);
  });

  test("need tables that know about it", async () => {
    const name = { keyspace: `${it.keyspace}_kept`, table: "unused", resultsTtlDays: 1 };
    await createKeyspace(it.client, name.keyspace);
    await createResultTables(it.client, { keyspace: name.keyspace });
    await expect(saveClusters(it.client, name, small("never"))).rejects.toMatchObject({
      message: expect.stringContaining("TTL is not yet supported"),
      hint: "Run createResultTables with the same `resultsTtlDays`: it lets the rows of these tables expire.",
    });
    await dropKeyspace(it.client, name);
    await expect(saveClusters(it.client, { ...name, resultsTtlDays: 7301 }, small("never"))).rejects.toThrow("7300");
  });
});
