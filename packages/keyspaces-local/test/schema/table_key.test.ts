import { CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type MotoClients, motoClients } from "@keyspaces-segmentation/aws-local/dist/authorise/moto_client.js";
import { type AwsSession, keyArnOf, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { createResultTables } from "@keyspaces-segmentation/cluster-store";
import { StepError } from "@keyspaces-segmentation/common";
import { createAuthoriser } from "@keyspaces-segmentation/iam-local";
import { createRetailTable, encryptionText } from "@keyspaces-segmentation/invoice-store";
import { createLoadsTable } from "@keyspaces-segmentation/invoice-store/dist/loads.js";
import { createInvoicesOfLoadTable } from "@keyspaces-segmentation/invoice-store/dist/new_invoices.js";
import { ownTables } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { keysOfTables } from "@keyspaces-segmentation/keyspaces-bulk";
import { ROLE_NAME, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { trainKMeans } from "@keyspaces-segmentation/sagemaker-kmeans";
import { jobKeys } from "@keyspaces-segmentation/sagemaker-kmeans/dist/rules.js";
import type { Client } from "cassandra-driver";
import { renderPolicy } from "../../../../local/policies.js";
import { parameters } from "../../../../test/infra/infra.js";
import { type RunningAws, startAws } from "../../../../test/support/aws.js";
import { withEnvironment } from "../../../../test/support/environment.js";
import { trainingRequest } from "../../../../test/support/sagemaker_requests.js";
import { sessionOf } from "../../../../test/support/session.js";
import { createKeyspace, gatewayBench, region, signedBy } from "../support.js";

const account = "123456789012";
const administrator = temporaryIdentity();
const who = temporaryIdentity("policies");
const authoriser = createAuthoriser({ region, now: () => new Date() });
const bench = gatewayBench(administrator, { identities: [administrator, who], authoriser, activeAfterMs: 50 });
const role = `arn:aws:iam::${account}:role/${ROLE_NAME}`;
const everything = (service: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: `${service}:*`, Resource: "*" }],
});

let aws: RunningAws;
let moto: MotoClients;
let client: Client;
let session: AwsSession;

async function newKey(): Promise<{ id: string; arn: string }> {
  const { KeyId: id, Arn: arn } = (await moto.kms("CreateKey", {}))!.KeyMetadata as { KeyId: string; Arn: string };
  return { id, arn };
}

/** Gives the role what infra/iam has for a key, without one statement. */
async function mayUse(KeyId: string, without?: string): Promise<void> {
  const document = renderPolicy("key_use_policy", { ...parameters, "AWS::Region": region, KeyId });
  const Statement = document.Statement.filter((statement) => (statement as { Sid: string }).Sid !== without);
  const PolicyDocument = JSON.stringify({ ...document, Statement });
  await aws.iam.send(new PutRolePolicyCommand({ RoleName: ROLE_NAME, PolicyName: "key", PolicyDocument }));
}

