import type { ProductionVariant } from "@aws-sdk/client-sagemaker";
import type { Identity } from "@keyspaces-segmentation/local-support";
import { AwsError } from "@keyspaces-segmentation/local-support";
import type { SageMakerContext } from "../context.js";
import type { EndpointConfig } from "../records.js";
import { type ListRequest, pageOf } from "./listing.js";
import { isIsolated, modelNamed } from "./models.js";
import { setTags } from "./tags.js";

const emulated = [
  ...["EndpointConfigName", "Tags", "KmsKeyId"],
  ...[
    "VariantName",
    "ModelName",
    "InitialInstanceCount",
    "InstanceType",
    "InitialVariantWeight",
    "ServerlessConfig",
  ].map((member) => `ProductionVariants.${member}`),
];

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

/** https://docs.aws.amazon.com/sagemaker/latest/dg/serverless-endpoints.html */
function checkVariant(variant: ProductionVariant, context: SageMakerContext, identity: Identity): void {
  const { VariantName, ModelName, InstanceType, InitialInstanceCount, ServerlessConfig } = variant;
  if (!ModelName) throw new AwsError("notEmulated", `A variant without a model ('${VariantName}') is not emulated.`);
  const model = modelNamed(ModelName, context, identity);
  if (!ServerlessConfig) {
    if (InstanceType && InitialInstanceCount) return;
    throw invalid(`Variant '${VariantName}' needs InstanceType and InitialInstanceCount, or ServerlessConfig.`);
  }
  if (InstanceType || InitialInstanceCount) {
    throw invalid(`Variant '${VariantName}' has a ServerlessConfig and therefore no instances.`);
  }
  const { MemorySizeInMB = 0, MaxConcurrency = 0, ProvisionedConcurrency = 0 } = ServerlessConfig;
  if (MemorySizeInMB % 1024 !== 0) throw invalid(`MemorySizeInMB must be a multiple of 1024, got ${MemorySizeInMB}.`);
  if (ProvisionedConcurrency > MaxConcurrency) throw invalid("ProvisionedConcurrency must not exceed MaxConcurrency.");
  if (isIsolated(model)) throw invalid("Serverless endpoints support neither VpcConfig nor network isolation.");
}

function arnOf(name: string, { region }: SageMakerContext, { account }: Identity): string {
  return `arn:aws:sagemaker:${region}:${account}:endpoint-config/${name.toLowerCase()}`;
}

/** Remembers a configuration. */
export function createEndpointConfig(input: unknown, context: SageMakerContext, identity: Identity): object {
  const request = context.check<EndpointConfig["request"] & { EndpointConfigName: string }>(
    "CreateEndpointConfig",
    input,
    emulated,
  );
  const { EndpointConfigName: name, ProductionVariants: variants } = request;
  const names = variants.map(({ VariantName }) => VariantName);
  if (new Set(names).size < names.length) throw invalid("The names of the variants must be unique.");
  if (variants.length > 1 && variants.some(({ ServerlessConfig }) => ServerlessConfig)) {
    throw invalid("Serverless endpoints support one variant only.");
  }
  for (const variant of variants) checkVariant(variant, context, identity);
  const arn = arnOf(name, context, identity);
  if (context.endpointConfigs.has(name)) {
    throw invalid(`Cannot create already existing endpoint configuration "${arn}".`);
  }
  context.endpointConfigs.set(name, { name, arn, created: context.now(), request });
  setTags(context, arn, request.Tags);
  return { EndpointConfigArn: arn };
}

/** @throws AwsError as AWS words it for a configuration that does not exist */
export function endpointConfigNamed(name: string, context: SageMakerContext, identity: Identity): EndpointConfig {
  const config = context.endpointConfigs.get(name);
  if (config) return config;
  throw invalid(`Could not find endpoint configuration "${arnOf(name, context, identity)}".`);
}

/** The configuration as it was asked for. */
export function describeEndpointConfig(input: unknown, context: SageMakerContext, identity: Identity): object {
  const { EndpointConfigName } = context.check<{ EndpointConfigName: string }>("DescribeEndpointConfig", input);
  const { request, arn, created } = endpointConfigNamed(EndpointConfigName, context, identity);
  const { Tags: _, ...rest } = request;
  const ProductionVariants = rest.ProductionVariants.map((variant) => ({ InitialVariantWeight: 1, ...variant }));
  return { ...rest, ProductionVariants, EndpointConfigArn: arn, CreationTime: created };
}

/** Forgets a configuration; endpoints made of it go on. */
export function deleteEndpointConfig(input: unknown, context: SageMakerContext, identity: Identity): object {
  const { EndpointConfigName } = context.check<{ EndpointConfigName: string }>("DeleteEndpointConfig", input);
  const { arn } = endpointConfigNamed(EndpointConfigName, context, identity);
  context.endpointConfigs.delete(EndpointConfigName);
  context.tags.delete(arn);
  return {};
}

/** The configurations, filtered, sorted and in pages. */
export function listEndpointConfigs(input: unknown, context: SageMakerContext): object {
  const request = context.check<ListRequest>("ListEndpointConfigs", input);
  const { page, NextToken } = pageOf(context.endpointConfigs.values(), request, "Descending");
  const EndpointConfigs = page.map(({ name, arn, created }) => ({
    EndpointConfigName: name,
    EndpointConfigArn: arn,
    CreationTime: created,
  }));
  return { EndpointConfigs, NextToken };
}
