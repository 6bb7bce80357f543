import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { askUntilAnswered, oneLine, type StatusChange } from "@keyspaces-segmentation/aws-jobs";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import type { Exact } from "@keyspaces-segmentation/common";
import { StepError } from "@keyspaces-segmentation/common";
import type { AssignedCustomer, CustomersToAssign } from "@keyspaces-segmentation/kmeans";
import { sageMakerRuntimeOf } from "./clients.js";
import { createEndpoint, waitForService, whereEndpointLogs } from "./endpoint_lifecycle.js";
import { planEndpoint } from "./endpoint_request.js";
import { csvPieces, readPredictions, requireCustomers } from "./hosted_formats.js";
import { createModel } from "./hosted_model.js";
import { type RemovalOptions, withTemporaries } from "./removal.js";
import type { EndpointRequest } from "./requests.js";

/** Asks an endpoint about customers; answers in their order. */
export type AskEndpoint = (customers: CustomersToAssign) => Promise<AssignedCustomer[]>;

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

async function invoke(aws: AwsSession, name: string, csv: string, signal: AbortSignal | undefined): Promise<string> {
  const command = new InvokeEndpointCommand({
    EndpointName: name,
    ContentType: "text/csv",
    Accept: "application/json",
    Body: Buffer.from(csv),
  });
  try {
    const answer = await sageMakerRuntimeOf(aws).send(command, signal ? { abortSignal: signal } : {});
    return answer.Body.transformToString();
  } catch (error) {
    const got = originalMessage(error);
    if (got === undefined) throw error;
    // In words of its own, because asking again would not help.
    const hint = whereEndpointLogs(name);
    throw new StepError({ tried: `ask the endpoint ${name}`, got: oneLine(got), hint, cause: error });
  }
}

/**
 * How to ask an endpoint in service about any number of customers: one request after the other, each within the limits.
 *
 * @returns a function that throws ArgumentError for customers who cannot be sent; StepError when the endpoint refuses, does not answer
 *   or answers nonsense; the signal's reason when aborted
 */
function askerOf(
  aws: AwsSession,
  name: string,
  kind: keyof typeof limits,
  signal: AbortSignal | undefined,
): AskEndpoint {
  return async (customers) => {
    requireCustomers(customers);
    const assigned: AssignedCustomer[][] = [];
    for (const { from, to, text } of csvPieces(customers, { ...limits[kind], withIds: false })) {
      const options = { deadlineMs: answerMs, signal };
      const ask = () => invoke(aws, name, text, signal);
      const json = await askUntilAnswered(`ask the endpoint ${name}`, ask, options);
      assigned.push(readPredictions(json, customers.customerIds.slice(from, to)));
    }
    return assigned.flat();
  };
}

export interface EndpointOptions extends RemovalOptions {
  /** Creating, InService, Deleting. */
  onStatus?: (change: StatusChange) => void;
  /** How long the endpoint may take to come into service, in milliseconds. Default half an hour. */
  deadlineMs?: number;
  now?: () => Date;
}

/**
 * Deploys a trained model to an endpoint, lets it be asked, and deletes endpoint, configuration and model again, also when the work fails
 * or is interrupted. An endpoint that is interrupted while it is being made can be deleted only once it is there; that is waited for.
 * Serverless unless an instance is asked for.
 *
 * @param work what to do with the endpoint; it is billed while it is there, or, serverless, while it answers
 * @throws ArgumentError for what SageMaker would refuse, before anything is sent; StepError when the endpoint does not come into service
 *   or does not answer, or, without `onLeft`, when something could not be deleted; what `work` throws
 * @example await withEndpoint(aws, { modelUri, role }, (ask) => ask(customersToAssign(newCustomers, scaler)))
 */
export async function withEndpoint<T, R extends EndpointRequest>(
  aws: AwsSession,
  request: Exact<R, EndpointRequest>,
  work: (ask: AskEndpoint, endpoint: string) => Promise<T>,
  options: EndpointOptions = {},
): Promise<T> {
  const { signal, onStatus, onLeft, deadlineMs = 1_800_000, now = () => new Date() } = options;
  const plan = planEndpoint(request, { region: aws.region, now: now() });
  const { name } = plan;
  const endpoint = { aws, name, onStatus };
  const kind = request.hosting?.kind ?? "serverless";
  return withTemporaries(`use the endpoint ${name}`, { signal, onLeft }, async (tell) => {
    signal?.throwIfAborted();
    await createModel(aws, plan.model, tell);
    signal?.throwIfAborted();
    await createEndpoint(endpoint, plan, tell);
    await waitForService(endpoint, { signal, deadlineMs });
    return work(askerOf(aws, name, kind, signal), name);
  });
}

/**
 * Assigns customers to clusters with an endpoint that is deployed for this and deleted again: {@link withEndpoint}.
 *
 * @returns the customers in the order given
 */
export async function assignByEndpoint<R extends EndpointRequest & { customers: CustomersToAssign }>(
  aws: AwsSession,
  request: Exact<R, EndpointRequest & { customers: CustomersToAssign }>,
  options: EndpointOptions = {},
): Promise<AssignedCustomer[]> {
  requireCustomers(request.customers);
  const deployed: EndpointRequest = request;
  return withEndpoint(aws, deployed, (ask) => ask(request.customers), options);
}
