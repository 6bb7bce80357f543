import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateTrainingJobCommand, type CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type RunningAws, region, startAws } from "../../../../test/support/aws.js";
import { Bucket, RoleArn, trainingRequest as request } from "../../../../test/support/training_jobs.js";

let aws: RunningAws;
beforeAll(async () => {
  aws = await startAws();
  await aws.s3.send(new CreateBucketCommand({ Bucket }));
  await aws.s3.send(new PutObjectCommand({ Bucket, Key: "good/part-0.csv", Body: "0,0\n0,2\n" }));
});
afterAll(() => aws?.stop());

describe("CreateTrainingJob refuses", () => {
  const create = (wanted: Partial<CreateTrainingJobRequest>) =>
    aws.sageMaker.send(new CreateTrainingJobCommand(wanted as CreateTrainingJobRequest));
  const channel = () => request().InputDataConfig![0]!;

  test.each<[what: string, () => Partial<CreateTrainingJobRequest>, message: string]>([
    [
      "a name with an underscore",
      () => request({ TrainingJobName: "x_y" }),
      "1 validation error detected: Value 'x_y' at 'trainingJobName' failed to satisfy constraint: " +
        "Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
    ],
    [
      "a role that is only a name",
      () => request({ RoleArn: "LocalDataScientistRole" }),
      "1 validation error detected: Value 'LocalDataScientistRole' at 'roleArn' failed to satisfy constraint: " +
        "Member must satisfy regular expression pattern: arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
    ],
    [
      "several faults, all at once",
      () => {
        const { OutputDataConfig: _, ...rest } = request({
          InputDataConfig: [{ ...channel(), CompressionType: "Zip" as "Gzip" }],
        });
        return rest;
      },
      "2 validation errors detected: Value 'Zip' at 'inputDataConfig.1.member.compressionType' failed to satisfy " +
        "constraint: Member must satisfy enum value set: [None, Gzip]; " +
        "Value null at 'outputDataConfig' failed to satisfy constraint: Member must not be null",
    ],
    [
      "a hyperparameter of more than 2,500 characters",
      () => request({ HyperParameters: { k: "1".repeat(2501) } }),
      `1 validation error detected: Value '{k=${"1".repeat(2501)}}' at 'hyperParameters' failed to satisfy constraint: ` +
        "Map value must satisfy constraint: [Member must have length less than or equal to 2500, " +
        "Member must have length greater than or equal to 0, Member must satisfy regular expression pattern: .*]",
    ],
    [
      "metric definitions",
      () => {
        const { AlgorithmSpecification: spec } = request();
        const MetricDefinitions = [{ Name: "m", Regex: "r" }];
        return request({ AlgorithmSpecification: { ...spec!, MetricDefinitions } });
      },
      "You can't override the metric definitions for Amazon SageMaker algorithms. " +
        "Please retry the request without specifying metric definitions.",
    ],
    [
      "a channel twice",
      () => request({ InputDataConfig: [channel(), channel()] }),
      "Channel names must be unique, but 'train' is there more than once.",
    ],
    [
      "a channel without data",
      () => request({ InputDataConfig: [{ ...channel(), DataSource: {} }] }),
      "Channel 'train' has no data source.",
    ],
    [
      "a wait without spot",
      () => request({ StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 60 } }),
      "Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true",
    ],
    [
      "spot without a wait",
      () => request({ EnableManagedSpotTraining: true }),
      "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds",
    ],
    [
      "spot with a wait shorter than the run",
      () =>
        request({
          EnableManagedSpotTraining: true,
          StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 59 },
        }),
      "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds",
    ],
    [
      "spot with a wait of more than an hour",
      () =>
        request({
          EnableManagedSpotTraining: true,
          StoppingCondition: { MaxRuntimeInSeconds: 60, MaxWaitTimeInSeconds: 3601 },
        }),
      "MaxWaitTimeInSeconds above 3600 is not supported for the given algorithm.",
    ],
    [
      "a run of more than 28 days",
      () => request({ StoppingCondition: { MaxRuntimeInSeconds: 2_419_201 } }),
      "Invalid MaxRuntimeInSeconds. It must not be greater than 2419200",
    ],
    [
      "a key for a disk that encrypts itself",
      () =>
        request({
          ResourceConfig: {
            InstanceType: "ml.g5.xlarge" as "ml.m5.large",
            InstanceCount: 1,
            VolumeSizeInGB: 5,
            VolumeKmsKeyId: "k",
          },
        }),
      "VolumeKmsKeyId is not supported for instance type ml.g5.xlarge, which has its own disk.",
    ],
    [
      "no instance",
      () => request({ ResourceConfig: { ...request().ResourceConfig, InstanceCount: 0 } }),
      "ResourceConfig.InstanceCount must be at least 1.",
    ],
    [
      "a prefix without objects",
      () => request({}, "empty/"),
      `No S3 objects found under S3 URL "s3://${Bucket}/empty/" given in input data source. Please ensure that the ` +
        `bucket exists in the selected region (${region}), that objects exist under that S3 prefix, and that the role ` +
        `"${RoleArn}" has "s3:ListBucket" permissions on bucket "${Bucket}".`,
    ],
  ])("%s", async (_what, wanted, message) => {
    await expect(create(wanted())).rejects.toMatchObject({ name: "ValidationException", message });
  });

  test("a value of another type", async () => {
    const ResourceConfig = { ...request().ResourceConfig, InstanceCount: "1" as unknown as number };
    await expect(create(request({ ResourceConfig }))).rejects.toMatchObject({
      name: "SerializationException",
      message: "STRING_VALUE can not be converted to an Integer",
    });
  });

  test("an instance type that does not exist", async () => {
    const ResourceConfig = { ...request().ResourceConfig, InstanceType: "ml.m5.tiny" as "ml.m5.large" };
    const message = /'ml.m5.tiny' at 'resourceConfig.instanceType' .* enum value set: \[.*ml\.m5\.large/;
    await expect(create(request({ ResourceConfig }))).rejects.toMatchObject({
      message: expect.stringMatching(message),
    });
  });

  test.each<[what: string, () => Partial<CreateTrainingJobRequest>, message: string]>([
    [
      "an image that is not there",
      () => request({ AlgorithmSpecification: { TrainingImage: "knn:1", TrainingInputMode: "File" } }),
      "TrainingImage 'knn:1' (there is 438346466558.dkr.ecr.eu-west-1.amazonaws.com/kmeans:1) is not emulated.",
    ],
    [
      "an augmented manifest",
      () => {
        const S3DataSource = { S3DataType: "AugmentedManifestFile" as const, S3Uri: `s3://${Bucket}/good/manifest` };
        return request({ InputDataConfig: [{ ...channel(), DataSource: { S3DataSource } }] });
      },
      "S3DataType 'AugmentedManifestFile' is not emulated.",
    ],
    [
      "an address without s3://",
      () => request({ OutputDataConfig: { S3OutputPath: "https://bucket.s3.amazonaws.com/out" } }),
      "S3OutputPath 'https://bucket.s3.amazonaws.com/out', without s3://, is not emulated.",
    ],
    [
      "an instance group",
      () => {
        const InstanceGroups = [{ InstanceGroupName: "g", InstanceType: "ml.m5.large" as const, InstanceCount: 1 }];
        return request({ ResourceConfig: { ...request().ResourceConfig, InstanceGroups } });
      },
      "Member 'ResourceConfig.InstanceGroups' is not emulated.",
    ],
  ])("%s, which is not emulated, by name", async (_what, wanted, message) => {
    await expect(create(wanted())).rejects.toMatchObject({ name: "NotEmulatedException", message });
  });
});
