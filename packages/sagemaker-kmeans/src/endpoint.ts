import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import type { Exact } from "@keyspaces-segmentation/common";
import type { AssignedCustomer, CustomersToAssign } from "@keyspaces-segmentation/kmeans";
import { createEndpoint, waitForService } from "./endpoint_lifecycle.js";
import { type EndpointRequest, requireEndpointRequest } from "./endpoint_request.js";
import type { StatusChange } from "./follow_job.js";
import { createModel } from "./hosted_model.js";
import { type AskEndpoint, askerOf } from "./invoke_endpoint.js";
import { uniqueName } from "./names.js";
import { type RemovalOptions, withTemporaries } from "./removal.js";
import { requireCustomers } from "./require_customers.js";

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
  requireEndpointRequest(request, aws.region);
  const name = uniqueName(request.baseName ?? "customer-segmentation", now());
  const endpoint = { aws, name, onStatus };
  return withTemporaries(`use the endpoint ${name}`, { signal, onLeft }, async (tell) => {
    signal?.throwIfAborted();
    await createModel(aws, request, name, tell);
    signal?.throwIfAborted();
    await createEndpoint(endpoint, request, tell);
    await waitForService(endpoint, { signal, deadlineMs });
    return work(askerOf(aws, name, request.hosting?.kind ?? "serverless", signal), name);
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
