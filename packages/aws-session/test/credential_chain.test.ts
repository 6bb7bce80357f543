import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { signIn } from "@keyspaces-segmentation/aws-session/dist/session.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { borrowedMoto, type Moto } from "../../../test/support/moto.js";

// Every place in which the AWS tools keep credentials, in files of a home folder as they write them.
let moto: Moto;
let home: string;
beforeAll(async () => {
  moto = await borrowedMoto();
  home = await mkdtemp(join(tmpdir(), "home-"));
  await mkdir(join(home, ".aws", "sso", "cache"), { recursive: true });
  await writeFile(
    join(home, ".aws", "credentials"),
    "[default]\naws_access_key_id = AKIADEFAULT\naws_secret_access_key = s\n" +
      "[base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s\n",
  );
  const answer = JSON.stringify({ Version: 1, AccessKeyId: "AKIAPROCESS", SecretAccessKey: "s", SessionToken: "t" });
  await writeFile(join(home, "answer.json"), answer);
  const sso = "sso_account_id = 123456789012\nsso_role_name = Analyst\nregion = eu-north-1\n";
  const start = "sso_start_url = https://shop.awsapps.com/start\nsso_region = us-east-1\n";
  await writeFile(
    join(home, ".aws", "config"),
    "[default]\nregion = eu-central-1\n" +
      "[profile other]\nrole_arn = arn:aws:iam::123456789012:role/Analyst\nsource_profile = base\nregion = sa-east-1\n" +
      `[profile process]\ncredential_process = cat ${join(home, "answer.json")}\nregion = eu-west-3\n` +
      "[profile mfa]\nrole_arn = arn:aws:iam::123456789012:role/Analyst\nsource_profile = base\nregion = sa-east-1\n" +
      "mfa_serial = arn:aws:iam::123456789012:mfa/jane\n" +
      "[profile broken]\ncredential_process = false\nregion = eu-west-3\n" +
      `[profile session]\nsso_session = shop\n${sso}[profile legacy]\n${start}${sso}[sso-session shop]\n${start}`,
  );
  const token = { accessToken: "CANARYTOKEN", expiresAt: "2020-01-01T00:00:00Z", region: "us-east-1" };
  for (const key of ["shop", "https://shop.awsapps.com/start"]) {
    const name = `${createHash("sha1").update(key).digest("hex")}.json`;
    await writeFile(join(home, ".aws", "sso", "cache", name), JSON.stringify(token));
  }
});
afterAll(() => rm(home, { recursive: true }));
withEnvironment(() => ({ HOME: home, AWS_ENDPOINT_URL: moto.url, AWS_EC2_METADATA_DISABLED: "true" }));

/** Signs in where the environment says, and tells as whom. */
async function signedIn(environment: Record<string, string>): Promise<{ region: string; key: string; arn: string }> {
  Object.assign(process.env, environment);
  const { region, arn, credentials } = await signIn({ region: null });
  return { region, arn, key: (await credentials()).accessKeyId };
}

describe("credentials and region are found", () => {
  test("in the environment, which comes before the files", async () => {
    const environment = { AWS_ACCESS_KEY_ID: "AKIAENVIRONMENT", AWS_SECRET_ACCESS_KEY: "s", AWS_REGION: "us-west-2" };
    expect(await signedIn(environment)).toMatchObject({ region: "us-west-2", key: "AKIAENVIRONMENT" });
  });

  test("in the profile called default", async () => {
    expect(await signedIn({})).toMatchObject({ region: "eu-central-1", key: "AKIADEFAULT" });
  });

  test("in the profile of AWS_PROFILE that assumes a role with another's keys", async () => {
    const { region, key, arn } = await signedIn({ AWS_PROFILE: "other" });
    expect(region).toBe("sa-east-1");
    expect(key).toMatch(/^ASIA/);
    expect(arn).toMatch(/^arn:aws:sts::123456789012:assumed-role\/Analyst\//);
  });

  test("in what the profile's program prints", async () => {
    expect(await signedIn({ AWS_PROFILE: "process" })).toMatchObject({ region: "eu-west-3", key: "AKIAPROCESS" });
  });
});

describe("in a container", () => {
  let agent: Server;
  afterEach(() => new Promise((closed) => agent.close(closed)));

  test("they are asked for on loopback, with the container's token", async () => {
    const seen: unknown[] = [];
    agent = createServer((request, response) => {
      seen.push([request.url, request.headers.authorization]);
      const Expiration = new Date(Date.now() + 3_600_000).toISOString();
      response.end(JSON.stringify({ AccessKeyId: "ASIACONTAINER", SecretAccessKey: "s", Token: "t", Expiration }));
    }).listen(0, "127.0.0.1");
    await once(agent, "listening");
    const { port } = agent.address() as AddressInfo;
    const nothing = join(home, "none");
    expect(
      await signedIn({
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/role`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: "a-token",
        AWS_SHARED_CREDENTIALS_FILE: nothing,
        AWS_CONFIG_FILE: nothing,
        AWS_REGION: "us-east-1",
      }),
    ).toMatchObject({ region: "us-east-1", key: "ASIACONTAINER" });
    expect(seen).toEqual([["/role", "a-token"]]);
  });
});

describe("where there are none", () => {
  test.each(["session", "legacy"])("since the SSO %s has expired, one line says how to sign in", async (profile) => {
    await expect(signedIn({ AWS_PROFILE: profile })).rejects.toMatchObject({
      message:
        "Could not find AWS credentials: the sign-in with IAM Identity Center (SSO) has expired or was never made.",
      hint: `Run \`aws sso login --profile ${profile}\` in a terminal, then run this again.`,
    });
  });

  test("since the profile wants a code of an MFA device, the command that asks for it is said", async () => {
    await expect(signedIn({ AWS_PROFILE: "mfa" })).rejects.toMatchObject({
      message: expect.stringContaining("multi-factor authentication"),
      hint: expect.stringContaining('`eval "$(aws configure export-credentials --profile mfa --format env)"`'),
    });
  });

  test("since the profile's program fails, it is said to run that", async () => {
    await expect(signedIn({ AWS_PROFILE: "broken" })).rejects.toMatchObject({
      hint: expect.stringContaining("where it has a credential_process, run that by hand"),
    });
  });

  test("since the profile is misspelt, its name is said", async () => {
    await expect(signedIn({ AWS_PROFILE: "sesion", AWS_REGION: "us-east-1" })).rejects.toMatchObject({
      hint: expect.stringContaining("AWS_PROFILE is sesion"),
    });
  });
});
