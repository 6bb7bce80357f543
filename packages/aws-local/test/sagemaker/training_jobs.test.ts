import { gunzipSync } from "node:zlib";
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import {
  AddTagsCommand,
  CreateTrainingJobCommand,
  type CreateTrainingJobRequest,
  DeleteTagsCommand,
  DeleteTrainingJobCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
  ListTagsCommand,
  ListTrainingJobsCommand,
  paginateListTrainingJobs,
  SageMakerClient,
  StopTrainingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { startAwsFront } from "@keyspaces-segmentation/aws-local/dist/front.js";
import { AwsError } from "@keyspaces-segmentation/local-support/dist/aws/errors.js";
import { type RunningAws, region, startAws } from "../../../../test/support/aws.js";
import { untilOver } from "../../../../test/support/job_end.js";
import { Bucket, trainingRequest as request } from "../../../../test/support/training_jobs.js";

let aws: RunningAws;
beforeAll(async () => {
  aws = await startAws();
  await aws.s3.send(new CreateBucketCommand({ Bucket }));
  await put("good/part-0.csv", "0,0\n0,2\n");
  await put("good/part-1.csv", "10,10\n10,12\n");
  await put("header/data.csv", "recency,monetary\n1,2\n3,4\n");
});
afterAll(() => aws?.stop());

const put = (Key: string, Body: string) => aws.s3.send(new PutObjectCommand({ Bucket, Key, Body }));

const describeJob = (TrainingJobName: string, client = aws.sageMaker) =>
  client.send(new DescribeTrainingJobCommand({ TrainingJobName }));

/** Creates a job and waits for its end. */
async function run(wanted: CreateTrainingJobRequest): Promise<DescribeTrainingJobResponse> {
  await aws.sageMaker.send(new CreateTrainingJobCommand(wanted));
  return over(wanted.TrainingJobName!);
}
function over(name: string, client = aws.sageMaker): Promise<DescribeTrainingJobResponse> {
  return untilOver(
    name,
    () => describeJob(name, client),
    ({ TrainingJobStatus }) => TrainingJobStatus,
  );
}

describe("a training job", () => {
  test("runs to Completed and leaves the model in S3", async () => {
    const wanted = request({ Tags: [{ Key: "purpose", Value: "test" }] });
    const { Tags: _, ...echoed } = wanted;
    const name = wanted.TrainingJobName!;
    const { TrainingJobArn } = await aws.sageMaker.send(new CreateTrainingJobCommand(wanted));
    expect(TrainingJobArn).toBe(`arn:aws:sagemaker:${region}:123456789012:training-job/${name}`);
    const early = await describeJob(name);
    expect(early.TrainingJobStatus).toBe("InProgress");
    expect(early.ModelArtifacts).toBeUndefined();

    const job = await over(name);
    const modelUri = `s3://${Bucket}/out/${name}/output/model.tar.gz`;
    expect(job).toMatchObject({
      ...echoed,
      TrainingJobArn,
      TrainingJobStatus: "Completed",
      SecondaryStatus: "Completed",
      ModelArtifacts: { S3ModelArtifacts: modelUri },
      CreationTime: expect.any(Date),
      TrainingTimeInSeconds: Math.ceil((job.TrainingEndTime!.getTime() - job.TrainingStartTime!.getTime()) / 1000),
      BillableTimeInSeconds: job.TrainingTimeInSeconds,
    });
    expect(job.FailureReason).toBeUndefined();
    expect(job.SecondaryStatusTransitions?.map((each) => [each.Status, each.StatusMessage])).toEqual([
      ["Starting", "Preparing the instances for training"],
      ["Downloading", "Downloading input data"],
      ["Training", "Training image download completed. Training in progress."],
      ["Uploading", "Uploading generated training model"],
      ["Completed", "Training job completed"],
    ]);
    const times = job.SecondaryStatusTransitions!.flatMap((each) => [
      each.StartTime!.getTime(),
      each.EndTime!.getTime(),
    ]);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(job.FinalMetricDataList?.map((each) => [each.MetricName, each.Value])).toEqual([
      ["train:msd", 1],
      ["train:progress", 100],
      ["train:throughput", expect.any(Number)],
    ]);

    const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket, Key: `out/${name}/output/model.tar.gz` }));
    const tar = gunzipSync(await Body!.transformToByteArray());
    expect(tar.toString("latin1", 0, 13)).toBe("model_algo-1\0");
    const model = tar.subarray(512);
    expect([model.readBigUInt64LE(36), model.readBigUInt64LE(44)]).toEqual([2n, 2n]);
    const centroids = [64, 68, 72, 76].map((at) => model.readFloatLE(at));
    // The means of the four rows by twos, in either order.
    expect([
      [0, 1, 10, 11],
      [10, 11, 0, 1],
    ]).toContainEqual(centroids);
  });

  test("is encrypted with the key that was asked for", async () => {
    const wanted = request({ OutputDataConfig: { S3OutputPath: `s3://${Bucket}/secret`, KmsKeyId: "alias/mine" } });
    await run(wanted);
    const Key = `secret/${wanted.TrainingJobName}/output/model.tar.gz`;
    expect(await aws.s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: expect.stringContaining("alias/mine"),
    });
  });

  test.each<[what: string, more: Partial<CreateTrainingJobRequest>, folder: string, reason: string]>([
    [
      "data with a header",
      {},
      "header/",
      "ClientError: Unable to parse csv: rows 1-1000, file /opt/ml/input/data/train/data.csv",
    ],
    [
      "no k",
      { HyperParameters: { feature_dim: "2" } },
      "good/",
      "ClientError: No value(s) were specified for 'k' which are required hyperparameter(s) " +
        "(caused by ValidationError)\n\nCaused by: 'k' is a required property",
    ],
    [
      "a wrong feature_dim",
      { HyperParameters: { k: "2", feature_dim: "3" } },
      "good/",
      "ClientError: cannot copy sequence with size 2 to array axis with dimension 3: feature_dim is 3",
    ],
    [
      "a k that is no number",
      { HyperParameters: { k: "six", feature_dim: "2" } },
      "good/",
      "AlgorithmError: 'six' is not valid under any of the given schemas: hyperparameter k",
    ],
    [
      "CSV whose first column is taken for a label",
      { InputDataConfig: [{ ...request().InputDataConfig![0]!, ContentType: "text/csv" }] },
      "",
      "ClientError: cannot copy sequence with size 1 to array axis with dimension 2: feature_dim is 2",
    ],
    [
      "CSV under the default content type",
      { InputDataConfig: [{ ...request().InputDataConfig![0]!, ContentType: "" }] },
      "",
      "ClientError: (Input Error) Unable to parse record: The Record IO header does not start with the magic number.",
    ],
    [
      "no train channel",
      { InputDataConfig: [{ ...request().InputDataConfig![0]!, ChannelName: "test" }] },
      "",
      "ClientError: Unable to initialize the algorithm. Missing channel 'train'",
    ],
    [
      "a channel that nobody knows",
      {
        InputDataConfig: ["train", "validation"].map((ChannelName) => ({
          ...request().InputDataConfig![0]!,
          ChannelName,
        })),
      },
      "",
      "ClientError: Unknown channel 'validation': there are 'train' and 'test'",
    ],
    [
      "an output bucket that does not exist",
      { OutputDataConfig: { S3OutputPath: "s3://nobody-made-this/out" } },
      "good/",
      "ClientError: Artifact upload failed:NoSuchBucket: The specified bucket does not exist",
    ],
  ])("with %s fails and says why", async (_what, more, folder, FailureReason) => {
    const job = await run(request(more, folder));
    expect(job).toMatchObject({ TrainingJobStatus: "Failed", SecondaryStatus: "Failed", FailureReason });
    expect(job.ModelArtifacts).toBeUndefined();
    expect(job.SecondaryStatusTransitions?.at(-1)).toMatchObject({ Status: "Failed" });
  });

  test("measures a test channel, on spot instances, several of them, in a network of one's own", async () => {
    const [train] = request().InputDataConfig!;
    const sharded = (folder: string) => ({
      S3DataSource: {
        S3DataType: "S3Prefix" as const,
        S3Uri: `s3://${Bucket}/${folder}`,
        S3DataDistributionType: "ShardedByS3Key" as const,
      },
    });
    const wanted = request({
      HyperParameters: { k: "2", feature_dim: "2", eval_metrics: '["msd","ssd"]' },
      InputDataConfig: [
        { ...train!, DataSource: sharded("good/") },
        { ...train!, ChannelName: "test" },
      ],
      // One instance more than there are objects: it idles.
      ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 3, VolumeSizeInGB: 5, VolumeKmsKeyId: "alias/v" },
      EnableManagedSpotTraining: true,
      EnableNetworkIsolation: true,
      EnableInterContainerTrafficEncryption: true,
      VpcConfig: { SecurityGroupIds: ["sg-1"], Subnets: ["subnet-1"] },
      Environment: { PURPOSE: "test" },
      StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 120 },
    });
    const job = await run(wanted);
    expect(job).toMatchObject({ ...wanted, TrainingJobStatus: "Completed", EnableManagedSpotTraining: true });
    expect(job.BillableTimeInSeconds).toBeLessThanOrEqual(job.TrainingTimeInSeconds!);
    const metrics = job.FinalMetricDataList?.map((each) => [each.MetricName, each.Value]);
    expect(metrics).toEqual(
      expect.arrayContaining([
        ["train:msd", 1],
        ["test:msd", 1],
        ["test:ssd", 4],
      ]),
    );
    expect(job.AlgorithmSpecification?.MetricDefinitions).toContainEqual({
      Name: "test:msd",
      Regex: "#quality_metric: host=\\S+, test msd <loss>=(\\S+)",
    });
  });

  const fromManifest = (key: string) => {
    const S3DataSource = { S3DataType: "ManifestFile" as const, S3Uri: `s3://${Bucket}/${key}` };
    return request({ InputDataConfig: [{ ...request().InputDataConfig![0]!, DataSource: { S3DataSource } }] });
  };

  test("reads what a manifest names, and nothing else", async () => {
    await put("manifests/good", JSON.stringify([{ prefix: `s3://${Bucket}/good/` }, "part-0.csv", "part-1.csv"]));
    const job = await run(fromManifest("manifests/good"));
    expect(job.FinalMetricDataList?.find((each) => each.MetricName === "train:msd")?.Value).toBe(1);
  });

  test.each([
    ["no-json", "part-0.csv", /^ClientError: Data download failed:Unable to parse the manifest .*: it is no JSON$/],
    ["no-list", "{}", /: it is no list$/],
    ["no-prefix", '["part-0.csv"]', /: it does not begin with a prefix$/],
    ["no-name", `[{"prefix":"s3://${Bucket}/good/"},1]`, /: a name is no text$/],
    ["no-object", `[{"prefix":"s3://${Bucket}/good/"},"part-9.csv"]`, /^ClientError: Data download failed:NoSuchKey: /],
    ["nothing", `[{"prefix":"s3://${Bucket}/good/"}]`, /No S3 objects found/],
  ])("fails over a manifest that is wrong: %s", async (name, manifest, reason) => {
    await put(`manifests/${name}`, manifest);
    const { TrainingJobStatus, FailureReason } = await run(fromManifest(`manifests/${name}`));
    expect(TrainingJobStatus).toBe("Failed");
    expect(FailureReason).toMatch(reason);
  });

  test("that runs longer than it may is stopped, without a model", async () => {
    const options = { region, identities: [aws.identity], moto: aws.moto, trainingPace: 600 };
    const front = await startAwsFront(options);
    const client = new SageMakerClient({ ...aws.settings(), endpoint: front.url });
    const wanted = request({ StoppingCondition: { MaxRuntimeInSeconds: 1 } });
    const { TrainingJobName } = wanted;
    await client.send(new CreateTrainingJobCommand(wanted));
    const job = await over(TrainingJobName!, client);
    expect(job).toMatchObject({ TrainingJobStatus: "Stopped", SecondaryStatus: "MaxRuntimeExceeded" });
    expect(job.SecondaryStatusTransitions?.slice(-2).map((each) => [each.Status, each.StatusMessage])).toEqual([
      ["Stopping", "Stopping the training job"],
      ["MaxRuntimeExceeded", "Training job runtime exceeded MaxRuntimeInSeconds provided"],
    ]);
    expect(job.ModelArtifacts).toBeUndefined();
    client.destroy();
    await front.close();
  });

  test("whose data are gone when it comes to read them fails", async () => {
    const options = { region, identities: [aws.identity], moto: aws.moto, trainingPace: 1000 };
    const front = await startAwsFront(options);
    const client = new SageMakerClient({ ...aws.settings(), endpoint: front.url });
    await put("fleeting/data.csv", "1,2\n");
    const wanted = request({}, "fleeting/");
    await client.send(new CreateTrainingJobCommand(wanted));
    await aws.s3.send(new DeleteObjectCommand({ Bucket, Key: "fleeting/data.csv" }));
    expect(await over(wanted.TrainingJobName!, client)).toMatchObject({
      TrainingJobStatus: "Failed",
      FailureReason: `ClientError: Data download failed:No S3 objects found under S3 URL "s3://${Bucket}/fleeting/"`,
    });
    client.destroy();
    await front.close();
  });

  test("is stopped on request, leaves no model, and cannot be stopped again", async () => {
    const wanted = request();
    const TrainingJobName = wanted.TrainingJobName!;
    await aws.sageMaker.send(new CreateTrainingJobCommand(wanted));
    await aws.sageMaker.send(new StopTrainingJobCommand({ TrainingJobName }));
    expect((await describeJob(TrainingJobName)).TrainingJobStatus).toMatch(/^Stop(ping|ped)$/);
    const job = await over(TrainingJobName);
    expect(job).toMatchObject({ TrainingJobStatus: "Stopped", SecondaryStatus: "Stopped" });
    expect(job.SecondaryStatusTransitions?.slice(-2).map((each) => each.Status)).toEqual(["Stopping", "Stopped"]);
    expect(job.ModelArtifacts).toBeUndefined();
    const again = aws.sageMaker.send(new StopTrainingJobCommand({ TrainingJobName }));
    await expect(again).rejects.toMatchObject({ name: "ValidationException" });
  });

  test("keeps its name until it is deleted", async () => {
    const wanted = request();
    const { TrainingJobArn } = await run(wanted);
    await expect(aws.sageMaker.send(new CreateTrainingJobCommand(wanted))).rejects.toMatchObject({
      name: "ResourceInUse",
      message:
        "Training job names must be unique within an AWS account and region, " +
        `and a training job with this name already exists (${TrainingJobArn})`,
    });
    const { TrainingJobName } = wanted;
    await aws.sageMaker.send(new DeleteTrainingJobCommand({ TrainingJobName }));
    await expect(describeJob(TrainingJobName!)).rejects.toMatchObject({ name: "ValidationException" });
    expect(await run(wanted)).toMatchObject({ TrainingJobStatus: "Completed" });
  });

  test("cannot be deleted before it is over", async () => {
    const wanted = request();
    await aws.sageMaker.send(new CreateTrainingJobCommand(wanted));
    const { TrainingJobName } = wanted;
    const early = aws.sageMaker.send(new DeleteTrainingJobCommand({ TrainingJobName }));
    await expect(early).rejects.toMatchObject({ name: "ResourceInUse" });
    await over(TrainingJobName!);
  });

  test("that nobody created is not found, in AWS's words", async () => {
    await expect(describeJob("nobody")).rejects.toMatchObject({
      name: "ValidationException",
      message: "Requested resource not found.",
    });
  });
});

