import { afterEach, describe, expect, jest, test } from "@jest/globals";
import type { StatusChange } from "@keyspaces-segmentation/aws-jobs";
import {
  followTraining,
  type TrainingOptions,
  trainKMeans,
} from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_job.js";
import { planTraining } from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_request.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { useQuickPauses } from "../../../test/support/quick_pauses.js";
import { trainingRequest as request } from "../../../test/support/sagemaker_requests.js";
import { type ScriptedAnswer, type ScriptedAws, startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

const fixed = { now: () => new Date("2026-03-04T05:06:07.089Z"), random: () => 0.999 };
const { job } = planTraining(request, { region: "us-east-1", now: fixed.now() });
const arn = `arn:aws:sagemaker:us-east-1:123456789012:training-job/${job}`;
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
    AlgorithmSpecification: { TrainingImage: "382416733822.dkr.ecr.us-east-1.amazonaws.com/kmeans:1" },
    SecondaryStatus: steps.at(-1),
    SecondaryStatusTransitions: transitions,
    CreationTime: created,
    ...more,
  };
  return [200, body];
}

let aws: ScriptedAws | undefined;
withEnvironment(() => ({}));
useQuickPauses();
afterEach(() => aws?.stop());

/** Starts a service whose DescribeTrainingJob answers these, one a call, the last one for ever; other operations as given. */
async function startAnswering(describes: ScriptedAnswer[], others: Record<string, ScriptedAnswer[]> = {}) {
  const script: Record<string, ScriptedAnswer[]> = {
    CreateTrainingJob: [[200, { TrainingJobArn: arn }]],
    DescribeTrainingJob: [...describes],
    StopTrainingJob: [[200, {}]],
    ...others,
  };
  aws = await startScriptedAws(({ operation }) => {
    const left = script[operation] ?? [];
    return (left.length > 1 ? left.shift() : left[0]) ?? [500, {}];
  });
  process.env.AWS_ENDPOINT_URL = aws.url;
  return aws;
}

