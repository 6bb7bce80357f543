import { describe, expect, test } from "@jest/globals";
import { matrixOf } from "@keyspaces-segmentation/kmeans";
import { uniqueName } from "@keyspaces-segmentation/sagemaker-kmeans/dist/job_names.js";
import type { TrainingRequest } from "@keyspaces-segmentation/sagemaker-kmeans/dist/requests.js";
import { planTraining } from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_request.js";
import { trainingRequest as request } from "../../../test/support/sagemaker_requests.js";

/** The name of a training's job. */
const trainingJobName = (planned: TrainingRequest, at: Date) =>
  planTraining(planned, { region: "us-east-1", now: at }).job;

const now = new Date("2026-03-04T05:06:07.089Z");

test("a name is unique to the millisecond and within SageMaker's limits", () => {
  expect(uniqueName("kmeans", now)).toBe("kmeans-2026-03-04-05-06-07-089");
  const long = uniqueName(`${"a".repeat(38)}-${"b".repeat(30)}`, now);
  expect(long).toBe(`${"a".repeat(38)}-2026-03-04-05-06-07-089`);
  expect(uniqueName("c".repeat(80), now)).toHaveLength(63);
});

test.each(["with_underscore", "-x", "x-", "", "a.b"])("a name cannot be made of %p", (base) => {
  expect(() => uniqueName(base, now)).toThrow("Expected `baseName` to be letters, digits and hyphens");
});

describe("a training job's name", () => {
  const job = trainingJobName(request, now);

  test("tells base, fingerprint and time in at most 63 characters", () => {
    expect(job).toMatch(/^customer-segmentation-[0-9a-f]{10}-2026-03-04-05-06-07-089$/);
    const long = trainingJobName({ ...request, baseName: "a".repeat(80) }, now);
    expect(long).toHaveLength(63);
    expect(long).toMatch(/^a+-[0-9a-f]{10}-2026/);
  });

  test.each([
    ["another k", { k: 1 }],
    [
      "another value",
      {
        features: matrixOf([
          [0, 0.5, 1],
          [0.25, 0, 1e-12],
        ]),
      },
    ],
    [
      "another shape",
      {
        features: matrixOf([
          [0, 0.5],
          [1, 0.25],
          [0, 0],
        ]),
      },
    ],
    ["a test channel", { testFeatures: request.features }],
    ["a hyperparameter", { hyperparameters: { epochs: 2 } }],
    ["another format", { format: "recordio" as const }],
    ["more instances", { instances: 2 }],
  ])("is another one with %s", (_, change) => {
    expect(trainingJobName({ ...request, ...change }, now)).not.toBe(job);
  });

  test("is that of what lies in S3, wherever it lies", () => {
    const named = (fingerprint: string, prefix: string) =>
      trainingJobName({ ...request, features: { prefix, rows: 2, columns: 3, fingerprint } }, now);
    expect(named("a1", "one/train/")).toBe(named("a1", "other/train/"));
    expect(named("a1", "one/train/")).not.toBe(named("a2", "one/train/"));
    expect(named("a1", "one/train/")).not.toBe(job);
  });

  test("is the same wherever, and on whatever, the job runs", () => {
    expect(trainingJobName({ ...request, instanceType: "ml.c5.xlarge", bucket: "other-bucket" }, now)).toBe(job);
  });
});
