import type { Identity, ServiceModel } from "@keyspaces-segmentation/local-support";
import { AwsError, checkAgainst, sentenceOf } from "@keyspaces-segmentation/local-support";
import { InvocationFailure } from "./container_failures.js";
import type { SageMakerContext } from "./context.js";
import { logGroupOf } from "./hosting/endpoint.js";
import { invoke } from "./hosting/invoke.js";
import type { Endpoint, HostedVariant } from "./records.js";

/** A request of SageMaker Runtime as it came over the wire. */
export interface RuntimeRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface RuntimeAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const PATH = /^\/endpoints\/([^/]+)\/invocations$/;

/** What of InvokeEndpoint is no more than passed on, or not emulated, by the headers that it comes in. */
const headers = {
  ContentType: "content-type",
  Accept: "accept",
  CustomAttributes: "x-amzn-sagemaker-custom-attributes",
  TargetModel: "x-amzn-sagemaker-target-model",
  TargetVariant: "x-amzn-sagemaker-target-variant",
  TargetContainerHostname: "x-amzn-sagemaker-target-container-hostname",
  InferenceId: "x-amzn-sagemaker-inference-id",
  EnableExplanations: "x-amzn-sagemaker-enable-explanations",
  InferenceComponentName: "x-amzn-sagemaker-inference-component",
  SessionId: "x-amzn-sagemaker-session-id",
} as const;
const notEmulated = [
  "TargetModel",
  "TargetContainerHostname",
  "EnableExplanations",
  "InferenceComponentName",
  "SessionId",
] as const;

const invalid = (message: string): AwsError => new AwsError("ValidationError", message);

/** Serverless endpoints take 4 MB, where instances take 6. */
const SERVERLESS_PAYLOAD = 4 * 2 ** 20;

/** By weight, one after the other, so that the same requests go the same way each time. */
function chooseVariant(endpoint: Endpoint, target: string | undefined): HostedVariant {
  const { variants } = endpoint;
  if (target !== undefined) {
    const found = variants.find(({ variant }) => variant.VariantName === target);
    if (!found) throw invalid(`Variant ${target} not found for Endpoint ${endpoint.name}`);
    return found;
  }
  // Smooth weighted round robin: each gains its weight a turn, the richest is chosen and pays for all.
  let total = 0;
  let chosen = variants[0]!;
  for (const each of variants) {
    const weight = each.variant.InitialVariantWeight ?? 1;
    total += weight;
    each.credit += weight;
    if (each.credit > chosen.credit) chosen = each;
  }
  chosen.credit -= total;
  return chosen;
}

async function fail(
  { status, message }: InvocationFailure,
  endpoint: Endpoint,
  variant: string,
  { region, logs }: SageMakerContext,
  { account }: Identity,
): Promise<AwsError> {
  const group = logGroupOf(endpoint);
  const hosted = endpoint.variants.find((each) => each.variant.VariantName === variant);
  await logs.as(hosted?.model.request.ExecutionRoleArn).put(group, `${variant}/i-0`, [message]);
  const console = `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`;
  const whole =
    `Received client error (${status}) from primary with message "${message}". ` +
    `See ${console}#logEventViewer:group=${group} in account ${account} for more information.`;
  const LogStreamArn = `arn:aws:logs:${region}:${account}:log-group:${group}`;
  return new AwsError("ModelError", whole, { OriginalStatusCode: status, OriginalMessage: message, LogStreamArn });
}

/**
 * Answers requests of SageMaker Runtime: InvokeEndpoint.
 *
 * @throws AwsError ValidationError for a request or an endpoint that is not right, ModelError for a body that is not
 */
export function createRuntime(
  model: ServiceModel,
  context: SageMakerContext,
): (request: RuntimeRequest, identity: Identity) => Promise<RuntimeAnswer> {
  return async ({ method, path, headers: given, body }, identity) => {
    // No name that an endpoint can have is written otherwise in a path.
    const [, EndpointName] = PATH.exec(path) ?? [];
    if (method !== "POST" || EndpointName === undefined) {
      throw new AwsError("notEmulated", `SageMaker Runtime ${method} ${path} is not emulated.`);
    }
    const fromHeaders = Object.entries(headers).map(([member, header]) => [member, given[header]]);
    const input: Record<string, unknown> = { EndpointName, Body: body, ...Object.fromEntries(fromHeaders) };
    const { request, violations } = checkAgainst(model, "InvokeEndpoint", input);
    if (violations.length > 0) throw invalid(sentenceOf(violations));
    const beyond = notEmulated.find((member) => request[member] !== undefined);
    if (beyond) throw new AwsError("notEmulated", `Member '${beyond}' is not emulated.`);

    const endpoint = context.endpoints.get(EndpointName);
    if (endpoint?.status !== "InService") {
      throw invalid(`Endpoint ${EndpointName} of account ${identity.account} not found.`);
    }
    const { variant, centroids } = chooseVariant(endpoint, request.TargetVariant as string | undefined);
    if (variant.ServerlessConfig && body.length > SERVERLESS_PAYLOAD) {
      throw invalid(
        `The payload of ${body.length} bytes is larger than the ${SERVERLESS_PAYLOAD} of serverless endpoints.`,
      );
    }
    const { VariantName = "" } = variant;
    try {
      const contentType = given[headers.ContentType] ?? "";
      const answer = invoke(centroids!, { body, contentType, accept: given[headers.Accept] });
      return {
        headers: { "content-type": answer.contentType, "x-amzn-invoked-production-variant": VariantName },
        body: answer.body,
      };
    } catch (error) {
      if (!(error instanceof InvocationFailure)) throw error;
      throw await fail(error, endpoint, VariantName, context, identity);
    }
  };
}
