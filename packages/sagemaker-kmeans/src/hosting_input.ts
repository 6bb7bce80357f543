import type {
  CreateEndpointConfigInput,
  CreateModelInput,
  ProductionVariant,
  ProductionVariantInstanceType,
} from "@aws-sdk/client-sagemaker";
import type { EndpointRequest } from "./endpoint_request.js";
import type { ModelToHost } from "./hosting_request.js";
import { kMeansImage } from "./image.js";
import { tagsAndVpc } from "./training_input.js";

/** The CreateModel request. @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html */
export function modelInput(model: ModelToHost, name: string, region: string): CreateModelInput {
  return {
    ModelName: name,
    ExecutionRoleArn: model.role,
    PrimaryContainer: { Image: kMeansImage(region), ModelDataUrl: model.modelUri },
    ...(model.networkIsolation && { EnableNetworkIsolation: true }),
    ...tagsAndVpc(model),
  };
}

/**
 * The CreateEndpointConfig request, of a request that has been checked.
 *
 * @param name of the configuration and of the model
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html
 */
export function endpointConfigInput(
  { hosting = { kind: "serverless" }, tags }: EndpointRequest,
  name: string,
): CreateEndpointConfigInput {
  const variant: ProductionVariant = { VariantName: "AllTraffic", ModelName: name };
  if (hosting.kind === "instance") {
    variant.InstanceType = hosting.instanceType as ProductionVariantInstanceType;
    variant.InitialInstanceCount = hosting.instances ?? 1;
    variant.InitialVariantWeight = 1;
  } else {
    variant.ServerlessConfig = {
      MemorySizeInMB: hosting.memoryMb ?? 2048,
      MaxConcurrency: hosting.maxConcurrency ?? 1,
    };
  }
  const volumeKmsKey = hosting.kind === "instance" ? hosting.volumeKmsKey : undefined;
  return {
    EndpointConfigName: name,
    ProductionVariants: [variant],
    ...(volumeKmsKey && { KmsKeyId: volumeKmsKey }),
    ...tagsAndVpc({ tags }),
  };
}
