import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { readCustomers } from "@keyspaces-segmentation/invoice-store/dist/read_invoices.js";
import { createRetailTable } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { retailTable } from "@keyspaces-segmentation/invoices/dist/retail_table.js";
import { insertInto } from "@keyspaces-segmentation/keyspaces-bulk";
import { seededRandom } from "@keyspaces-segmentation/kmeans";
import { types } from "cassandra-driver";
import { expectSameFeatures } from "../support/spark_features.js";
import { bucket, keyspace, type SparkWorld, startSparkWorld } from "../support/spark_world.js";

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

test("a job that cannot go on says why in one line, and leaves no manifest", async () => {
  await store("empty", []);
  await store("broken", [["1", "61000", 1, null, null, new Date(), types.BigDecimal.fromString("1"), "7", null]]);
  const output = `s3://${bucket}/failed`;
  const failures = [
    [
      { table: "empty", output },
      /^rfm_features failed: prepare the customers' features: there are no invoice lines in spark\.empty$/,
    ],
    [{ table: "broken", output }, /^rfm_features failed: quantity is missing in a row of invoice 1$/],
    [{ table: "nowhere", output }, /^rfm_features failed: InvalidQueryException: .*unconfigured table/],
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
