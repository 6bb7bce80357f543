import { expect, test } from "@jest/globals";
import { endpointConfigInput, planEndpoint } from "@keyspaces-segmentation/sagemaker-kmeans/dist/endpoint_request.js";
import { uniqueName } from "@keyspaces-segmentation/sagemaker-kmeans/dist/job_names.js";
import type { EndpointRequest } from "@keyspaces-segmentation/sagemaker-kmeans/dist/requests.js";
import { guarded, kmsKey, model } from "../../../test/support/sagemaker_requests.js";

const plan = (request: EndpointRequest, region: string) => planEndpoint(request, { region, now: new Date(0) });
const serverless = (changes: object): Partial<EndpointRequest> => ({ hosting: { kind: "serverless", ...changes } });
const instance = (changes: object): Partial<EndpointRequest> => ({
  hosting: { kind: "instance", instanceType: "ml.m5.large", ...changes },
});

test.each([
  [{ modelUri: "model.tar.gz" }, "Expected `modelUri` to be the URI of a model.tar.gz in S3"],
  [{ role: "me" }, "Expected `role`"],
  [serverless({ memoryMb: 2000 }), "Expected `hosting.memoryMb` to be a multiple of 1024, got 2000"],
  [serverless({ memoryMb: 7168 }), "Expected `hosting.memoryMb` to be an integer from 1024 to 6144, got 7168"],
  [serverless({ maxConcurrency: 201 }), "Expected `hosting.maxConcurrency` to be an integer from 1 to 200, got 201"],
  [{ vpc: guarded.vpc }, 'Expected `hosting` to be of kind "instance" for an endpoint in a VPC, got "serverless"'],
  [{ networkIsolation: true }, 'Expected `hosting` to be of kind "instance" for network isolation'],
  [instance({ instances: 0 }), "Expected `hosting.instances` to be an integer of 1 or more, got 0"],
  [instance({ instanceType: "big" }), "Expected `instanceType`"],
  [instance({ instanceType: "ml.m5d.large", volumeKmsKey: kmsKey }), "Expected `volumeKmsKey` to be absent"],
] as [Partial<EndpointRequest>, string][])("refuses %j", (changes, message) => {
  expect(() => plan({ ...model, ...changes }, "us-east-1")).toThrow(message);
});

test("accepts both kinds, serverless where there is such a thing", () => {
  plan(model, "us-east-1");
  plan({ ...model, ...guarded, ...instance({ volumeKmsKey: kmsKey }) }, "cn-north-1");
  expect(() => plan(model, "cn-north-1")).toThrow('to be of kind "instance" in cn-north-1');
});

const name = uniqueName("customer-segmentation", new Date(0));
const instances = { kind: "instance", instanceType: "ml.m5.large", instances: 2, volumeKmsKey: kmsKey } as const;

test("an endpoint is serverless unless instances are asked for", () => {
  expect(endpointConfigInput(model, name)).toEqual({
    EndpointConfigName: name,
    ProductionVariants: [
      { VariantName: "AllTraffic", ModelName: name, ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 1 } },
    ],
  });
  expect(endpointConfigInput({ ...model, hosting: instances }, name)).toEqual({
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
