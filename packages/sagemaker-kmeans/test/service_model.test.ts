import { expect, test } from "@jest/globals";
import { endpointConfigInput } from "@keyspaces-segmentation/sagemaker-kmeans/dist/endpoint_request.js";
import { modelInput } from "@keyspaces-segmentation/sagemaker-kmeans/dist/hosted_model.js";
import { uniqueName } from "@keyspaces-segmentation/sagemaker-kmeans/dist/job_names.js";
import type { TrainingRequest } from "@keyspaces-segmentation/sagemaker-kmeans/dist/requests.js";
import {
  channelsOf,
  planTraining,
  trainingJobInput,
} from "@keyspaces-segmentation/sagemaker-kmeans/dist/training_request.js";
import { transformJobInput } from "@keyspaces-segmentation/sagemaker-kmeans/dist/transform_request.js";
import {
  fullTrainingRequest,
  guarded,
  kmsKey,
  model,
  trainingRequest,
  transformRequest,
} from "../../../test/support/sagemaker_requests.js";
import { complaintsAbout } from "../../../test/support/service_model.js";

const name = uniqueName("customer-segmentation", new Date(0));
const instance = { kind: "instance", instanceType: "ml.m5.large", instances: 2, volumeKmsKey: kmsKey } as const;

const plan = (request: TrainingRequest) => planTraining(request, { region: "us-east-1", now: new Date() });
/** What would be sent, checked or not. */
const inputOf = (request: TrainingRequest) => {
  const job = uniqueName(request.baseName ?? "job", new Date());
  return trainingJobInput(request, { job, region: "us-east-1", channels: channelsOf(request, job) });
};

test("a training job: AWS would accept whatever passes the checks, and what the checks refuse it would refuse", () => {
  const longest = { bucket: "b".repeat(63), prefix: "p".repeat(840), baseName: "n".repeat(80) };
  const accepted: TrainingRequest[] = [
    trainingRequest,
    fullTrainingRequest,
    { ...fullTrainingRequest, ...longest },
    { ...trainingRequest, role: "arn:aws:iam::123456789012:role/service-role/AmazonSageMaker-ExecutionRole-2026" },
    { ...trainingRequest, instanceType: "ml.c7i-flex.2xlarge" },
    { ...trainingRequest, tags: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`t${i}`, "x".repeat(256)])) },
  ];
  for (const request of accepted) plan(request);
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
  for (const request of refused) expect(() => plan(request)).toThrow("Expected");
  const complaints = complaintsAbout(
    [...accepted, ...refused].map((request) => ({
      service: "sagemaker",
      operation: "CreateTrainingJob",
      input: inputOf(request),
    })),
  );
  expect(complaints.slice(0, accepted.length)).toEqual(accepted.map(() => []));
  for (const of of complaints.slice(accepted.length)) expect(of).not.toEqual([]);
});

test("models and endpoints: AWS would accept them all", () => {
  const serverless = { kind: "serverless", memoryMb: 6144, maxConcurrency: 200 } as const;
  const requests = [
    ["CreateModel", modelInput(model, name, "us-east-1")],
    ["CreateModel", modelInput({ ...model, ...guarded }, name, "us-gov-west-1")],
    ["CreateEndpointConfig", endpointConfigInput(model, name)],
    ["CreateEndpointConfig", endpointConfigInput({ ...model, tags: guarded.tags, hosting: serverless }, name)],
    ["CreateEndpointConfig", endpointConfigInput({ ...model, hosting: instance }, name)],
    ["CreateEndpoint", { EndpointName: name, EndpointConfigName: name }],
  ] as const;
  const complaints = complaintsAbout(
    requests.map(([operation, input]) => ({ service: "sagemaker", operation, input })),
  );
  expect(complaints).toEqual(requests.map(() => []));
});

test("a batch transform: AWS would accept it, with all that is optional too", () => {
  const all = { ...transformRequest, ...guarded, instances: 2, outputKmsKey: kmsKey, volumeKmsKey: kmsKey };
  const input = transformJobInput(all, name);
  expect(input).toMatchObject({
    TransformOutput: { KmsKeyId: kmsKey },
    TransformResources: { InstanceCount: 2, VolumeKmsKeyId: kmsKey },
    Tags: [{ Key: "team" }, { Key: "cost-center" }],
  });
  const requests = [input, transformJobInput(transformRequest, name), { ...input, TransformJobName: "a_b" }];
  const [first, second, broken] = complaintsAbout(
    requests.map((request) => ({ service: "sagemaker", operation: "CreateTransformJob", input: request })),
  );
  expect([first, second]).toEqual([[], []]);
  expect(broken).toEqual([expect.stringContaining("'a_b' does not match")]);
});
