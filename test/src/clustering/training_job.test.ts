import { afterEach, describe, expect, test } from "@jest/globals";
import { type StatusChange, trainingJobName, trainKMeans } from "../../../src/clustering/training_job.js";
import { withEnvironment } from "../../support/environment.js";
import { type ScriptedAnswer, type ScriptedAws, startScriptedAws } from "../../support/scripted_aws.js";
import { sessionOf } from "../../support/session.js";

const request = {
  features: { values: Float64Array.from([0, 0.5, 1, 0.25, 0, 0]), rows: 2, columns: 3 },
  k: 2,
  role: "arn:aws:iam::123456789012:role/LocalDataScientist",
  bucket: "work-bucket",
  prefix: "customer-segmentation",
  instanceType: "ml.m5.large",
};
const job = "customer-segmentation-2026-03-04-05-06-07-089";
const arn = `arn:aws:sagemaker:us-east-1:123456789012:training-job/${job}`;
const fixed = { now: () => new Date("2026-03-04T05:06:07.089Z"), random: () => 0.999 };
const created = 1_772_600_767;

/** A description with the first `count` of the usual steps. */
function described(status: string, count: number, more: object = {}): ScriptedAnswer {
  const steps = ["Starting", "Downloading", "Training", "Uploading", "Completed"].slice(0, count);
  const transitions = steps.map((Status, i) => ({
    Status,
    StartTime: created + i * 10,
    StatusMessage: `${Status} message`,
  }));
  const body = {
    TrainingJobName: job,
    TrainingJobArn: arn,
    TrainingJobStatus: status,
    SecondaryStatus: steps.at(-1),
    SecondaryStatusTransitions: transitions,
    CreationTime: created,
    ...more,
  };
  return [200, body];
}

let aws: ScriptedAws | undefined;
withEnvironment(() => ({}));
afterEach(() => aws?.stop());

/** Starts a service whose DescribeTrainingJob answers these, one a call, the last one for ever. */
async function startAnswering(describes: ScriptedAnswer[], create: ScriptedAnswer = [200, { TrainingJobArn: arn }]) {
  const left = [...describes];
  aws = await startScriptedAws(({ operation }) => {
    if (operation === "CreateTrainingJob") return create;
    return (left.length > 1 ? left.shift() : left[0]) ?? [500, {}];
  });
  process.env.AWS_ENDPOINT_URL = aws.url;
  return aws;
}

const completed = described("Completed", 5, {
  TrainingEndTime: created + 45.5,
  BillableTimeInSeconds: 37,
  ModelArtifacts: { S3ModelArtifacts: `s3://work-bucket/customer-segmentation/${job}/output/model.tar.gz` },
});
const throttled: ScriptedAnswer = [400, { __type: "ThrottlingException", message: "Rate exceeded" }];