test("jobs are listed by name, status and page", async () => {
  const names = ["listed-a", "listed-b", "listed-c"];
  for (const TrainingJobName of names) await run(request({ TrainingJobName }));
  const found: (string | undefined)[] = [];
  const pages = paginateListTrainingJobs(
    { client: aws.sageMaker, pageSize: 2 },
    { NameContains: "LISTED", StatusEquals: "Completed", SortBy: "Name", SortOrder: "Descending" },
  );
  for await (const page of pages) for (const job of page.TrainingJobSummaries ?? []) found.push(job.TrainingJobName);
  expect(found).toEqual([...names].reverse());
  const later = new ListTrainingJobsCommand({ CreationTimeAfter: new Date(Date.now() + 3_600_000) });
  expect((await aws.sageMaker.send(later)).TrainingJobSummaries).toEqual([]);
});

test("tags are added, replaced, listed and removed", async () => {
  const wanted = request({ Tags: [{ Key: "team", Value: "analytics" }] });
  const { TrainingJobArn: ResourceArn } = await run(wanted);
  const list = async () => (await aws.sageMaker.send(new ListTagsCommand({ ResourceArn }))).Tags;
  expect(await list()).toEqual([{ Key: "team", Value: "analytics" }]);
  const Tags = [
    { Key: "team", Value: "marketing" },
    { Key: "cost", Value: "1" },
  ];
  expect((await aws.sageMaker.send(new AddTagsCommand({ ResourceArn, Tags }))).Tags).toEqual(Tags);
  await aws.sageMaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys: ["team", "none"] }));
  expect(await list()).toEqual([{ Key: "cost", Value: "1" }]);
  const many = Array.from({ length: 50 }, (_, i) => ({ Key: `key-${i}`, Value: "" }));
  const tooMany = aws.sageMaker.send(new AddTagsCommand({ ResourceArn, Tags: many }));
  await expect(tooMany).rejects.toMatchObject({ name: "ResourceLimitExceeded" });
  const unknown = aws.sageMaker.send(new ListTagsCommand({ ResourceArn: `${ResourceArn}-x` }));
  await expect(unknown).rejects.toMatchObject({ name: "ValidationException" });
});

