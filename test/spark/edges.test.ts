import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createResultTables } from "@keyspaces-segmentation/cluster-store";
import { readCustomers } from "@keyspaces-segmentation/invoice-store/dist/read_invoices.js";
import { createRetailTable } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { retailTable } from "@keyspaces-segmentation/invoices/dist/retail_table.js";
import { insertInto } from "@keyspaces-segmentation/keyspaces-bulk";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { types } from "cassandra-driver";
import { expectSameFeatures } from "../support/spark_features.js";
import { bucket, keyspace, type SparkWorld, startSparkWorld } from "../support/spark_world.js";
import { tableContents } from "../support/table_contents.js";

let world: SparkWorld;

beforeAll(async () => {
  world = await startSparkWorld();
  await store("wild", wildRows(450));
});
afterAll(() => world?.end());

type Row = (string | number | Date | types.BigDecimal | null)[];

async function store(table: string, rows: readonly Row[]): Promise<void> {
  await createRetailTable(world.client, { keyspace, table });
  const query = insertInto({ keyspace, table }, retailTable);
  for (const row of rows) await world.client.execute(query, row, { prepare: true });
}

/** Rows in which everything that may meet does: numbers used again hours and days later, by others too; repeats; amounts of all lengths. */
function wildRows(count: number): Row[] {
  const random = seededRandom(17);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const start = Date.UTC(2011, 9, 29, 20, 59);
  const ids = [null, null, "7", "07", "10", "9", "abc", 'O"Brien, Zoë', "12345678901234567890", "é"];
  const rows = new Map<string, Row>();
  while (rows.size < count) {
    const invoice = pick([
      "1001",
      "1002",
      "1003",
      "C1001",
      "c1002",
      "CX9",
      "A9",
      ...Array.from({ length: 30 }, (_, i) => `${2000 + i}`),
    ]);
    const [code, line] = [pick(["61000", "61000A", "POST", "1234", "M"]), 1 + Math.floor(random() * 3)];
    const quantity = pick(["1", "2", "-3", "0", "0.5", "24", "1000000", "0.125"]);
    // The last ones are amounts divided by a quantity.
    const quotients = ["3.333333333333333333", "0.023809523809523811"];
    const price = pick(["2.95", "0", "-1.10", "0.001", "1234567.89", "2.5000", "0.0001", "3E+2", ...quotients]);
    // A quarter of a day is the grain: gaps of less than a night or a day, of exactly one, of more; some numbers come again soon once, some twice, some late.
    const later = /[13579]$/.test(invoice) ? [0] : /[48]$/.test(invoice) ? [0, 0, 10, 80] : [0, 10, 20];
    const quarters = Math.floor(random() * 4) + pick(later);
    const time = new Date(start + quarters * 21_600_000 + pick([0, 0, 1, -1]) * 60_000);
    // Some customers come again to the numbers that come again twice.
    const customer = pick(later.length === 3 ? ids.slice(1, 5) : ids);
    const country = pick(["France", "France", "Germany", null]);
    const values = [
      invoice,
      code,
      line,
      null,
      types.BigDecimal.fromString(quantity),
      time,
      types.BigDecimal.fromString(price),
    ];
    rows.set(`${invoice}/${code}/${line}`, [...values, customer, country]);
  }
  return [...rows.values()];
}

test("numbers used again, several customers on one, repeats and odd amounts come to the same", async () => {
  const cut = new Date("2011-11-01T09:00:00Z");
  const totals = await readCustomers(world.client, { keyspace, table: "wild" }, { cut });
  expect(totals.reusedNumbers).toBeGreaterThan(10);
  expect(totals.beforeCut!.customers.length).toBeGreaterThan(3);
  const choice = { preparation: "as_published", scaling: "min_max", format: "csv" } as const;
  const run = await world.run("rfm_features.py", {
    table: "wild",
    output: `s3://${bucket}/wild`,
    preparation: choice.preparation,
    shards: "2",
    ranges: "4",
    cut: cut.toISOString(),
    JOB_NAME: "as Glue passes it",
    "job-language": "python",
  });
  expect(run).toMatchObject({ status: 0, reason: "" });
  expectSameFeatures(await world.objects("wild"), totals, choice);
});

