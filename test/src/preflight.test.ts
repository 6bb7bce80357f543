import { CreateRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, describe, expect, test } from "@jest/globals";
import { preflight } from "../../src/preflight.js";
import { readSettings } from "../../src/settings.js";
import { freePort } from "../support/free_port.js";
import { useMoto } from "../support/moto.js";
import { type ScriptedAws, startScriptedAws } from "../support/scripted_aws.js";
import { sessionOf } from "../support/session.js";

const trusting = (Principal: unknown, more: object = {}) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal, Action: "sts:AssumeRole", ...more }],
  });
const sageMaker = { Service: "sagemaker.amazonaws.com" };
const role = "arn:aws:iam::123456789012:role/LocalDataScientist";
const witness = { region: "us-east-1", credentials: { accessKeyId: "AKIAWITNESS", secretAccessKey: "s" } };

const moto = useMoto();

/** Nobody listens there. */
const noKeyspaces = { KEYSPACES_ENDPOINT: "127.0.0.1:1" };
const settingsWith = (more: Record<string, string>) =>
  readSettings({ dataBucket: "data-bucket", dataKey: "data.csv", ...more }, noKeyspaces);
const settings = settingsWith({});
/** The lines about the account itself: of what Keyspaces and permissions are, test/src/doctor.test.ts tells. */
const ofAccount = <Line extends { name: string }>(checks: readonly Line[]): Line[] =>
  checks.filter(({ name }) => !/^(Keyspaces|permission|quota)/.test(name));

test("what is known to be well is ok, and what cannot be known is not", async () => {
  const iam = new IAMClient({ ...witness, endpoint: moto.url });
  await iam.send(
    new CreateRoleCommand({ RoleName: "LocalDataScientist", AssumeRolePolicyDocument: trusting(sageMaker) }),
  );
  const { checks, role: found, bucket, buckets } = await preflight(sessionOf(), settings);
  expect(ofAccount(checks).map(({ name, state }) => [name, state])).toEqual([
    ["list of buckets", "ok"],
    ["region", "ok"],
    ["caller", "ok"],
    ["clock", "ok"],
    ["execution role", "ok"],
    ["bucket", "ok"],
    ["IAM", "unchecked"],
  ]);
  expect(found).toBe(role);
  expect(bucket).toBe("sagemaker-us-east-1-123456789012");
  // The list was asked for before the bucket was made.
  expect(checks[0]?.detail).toBe(
    `${buckets.length} in the account${buckets.length > 0 ? `: ${buckets.join(", ")}` : ""}`,
  );
  expect((await preflight(sessionOf(), settings)).buckets).toContain(bucket);
});

