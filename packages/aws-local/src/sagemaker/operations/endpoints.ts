import type { CreateEndpointInput } from "@aws-sdk/client-sagemaker";
import type { Identity } from "@keyspaces-segmentation/local-support";
import { AwsError } from "@keyspaces-segmentation/local-support";
import type { SageMakerContext } from "../context.js";
import { endEndpoint, startEndpoint } from "../hosting/endpoint.js";
import { kMeansImage } from "../images.js";
import type { Endpoint, HostedVariant } from "../records.js";
import { endpointConfigNamed } from "./endpoint_configs.js";
import { type ListRequest, pageOf } from "./listing.js";
import { modelNamed } from "./models.js";
import { requireQuota } from "./quotas.js";
import { setTags } from "./tags.js";

const emulated = ["EndpointName", "EndpointConfigName", "Tags"];
const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

const arnOf = (name: string, { region }: SageMakerContext, { account }: Identity): string =>
  `arn:aws:sagemaker:${region}:${account}:endpoint/${name.toLowerCase()}`;

function checkQuotas(variants: readonly HostedVariant[], { endpoints, quotas }: SageMakerContext): void {
  const running = [...endpoints.values()].flatMap((endpoint) => endpoint.variants);
  for (const { variant } of variants) {
    const { InstanceType, InitialInstanceCount = 0 } = variant;
    if (!InstanceType) continue;
    const used = running
      .filter((each) => each.variant.InstanceType === InstanceType)
      .reduce((sum, each) => sum + (each.variant.InitialInstanceCount ?? 0), 0);
    requireQuota(quotas, `${InstanceType} for endpoint usage`, used, InitialInstanceCount);
  }
}

/** Starts an endpoint; it is Creating, and InService a little later. */
export function createEndpoint(input: unknown, context: SageMakerContext, identity: Identity): object {
  const request = context.check<Required<CreateEndpointInput> & { EndpointName: string; EndpointConfigName: string }>(
    "CreateEndpoint",
    input,
    emulated,
  );
  const { EndpointName: name, EndpointConfigName } = request;
  const config = endpointConfigNamed(EndpointConfigName, context, identity);
  const arn = arnOf(name, context, identity);
  if (context.endpoints.has(name)) throw invalid(`Cannot create already existing endpoint "${arn}".`);
  const variants = config.request.ProductionVariants.map((variant) => ({
    variant,
    model: modelNamed(variant.ModelName ?? "", context, identity),
    credit: 0,
  }));
  checkQuotas(variants, context);
  const created = context.now();
  const endpoint: Endpoint = {
    name,
    arn,
    config,
    variants,
    created,
    lastModified: created,
    status: "Creating",
    stop: new AbortController(),
  };
  context.endpoints.set(name, endpoint);
  setTags(context, arn, request.Tags);
  const run = startEndpoint(endpoint, context).finally(() => context.runs.delete(run));
  context.runs.add(run);
  return { EndpointArn: arn };
}

function named(operation: string, input: unknown, context: SageMakerContext, identity: Identity): Endpoint {
  const { EndpointName } = context.check<{ EndpointName: string }>(operation, input);
  const endpoint = context.endpoints.get(EndpointName);
  if (endpoint) return endpoint;
  throw invalid(`Could not find endpoint "${arnOf(EndpointName, context, identity)}".`);
}

/** What runs of a variant, once something does. */
function summaryOf({ variant }: HostedVariant, region: string, resolved: Date): object {
  const { VariantName, InitialInstanceCount, InitialVariantWeight = 1, ServerlessConfig } = variant;
  const image = kMeansImage(region);
  return {
    VariantName,
    DeployedImages: [{ SpecifiedImage: image, ResolvedImage: image, ResolutionTime: resolved }],
    CurrentWeight: InitialVariantWeight,
    DesiredWeight: InitialVariantWeight,
    CurrentInstanceCount: ServerlessConfig ? 0 : InitialInstanceCount,
    DesiredInstanceCount: ServerlessConfig ? undefined : InitialInstanceCount,
    CurrentServerlessConfig: ServerlessConfig,
  };
}

/** The endpoint: what it is made of, and where it stands. */
export function describeEndpoint(input: unknown, context: SageMakerContext, identity: Identity): object {
  const endpoint = named("DescribeEndpoint", input, context, identity);
  const { name, arn, config, status, created, lastModified, failureReason, variants } = endpoint;
  return {
    EndpointName: name,
    EndpointArn: arn,
    EndpointConfigName: config.name,
    EndpointStatus: status,
    FailureReason: failureReason,
    CreationTime: created,
    LastModifiedTime: lastModified,
    ProductionVariants:
      status === "InService" ? variants.map((each) => summaryOf(each, context.region, lastModified)) : undefined,
  };
}

/** Takes an endpoint down: it is Deleting, and not there a little later. */
export function deleteEndpoint(input: unknown, context: SageMakerContext, identity: Identity): object {
  const endpoint = named("DeleteEndpoint", input, context, identity);
  if (endpoint.status === "Creating") throw invalid(`Cannot update in-progress endpoint "${endpoint.arn}".`);
  if (endpoint.status === "Deleting") return {};
  context.tags.delete(endpoint.arn);
  const run = endEndpoint(endpoint, context).finally(() => context.runs.delete(run));
  context.runs.add(run);
  return {};
}

/** The endpoints, filtered, sorted and in pages. */
export function listEndpoints(input: unknown, context: SageMakerContext): object {
  const request = context.check<ListRequest>("ListEndpoints", input);
  const { page, NextToken } = pageOf(context.endpoints.values(), request, "Descending");
  const Endpoints = page.map(({ name, arn, created, lastModified, status }) => ({
    EndpointName: name,
    EndpointArn: arn,
    CreationTime: created,
    LastModifiedTime: lastModified,
    EndpointStatus: status,
  }));
  return { Endpoints, NextToken };
}