test("what is seldom in a table comes to the same, and its customers into their clusters", async () => {
  const day = new Date("2010-12-01T08:26:00Z");
  const row = (
    invoice: string,
    customer: string,
    { country = "France", date = day, price = "2.50", quantity = "1", code = "61000" } = {},
  ): Row => {
    const money = [types.BigDecimal.fromString(quantity), date, types.BigDecimal.fromString(price)];
    return [invoice, code, 1, null, ...money, customer, country];
  };
  await store("seldom", [
    // No line end to most programs, and one to some.
    row("1", "cr\rx", { country: "United\rKingdom" }),
    row("2", "x\r"),
    row("3", "nl\nx", { country: "A\r\nB" }),
    // Nanoseconds of 64 bits reach from 1677 to 2262.
    row("4", "early", { date: new Date("1600-01-01T00:00:00.001Z") }),
    row("5", "late", { date: new Date("9999-12-31T23:59:59.999Z") }),
    // As numeric(38,18) is exported.
    row("6", "money", { quantity: "0.333333333", price: "1.500000000000000000" }),
    row("7", "money", { price: "0.000000000123000000" }),
    row("8", "money", { quantity: "3", price: "3.333333333333333333" }),
    // Beyond U+FFFF, which UTF-16 has before the last ones below.
    row("\uffee", "invoices", { country: "EIRE" }),
    row("\u{1d4b3}", "invoices", { country: "Spain" }),
    row("9", "codes", { country: "EIRE", code: "\uffee" }),
    row("9", "codes", { country: "Spain", code: "\u{1d4b3}" }),
    row("10", "\uffee"),
    row("11", "\u{1d4b3}"),
  ]);
  const totals = await readCustomers(world.client, { keyspace, table: "seldom" }, {});
  const choice = { preparation: "as_published", scaling: "min_max", format: "csv" } as const;
  const features = `s3://${bucket}/seldom`;
  const job = { table: "seldom", output: features, preparation: choice.preparation, ranges: "2" };
  expect(await world.run("rfm_features.py", job)).toMatchObject({ status: 0, reason: "" });
  expectSameFeatures(await world.objects("seldom"), totals, choice);
  expect([...totals.aggregate.customers].filter(({ country }) => country === "Spain")).toHaveLength(2);

  await createResultTables(world.client, { keyspace }, {});
  const clusters = [0, 1].map((i) => ({ cluster: i, name: `cluster ${i}` }));
  const centroids = [
    [0.1, 0, 0.5],
    [0.9, 0, 0.5],
  ];
  await world.put("model/clusters.json", JSON.stringify({ centroids, clusters }));
  const assignment = await world.run("assign_clusters.py", {
    features,
    clusters: `s3://${bucket}/model/clusters.json`,
    run_id: "run-1",
    run_date: "2011-01-01T00:00:00Z",
  });
  expect(assignment).toMatchObject({ status: 0, reason: "" });
  const stored = (await tableContents(world.client, { keyspace, table: "customers_of_cluster" })).map((text) => {
    const { customer_id, country } = JSON.parse(text) as { customer_id: string; country: string };
    return `${customer_id} of ${country}`;
  });
  const known = [...totals.aggregate.customers].map(({ customerId, country }) => `${customerId} of ${country}`);
  expect(stored.sort()).toEqual(known.sort());
});