const completed = described("Completed", 5, {
  TrainingEndTime: created + 45.5,
  TrainingTimeInSeconds: 40,
  BillableTimeInSeconds: 37,
  FinalMetricDataList: [{ MetricName: "test:msd", Value: 0.25, Timestamp: created + 40 }],
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
      path: expect.stringContaining(`/work-bucket/customer-segmentation/${job}/input/train/part-00000.csv`),
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
              S3Uri: `s3://work-bucket/customer-segmentation/${job}/input/train/`,
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
      trainingSeconds: 40,
      billableSeconds: 37,
      metrics: { "test:msd": 0.25 },
      image: "382416733822.dkr.ecr.us-east-1.amazonaws.com/kmeans:1",
      modelUri: `s3://work-bucket/customer-segmentation/${job}/output/model.tar.gz`,
    });
    expect(result.transitions.map(({ status }) => status)).toEqual(changes.map((change) => change.secondaryStatus));
  });

  test("that fails says why in one line", async () => {
    await startAnswering([
      described("Failed", 3, { FailureReason: "ClientError: Unable to parse csv:\n  rows 1-1000, file x" }),
    ]);
    await expect(trainKMeans(sessionOf(), request, fixed)).rejects.toMatchObject({
      message: `Could not complete the training job ${job}: it failed: ClientError: Unable to parse csv: rows 1-1000, file x.`,
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
      `Could not complete the training job ${job}: it ended as Stopped (MaxRuntimeExceeded).`,
    );
  });

  describe("that is not waited for", () => {
    const interrupted = (more: TrainingOptions = {}) => {
      const controller = new AbortController();
      const options = { ...fixed, ...more, signal: controller.signal, onStatus: () => controller.abort() };
      return trainKMeans(sessionOf(), request, options);
    };
    const message = `Could not wait for the training job ${job}: the wait was interrupted.`;
    const byHand = `aws sagemaker stop-training-job --training-job-name ${job} --region us-east-1`;

    test("keeps running, and the reader hears so", async () => {
      const service = await startAnswering([described("InProgress", 3)]);
      await expect(interrupted()).rejects.toMatchObject({
        message,
        hint: `The job itself keeps running and is billed. If it is not wanted: ${byHand}`,
      });
      expect(service.sent("StopTrainingJob")).toEqual([]);
    });

    test("is stopped, if that is wanted, and seen to stop", async () => {
      const stopping = described("Stopping", 3);
      const service = await startAnswering([described("InProgress", 3), described("InProgress", 3), stopping]);
      await expect(interrupted({ whenLeft: "stop" })).rejects.toMatchObject({ message, hint: "It is being stopped." });
      expect(service.sent("StopTrainingJob")).toEqual([{ TrainingJobName: job }]);
      expect(service.sent("DescribeTrainingJob")).toHaveLength(3);
    });

    test("may have ended before it could be stopped", async () => {
      const refusal = {
        __type: "ValidationException",
        message: "The job is in status Completed and cannot be stopped.",
      };
      await startAnswering([described("InProgress", 3), completed], { StopTrainingJob: [[400, refusal]] });
      await expect(interrupted({ whenLeft: "stop" })).rejects.toMatchObject({ hint: "It had ended as Completed." });
    });

    test("may not be stopped, and the reader hears how to do it", async () => {
      const refusal = {
        __type: "AccessDeniedException",
        message: "not authorized to perform: sagemaker:StopTrainingJob",
      };
      await startAnswering([described("InProgress", 3)], { StopTrainingJob: [[400, refusal]] });
      await expect(interrupted({ whenLeft: "stop" })).rejects.toMatchObject({
        hint: expect.stringMatching(/could not be stopped.*AccessDeniedException.*Stop it by hand: aws sagemaker stop/),
      });
    });

    test("is not even started when the interruption comes first", async () => {
      const service = await startAnswering([]);
      const signal = AbortSignal.abort();
      await expect(trainKMeans(sessionOf(), request, { ...fixed, signal })).rejects.toThrow(
        `Could not start the training job ${job}: it was interrupted.`,
      );
      expect(service.requests).toEqual([]);
    });

    test("is left at once, though an answer is pending", async () => {
      let release: (answer: ScriptedAnswer) => void = () => {};
      const pending = new Promise<ScriptedAnswer>((resolve) => {
        release = resolve;
      });
      const controller = new AbortController();
      aws = await startScriptedAws(({ operation }) => {
        if (operation === "CreateTrainingJob") return [200, { TrainingJobArn: arn }];
        controller.abort();
        return pending;
      });
      process.env.AWS_ENDPOINT_URL = aws.url;
      await expect(trainKMeans(sessionOf(), request, { ...fixed, signal: controller.signal })).rejects.toThrow(message);
      release([500, {}]);
    });
  });

  test("that does not end in time is told with what was last seen", async () => {
    await startAnswering([described("InProgress", 3)]);
    await expect(trainKMeans(sessionOf(), request, { ...fixed, deadlineMs: 100 })).rejects.toMatchObject({
      message: expect.stringMatching(/gave up after 0 s, last seen: InProgress, Training\.$/),
      hint: expect.stringContaining("The job itself keeps running"),
    });
  });

  test("whose service goes away is told with what was seen before", async () => {
    await startAnswering([described("InProgress", 3), [500, { __type: "InternalFailure", message: "x" }]]);
    await expect(trainKMeans(sessionOf(), request, { ...fixed, deadlineMs: 1500 })).rejects.toThrow(
      /last seen: InProgress, Training; then no answer \(InternalFailure\)\.$/,
    );
  });

  test("that may not be asked about is told at once, and keeps running", async () => {
    await startAnswering([[400, { __type: "AccessDeniedException", message: "sagemaker:DescribeTrainingJob" }]]);
    await expect(trainKMeans(sessionOf(), request, fixed)).rejects.toMatchObject({
      message: expect.stringContaining(`Could not ask for the state of the training job ${job}: AccessDeniedException`),
      hint: expect.stringMatching(/lacks this permission.*The job itself keeps running/),
    });
  });

  test("tells a message that is reworded, and each change once", async () => {
    const steps = (message: string) => ({
      SecondaryStatusTransitions: [{ Status: "Starting", StartTime: created, StatusMessage: message }],
    });
    await startAnswering([
      described("InProgress", 1, steps("Starting the training job")),
      described("InProgress", 1, steps("Preparing the instances for training")),
      described("InProgress", 1, steps("Preparing the instances for training")),
      completed,
    ]);
    const told: string[] = [];
    await trainKMeans(sessionOf(), request, { ...fixed, onStatus: ({ message }) => told.push(message) });
    expect(told.slice(0, 3)).toEqual([
      "Starting the training job",
      "Preparing the instances for training",
      "Starting message",
    ]);
  });

  const expired: ScriptedAnswer = [400, { __type: "ExpiredTokenException", message: "The security token is expired" }];

  test("goes on with new credentials when those it began with have expired", async () => {
    const credentials = jest.fn(async (options?: { forceRefresh?: boolean }) => ({
      accessKeyId: options?.forceRefresh ? "AKIANEW" : "AKIAOLD",
      secretAccessKey: "secret",
    }));
    const session = sessionOf({ credentials: (options) => credentials(options) });
    const changes: StatusChange[] = [];
    const answering = (headers: { authorization?: string | undefined }) => headers.authorization?.includes("AKIANEW");
    aws = await startScriptedAws(({ operation, headers }) => {
      if (operation === "CreateTrainingJob") return [200, { TrainingJobArn: arn }];
      if (answering(headers)) return completed;
      // From now on the session gives the new ones to everybody.
      credentials.mockResolvedValue({ accessKeyId: "AKIANEW", secretAccessKey: "secret" });
      return expired;
    });
    process.env.AWS_ENDPOINT_URL = aws.url;
    const result = await trainKMeans(session, request, { ...fixed, onStatus: (change) => changes.push(change) });
    expect(result.status).toBe("Completed");
    expect(credentials).toHaveBeenCalledWith(expect.objectContaining({ forceRefresh: true }));
    expect(changes.map(({ secondaryStatus }) => secondaryStatus)).toContain("Completed");
    expect(changes.some(({ message }) => message.includes("credentials"))).toBe(false);
  });

  test("waits for somebody to sign in anew, and says so", async () => {
    await startAnswering([described("InProgress", 2), expired, expired, completed]);
    const told: string[] = [];
    const options = { ...fixed, onStatus: ({ message }: StatusChange) => told.push(message) };
    expect((await trainKMeans(sessionOf(), request, options)).status).toBe("Completed");
    expect(told).toContain("the credentials have expired, sign in anew (aws sso login)");
  });

  test("is started once, though the answer that it has been was lost", async () => {
    const taken = {
      __type: "ResourceInUse",
      message:
        "Training job names must be unique within an AWS account and region, and a training job with this name already exists",
    };
    const service = await startAnswering([completed], {
      CreateTrainingJob: [
        [503, {}],
        [400, taken],
      ],
    });
    expect((await trainKMeans(sessionOf(), request, fixed)).arn).toBe(arn);
    expect(service.sent("CreateTrainingJob")).toHaveLength(2);
  });

  test("that was started before can be followed", async () => {
    const service = await startAnswering([described("InProgress", 2), completed]);
    const result = await followTraining(sessionOf(), job);
    expect(result).toMatchObject({ job, arn, status: "Completed" });
    expect(service.sent("CreateTrainingJob")).toEqual([]);
  });

  test("gets a test channel, and one object of training data for each instance", async () => {
    const service = await startAnswering([completed]);
    const split = { ...request, testFeatures: request.features, instances: 2, outputKmsKey: "alias/segmentation" };
    await trainKMeans(sessionOf(), split, fixed);
    const uploads = service.requests.filter(({ operation }) => operation === "PUT");
    expect(uploads.map(({ path }) => path.replace(/\?.*/, "").split("/input/")[1])).toEqual([
      "train/part-00000.csv",
      "train/part-00001.csv",
      "test/part-00000.csv",
    ]);
    for (const { headers } of uploads) {
      expect(headers["x-amz-server-side-encryption"]).toBe("aws:kms");
      expect(headers["x-amz-server-side-encryption-aws-kms-key-id"]).toBe("alias/segmentation");
    }
  });

  test("is trained with what lies in S3 already, and only notes where that is", async () => {
    const service = await startAnswering([completed]);
    const features = { prefix: "features/1/train/", rows: 40, columns: 3, fingerprint: "a1" };
    await trainKMeans(sessionOf(), { ...request, features, instances: 2 }, fixed);
    const uploads = service.requests.filter(({ operation }) => operation === "PUT");
    expect(uploads.map(({ path }) => path.replace(/\?.*/, "").split("/input/")[1])).toEqual(["source.json"]);
    const [input] = service.sent("CreateTrainingJob") as { InputDataConfig: object[]; HyperParameters: object }[];
    expect(input).toMatchObject({
      HyperParameters: { feature_dim: "3" },
      InputDataConfig: [
        {
          DataSource: {
            S3DataSource: { S3Uri: "s3://work-bucket/features/1/train/", S3DataDistributionType: "ShardedByS3Key" },
          },
        },
      ],
    });
    expect(input!.InputDataConfig).toHaveLength(1);
  });

  test.each([
    [
      "ResourceLimitExceeded",
      "The account-level service limit 'ml.m5.large for training job usage' is 0 Instances.",
      "Service Quotas",
    ],
    ["AccessDeniedException", "User: x is not authorized to perform: iam:PassRole on resource: y", "iam:PassRole"],
    ["ResourceInUse", "Training job names must be unique, and a training job with this name already exists", undefined],
    ["ValidationException", 'No S3 objects found under S3 URL "s3://b/p"', "bucket's region"],
  ])("that cannot be started: %s", async (name, message, hint) => {
    await startAnswering([], { CreateTrainingJob: [[400, { __type: name, message }]] });
    await expect(trainKMeans(sessionOf(), request, fixed)).rejects.toMatchObject({
      message: `Could not start the training job ${job}: ${name}: ${message.replace(/\.$/, "")}.`,
      hint: hint === undefined ? undefined : expect.stringContaining(hint),
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
