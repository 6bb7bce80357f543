import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { sageMakerRuntimeOf } from "@keyspaces-segmentation/aws-session";
import { StepError } from "@keyspaces-segmentation/common";
import type { AssignedCustomer, CustomersToAssign } from "@keyspaces-segmentation/kmeans";
import { askUntilAnswered } from "./ask.js";
import { csvPieces } from "./customer_csv.js";
import { whereEndpointLogs } from "./endpoint_lifecycle.js";
import { oneLine } from "./follow_job.js";
import { readPredictions } from "./hosted_answers.js";
import { requireCustomers } from "./require_customers.js";

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
export function askerOf(
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