test("a job that cannot go on says why in one line, and leaves no manifest", async () => {
  await store("empty", []);
  await store("broken", [["1", "61000", 1, null, null, new Date(), types.BigDecimal.fromString("1"), "7", null]]);
  const one = types.BigDecimal.fromString("1");
  await store("future", [["1", "61000", 1, null, one, new Date(Date.UTC(20_000, 0, 1)), one, "7", null]]);
  const output = `s3://${bucket}/failed`;
  const failures = [
    [
      { table: "future", output },
      /^rfm_features failed: invoice_date is not of the years 1 to 9999 in a row of invoice 1$/,
    ],
    [
      { table: "empty", output },
      /^rfm_features failed: prepare the customers' features: there are no invoice lines in spark\.empty$/,
    ],
    [{ table: "broken", output }, /^rfm_features failed: quantity is missing in a row of invoice 1$/],
    [
      { table: "nowhere", output },
      /^rfm_features failed: read spark\.nowhere: InvalidQueryException: .*unconfigured table/,
    ],
    [{ table: "wild", output: "s3://nobodys-bucket/x" }, /^rfm_features failed: .*NoSuchBucket/],
    // Not an authority that Java trusts.
    [{ table: "wild", output, ca_file: "" }, /^rfm_features failed: .*(PKIX path building|contact point)/],
    [
      { table: "wild", output, keyspaces_endpoint: "127.0.0.1:1" },
      /^rfm_features failed: .*(Connection refused|Could not reach any contact point)/,
    ],
  ] as const;
  for (const [job, reason] of failures) {
    const run = await world.run("rfm_features.py", { ranges: "2", ...job });
    expect(run).toMatchObject({ status: 1, reason: expect.stringMatching(reason) });
  }
  expect([...(await world.objects("failed")).keys()]).toEqual([]);
});

test("a run is not made over another: not over a complete one, nor among what one that failed has left to train with", async () => {
  const complete = "wild";
  const before = await world.objects(complete);
  expect([...before.keys()]).toContain("manifest.json");
  const into = (prefix: string) =>
    world.run("rfm_features.py", { table: "seldom", output: `s3://${bucket}/${prefix}`, ranges: "2" });
  const own = "and each run needs a folder of its own";
  expect(await into(complete)).toMatchObject({
    status: 1,
    reason: `rfm_features failed: write to s3://${bucket}/wild: a run has been completed there, ${own}`,
  });
  expect(await world.objects(complete)).toEqual(before);

  // What Glue leaves of an attempt that it makes again; here of a table that had more customers then.
  await world.put("again/train/part-00000.csv", "0,0,0\n");
  await world.put("again/train/part-00001.csv", "0,0,0\n");
  expect(await into("again")).toMatchObject({
    status: 1,
    reason: `rfm_features failed: write to s3://${bucket}/again: train/part-00001.csv is there of another run, ${own}`,
  });
  expect([...(await world.objects("again")).keys()]).not.toContain("manifest.json");
});

test("an attempt that is made again after one that failed writes over what that has left", async () => {
  await world.put("once-more/train/part-00000.csv", "0,0,0\n");
  const job = { table: "seldom", output: `s3://${bucket}/once-more`, ranges: "2", preparation: "as_published" };
  expect(await world.run("rfm_features.py", job)).toMatchObject({ status: 0, reason: "" });
  expect(new Map([...(await world.objects("once-more"))].filter(([key]) => key.startsWith("train/")))).toEqual(
    new Map([...(await world.objects("seldom"))].filter(([key]) => key.startsWith("train/"))),
  );
});

test("credentials that Keyspaces does not know are named as the reason", async () => {
  const stranger = { ...world.identity, secretAccessKey: "wrong" };
  const run = await world.run(
    "rfm_features.py",
    { table: "wild", output: `s3://${bucket}/failed` },
    { identity: stranger },
  );
  expect(run).toMatchObject({ status: 1, reason: expect.stringMatching(/^rfm_features failed: .*Invalid signature/) });
});

test("arguments are checked before Spark is asked for anything", async () => {
  const output = `s3://${bucket}/failed`;
  const failures = [
    [{ table: "wild", output, nonsense: "1" }, "there is no --nonsense"],
    [{ table: "wild" }, "--output is missing"],
    [
      { table: "wild", output, preparation: "gross" },
      "--preparation has to be one of net, sales, as_published, not 'gross'",
    ],
    [
      { table: "wild", output, analysis_date: "yesterday" },
      "--analysis_date has to be a date, YYYY-MM-DD, not 'yesterday'",
    ],
  ] as const;
  for (const [job, reason] of failures) {
    const run = await world.run("rfm_features.py", job);
    expect(run).toMatchObject({ status: 1, reason: `rfm_features failed: read the arguments: ${reason}` });
  }
});