test("what fails is a line with something to do, and nothing is thrown", async () => {
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${await freePort()}`;
  const user = sessionOf({ arn: "arn:aws:iam::123456789012:user/jane" });
  const { checks, role, bucket, buckets } = await preflight(user, settings);
  expect({ role, bucket, buckets }).toEqual({ role: "", bucket: "", buckets: [] });
  const failed = ofAccount(checks).filter(({ state }) => state === "to do");
  expect(failed.map(({ name }) => name)).toEqual(["list of buckets", "execution role", "bucket"]);
  for (const { detail, todo } of failed) {
    expect(detail).toMatch(/^Could not /);
    expect(todo).toBeTruthy();
  }
});

/** The line of a check. */
async function lineOf(name: string, ...args: Parameters<typeof preflight>) {
  return (await preflight(...args)).checks.find((check) => check.name === name);
}

describe("the execution role", () => {
  const iam = () => new IAMClient({ ...witness, endpoint: moto.url });

  test("that SageMaker may not assume is to do, also where it is the one that is signed in", async () => {
    const RoleName = "Analyst";
    await iam().send(
      new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting({ Service: "ec2.amazonaws.com" }) }),
    );
    const analyst = sessionOf({ arn: `arn:aws:sts::123456789012:assumed-role/${RoleName}/me` });
    const trusts = async (PolicyDocument: string) => {
      await iam().send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
      return lineOf("execution role", analyst, settings);
    };
    expect(await lineOf("execution role", analyst, settings)).toMatchObject({
      name: "execution role",
      state: "to do",
      detail:
        "arn:aws:iam::123456789012:role/Analyst, from the signed-in role: SageMaker may not assume it, its trust policy does not name sagemaker.amazonaws.com",
      todo: expect.stringContaining("executionRole"),
    });
    expect(await trusts(trusting({ Service: ["ec2.amazonaws.com", "sagemaker.amazonaws.com"] }))).toMatchObject({
      state: "ok",
    });
    const condition = { Condition: { StringEquals: { "aws:SourceVpc": "vpc-1" } } };
    expect(await trusts(trusting(sageMaker, condition))).toMatchObject({
      state: "unchecked",
      detail: expect.stringContaining("conditions"),
      todo: expect.stringContaining("executionRole"),
    });
  });

  test("of IAM Identity Center is to do without asking IAM, as is one of another account and one that there is not", async () => {
    const sso = "arn:aws:sts::123456789012:assumed-role/AWSReservedSSO_PowerUserAccess_0123456789abcdef/jane";
    expect(await lineOf("execution role", sessionOf({ arn: sso }), settings)).toMatchObject({
      state: "to do",
      detail: expect.stringContaining("IAM Identity Center"),
    });
    for (const [executionRole, why] of [
      ["arn:aws:iam::999999999999:role/R", "it is not one of account 123456789012"],
      ["arn:aws:iam::123456789012:role/service-role/Misspelt", "there is no such role"],
    ] as const) {
      expect(await lineOf("execution role", sessionOf(), settingsWith({ executionRole }))).toMatchObject({
        state: "to do",
        detail: expect.stringContaining(why),
      });
    }
  });
});

describe("a bucket", () => {
  test("in another region than the session's is to do, though S3's client finds it", async () => {
    const s3 = new S3Client({ ...witness, endpoint: moto.url, forcePathStyle: true });
    const CreateBucketConfiguration = { LocationConstraint: "eu-central-1" as const };
    await s3.send(new CreateBucketCommand({ Bucket: "far-away", CreateBucketConfiguration }));
    const line = (region: string) => lineOf("bucket", sessionOf({ region }), settingsWith({ bucket: "far-away" }));
    expect(await line("us-east-1")).toEqual({
      name: "bucket",
      state: "to do",
      detail: "Could not use the bucket far-away: it lies in eu-central-1, not in us-east-1.",
      todo: expect.stringContaining("own region"),
    });
    expect(await line("eu-central-1")).toMatchObject({ state: "ok" });
  });
});

describe("where the identity may do little", () => {
  let aws: ScriptedAws | undefined;
  afterEach(() => aws?.stop());

  const xml = (code: string) => `<Error><Code>${code}</Code><Message>no</Message></Error>`;
  const iamXml = (code: string) =>
    `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;

  async function states(iam: readonly [number, string], list: readonly [number, string]) {
    aws = await startScriptedAws(({ operation, path }) => {
      if (operation === "POST") return [iam[0], iamXml(iam[1])];
      if (operation === "HEAD") return [200, ""];
      return path.startsWith("/?") || path === "/" ? [list[0], xml(list[1])] : [404, xml("NoSuchBucket")];
    });
    process.env.AWS_ENDPOINT_URL = aws.url;
    process.env.AWS_MAX_ATTEMPTS = "1";
    const { checks, role, bucket } = await preflight(sessionOf(), settings);
    return { role, bucket, states: Object.fromEntries(checks.map(({ name, state }) => [name, state])) };
  }

  test("what it may not look at is unchecked: trust policy, list of buckets, and a region that S3 does not tell", async () => {
    expect(await states([403, "AccessDenied"], [403, "AccessDenied"])).toMatchObject({
      role,
      bucket: "sagemaker-us-east-1-123456789012",
      states: { "execution role": "unchecked", bucket: "unchecked", "list of buckets": "unchecked" },
    });
  });

  test("what went wrong otherwise is not taken for a lacking permission", async () => {
    expect(await states([503, "ServiceUnavailable"], [503, "ServiceUnavailable"])).toMatchObject({
      role: "",
      states: { "execution role": "to do", "list of buckets": "to do" },
    });
  });
});

test("a region without the algorithm, or from which the sample cannot be read, is told before anything is made", async () => {
  const sample = settingsWith({ dataBucket: "sagemaker-sample-files", dataKey: "online_retail.csv" });
  const sovereign = sessionOf({ region: "eusc-de-east-1" });
  expect(await lineOf("region", sovereign, sample)).toMatchObject({
    state: "to do",
    detail: expect.stringContaining("no container image"),
  });
  expect(await lineOf("retail data", sovereign, sample)).toMatchObject({
    state: "to do",
    detail: expect.stringContaining("credentials of the partition aws-eusc cannot read"),
    todo: expect.stringContaining("dataBucket"),
  });
  expect(await lineOf("retail data", sovereign, settings)).toBeUndefined();
  expect(await lineOf("retail data", sessionOf(), sample)).toBeUndefined();
});
