import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { preflight } from "../../../src/aws/preflight.js";
import { readSettings } from "../../../src/settings.js";
import { withEnvironment } from "../../support/environment.js";
import { freePort } from "../../support/free_port.js";
import { type Moto, startMoto } from "../../support/moto.js";
import { sessionOf } from "../../support/session.js";

let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto.stop());
withEnvironment(() => ({ AWS_ENDPOINT_URL: moto.url }));

const settings = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" }, {});

test("all is well", async () => {
  const { checks, role, bucket, buckets } = await preflight(sessionOf(), settings);
  expect(checks.map(({ name, ok }) => [name, ok])).toEqual([
    ["region", true],
    ["caller", true],
    ["execution role", true],
    ["bucket", true],
    ["list of buckets", true],
  ]);
  expect(role).toBe("arn:aws:iam::123456789012:role/LocalDataScientist");
  expect(bucket).toBe("sagemaker-us-east-1-123456789012");
  expect(buckets).toContain(bucket);
  expect(checks.at(-1)?.detail).toBe(`${buckets.length} in the account: ${buckets.join(", ")}`);
});

test("what fails is a line with something to do, and nothing is thrown", async () => {
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${await freePort()}`;
  const user = sessionOf({ arn: "arn:aws:iam::123456789012:user/jane" });
  const { checks, role, bucket, buckets } = await preflight(user, settings);
  expect({ role, bucket, buckets }).toEqual({ role: "", bucket: "", buckets: [] });
  const failed = checks.filter(({ ok }) => !ok);
  expect(failed.map(({ name }) => name)).toEqual(["execution role", "bucket", "list of buckets"]);
  for (const { detail, todo } of failed) {
    expect(detail).toMatch(/^Could not /);
    expect(todo).toBeTruthy();
  }
});
