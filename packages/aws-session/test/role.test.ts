import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateDomainCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { findExecutionRole } from "@keyspaces-segmentation/aws-session/dist/role.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { borrowedMoto, type Moto } from "../../../test/support/moto.js";
import { type ScriptedAws, startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

const studioRole = "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-1";
let moto: Moto;
let folder: string;
let metadataFile: string;
beforeAll(async () => {
  moto = await borrowedMoto();
  folder = await mkdtemp(join(tmpdir(), "role-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});
withEnvironment(() => ({ AWS_ENDPOINT_URL: moto.url }));

const witness = { region: "us-east-1", credentials: { accessKeyId: "AKIAWITNESS", secretAccessKey: "s" } };
const session = (role: string) => sessionOf({ arn: `arn:aws:sts::123456789012:assumed-role/${role}/me` });
const writeMetadata = (metadata: unknown) =>
  writeFile(metadataFile, typeof metadata === "string" ? metadata : JSON.stringify(metadata));
const find = (aws = session("Analyst")) => findExecutionRole(aws, null, metadataFile);

beforeEach(() => {
  metadataFile = join(folder, `${Math.random()}.json`);
});

describe("the role of Studio", () => {
  test("is in the metadata file", async () => {
    await writeMetadata({ ExecutionRoleArn: studioRole, DomainId: "d-x", UserProfileName: "me" });
    expect(await find()).toEqual({ arn: studioRole, source: "this Studio environment" });
  });

  test("is the domain's when the user profile cannot be read", async () => {
    const made = await new SageMakerClient(witness).send(
      new CreateDomainCommand({
        DomainName: "team",
        AuthMode: "IAM",
        DefaultUserSettings: { ExecutionRole: studioRole },
        SubnetIds: ["subnet-1"],
        VpcId: "vpc-1",
      }),
    );
    const DomainId = made.DomainArn?.split("/").at(-1) as string;
    await writeMetadata({ DomainId, UserProfileName: "nobody" });
    expect(await find()).toEqual({ arn: studioRole, source: `Studio domain ${DomainId}` });
  });
});

describe("the signed-in role", () => {
  test("gets its path back from IAM", async () => {
    await new IAMClient(witness).send(
      new CreateRoleCommand({ RoleName: "Analyst", Path: "/service-role/", AssumeRolePolicyDocument: "{}" }),
    );
    expect(await find()).toEqual({
      arn: "arn:aws:iam::123456789012:role/service-role/Analyst",
      source: "the signed-in role",
    });
    await writeMetadata("not JSON");
    expect(await find()).toMatchObject({ source: "the signed-in role" });
    expect(await findExecutionRole(session("Other"), "Analyst", metadataFile)).toEqual({
      arn: "arn:aws:iam::123456789012:role/service-role/Analyst",
      source: "the parameter executionRole",
    });
  });

  test("is guessed when IAM does not tell", async () => {
    expect((await find(session("Unknown"))).arn).toBe("arn:aws:iam::123456789012:role/Unknown");
    expect((await find(session("AmazonSageMaker-ExecutionRole-7"))).arn).toBe(
      "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-7",
    );
  });
});

test("an ARN that is given is taken as it is", async () => {
  expect(await findExecutionRole(session("Analyst"), studioRole, metadataFile)).toEqual({
    arn: studioRole,
    source: "the parameter executionRole",
  });
});

test("a user has no execution role, and hears where we looked", async () => {
  await writeMetadata({ ResourceName: "my-notebook" });
  await expect(find(sessionOf({ arn: "arn:aws:iam::123456789012:user/jane" }))).rejects.toMatchObject({
    message: expect.stringMatching(
      /^Could not find the execution role of training jobs: asked notebook instance my-notebook \(.+\), the signed-in role \(arn:aws:iam::123456789012:user\/jane is not a role\)\.$/,
    ),
    hint: expect.stringContaining("executionRole"),
  });
});

describe("a source that could not be asked", () => {
  let aws: ScriptedAws | undefined;
  afterEach(() => aws?.stop());

  const refusal = (code: string) =>
    `<ErrorResponse><Error><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`;

  test.each([
    [503, "ServiceUnavailable"],
    [400, "Throttling"],
    [403, "ExpiredToken"],
  ])("is not passed over for a guess or another source: %i %s", async (status, code) => {
    aws = await startScriptedAws(({ operation }) =>
      operation === "POST" ? [status, refusal(code)] : [status, { __type: code, message: "no" }],
    );
    Object.assign(process.env, { AWS_ENDPOINT_URL: aws.url, AWS_MAX_ATTEMPTS: "1" });
    await expect(find()).rejects.toThrow("Could not ask the signed-in role for its role");
    await writeMetadata({ DomainId: "d-x", UserProfileName: "me" });
    await expect(find()).rejects.toThrow("Could not ask user profile me for its role");
  });

  test("is passed over where the identity may not ask", async () => {
    aws = await startScriptedAws(() => [403, refusal("AccessDenied")]);
    process.env.AWS_ENDPOINT_URL = aws.url;
    expect(await find()).toMatchObject({ arn: "arn:aws:iam::123456789012:role/Analyst" });
  });
});
