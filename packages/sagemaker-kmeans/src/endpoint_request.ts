import type {
  CreateEndpointConfigInput,
  CreateEndpointInput,
  CreateModelInput,
  ProductionVariant,
  ProductionVariantInstanceType,
} from "@aws-sdk/client-sagemaker";
import { partitionOf } from "@keyspaces-segmentation/aws-session";
import { ArgumentError, requireInteger } from "@keyspaces-segmentation/common";
import { tagsOnWire } from "./container_settings.js";
import { type ModelToHost, modelInput, modelRules } from "./hosted_model.js";
import { uniqueName } from "./job_names.js";
import { instanceType, optional, type Rules, requireAll, volumeKmsKey } from "./rules.js";

/** Billed while it answers. */
interface ServerlessHosting {
  kind: "serverless";
  /** 1024, 2048, … 6144. Default 2048. */
  memoryMb?: number;
  /** Requests at the same time, 1 to 200. Default 1, which is what one notebook sends. */
  maxConcurrency?: number;
}

/** Billed while it is there. */
interface InstanceHosting {
  kind: "instance";
  instanceType: string;
  /** Default 1. */
  instances?: number;
  /** KMS key for the disks of the instances. */
  volumeKmsKey?: string;
}

/** A trained model, and where it is to answer. */
export interface EndpointRequest extends ModelToHost {
  /** Default serverless. */
  hosting?: ServerlessHosting | InstanceHosting;
  /** Endpoint, configuration and model are named `<baseName>-YYYY-MM-DD-HH-MM-SS-mmm` (UTC). Default "customer-segmentation". */
  baseName?: string;
}

const instanceRules: Rules<InstanceHosting> = {
  kind: () => undefined,
  instanceType,
  instances: (_, value = 1) => requireInteger("hosting.instances", value, 1),
  volumeKmsKey: optional(volumeKmsKey),
};

/** Serverless endpoints are not to be had everywhere, nor with everything. Source: Developer Guide, "Feature exclusions". */
function requireServerless(
  { memoryMb = 2048, maxConcurrency = 1, kind }: ServerlessHosting,
  { vpc, networkIsolation }: EndpointRequest,
  region: string,
): void {
  if (memoryMb % 1024 !== 0) throw new ArgumentError("hosting.memoryMb", "a multiple of 1024", memoryMb);
  requireInteger("hosting.memoryMb", memoryMb, 1024, 6144);
  requireInteger("hosting.maxConcurrency", maxConcurrency, 1, 200);
  const instead = 'of kind "instance"';
  if (partitionOf(region).id === "aws-cn") throw new ArgumentError("hosting", `${instead} in ${region}`, kind);
  if (vpc) throw new ArgumentError("hosting", `${instead} for an endpoint in a VPC`, kind);
  if (networkIsolation) throw new ArgumentError("hosting", `${instead} for network isolation`, kind);
}

/** @throws ArgumentError for what SageMaker would refuse */
function requireEndpoint(request: EndpointRequest, region: string): void {
  requireAll(request, modelRules);
  const { hosting = { kind: "serverless" } } = request;
  if (hosting.kind === "instance") requireAll(hosting, instanceRules);
  else requireServerless(hosting, request, region);
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
    ...tagsOnWire(tags),
  };
}

/** An endpoint that nothing speaks against, with all that is sent for it. */
export interface PlannedEndpoint {
  /** Of endpoint, configuration and model. */
  readonly name: string;
  readonly model: CreateModelInput;
  readonly config: CreateEndpointConfigInput;
  readonly endpoint: CreateEndpointInput;
}

/**
 * Checks a request and builds from it all that is sent.
 *
 * @throws ArgumentError for what SageMaker would refuse
 */
export function planEndpoint(
  request: EndpointRequest,
  { region, now }: { region: string; now: Date },
): PlannedEndpoint {
  requireEndpoint(request, region);
  const name = uniqueName(request.baseName ?? "customer-segmentation", now);
  return {
    name,
    model: modelInput(request, name, region),
    config: endpointConfigInput(request, name),
    endpoint: { EndpointName: name, EndpointConfigName: name, ...tagsOnWire(request.tags) },
  };
}
