import { expect, test } from "@jest/globals";
import { signIn } from "@keyspaces-segmentation/aws-session";
import { preflight } from "../../src/preflight.js";
import { readSettings } from "../../src/settings.js";

// These tests run against the stack that the environment names: AWS_ENDPOINT_URL, KEYSPACES_ENDPOINT, KEYSPACES_CA_FILE and AWS
// credentials.

const settings = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });

test("the preflight finds nothing missing", async () => {
  const aws = await signIn(settings);
  const { checks, role, bucket } = await preflight(aws, settings);
  expect(checks.filter(({ state }) => state === "to do")).toEqual([]);
  const about = checks.filter(({ name, state }) => state !== "ok" && !/^(permission|quota)/.test(name));
  expect(about).toEqual([]);
  expect(role).toMatch(/^arn:aws:iam::\d{12}:role\//);
  expect(bucket).toBe(`sagemaker-${aws.region}-${aws.account}`);
});

test("a wrong secret is told as such", async () => {
  const secret = process.env.AWS_SECRET_ACCESS_KEY;
  process.env.AWS_SECRET_ACCESS_KEY = "not-the-secret";
  try {
    await expect(signIn(settings)).rejects.toMatchObject({
      message: expect.stringMatching(/^Could not sign in to AWS in \S+: .*Signature/i),
      hint: expect.stringContaining("secret access key"),
    });
  } finally {
    process.env.AWS_SECRET_ACCESS_KEY = secret;
  }
});
