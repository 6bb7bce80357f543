import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type AwsSession, signIn } from "@keyspaces-segmentation/aws-session";
import { moneyOf } from "@keyspaces-segmentation/common";
import { fitScaler } from "@keyspaces-segmentation/customer-clusters";
import { createRetailTable, loadFile, loadsOf } from "@keyspaces-segmentation/invoice-store";
import { recordLoad } from "@keyspaces-segmentation/invoice-store/dist/loads.js";
import { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
import { assign, type RunInputs } from "../../src/assign.js";
import { read } from "../../src/read.js";
import { readSettings, type Settings } from "../../src/settings.js";
import { clusteredCustomers, features } from "../support/clustered_customers.js";
import { invoiceFile } from "../support/invoice_files.js";
import { withKeyspace } from "../support/keyspaces.js";
import { usePrinted } from "../support/printed.js";

const it = withKeyspace();
const printed = usePrinted();
const bucket = "before-spark";
let aws: AwsSession;
let folder: string;
let loaded: RunInputs["loaded"];
beforeAll(async () => {
  aws = await signIn(readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" }));
  const s3 = new S3Client({});
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  s3.destroy();
  folder = await mkdtemp(join(tmpdir(), "before-spark-"));
  await createRetailTable(it.client, it);
  const path = join(folder, "month.csv");
  const lines = ["1,A,x,1,2010-01-10 10:00,2.50,7,France", "2,A,x,1,2010-01-11 10:00,2.50,8,France"];
  await writeFile(
    path,
    ["Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country", ...lines, ""].join("\n"),
  );
  const report = await loadFile(
    it.client,
    it,
    { file: await invoiceFile(path), uri: path },
    { rejectsFile: join(folder, "r.csv") },
  );
  const [load] = await loadsOf(it.client, it);
  // As if another file of a billion lines were in the table.
  const older = {
    ...load!,
    fingerprint: "0".repeat(64),
    uri: "years.csv",
    lines: 1_000_000_000,
    stored: 1_000_000_000,
  };
  await recordLoad(it.client, it, older);
  loaded = { ...report, loads: [load!, older], rejectsFile: "", money: moneyOf(null) };
});
afterAll(() => rm(folder, { recursive: true }));

/** Of a run whose file of two lines has been weighed. */
function settingsOf(parameters: Record<string, string>): Settings {
  const environment = Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [`SEGMENTATION_${name}`, value]),
  );
  const { keyspace, table } = it;
  const named = { SEGMENTATION_KEYSPACE: keyspace, SEGMENTATION_TABLE: table, SEGMENTATION_BUCKET: bucket };
  const settings = readSettings(
    { dataBucket: "data-bucket", dataKey: "data.csv" },
    { ...process.env, ...named, ...environment },
  );
  const file = { rows: 2, rowBytes: 242, writeUnits: 2, customers: 2, invoices: 2, isWhole: true };
  settings.costs.estimate("us-east-1", file, settings.parameters);
  return settings;
}
const preflight = { bucket, role: "arn:aws:iam::123456789012:role/Nobody" } as RunInputs["preflight"];
const reading = (settings: Settings, client = it.client) => read(client, aws, { preflight, loaded }, settings);
const tooDear = /^Could not begin step 6 Read: it costs about \$\d+/;

test("a read by Spark is priced by all rows of the table before it begins, and says that it would be ended too soon", async () => {
  const limits = { ENGINE: "spark", SPARK_TIMEOUT_MINUTES: "120", SPARK_ROLE: "arn:aws:iam::123456789012:role/Nobody" };
  await expect(reading(settingsOf({ ...limits, BUDGET_USD: "5" }))).rejects.toThrow(tooDear);
  expect(printed.join("\n")).not.toContain("Spark may not come to its end");
  // There is nobody that it could run as.
  await expect(reading(settingsOf(limits))).rejects.not.toThrow(tooDear);
  expect(printed.join("\n")).toContain(
    "Spark may not come to its end: reading 1,000,000,002 rows takes about 835 minutes, and its job is ended after 120 minutes.",
  );
});

test("a read of a whole table by this process is priced by all rows before it begins", async () => {
  await expect(reading(settingsOf({ BUDGET_USD: "2" }))).rejects.toThrow(tooDear);
  const settings = settingsOf({});
  const { lines, whyWhole } = await reading(settings);
  expect({ lines, whyWhole }).toEqual({ lines: 2, whyWhole: "nothing is kept of an earlier read" });
});

test("a cell of step 6 that is run again shows the units that it has taken this time", async () => {
  const settings = settingsOf({ READ: "full" });
  const client = await connectToKeyspaces(aws, settings, { traffic: settings.costs.meter });
  await reading(settings, client);
  await reading(settings, client);
  await client.shutdown();
  const units = printed.join("\n").match(/\d+ read units? for 2 rows/g);
  expect(units).toEqual([expect.not.stringMatching(/^0/), units?.[0]]);
});

test("clusters that Spark is to write of more customers than the file has are held against the budget first", async () => {
  const { customers } = clusteredCustomers(40);
  const { raw, scaled } = features(customers);
  const spark = { customers: 10_000_000, sample: null };
  const centroids = { values: scaled.values.slice(0, 6), rows: 2, columns: 3 };
  const inputs = {
    settings: settingsOf({ ENGINE: "spark", BUDGET_USD: "5" }),
    preflight,
    loaded,
    customers,
    analysisDate: "2010-01-11",
    scaled: { scaled, scaler: fitScaler(raw, "min_max"), spark },
    training: { job: "job-1", arn: "arn:aws:sagemaker:us-east-1:123456789012:training-job/job-1", centroids },
  } as unknown as RunInputs;
  await expect(assign(it.client, aws, inputs)).rejects.toThrow(
    /^Could not begin step 8 Keep results: it costs about \$1[2-5]\./,
  );
  // Not even the tables of results were made.
  const query = "SELECT table_name FROM system_schema_mcs.tables WHERE keyspace_name = ?";
  const tables = (await it.client.execute(query, [it.keyspace])).rows.map((row) => row.table_name);
  expect(tables).toContain("loads");
  expect(tables).not.toContain("customers_of_cluster");
});
