import { beforeAll, describe, expect, test } from "@jest/globals";
import { defaultBucketName, ensureBucket, listBuckets } from "@keyspaces-segmentation/aws-session/dist/bucket.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { borrowedMoto, type Moto } from "../../../test/support/moto.js";
import { sessionOf } from "../../../test/support/session.js";

let moto: Moto;
beforeAll(async () => {
  moto = await borrowedMoto();
});
withEnvironment(() => ({ AWS_ENDPOINT_URL: moto.url }));

describe("the default bucket", () => {
  test.each(["us-east-1", "eu-central-1"])("in %s is made once and found from then on", async (region) => {
    const aws = sessionOf({ region });
    const name = `sagemaker-${region}-123456789012`;
    expect(defaultBucketName(aws)).toBe(name);
    expect(await ensureBucket(aws, null)).toEqual({ name, created: true });
    expect(await ensureBucket(aws, null)).toEqual({ name, created: false });
    expect(await listBuckets(aws)).toContain(name);
  });

  test("may be made by two sessions at once", async () => {
    const aws = sessionOf({ region: "ap-south-1" });
    const both = await Promise.all([ensureBucket(aws, null), ensureBucket(sessionOf({ region: "ap-south-1" }), null)]);
    expect(both.map(({ name }) => name)).toEqual([defaultBucketName(aws), defaultBucketName(aws)]);
  });
});

test("a bucket that the reader names is used, not made", async () => {
  const aws = sessionOf({ region: "us-west-2" });
  await expect(ensureBucket(aws, "misspelt-bucket")).rejects.toThrow(
    "Could not use the bucket misspelt-bucket: there is no such bucket.",
  );
  expect(await listBuckets(aws)).not.toContain("misspelt-bucket");
  const { name } = await ensureBucket(aws, null);
  expect(await ensureBucket(aws, name)).toEqual({ name, created: false });
});