withEnvironment(() => ({ AWS_ENDPOINT_URL: aws.front.url }));
beforeAll(async () => {
  [aws] = await Promise.all([startAws(5, { withPolicies: true, others: [who] }), bench.begin()]);
  moto = motoClients(region, aws.moto.port);
  authoriser.setEntities([{ arn: role, policies: [{ name: "all", document: everything("cassandra") }] }]);
  const trust = { Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  await aws.iam.send(new CreateRoleCommand({ RoleName: ROLE_NAME, AssumeRolePolicyDocument }));
  for (const service of ["s3", "sagemaker", "iam", "logs", "cloudwatch"]) {
    const PolicyDocument = JSON.stringify(everything(service));
    await aws.iam.send(new PutRolePolicyCommand({ RoleName: ROLE_NAME, PolicyName: service, PolicyDocument }));
  }
  await aws.s3.send(new CreateBucketCommand({ Bucket: trainingRequest.bucket }));
  const { accessKeyId, secretAccessKey, sessionToken = "" } = who;
  const credentials = async () => ({ accessKeyId, secretAccessKey, sessionToken });
  session = sessionOf({ region, arn: who.arn, credentials });
  const gateway = await bench.gatewayWith({ keys: aws.front.tableKeyRefusal });
  await createKeyspace(await bench.connectTo(gateway), "shop");
  client = await bench.connectTo(gateway, signedBy(who));
});
afterAll(async () => {
  await bench.end();
  moto?.close();
  await aws?.stop();
});

const failureOf = (work: Promise<unknown>): Promise<StepError> =>
  work.then(
    () => undefined,
    (error) => error,
  );
const retail = (table: string, kmsKey: string) => createRetailTable(client, { keyspace: "shop", table }, { kmsKey });
const store = (kmsKey: string) => uploadBytes(session, { bucket: trainingRequest.bucket, key: "x" }, "x", { kmsKey });
const train = (kmsKey: string) =>
  trainKMeans(session, { ...trainingRequest, role, ...jobKeys(kmsKey, trainingRequest) });

let key: { id: string; arn: string };
beforeEach(async () => {
  key = await newKey();
  await mayUse(key.id);
});

test("one key encrypts every table, object, disk and result, and those of another key are told", async () => {
  const shop = { keyspace: "shop", table: "sales" };
  await retail("sales", key.arn);
  await createResultTables(client, { keyspace: "shop", resultsTtlDays: 1 }, { kmsKey: key.arn });
  await createLoadsTable(client, shop, { kmsKey: key.arn });
  await createInvoicesOfLoadTable(client, shop, { kmsKey: key.arn });
  const keys = await keysOfTables(client, "shop");
  expect([...new Set(keys.values())]).toEqual([key.arn]);
  expect([...keys.keys()].sort()).toEqual(["sales", ...Object.keys(ownTables)].sort());
  const query =
    "SELECT custom_properties FROM system_schema_mcs.tables WHERE keyspace_name = 'shop' AND table_name = ?";
  const [row] = (await client.execute(query, ["sales"], { prepare: true })).rows;
  expect(row!.custom_properties.encryption_specification).toEqual({
    encryption_type: "CUSTOMER_MANAGED_KMS_KEY",
    kms_key_identifier: key.arn,
  });
  const same = await encryptionText(client, { ...shop, kmsKey: key.arn });
  expect(same).toMatch(key.arn);
  expect(same).not.toContain("another key");

  // A later run has another key, or none: what is there keeps its own.
  const other = await newKey();
  await retail("sales", other.arn);
  expect((await keysOfTables(client, "shop")).get("sales")).toBe(key.arn);
  expect(await encryptionText(client, { ...shop, kmsKey: other.arn })).toContain(
    `There already with another key, which they keep: sales (${key.arn}), `,
  );
  expect(await encryptionText(client, { ...shop, kmsKey: null })).toMatch(
    /^All is encrypted with each service's default/,
  );

  const { modelUri } = await train(key.arn);
  const Key = modelUri.replace(`s3://${trainingRequest.bucket}/`, "");
  const head = await aws.s3.send(new HeadObjectCommand({ Bucket: trainingRequest.bucket, Key }));
  expect(head.SSEKMSKeyId).toBe(key.arn);
});

describe("is told in one line:", () => {
  test("a disabled key", async () => {
    await moto.kms("DisableKey", { KeyId: key.id });
    const table = await failureOf(retail("disabled", key.arn));
    expect(table).toBeInstanceOf(StepError);
    expect(table.message).toContain(
      `Could not create the table shop.disabled: The KMS key of the table cannot be used: ${key.arn} is disabled.`,
    );
    expect(table.hint).toContain("it has to be enabled");
    for (const failure of [await failureOf(store(key.arn)), await failureOf(train(key.arn))]) {
      expect(failure).toBeInstanceOf(StepError);
      expect(failure.message).toContain(`${key.arn} is disabled.`);
      expect(failure.message).not.toContain("\n");
    }
  });

  test("a key that is not there", async () => {
    const arn = `arn:aws:kms:${region}:${account}:key/0d2f6f3c-7d1b-4c62-9a1e-0f5a3f9c1a2b`;
    expect((await failureOf(retail("nowhere", arn))).message).toContain(`Key '${arn}' does not exist`);
    expect((await failureOf(store(arn))).message).toContain(`Key '${arn}' does not exist`);
  });

  test("a key of another region, before anything is sent, and by the service", async () => {
    const arn = `arn:aws:kms:us-west-2:${account}:key/${key.id}`;
    expect(() => keyArnOf(session, arn)).toThrow(
      `Could not encrypt with the KMS key ${arn}: it is in us-west-2, and this run in ${region}.`,
    );
    expect((await failureOf(retail("abroad", arn))).message).toContain(
      `Could not create the table shop.abroad: The KMS key ${arn} is not in the Region of the table, ${region} [KL-KEY]`,
    );
    expect((await failureOf(store(arn))).message).toContain("Invalid arn us-west-2");
  });

  test.each<[string, string, () => Promise<unknown>]>([
    ["KeyForTables", "kms:Encrypt", () => retail("forbidden", key.arn)],
    ["DescribeKey", "kms:DescribeKey", () => retail("forbidden", key.arn)],
    ["KeyForObjects", "kms:GenerateDataKey", () => store(key.arn)],
    ["KeyForVolumes", "kms:CreateGrant", () => train(key.arn)],
  ])("a missing grant: %s, of %s", async (sid, action, work) => {
    await mayUse(key.id, sid);
    const failure = await failureOf(work());
    expect(failure).toBeInstanceOf(StepError);
    expect(failure.message).toContain(`is not authorized to perform: ${action} on resource: ${key.arn}`);
    expect(failure.message).not.toContain("\n");
  });

  test("what is no key's ARN", async () => {
    expect((await failureOf(retail("alias", "alias/mine"))).message).toContain("has to be the ARN of a KMS key");
  });
});
