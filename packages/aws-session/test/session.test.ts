import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { sageMakerOf } from "@keyspaces-segmentation/aws-session/dist/clients.js";
import { type AwsSession, signIn } from "@keyspaces-segmentation/aws-session/dist/session.js";
import { StepError, waitUntil } from "@keyspaces-segmentation/common";
import { withEnvironment } from "../../../test/support/environment.js";
import { freePort } from "../../../test/support/free_port.js";
import { borrowedMoto, type Moto } from "../../../test/support/moto.js";

let moto: Moto;
let folder: string;
beforeAll(async () => {
  moto = await borrowedMoto();
  folder = await mkdtemp(join(tmpdir(), "session-"));
  await writeFile(join(folder, "config"), "[profile analyst]\nregion = ap-southeast-2\n");
  await writeFile(
    join(folder, "credentials"),
    "[analyst]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s\n",
  );
});
afterAll(async () => {
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

  test("with a provider that never answers is given up", async () => {
    const [config, ended] = [join(folder, "silent-config"), join(folder, "ended")];
    // With an answer in the end, so that the chain does not go on to its next provider behind the test.
    const answer = '{"Version": 1, "AccessKeyId": "AKIALATE", "SecretAccessKey": "late"}';
    await writeFile(config, `[profile silent]\ncredential_process = sleep 1; echo '${answer}'; touch ${ended}\n`);
    Object.assign(process.env, { AWS_CONFIG_FILE: config, AWS_PROFILE: "silent" });
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    const { message, hint } = await failureOf(signIn({ region: "us-east-1" }, { patienceMs: 100 }));
    expect(message).toBe("Could not find AWS credentials: no answer within 0.1 s.");
    expect(hint).toContain("aws sso login");
    const look = async () => (existsSync(ended) ? { done: true, seen: "its end" } : { seen: "nothing" });
    await waitUntil("the provider to end", look, { deadlineMs: 60_000 });
  });

  test("where nobody answers names the endpoint", async () => {
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${await freePort()}`;
    const { message, hint } = await failureOf(signIn({ region: "us-east-1" }));
    expect(message).toMatch(/^Could not sign in to AWS in us-east-1: .*ECONNREFUSED/);
    expect(hint).toContain(process.env.AWS_ENDPOINT_URL);
  });
});

describe("credentials that expire", () => {
  const keyOf = async ({ credentials }: AwsSession): Promise<string> => (await credentials()).accessKeyId;
  const answerFile = () => join(folder, "answer.json");

  /** What the profile's credential_process prints from now on. */
  async function handOut(accessKeyId: string, expiresInMs: number): Promise<void> {
    const Expiration = new Date(Date.now() + expiresInMs).toISOString();
    const answer = { Version: 1, AccessKeyId: accessKeyId, SecretAccessKey: "s", SessionToken: "t", Expiration };
    await writeFile(answerFile(), JSON.stringify(answer));
  }

  async function signInWith(accessKeyId: string, expiresInMs: number): Promise<AwsSession> {
    await handOut(accessKeyId, expiresInMs);
    const config = join(folder, "process-config");
    await writeFile(config, `[profile analyst]\ncredential_process = cat ${answerFile()}\n`);
    const nothing = join(folder, "none");
    await writeFile(nothing, "");
    Object.assign(process.env, {
      AWS_CONFIG_FILE: config,
      AWS_SHARED_CREDENTIALS_FILE: nothing,
      AWS_PROFILE: "analyst",
    });
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    return signIn({ region: "eu-west-1" });
  }

  const until = (aws: AwsSession, wanted: string) =>
    waitUntil(
      `the key ${wanted}`,
      async () => {
        const seen = await keyOf(aws);
        return seen === wanted ? { done: true, seen } : { seen };
      },
      { deadlineMs: 60_000, firstDelayMs: 20 },
    );

  test("are kept while they are good for more than five minutes", async () => {
    const aws = await signInWith("ASIAFIRST", 6 * 60_000);
    await handOut("ASIASECOND", 3_600_000);
    for (let look = 0; look < 5; look++) expect(await keyOf(aws)).toBe("ASIAFIRST");
  });

  test("are renewed before they do, and a renewal that fails does no harm", async () => {
    const aws = await signInWith("ASIAFIRST", 4 * 60_000);
    await rm(answerFile());
    for (let look = 0; look < 5; look++) expect(await keyOf(aws)).toBe("ASIAFIRST");
    await handOut("ASIASECOND", 3_600_000);
    await until(aws, "ASIASECOND");
  });

  test("before their time, or without telling it, are renewed when that is asked for, from files too", async () => {
    const file = join(folder, "renewed");
    const profile = (key: string) => `[analyst]\naws_access_key_id = ${key}\naws_secret_access_key = s\n`;
    await writeFile(file, profile("AKIAFIRST"));
    Object.assign(process.env, { AWS_SHARED_CREDENTIALS_FILE: file, AWS_PROFILE: "analyst" });
    delete process.env.AWS_ACCESS_KEY_ID;
    delete process.env.AWS_SECRET_ACCESS_KEY;
    const aws = await signIn({ region: "eu-west-1" });
    const client = sageMakerOf(aws);
    await client.config.credentials();
    await writeFile(file, profile("AKIASECOND"));
    expect(await keyOf(aws)).toBe("AKIAFIRST");
    expect((await client.config.credentials()).accessKeyId).toBe("AKIAFIRST");
    await aws.credentials({ forceRefresh: true });
    expect(await keyOf(aws)).toBe("AKIASECOND");
    expect((await client.config.credentials()).accessKeyId).toBe("AKIASECOND");
  });

  test("and cannot be renewed are an error each time, until they can", async () => {
    const aws = await signInWith("ASIAFIRST", 3_600_000);
    await rm(answerFile());
    const clock = jest.spyOn(Date, "now").mockReturnValue(Date.now() + 2 * 3_600_000);
    try {
      for (let look = 0; look < 2; look++)
        await expect(aws.credentials()).rejects.toThrow("Could not load credentials");
      await handOut("ASIASECOND", 4 * 3_600_000);
      expect(await keyOf(aws)).toBe("ASIASECOND");
    } finally {
      clock.mockRestore();
    }
  });
});
