import { expect, test } from "@jest/globals";
import { endpointConfigInput, modelInput } from "@keyspaces-segmentation/sagemaker-kmeans/dist/hosting_input.js";
import { uniqueName } from "@keyspaces-segmentation/sagemaker-kmeans/dist/names.js";
import { guarded, kmsKey, model } from "../../../test/support/sagemaker_requests.js";
import { complaintsAbout } from "../../../test/support/service_model.js";

const name = uniqueName("customer-segmentation", new Date(0));
const instance = { kind: "instance", instanceType: "ml.m5.large", instances: 2, volumeKmsKey: kmsKey } as const;

test("a model is its file and the algorithm's image", () => {
  expect(modelInput({ ...model, ...guarded }, name, "eu-central-1")).toEqual({
    ModelName: name,
    ExecutionRoleArn: model.role,
    PrimaryContainer: {
      Image: "664544806723.dkr.ecr.eu-central-1.amazonaws.com/kmeans:1",
      ModelDataUrl: model.modelUri,
    },
    EnableNetworkIsolation: true,
    Tags: [
      { Key: "team", Value: "Marketing + Ventas" },
      { Key: "cost-center", Value: "" },
    ],
    VpcConfig: { SecurityGroupIds: ["sg-0123456789abcdef0"], Subnets: ["subnet-1", "subnet-2"] },
  });
});

test("an endpoint is serverless unless instances are asked for", () => {
  expect(endpointConfigInput(model, name)).toEqual({
    EndpointConfigName: name,
    ProductionVariants: [
      { VariantName: "AllTraffic", ModelName: name, ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 1 } },
    ],
  });
  expect(endpointConfigInput({ ...model, hosting: instance }, name)).toEqual({
    EndpointConfigName: name,
    ProductionVariants: [
      {
        VariantName: "AllTraffic",
        ModelName: name,
        InstanceType: "ml.m5.large",
        InitialInstanceCount: 2,
        InitialVariantWeight: 1,
      },
    ],
    KmsKeyId: kmsKey,
  });
});

test("AWS would accept them all", () => {
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
