import { expect, test } from "@jest/globals";
import { ensureBucket } from "../../src/aws/bucket.js";
import { deletePrefix } from "../../src/aws/objects.js";
import { findExecutionRole } from "../../src/aws/role.js";
import { signIn } from "../../src/aws/session.js";
import { fetchModel } from "../../src/sagemaker/model_file.js";
import { trainKMeans } from "../../src/sagemaker/training_job.js";
import { readSettings } from "../../src/settings.js";

const settings = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });

test("a training job finds two far groups, and its model can be fetched", async () => {
  const aws = await signIn(settings);
  const { name: bucket } = await ensureBucket(aws, null);
  const { arn: role } = await findExecutionRole(aws, null);
  const values = Float64Array.from({ length: 400 }, (_, i) => (i < 200 ? 0 : 1) + (i % 7) / 1000);
  const seen: string[] = [];
  const result = await trainKMeans(
    aws,
    {
      features: { values, rows: 200, columns: 2 },
      k: 2,
      role,
      bucket,
      prefix: "integration-test",
      instanceType: "ml.m5.large",
    },
    { onStatus: ({ secondaryStatus }) => seen.push(secondaryStatus) },
  );
  expect(result.status).toBe("Completed");
  expect(result.modelUri).toBe(`s3://${bucket}/integration-test/${result.job}/output/model.tar.gz`);
  expect(seen.at(0)).toBe("Starting");
  expect(seen.at(-1)).toBe("Completed");
  const centroids = await fetchModel(aws, result.modelUri);
  expect([centroids.rows, centroids.columns]).toEqual([2, 2]);
  const [low, , high] = [...centroids.values].sort((a, b) => a - b);
  expect(low).toBeCloseTo(0.003, 2);
  expect(high).toBeCloseTo(1.003, 2);
  // Its data and its model.
  expect(await deletePrefix(aws, { bucket, prefix: "integration-test/" })).toBeGreaterThanOrEqual(2);
}, 120_000);

test("a training job that fails says why in one line", async () => {
  const aws = await signIn(settings);
  const { name: bucket } = await ensureBucket(aws, null);
  const { arn: role } = await findExecutionRole(aws, null);
  // Finite here, but not as the 32-bit number that the container reads.
  const features = { values: Float64Array.of(0, 1, 1e300, 3), rows: 2, columns: 2 };
  const request = { features, k: 2, role, bucket, prefix: "integration-test", instanceType: "ml.m5.large" };
  await expect(trainKMeans(aws, request)).rejects.toThrow(
    /^Could not train with the job .*: it failed: \w+Error: [^\n]+$/,
  );
});
