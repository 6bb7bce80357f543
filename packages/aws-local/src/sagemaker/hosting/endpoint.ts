import { setTimeout as delay } from "node:timers/promises";
import type { EndpointStatus } from "@aws-sdk/client-sagemaker";
import type { SageMakerContext } from "../context.js";
import type { Endpoint } from "../records.js";
import { loadModel, ModelLoadFailure } from "./hosted_model.js";

const move = (endpoint: Endpoint, status: EndpointStatus, now: Date): void => {
  endpoint.status = status;
  endpoint.lastModified = now;
};

/** The CloudWatch Logs group of an endpoint. */
export const logGroupOf = ({ name }: Pick<Endpoint, "name">): string => `/aws/sagemaker/Endpoints/${name}`;

/** Brings an endpoint from Creating to InService, or to Failed. Never rejects. */
export async function startEndpoint(endpoint: Endpoint, { store, pace, now, logs }: SageMakerContext): Promise<void> {
  const { signal } = endpoint.stop;
  try {
    await delay(pace, undefined, { signal });
    for (const hosted of endpoint.variants) {
      try {
        hosted.centroids = await loadModel(store.as(hosted.model.request.ExecutionRoleArn), hosted.model.dataUrl);
      } catch (error) {
        if (!(error instanceof ModelLoadFailure)) throw error;
        const { VariantName } = hosted.variant;
        await logs
          .as(hosted.model.request.ExecutionRoleArn)
          .put(logGroupOf(endpoint), `${VariantName}/i-0`, [error.message]);
        endpoint.failureReason =
          `The primary container for production variant ${VariantName} did not pass the ping health check. ` +
          "Please check CloudWatch logs for this endpoint.";
        move(endpoint, "Failed", now());
        return;
      }
    }
    move(endpoint, "InService", now());
  } catch (error) {
    if (signal.aborted) return;
    endpoint.failureReason = `${error instanceof Error ? error.message : error}`;
    move(endpoint, "Failed", now());
  }
}

/** Takes an endpoint down. Never rejects. */
export async function endEndpoint(endpoint: Endpoint, { pace, now, endpoints }: SageMakerContext): Promise<void> {
  move(endpoint, "Deleting", now());
  // When the stand-in closes, nobody waits for it.
  await delay(pace, undefined, { signal: endpoint.stop.signal }).catch(() => undefined);
  endpoints.delete(endpoint.name);
}
