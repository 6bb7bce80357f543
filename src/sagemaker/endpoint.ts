import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DescribeEndpointCommand,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { sageMakerOf, sageMakerRuntimeOf } from "../aws/clients.js";
import type { AwsSession } from "../aws/session.js";
import { type AssignedCustomer, type CustomersToAssign, requireCustomers } from "../clustering/assigned.js";
import { csvPieces } from "../clustering/customer_csv.js";
import { readPredictions } from "../clustering/hosted_answers.js";
import { messageOf, StepError } from "../errors.js";
import { type Look, waitUntil } from "../wait.js";
import { askOnce, askUntilAnswered, create } from "./ask.js";
import { type EndpointRequest, requireEndpointRequest } from "./endpoint_request.js";
import { oneLine, type StatusChange, secondsBetween } from "./follow_job.js";
import { createModel } from "./hosted_model.js";
import { endpointConfigInput } from "./hosting_input.js";
import { uniqueName } from "./names.js";
import { isUnknown, remove, type Temporary, withTemporaries } from "./removal.js";
import { tagsAndVpc } from "./training_input.js";

export interface EndpointOptions {
  onStatus?: (change: StatusChange) => void;
  /** Ends the work; the endpoint is deleted all the same. */
  signal?: AbortSignal;
  /** How long the endpoint may take to come into service, in milliseconds. Default half an hour. */
  deadlineMs?: number;
  now?: () => Date;
}

/** Asks an endpoint about customers; answers in their order. */
export type AskEndpoint = (customers: CustomersToAssign) => Promise<AssignedCustomer[]>;

/** An endpoint that is being made refuses to be deleted until it is there, which can take a while. Milliseconds. */
const deletionMs = 1_800_000;

const describeEndpoint = (aws: AwsSession, name: string, signal?: AbortSignal) =>
  sageMakerOf(aws).send(new DescribeEndpointCommand({ EndpointName: name }), signal ? { abortSignal: signal } : {});

/** Its configuration must not be deleted before it is gone. */
async function removeEndpoint(aws: AwsSession, name: string): Promise<void> {
  const passes = (error: unknown) => /in-progress endpoint|is in progress/i.test(messageOf(error));
  const send = () => sageMakerOf(aws).send(new DeleteEndpointCommand({ EndpointName: name }));
  await remove(aws, `endpoint ${name}`, send, { deadlineMs: deletionMs, passes });
  const status = async (): Promise<string | undefined> => {
    try {
      return (await describeEndpoint(aws, name)).EndpointStatus ?? "";
    } catch (error) {
      if (isUnknown(error)) return undefined;
      throw error;
    }
  };
  const look = async (): Promise<Look<true>> => {
    const answer = await askOnce(aws, `ask for the state of the endpoint ${name}`, status);
    if (answer.passing !== undefined) return { seen: answer.passing };
    return answer.value === undefined ? { done: true, seen: "gone" } : { seen: answer.value };
  };
  await waitUntil(`the endpoint ${name} to be deleted`, look, { deadlineMs: 600_000, firstDelayMs: 1000 });
}

/** Endpoint and configuration, each told of before it is made. */
async function createEndpoint(
  aws: AwsSession,
  request: EndpointRequest,
  name: string,
  tell: (made: Temporary) => void,
): Promise<void> {
  const { tags } = request;
  const config = `endpoint configuration ${name}`;
  const deleteConfig = () => sageMakerOf(aws).send(new DeleteEndpointConfigCommand({ EndpointConfigName: name }));
  tell({
    what: config,
    remove: () => remove(aws, config, deleteConfig),
    byHand: `aws sagemaker delete-endpoint-config --endpoint-config-name ${name} --region ${aws.region}`,
  });
  const configCommand = new CreateEndpointConfigCommand(endpointConfigInput(request, name));
  await create(aws, `create the ${config}`, () => sageMakerOf(aws).send(configCommand));
  tell({
    what: `endpoint ${name}`,
    remove: () => removeEndpoint(aws, name),
    byHand: `aws sagemaker delete-endpoint --endpoint-name ${name} --region ${aws.region}`,
  });
  const command = new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: name, ...tagsAndVpc({ tags }) });
  await create(aws, `create the endpoint ${name}`, () => sageMakerOf(aws).send(command));
}

const whereToLook = (name: string): string => `Its log is in CloudWatch, group /aws/sagemaker/Endpoints/${name}.`;

