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
import { modelInput, modelRules } from "./hosted_model.js";
import { uniqueName } from "./job_names.js";
import type { EndpointRequest, InstanceHosting, ServerlessHosting } from "./requests.js";
import { instanceType, integer, optional, type Rule, type Rules, requireAll, volumeKmsKey } from "./rules.js";

/** The rule of a field of `hosting`, which errors name in full. */
const ofHosting =
  <Value>(rule: Rule<Value>): Rule<Value | undefined> =>
  (name, value, request) =>
    optional(rule)(`hosting.${name}`, value, request);

const megabytes: Rule<number> = (name, value) => {
  if (value % 1024 !== 0) throw new ArgumentError(name, "a multiple of 1024", value);
  requireInteger(name, value, 1024, 6144);
};

const instanceRules: Rules<Omit<InstanceHosting, "kind">> = {
  instanceType,
  instances: ofHosting(integer(1)),
  volumeKmsKey: optional(volumeKmsKey),
};

const serverlessRules: Rules<Omit<ServerlessHosting, "kind">> = {
  memoryMb: ofHosting(megabytes),
  maxConcurrency: ofHosting(integer(1, 200)),
};

/** Where and with what there is no serverless endpoint. Source: Developer Guide, "Serverless inference: feature exclusions". */
function requireServerless({ vpc, networkIsolation }: EndpointRequest, region: string): void {
  const refuse = (why: string): never => {
    throw new ArgumentError("hosting", `of kind "instance" ${why}`, "serverless");
  };
  if (partitionOf(region).id === "aws-cn") refuse(`in ${region}`);
  if (vpc) refuse("for an endpoint in a VPC");
  if (networkIsolation) refuse("for network isolation");
}

function requireHosting(request: EndpointRequest, region: string): void {
  const { hosting = { kind: "serverless" } } = request;
  if (hosting.kind === "instance") {
    requireAll(hosting, instanceRules);
  } else {
    requireAll(hosting, serverlessRules);
    requireServerless(request, region);
  }
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
  requireAll(request, modelRules);
  requireHosting(request, region);
  const name = uniqueName(request.baseName ?? "customer-segmentation", now);
  return {
    name,
    model: modelInput(request, name, region),
    config: endpointConfigInput(request, name),
    endpoint: { EndpointName: name, EndpointConfigName: name, ...tagsOnWire(request.tags) },
  };
}
