import { expect, test } from "@jest/globals";
import { matrixOf } from "@keyspaces-segmentation/kmeans";
import { kMeansImage } from "@keyspaces-segmentation/sagemaker-kmeans/dist/algorithm.js";
import { uniqueName } from "@keyspaces-segmentation/sagemaker-kmeans/dist/job_names.js";
import type { TrainingRequest } from "@keyspaces-segmentation/sagemaker-kmeans/dist/requests.js";
import {
  channelsOf,
  planTraining,
  trainingJobInput,
} from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_request.js";
import { fullTrainingRequest, guarded, kmsKey, trainingRequest } from "../../../test/support/sagemaker_requests.js";

const plan = (request: TrainingRequest) => planTraining(request, { region: "us-east-1", now: new Date(0) });

test.each([
  [{ k: 0 }, "Expected `k` to be an integer from 1 to 2, got 0"],
  [{ k: 3 }, "Expected `k` to be an integer from 1 to 2, got 3"],
  [{ features: matrixOf([[], []]) }, "Expected `features.columns` to be 1 or more, got 0"],
  [{ features: matrixOf([[1], [Number.NaN]]) }, "Expected `features` to be finite in row 1, column 0, got NaN"],
  [{ features: matrixOf([[1], [1e300]]) }, "Expected `features` to be finite in row 1, column 0, got Infinity"],
  [
    { features: { prefix: "train", rows: 9, columns: 3, fingerprint: "a" } },
    'Expected `features.prefix` to be a key prefix that ends in a slash, got "train"',
  ],
  [{ testFeatures: matrixOf([[1, 2]]) }, "Expected `testFeatures.columns` to be 3 as in `features`, got 2"],
  [{ testFeatures: { ...matrixOf([]), columns: 3 } }, "Expected `testFeatures.rows` to be an integer of 1 or more"],
  [{ testFeatures: matrixOf([[1, 2, Number.NaN]]) }, "Expected `testFeatures` to be finite"],
  [{ instances: 3 }, "Expected `instances` to be an integer from 1 to 2, got 3"],
  [{ role: "" }, 'Expected `role` to be the ARN of an execution role, got ""'],
  [{ bucket: "No" }, "Expected `bucket`"],
  [{ instanceType: "large" }, "Expected `instanceType`"],
  [{ volumeGb: 0 }, "Expected `volumeGb`"],
  [{ maxRuntimeSeconds: 0 }, "Expected `maxRuntimeSeconds`"],
  [{ maxRuntimeSeconds: 29 * 86_400 }, "Expected `maxRuntimeSeconds`"],
  [{ spotMaxWaitSeconds: 3601 }, "Expected `spotMaxWaitSeconds` to be an integer from 3600 to 3600, got 3601"],
  [{ spotMaxWaitSeconds: 1799, maxRuntimeSeconds: 1800 }, "Expected `spotMaxWaitSeconds` to be an integer from 1800"],
  [{ spotMaxWaitSeconds: 3600, maxRuntimeSeconds: 3601 }, "Expected `maxRuntimeSeconds of a spot job`"],
  [{ outputKmsKey: " " }, "Expected `outputKmsKey`"],
  [{ volumeKmsKey: kmsKey, instanceType: "ml.c5d.xlarge" }, "Expected `volumeKmsKey` to be absent for ml.c5d.xlarge"],
  [{ vpc: { securityGroupIds: [], subnets: ["s"] } }, "Expected `vpc.securityGroupIds`"],
  [{ tags: { "aws:a": "b" } }, "Expected `tags`"],
  [{ hyperparameters: { epochs: 0 } }, "Expected `hyperparameters.epochs`"],
])("refuses %j", (changes, message) => {
  expect(() => plan({ ...trainingRequest, ...changes })).toThrow(message);
});

test("accepts the least and the most", () => {
  plan(trainingRequest);
  plan({ ...trainingRequest, ...guarded, outputKmsKey: kmsKey, volumeKmsKey: kmsKey, instances: 2 });
  plan({ ...trainingRequest, maxRuntimeSeconds: 28 * 86_400 });
  plan({ ...trainingRequest, maxRuntimeSeconds: 60, spotMaxWaitSeconds: 60 });
});

const names = { job: uniqueName("customer-segmentation", new Date(0)), image: kMeansImage("us-east-1") };

test("a request with everything", () => {
  const folder = "s3://work-bucket/customer-segmentation";
  const channel = (name: string, distribution: string) => ({
    ChannelName: name,
    ContentType: "application/x-recordio-protobuf",
    DataSource: {
      S3DataSource: {
        S3DataType: "S3Prefix",
        S3Uri: `${folder}/${names.job}/input/${name}/`,
        S3DataDistributionType: distribution,
      },
    },
  });
  expect(
    trainingJobInput(fullTrainingRequest, {
      job: names.job,
      region: "us-east-1",
      channels: channelsOf(fullTrainingRequest, names.job),
    }),
  ).toEqual({
    TrainingJobName: "customer-segmentation-1970-01-01-00-00-00-000",
    RoleArn: trainingRequest.role,
    AlgorithmSpecification: { TrainingImage: names.image, TrainingInputMode: "File" },
    HyperParameters: {
      k: "2",
      feature_dim: "3",
      epochs: "2",
      eval_metrics: '["msd","ssd"]',
      extra_center_factor: "5",
    },
    InputDataConfig: [channel("train", "ShardedByS3Key"), channel("test", "FullyReplicated")],
    OutputDataConfig: { S3OutputPath: `${folder}/`, KmsKeyId: "alias/segmentation" },
    ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 2, VolumeSizeInGB: 30, VolumeKmsKeyId: kmsKey },
    StoppingCondition: { MaxRuntimeInSeconds: 1800, MaxWaitTimeInSeconds: 3600 },
    EnableManagedSpotTraining: true,
    EnableNetworkIsolation: true,
    EnableInterContainerTrafficEncryption: true,
    Tags: [
      { Key: "team", Value: "Marketing + Ventas" },
      { Key: "cost-center", Value: "" },
    ],
    VpcConfig: { SecurityGroupIds: ["sg-0123456789abcdef0"], Subnets: ["subnet-1", "subnet-2"] },
  });
});
