import { expect, test } from "@jest/globals";
import { kMeansImage } from "@keyspaces-segmentation/sagemaker-kmeans/dist/image.js";
import { uniqueName } from "@keyspaces-segmentation/sagemaker-kmeans/dist/names.js";
import { trainingJobInput } from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_input.js";
import {
  requireTrainingRequest,
  type TrainingRequest,
} from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_request.js";
import { guarded, kmsKey, trainingRequest } from "../../../test/support/sagemaker_requests.js";
import { complaintsAbout } from "../../../test/support/service_model.js";

const names = { job: uniqueName("customer-segmentation", new Date(0)), image: kMeansImage("us-east-1") };
const all: TrainingRequest = {
  ...trainingRequest,
  ...guarded,
  testFeatures: trainingRequest.features,
  hyperparameters: { epochs: 2, evalMetrics: ["msd", "ssd"], extraCenterFactor: 5 },
  instances: 2,
  volumeGb: 30,
  format: "recordio",
  maxRuntimeSeconds: 1800,
  spotMaxWaitSeconds: 3600,
  outputKmsKey: "alias/segmentation",
  volumeKmsKey: kmsKey,
  encryptTraffic: true,
};

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
  expect(trainingJobInput(all, names)).toEqual({
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

test("AWS would accept whatever passes the checks, and what the checks refuse it would refuse", () => {
  const longest = { bucket: "b".repeat(63), prefix: "p".repeat(840), baseName: "n".repeat(80) };
  const accepted: TrainingRequest[] = [
    trainingRequest,
    all,
    { ...all, ...longest },
    { ...trainingRequest, role: "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-2026" },
    { ...trainingRequest, instanceType: "ml.c7i-flex.2xlarge" },
    { ...trainingRequest, tags: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`t${i}`, "x".repeat(256)])) },
  ];
  for (const request of accepted) requireTrainingRequest(request);
  const refused: TrainingRequest[] = [
    { ...trainingRequest, role: "LocalDataScientist" },
    { ...trainingRequest, outputKmsKey: "two words" },
    { ...trainingRequest, vpc: { securityGroupIds: Array(6).fill("sg-1"), subnets: ["s"] } },
    { ...trainingRequest, vpc: { securityGroupIds: ["sg-1"], subnets: [] } },
    { ...trainingRequest, tags: { a: "#" } },
    { ...trainingRequest, prefix: "p".repeat(1000) },
    { ...trainingRequest, maxRuntimeSeconds: 0 },
    { ...trainingRequest, instanceType: "large" },
  ];
  for (const request of refused) expect(() => requireTrainingRequest(request)).toThrow("Expected");
  const complaints = complaintsAbout(
    [...accepted, ...refused].map((request) => ({
      service: "sagemaker",
      operation: "CreateTrainingJob",
      input: trainingJobInput(request, { ...names, job: uniqueName(request.baseName ?? "job", new Date()) }),
    })),
  );
  expect(complaints.slice(0, accepted.length)).toEqual(accepted.map(() => []));
  for (const of of complaints.slice(accepted.length)) expect(of).not.toEqual([]);
});
