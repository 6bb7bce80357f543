import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Decimal, formatDecimal, withoutTrailingZeros } from "@keyspaces-segmentation/common";
import { computeFeatures, type FeaturesRequest } from "@keyspaces-segmentation/glue-features";
import { ingestInvoices, readCustomers } from "@keyspaces-segmentation/invoice-store";
import { createKeyspace, createRetailTable } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { onlineRetailRules, type RetailAggregate, type RetailTotals } from "@keyspaces-segmentation/invoices";
import { connectToKeyspaces, type KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { type Gateway, makeCertificates, startGateway } from "@keyspaces-segmentation/keyspaces-local";
import { createFaults } from "@keyspaces-segmentation/keyspaces-local/dist/door/faults.js";
import { type Identity, ROLE_NAME, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { FEATURES_ROLE } from "../../local/permissions.js";
import { renderPolicy } from "../../local/policies.js";
import { installedSpark } from "../../local/spark.js";
import { parameters as defaults } from "../infra/infra.js";
import { type RunningAws, region, startAws } from "../support/aws.js";
import { borrowCassandra } from "../support/borrow.js";
import { driverWith } from "../support/descendants.js";
import { withEnvironment } from "../support/environment.js";
import { invoiceFile } from "../support/invoice_files.js";
import { generatedCsv } from "../support/retail.js";
import { sessionOf } from "../support/session.js";

// The whole way: the notebook's role starts a job of Glue, which runs the real script by Spark, under the policies of infra/iam.

const keyspace = "blog_20111209";
const table = "online_retail";
const bucket = defaults.Bucket!;
const policies = { ...defaults, "AWS::Region": region, NotebookRole: ROLE_NAME, FeaturesRole: FEATURES_ROLE };
const who = temporaryIdentity("policies");

let folder: string;
let aws: RunningAws;
let gateway: Gateway;
let client: KeyspacesClient;
let caFile: string;
const faults = createFaults();

const sessionAs = ({ accessKeyId, secretAccessKey, sessionToken = "", arn }: Identity) =>
  sessionOf({ region, arn, credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }) });

/** Gives the job's role its policy, without one statement. */
async function givePolicy(RoleName: string, name: string, without?: string): Promise<void> {
  const document = renderPolicy(name, policies);
  const Statement = document.Statement.filter((statement) => (statement as { Sid: string }).Sid !== without);
  const PolicyDocument = JSON.stringify({ ...document, Statement });
  await aws.iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: name, PolicyDocument }));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "spark-glue-"));
  aws = await startAws(20, { withPolicies: true, others: [who], glue: { spark: installedSpark() } });
  const roles = { [ROLE_NAME]: "notebook_trust", [FEATURES_ROLE]: "features_trust" };
  for (const [RoleName, trust] of Object.entries(roles)) {
    const AssumeRolePolicyDocument = JSON.stringify(renderPolicy(trust, policies));
    await aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  }
  for (const name of ["notebook_policy", "spark_policy"]) await givePolicy(ROLE_NAME, name);
  await givePolicy(FEATURES_ROLE, "features_policy");
  await aws.s3.send(new CreateBucketCommand({ Bucket: bucket }));

  const certificate = await makeCertificates();
  caFile = join(folder, "ca.pem");
  await writeFile(caFile, certificate.ca);
  const port = await borrowCassandra("org.apache.cassandra.dht.Murmur3Partitioner");
  const { identities, authoriser } = aws;
  const cassandra = { host: "127.0.0.1", port };
  gateway = await startGateway({ region, cassandra, certificate, identities, authoriser, activeAfterMs: 100, faults });
  const settings = { keyspacesEndpoint: { host: "127.0.0.1", port: gateway.port }, keyspacesCaFile: caFile };
  client = await connectToKeyspaces(sessionAs(aws.identity), settings);
  await createKeyspace(client, keyspace);
  await createRetailTable(client, { keyspace, table });
  const file = join(folder, "generated.csv");
  await writeFile(file, generatedCsv());
  await ingestInvoices(client, { keyspace, table }, await invoiceFile(file), { rejectsFile: join(folder, "rejects") });
});
afterAll(async () => {
  await client?.shutdown();
  await gateway?.close();
  await aws?.stop();
  await rm(folder, { recursive: true, force: true });
});
withEnvironment(() => ({ AWS_ENDPOINT_URL: aws.front.url }));

const keysIn = async (Bucket: string): Promise<string[]> =>
  ((await aws.s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key = "" }) => Key);