describe("a training job", () => {
  test("is given data, image and limits, followed, and reported", async () => {
    const service = await startAnswering([described("InProgress", 1), throttled, completed]);
    const changes: StatusChange[] = [];
    const result = await trainKMeans(sessionOf(), request, { ...fixed, onStatus: (change) => changes.push(change) });

    const [upload, create] = service.requests;
    expect(upload).toMatchObject({
      operation: "PUT",
      path: expect.stringContaining(`/work-bucket/customer-segmentation/${job}/input/features.csv`),
      body: expect.stringContaining("0,0.5,1\n0.25,0,0\n"),
    });
    expect(create?.operation).toBe("CreateTrainingJob");
    expect(JSON.parse(create?.body ?? "")).toEqual({
      TrainingJobName: job,
      RoleArn: request.role,
      AlgorithmSpecification: {
        TrainingImage: "382416733822.dkr.ecr.us-east-1.amazonaws.com/kmeans:1",
        TrainingInputMode: "File",
      },
      HyperParameters: { k: "2", feature_dim: "3" },
      InputDataConfig: [
        {
          ChannelName: "train",
          ContentType: "text/csv;label_size=0",
          DataSource: {
            S3DataSource: {
              S3DataType: "S3Prefix",
              S3Uri: `s3://work-bucket/customer-segmentation/${job}/input/`,
              S3DataDistributionType: "ShardedByS3Key",
            },
          },
        },
      ],
      OutputDataConfig: { S3OutputPath: "s3://work-bucket/customer-segmentation/" },
      ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 10 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    });

    expect(changes.map(({ secondaryStatus, seconds }) => [secondaryStatus, seconds])).toEqual([
      ["Starting", 0],
      ["Downloading", 10],
      ["Training", 20],
      ["Uploading", 30],
      ["Completed", 40],
    ]);
    expect(result).toMatchObject({
      job,
      arn,
      status: "Completed",
      seconds: 45.5,
      billableSeconds: 37,
      modelUri: `s3://work-bucket/customer-segmentation/${job}/output/model.tar.gz`,
    });
    expect(result.transitions.map(({ status }) => status)).toEqual(changes.map((change) => change.secondaryStatus));
  }, 30_000);

  test("that fails says why in one line", async () => {
    await startAnswering([
      described("Failed", 3, { FailureReason: "ClientError: Unable to parse csv:\n  rows 1-1000, file x" }),
    ]);
    await expect(trainKMeans(sessionOf(), request, fixed)).rejects.toMatchObject({
      message: `Could not train with the job ${job}: it failed: ClientError: Unable to parse csv: rows 1-1000, file x.`,
      hint: expect.stringContaining("/aws/sagemaker/TrainingJobs"),
    });
  });

  test("that was stopped is not taken for a success, though it has a model", async () => {
    await startAnswering([
      described("Stopped", 3, {
        SecondaryStatus: "MaxRuntimeExceeded",
        ModelArtifacts: { S3ModelArtifacts: "s3://b/m" },
      }),
    ]);
    await expect(trainKMeans(sessionOf(), request, fixed)).rejects.toThrow(
      `Could not train with the job ${job}: it ended as Stopped (MaxRuntimeExceeded).`,
    );
  });

  test("that is not waited for keeps running, and the reader hears so", async () => {
    const controller = new AbortController();
    await startAnswering([described("InProgress", 3)]);
    const options = { ...fixed, signal: controller.signal, onStatus: () => controller.abort() };
    await expect(trainKMeans(sessionOf(), request, options)).rejects.toMatchObject({
      message: `Could not wait for the training job ${job}: the wait was interrupted.`,
      hint: expect.stringContaining("keeps running"),
    });
  });

  test("that does not end in time is told with what was last seen", async () => {
    await startAnswering([described("InProgress", 3)]);
    await expect(trainKMeans(sessionOf(), request, { ...fixed, deadlineMs: 100 })).rejects.toThrow(
      /last seen: InProgress, Training\.$/,
    );
  });

  test.each([
    [
      "ResourceLimitExceeded",
      "The account-level service limit 'ml.m5.large for training job usage' is 0 Instances.",
      "Service Quotas",
    ],
    ["AccessDeniedException", "User: x is not authorized to perform: iam:PassRole on resource: y", "iam:PassRole"],
    ["ValidationException", 'No S3 objects found under S3 URL "s3://b/p"', "bucket's region"],
  ])("that cannot be started: %s", async (name, message, hint) => {
    await startAnswering([], [400, { __type: name, message }]);
    await expect(trainKMeans(sessionOf(), request, fixed)).rejects.toMatchObject({
      message: `Could not start the training job ${job}: ${name}: ${message.replace(/\.$/, "")}.`,
      hint: expect.stringContaining(hint),
    });
  });
});

test("bad requests are refused before anything is sent", async () => {
  const service = await startAnswering([]);
  const attempt = (changes: object, session = sessionOf()) => trainKMeans(session, { ...request, ...changes }, fixed);
  await expect(attempt({ k: 0 })).rejects.toThrow("Expected `k` to be an integer from 1 to 2, got 0");
  await expect(attempt({ k: 3 })).rejects.toThrow("Expected `k` to be an integer from 1 to 2, got 3");
  await expect(attempt({ role: "" })).rejects.toThrow('Expected `role` to be the ARN of an execution role, got ""');
  await expect(attempt({}, sessionOf({ region: "mx-central-1" }))).rejects.toThrow("Expected `region` to be a region");
  expect(service.requests).toEqual([]);
});

describe("a job's name", () => {
  const now = new Date("2026-03-04T05:06:07.089Z");

  test("is unique to the millisecond and within SageMaker's limits", () => {
    expect(trainingJobName("kmeans", now)).toBe("kmeans-2026-03-04-05-06-07-089");
    const long = trainingJobName(`${"a".repeat(38)}-${"b".repeat(30)}`, now);
    expect(long).toBe(`${"a".repeat(38)}-2026-03-04-05-06-07-089`);
    expect(trainingJobName("c".repeat(80), now)).toHaveLength(63);
  });

  test.each(["with_underscore", "-x", "x-", "", "a.b"])("cannot be made of %p", (base) => {
    expect(() => trainingJobName(base, now)).toThrow("Expected `baseName` to be letters, digits and hyphens");
  });
});