describe("an account", () => {
  test("has quotas, by instance type, for what runs at the same time", async () => {
    const sageMaker = {
      quotas: { "ml.p3.2xlarge for training job usage": 0, "ml.m5.large for training job usage": 1 },
    };
    const options = { region, identities: [aws.identity], moto: aws.moto, trainingPace: 20, sageMaker };
    const front = await startAwsFront(options);
    const client = new SageMakerClient({ ...aws.settings(), endpoint: front.url });
    const create = (wanted: CreateTrainingJobRequest) => client.send(new CreateTrainingJobCommand(wanted));
    const ResourceConfig = { InstanceType: "ml.p3.2xlarge" as const, InstanceCount: 1, VolumeSizeInGB: 5 };
    await expect(create(request({ ResourceConfig }))).rejects.toMatchObject({
      name: "ResourceLimitExceeded",
      message: expect.stringMatching(
        /^The account-level service limit 'ml\.p3\.2xlarge for training job usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances\./,
      ),
    });
    await create(request());
    await expect(create(request())).rejects.toMatchObject({ name: "ResourceLimitExceeded" });
    // Spot instances have a quota of their own.
    const StoppingCondition = { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 60 };
    await create(request({ EnableManagedSpotTraining: true, StoppingCondition }));
    client.destroy();
    await front.close();
  });

  test("is throttled when a test says so, and the SDK tries again", async () => {
    let throttles = 2;
    const fail = (operation: string) =>
      operation === "ListTrainingJobs" && throttles-- > 0
        ? new AwsError("ThrottlingException", "Rate exceeded")
        : undefined;
    const options = { region, identities: [aws.identity], moto: aws.moto, sageMaker: { fail } };
    const front = await startAwsFront(options);
    const once = new SageMakerClient({ ...aws.settings(), endpoint: front.url });
    const throttled = { name: "ThrottlingException", message: "Rate exceeded", $metadata: { httpStatusCode: 400 } };
    await expect(once.send(new ListTrainingJobsCommand({}))).rejects.toMatchObject(throttled);
    const patient = new SageMakerClient({ ...aws.settings(aws.identity, { maxAttempts: 3 }), endpoint: front.url });
    const { $metadata } = await patient.send(new ListTrainingJobsCommand({}));
    expect($metadata.attempts).toBe(2);
    once.destroy();
    patient.destroy();
    await front.close();
  });
});