const cut = new Date("2010-09-09T00:00:00Z");
const request = (): FeaturesRequest => ({
  settings: {
    parameters: {
      keyspace,
      table,
      prefix: "customer-segmentation",
      kmsKey: null,
      analysisDate: null,
      instances: 1,
      preparation: "net",
      scaling: "min_max",
      format: "csv",
      sparkRole: FEATURES_ROLE,
      sparkWorkerType: "G.1X",
      sparkWorkers: 2,
      sparkTimeoutMinutes: 10,
      recencyCuts: null,
      frequencyCuts: null,
      monetaryCuts: null,
      sparkSample: 1_000_000,
    },
    keyspacesEndpoint: { host: "127.0.0.1", port: gateway.port },
    keyspacesCaFile: caFile,
  },
  place: { bucket, role: "none" },
  rules: onlineRetailRules,
  cut,
  rows: 20_000,
  rowBytes: 107,
});

const plain = (amount: Decimal): string => formatDecimal(withoutTrailingZeros(amount));
const inWords = (aggregate: RetailAggregate | null) =>
  aggregate && {
    ...aggregate,
    customers: [...aggregate.customers].map(({ salesAmount, netAmount, merged, ...customer }) => ({
      ...customer,
      sales: plain(salesAmount),
      net: plain(netAmount),
      merged: merged && { ...merged, amount: plain(merged.amount) },
    })),
  };
/** Without what only says how exact an amount was written. */
const comparable = ({ aggregate, beforeCut, ledger, lines, reusedNumbers, later, cut: at }: RetailTotals) => ({
  aggregate: inWords(aggregate),
  beforeCut: inWords(beforeCut),
  lines,
  reusedNumbers,
  at,
  ledger: ledger.map(({ bin, lines: of, amount }) => [bin, of, Number(amount)]),
  later: [later.lines, Number(later.amount)],
});

test("what Glue's job finds is what the scan finds, in a role that may do no more than it needs", async () => {
  const told: string[] = [];
  const features = await computeFeatures(sessionAs(who), request(), { update: ({ text }) => told.push(text) });
  expect(told).toEqual([
    "STARTING: Preparing the workers",
    "RUNNING: Spark is at work",
    "SUCCEEDED: The run has succeeded",
  ]);
  const scan = await readCustomers(client, { keyspace, table }, { cut, rules: onlineRetailRules });
  expect(comparable(features)).toEqual(comparable(scan));
});

test("a job whose driver is killed while it reads has FAILED, says so, and leaves nothing that looks whole", async () => {
  const before = await keysIn(bucket);
  const readBefore = gateway.units()[`${keyspace}.${table}`]?.read ?? 0;
  faults.delayMs = 300;
  const failed = computeFeatures(sessionAs(who), request()).catch((error: unknown) => error);
  try {
    while ((gateway.units()[`${keyspace}.${table}`]?.read ?? 0) < readBefore + 10) await delay(20);
    process.kill(driverWith(`/features/${keyspace}.${table}/`, "java")!, "SIGKILL");
    expect(await failed).toMatchObject({
      message: expect.stringContaining("it failed: Command failed with exit code 137"),
    });
  } finally {
    faults.delayMs = undefined;
  }
  const since = (await keysIn(bucket)).filter((key) => !before.includes(key));
  expect(since.filter((key) => key.endsWith("manifest.json"))).toEqual([]);

  const features = await computeFeatures(sessionAs(who), request());
  const scan = await readCustomers(client, { keyspace, table }, { cut, rules: onlineRetailRules });
  expect(comparable(features)).toEqual(comparable(scan));
});

test("a job whose role may not read the table says so", async () => {
  await givePolicy(FEATURES_ROLE, "features_policy", "FeaturesRows");
  await expect(computeFeatures(sessionAs(who), request())).rejects.toMatchObject({
    message: expect.stringMatching(
      /it failed: SystemExit: rfm_features failed: .*cassandra:Select|no SELECT permission/i,
    ),
  });
});

test("nor may it read another table of the keyspace", async () => {
  await givePolicy(FEATURES_ROLE, "features_policy");
  await createRetailTable(client, { keyspace, table: "wholesale" });
  const { settings, ...others } = request();
  const ofOther = { ...settings, parameters: { ...settings.parameters, table: "wholesale" } };
  await expect(computeFeatures(sessionAs(who), { ...others, settings: ofOther })).rejects.toMatchObject({
    message: expect.stringMatching(
      /it failed: SystemExit: rfm_features failed: .*(cassandra:Select|no SELECT permission).*wholesale/i,
    ),
  });
});
