import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { TransformJobStatus } from "@aws-sdk/client-sagemaker";
import { ContainerFailure, InvocationFailure } from "../container_failures.js";
import type { SageMakerContext } from "../context.js";
import { loadModel, ModelLoadFailure } from "../hosting/hosted_model.js";
import type { TransformJob } from "../records.js";
import { parseS3Uri } from "../store.js";
import { ProcessingFailure } from "./data_processing.js";
import { PayloadTooLarge } from "./split.js";
import { transformObject } from "./transform_object.js";

const LARGEST_OBJECT = 2 ** 30;
const GROUP = "/aws/sagemaker/TransformJobs";

/** Takes a job to its end. Never rejects: what goes wrong is the job's FailureReason. */
export async function runTransformJob(job: TransformJob, context: SageMakerContext): Promise<void> {
  const { signal } = job.stop;
  const end = (status: TransformJobStatus) => {
    job.status = status;
    job.ended = context.now();
    job.lastModified = job.ended;
  };
  try {
    await delay(context.pace, undefined, { signal });
    job.started = context.now();
    const lines = await transform(job, context);
    await context.logs.as(job.model.request.ExecutionRoleArn).put(GROUP, `${job.name}/data-log`, lines);
    await delay(context.pace, undefined, { signal });
    end(job.failureReason === undefined ? "Completed" : "Failed");
  } catch (error) {
    if (signal.aborted) {
      await delay(context.pace, undefined, { signal: context.closing }).catch(() => undefined);
      end("Stopped");
      return;
    }
    job.failureReason = `InternalServerError: ${error instanceof Error ? error.message : error}`;
    end("Failed");
  }
}

/** What AWS tells of a failure; the rest is in the log. */
const see = (kind: "ClientError" | "AlgorithmError"): string => `${kind}: See job logs for more information`;

/** Does the work. @returns the lines of its data log */
async function transform(job: TransformJob, context: SageMakerContext): Promise<string[]> {
  const { request, processing, model } = job;
  const store = context.store.as(model.request.ExecutionRoleArn);
  const log: string[] = [];
  const { MaxPayloadInMB = 6, MaxConcurrentTransforms = 1, BatchStrategy = "MultiRecord" } = request;
  const strategy = BatchStrategy === "SingleRecord" ? "SINGLE_RECORD" : "MULTI_RECORD";
  const tell = (text: string) => log.push(`[sagemaker logs]: ${text}`);
  tell(
    `MaxConcurrentTransforms=${MaxConcurrentTransforms}, MaxPayloadInMB=${MaxPayloadInMB}, BatchStrategy=${strategy}`,
  );
  const centroids = await loadModel(store, model.dataUrl).catch((error) => {
    if (!(error instanceof ModelLoadFailure)) throw error;
    job.failureReason = see("AlgorithmError");
    tell(`The primary container did not pass the ping health check. ${error.message}`);
    return undefined;
  });
  if (!centroids) return log;

  const { TransformInput, TransformOutput } = request;
  const source = parseS3Uri(TransformInput?.DataSource?.S3DataSource?.S3Uri ?? "");
  const target = parseS3Uri(TransformOutput?.S3OutputPath ?? "");
  const folder = source.key.slice(0, source.key.lastIndexOf("/") + 1);
  for (const key of await store.list(source.bucket, source.key)) {
    if (key.endsWith("/")) continue;
    try {
      const stored = Buffer.from(await store.read(source.bucket, key));
      const object =
        TransformInput?.CompressionType === "Gzip"
          ? await promisify(gunzip)(stored, { maxOutputLength: LARGEST_OBJECT })
          : stored;
      const result = await transformObject(object, centroids, request, processing, job.stop.signal);
      const outputKey = `${target.key.replace(/(?<=[^/])$/, "/")}${key.slice(folder.length)}.out`;
      await store.write(target.bucket, outputKey, result, TransformOutput?.KmsKeyId);
    } catch (error) {
      job.stop.signal.throwIfAborted();
      const [kind, lines] = explain(error);
      job.failureReason ??= see(kind);
      for (const line of lines) tell(`${source.bucket}/${key}: ${line}`);
    }
  }
  return log;
}

/** Whose fault a failed object is, and what the log says of it. @throws what is a defect of ours */
function explain(error: unknown): [kind: "ClientError" | "AlgorithmError", lines: string[]] {
  if (error instanceof InvocationFailure) {
    return ["ClientError", [`ClientError: ${error.status}`, "", "Message:", error.message]];
  }
  const known = error instanceof ProcessingFailure || error instanceof PayloadTooLarge;
  if (known || error instanceof ContainerFailure) return ["ClientError", [`ClientError: ${error.message}`]];
  const fromS3 = error instanceof Error && "$metadata" in error;
  const fromZlib = error instanceof Error && "errno" in error;
  if (fromS3 || fromZlib) return ["ClientError", [`ClientError: ${error.name}: ${error.message}`]];
  throw error;
}
