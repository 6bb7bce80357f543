import { CreateBucketCommand, CreateMultipartUploadCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateTrainingJobCommand,
  DeleteEndpointConfigCommand,
  DescribeTrainingJobCommand,
  StopTrainingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { findLeftovers } from "@keyspaces-segmentation/aws-cleanup/dist/find_leftovers.js";
import { tagsOf, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { kMeansImage } from "@keyspaces-segmentation/sagemaker-kmeans/dist/algorithm.js";
import { type RunningAws, region, startAws } from "../../../test/support/aws.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { sessionOf } from "../../../test/support/session.js";

const bucket = "sagemaker-leftovers";
const prefix = "shop";
const role = "arn:aws:iam::123456789012:role/LocalDataScientist";
/** Milliseconds that a job stays in a status. */
let pace = 20;
let aws: RunningAws;
beforeAll(async () => {
  aws = await startAws(() => pace);
  await aws.s3.send(new CreateBucketCommand({ Bucket: bucket }));
});
afterAll(() => aws?.stop());
withEnvironment(() => ({ AWS_ENDPOINT_URL: aws.front.url }));

const run = "2025-11-29-07-00-00-001";
const session = () => {
  const { accessKeyId, secretAccessKey, sessionToken = "" } = aws.identity;
  return sessionOf({ region, run, credentials: async () => ({ accessKeyId, secretAccessKey, sessionToken }) });
};
const Tags = () => Object.entries(tagsOf(session())).map(([Key, Value]) => ({ Key, Value }));
const now = new Date(Date.now() + 48 * 3_600_000);
const find = () => findLeftovers(null, session(), { bucket, prefix, policies: "infra/iam" }, { choice: "all", now });

test("a job that is being stopped is waited for, and its input stays until it has ended", async () => {
  const job = "customer-segmentation-stopping";
  await uploadBytes(session(), { bucket, key: `${prefix}/${job}/input/train/part-0.csv` }, "1,2,3\n4,5,6\n");
  pace = 600_000;
  await aws.sageMaker.send(
    new CreateTrainingJobCommand({
      TrainingJobName: job,
      RoleArn: role,
      Tags: Tags(),
      HyperParameters: { k: "2", feature_dim: "3" },
      AlgorithmSpecification: { TrainingImage: kMeansImage(region), TrainingInputMode: "File" },
      InputDataConfig: [
        {
          ChannelName: "train",
          ContentType: "text/csv;label_size=0",
          DataSource: {
            S3DataSource: { S3DataType: "S3Prefix", S3Uri: `s3://${bucket}/${prefix}/${job}/input/train/` },
          },
        },
      ],
      OutputDataConfig: { S3OutputPath: `s3://${bucket}/${prefix}/` },
      ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 10 },
      StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    }),
  );
  const status = async () =>
    (await aws.sageMaker.send(new DescribeTrainingJobCommand({ TrainingJobName: job }))).TrainingJobStatus ?? "";
  await aws.sageMaker.send(new StopTrainingJobCommand({ TrainingJobName: job }));
  expect(await status()).toBe("Stopping");
  const { goes } = await find();
  expect(goes.map(({ what }) => what)).toEqual([
    `training job ${job}, which is running`,
    `1 object in s3://${bucket}/${prefix}/${job}/`,
  ]);
});

test("an endpoint whose configuration has gone is not taken for one that costs nothing", async () => {
  const Key = `${prefix}/customer-segmentation-t/output/model.tar.gz`;
  await aws.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "a model" }));
  const PrimaryContainer = { Image: kMeansImage(region), ModelDataUrl: `s3://${bucket}/${Key}` };
  const host = async (name: string, how: object) => {
    const model = { ModelName: name, ExecutionRoleArn: role, PrimaryContainer, Tags: Tags() };
    await aws.sageMaker.send(new CreateModelCommand(model));
    const ProductionVariants = [{ VariantName: "All", ModelName: name, ...how }];
    await aws.sageMaker.send(
      new CreateEndpointConfigCommand({ EndpointConfigName: name, ProductionVariants, Tags: Tags() }),
    );
    await aws.sageMaker.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name, Tags: Tags() }));
  };
  await host("customer-segmentation-instance", { InstanceType: "ml.m5.large", InitialInstanceCount: 1 });
  await host("customer-segmentation-serverless", { ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 } });
  await aws.sageMaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: "customer-segmentation-instance" }));
  const { goes } = await find();
  const costs = goes.flatMap(({ what, usdPerHour, cost }) =>
    what.startsWith("endpoint customer") ? [[what.split("-").at(-1), usdPerHour, cost]] : [],
  );
  expect(costs.sort()).toEqual([
    ["instance", null, "billed until it is gone"],
    ["serverless", 0, "serverless: costs nothing while it is not asked"],
  ]);
});

test("of an upload that nothing is beside it is said whose it is as far as S3 tells, if a run writes such a key", async () => {
  const keys = ["2010-12-09-net-min_max-k6-91c0e5a2f7/results/customers.csv", "holiday.mov"];
  for (const key of keys)
    await aws.s3.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key: `${prefix}/${key}` }));
  const { stays } = await find();
  expect(stays.filter(({ what }) => what.includes("upload"))).toEqual([
    expect.objectContaining({
      what: `unfinished upload of s3://${bucket}/${prefix}/${keys[0]}`,
      cost: expect.stringMatching(/^storage; begun by arn:aws:iam::\S+ on \d{4}-\d\d-\d\d$/),
      goes: false,
      outcome: expect.stringContaining("stays: whose it is cannot be told"),
    }),
  ]);
});