async function waitForService(
  aws: AwsSession,
  name: string,
  { onStatus, signal, deadlineMs = 1_800_000 }: EndpointOptions,
): Promise<void> {
  let told = "";
  const look = async (): Promise<Look<true>> => {
    const ask = () => describeEndpoint(aws, name, signal);
    const answer = await askOnce(aws, `ask for the state of the endpoint ${name}`, ask, { signal });
    if (answer.passing !== undefined) return { seen: `${told || "nothing"}; then no answer (${answer.passing})` };
    const { EndpointStatus: status = "", FailureReason, CreationTime, LastModifiedTime } = answer.value;
    const message = FailureReason ?? "";
    const seconds = secondsBetween(CreationTime, LastModifiedTime);
    if (status !== told) onStatus?.({ job: name, status, secondaryStatus: status, message, seconds });
    told = status;
    if (["Creating", "Updating", "SystemUpdating"].includes(status)) return { seen: status };
    if (status === "InService") return { done: true, seen: status };
    const got = `it is ${status}: ${oneLine(FailureReason)}`;
    throw new StepError({ tried: `bring the endpoint ${name} into service`, got, hint: whereToLook(name) });
  };
  const pace = { deadlineMs, firstDelayMs: 1000, maxDelayMs: 15_000, signal };
  await waitUntil(`the endpoint ${name} to be in service`, look, pace);
}

/**
 * What a request may have in bytes, and what of it to count for each answer: an endpoint takes 6 MiB; a serverless one takes 4 MB, the
 * answer included, which is `{"closest_cluster": 12.0, "distance_to_cluster": 0.123456789012345}` for each row.
 */
const limits = {
  instance: { maxBytes: 6_000_000, extra: 0 },
  serverless: { maxBytes: 3_900_000, extra: 80 },
} as const;

/** Waking a serverless endpoint takes up to a minute or two. Milliseconds. */
const answerMs = 300_000;

/** What the container says, where it is the container that refused. */
const originalMessage = (error: unknown): string | undefined =>
  (error as { OriginalMessage?: string } | undefined)?.OriginalMessage;

function askerOf(
  aws: AwsSession,
  name: string,
  { hosting = { kind: "serverless" } }: EndpointRequest,
  signal: AbortSignal | undefined,
): AskEndpoint {
  const invoke = async (body: string): Promise<string> => {
    try {
      const answer = await sageMakerRuntimeOf(aws).send(
        new InvokeEndpointCommand({
          EndpointName: name,
          ContentType: "text/csv",
          Accept: "application/json",
          Body: Buffer.from(body),
        }),
        signal ? { abortSignal: signal } : {},
      );
      return answer.Body.transformToString();
    } catch (error) {
      const got = originalMessage(error);
      // The model's own refusal comes with a status that looks like the service's trouble, but asking again does not help.
      if (got === undefined) throw error;
      throw new StepError({
        tried: `ask the endpoint ${name}`,
        got: oneLine(got),
        hint: whereToLook(name),
        cause: error,
      });
    }
  };
  return async (customers) => {
    requireCustomers(customers);
    const assigned: AssignedCustomer[] = [];
    for (const { from, to, text } of csvPieces(customers, { ...limits[hosting.kind], withIds: false })) {
      const options = { deadlineMs: answerMs, signal };
      const json = await askUntilAnswered(aws, `ask the endpoint ${name}`, () => invoke(text), options);
      assigned.push(...readPredictions(json, customers.customerIds.slice(from, to)));
    }
    return assigned;
  };
}

/**
 * Deploys a trained model to an endpoint, lets it be asked, and deletes endpoint, configuration and model again, also when the work fails
 * or is interrupted. Serverless unless an instance is asked for.
 *
 * @param work what to do with the endpoint; it is billed while it is there, or, serverless, while it answers
 * @throws ArgumentError for what SageMaker would refuse, before anything is sent; StepError when the endpoint does not come into service
 *   or does not answer, or, with the commands to do it by hand, when something could not be deleted; what `work` throws
 * @example await withEndpoint(aws, { modelUri, role }, (ask) => ask(customersToAssign(newCustomers, scaler)))
 */
export async function withEndpoint<T>(
  aws: AwsSession,
  request: EndpointRequest,
  work: (ask: AskEndpoint, endpoint: string) => Promise<T>,
  options: EndpointOptions = {},
): Promise<T> {
  const { signal, now = () => new Date() } = options;
  requireEndpointRequest(request, aws.region);
  const name = uniqueName(request.baseName ?? "customer-segmentation", now());
  return withTemporaries(`use the endpoint ${name}`, signal, async (tell) => {
    signal?.throwIfAborted();
    await createModel(aws, request, name, tell);
    signal?.throwIfAborted();
    await createEndpoint(aws, request, name, tell);
    await waitForService(aws, name, options);
    return work(askerOf(aws, name, request, signal), name);
  });
}

/**
 * Assigns customers to clusters with an endpoint that is deployed for this and deleted again: {@link withEndpoint}.
 *
 * @returns the customers in the order given
 */
export async function assignByEndpoint(
  aws: AwsSession,
  request: EndpointRequest & { customers: CustomersToAssign },
  options: EndpointOptions = {},
): Promise<AssignedCustomer[]> {
  requireCustomers(request.customers);
  return withEndpoint(aws, request, (ask) => ask(request.customers), options);
}
