import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { signIn } from "../../../src/aws/session.js";
import { StepError } from "../../../src/errors.js";
import { withEnvironment } from "../../support/environment.js";
import { freePort } from "../../support/free_port.js";
import { type Moto, startMoto } from "../../support/moto.js";

let moto: Moto;
let folder: string;
beforeAll(async () => {
  moto = await startMoto();
  folder = await mkdtemp(join(tmpdir(), "session-"));
  await writeFile(join(folder, "config"), "[profile analyst]\nregion = ap-southeast-2\n");
  await writeFile(
    join(folder, "credentials"),
    "[analyst]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s\n",
  );
}, 60_000);
afterAll(async () => {
  await moto.stop();
  await rm(folder, { recursive: true });
});

withEnvironment(() => ({
  AWS_ENDPOINT_URL: moto.url,
  AWS_ACCESS_KEY_ID: "AKIAEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "secret",
  AWS_EC2_METADATA_DISABLED: "true",
  AWS_CONFIG_FILE: join(folder, "config"),
  AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
}));

async function failureOf(promise: Promise<unknown>): Promise<StepError> {
  const thrown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(thrown).toBeInstanceOf(StepError);
  return thrown as StepError;
}

describe("signing in", () => {
  test("tells who we are, where, and hands out the credentials", async () => {
    const aws = await signIn({ region: "eu-west-1" });
    expect(aws).toMatchObject({ region: "eu-west-1", account: "123456789012" });
    expect(aws.arn).toMatch(/^arn:aws:sts::123456789012:/);
    expect(aws.userId).not.toBe("");
    expect(await aws.credentials()).toMatchObject({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" });
  });

  test("takes region and credentials from a profile", async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    process.env.AWS_PROFILE = "analyst";
    const aws = await signIn({ region: null });
    expect(aws.region).toBe("ap-southeast-2");
    expect((await aws.credentials()).accessKeyId).toBe("AKIAPROFILE");
  });

  test("without credentials fails in one line that says what to do", async () => {
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    const { message, hint } = await failureOf(signIn({ region: "us-east-1" }));
    expect(message).toMatch(/^Could not find AWS credentials: .+\.$/);
    expect(hint).toContain("aws sso login");
  });

  test("without a region says so", async () => {
    const { message, hint } = await failureOf(signIn({ region: null }));
    expect(message).toMatch(/^Could not find out the AWS region: .+\.$/);
    expect(hint).toContain("AWS_REGION");
  });

  test("where nobody answers names the endpoint", async () => {
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${await freePort()}`;
    const { message, hint } = await failureOf(signIn({ region: "us-east-1" }));
    expect(message).toMatch(/^Could not sign in to AWS in us-east-1: .*ECONNREFUSED/);
    expect(hint).toContain(process.env.AWS_ENDPOINT_URL);
  });
});
