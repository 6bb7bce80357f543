import { CreateTransformJobCommand } from "@aws-sdk/client-sagemaker";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { listObjects, readObject, uploadBytes } from "@keyspaces-segmentation/aws-session";
import type { Exact } from "@keyspaces-segmentation/common";
import type { AssignedCustomer } from "@keyspaces-segmentation/kmeans";
import { create, instanceHint } from "./ask.js";
import { sageMakerOf } from "./clients.js";
import { followJob, type StatusChange } from "./follow_job.js";
import { transformJob } from "./followed_jobs.js";
import { csvPieces, readTransformed } from "./hosted_formats.js";
import { createModel, modelInput } from "./hosted_model.js";
import { uniqueName } from "./job_names.js";
import { type RemovalOptions, withTemporaries } from "./removal.js";
import type { TransformRequest } from "./requests.js";
import { requireAll } from "./rules.js";
import { transformJobInput, transformRules } from "./transform_request.js";

/** `signal` ends the job as well. */
export interface TransformOptions extends RemovalOptions {
  onStatus?: (change: StatusChange) => void;
  /** How long the job may take, in milliseconds; then it is stopped. Default an hour. */
  deadlineMs?: number;
  now?: () => Date;
}

/** Of an input object. An object is never split between instances. */
const maxObjectBytes = 32 << 20;

/** One object per instance, or more. */
async function uploadInput(
  aws: AwsSession,
  request: TransformRequest,
  job: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { customers, bucket, prefix, instances = 1, outputKmsKey: kmsKey } = request;
  const maxRows = Math.ceil(customers.features.rows / instances);
  let part = 0;
  for (const { text } of csvPieces(customers, { maxBytes: maxObjectBytes, maxRows, withIds: true })) {
    const key = `${prefix}/${job}/input/part-${String(part++).padStart(5, "0")}.csv`;
    await uploadBytes(aws, { bucket, key }, text, { kmsKey, signal });
  }
}

const hints = {
  ValidationException: "Check the bucket's region, the instance type and the execution role.",
  AccessDeniedException: "The signed-in identity needs sagemaker:CreateTransformJob.",
};

/**
 * Assigns customers to clusters with a SageMaker batch transform: uploads them, makes the model known, runs a transform job to its end,
 * reads its output and deletes the model. Input and output stay in S3, below `<prefix>/<job>/`.
 *
 * @returns the customers in the order given
 * @throws ArgumentError for what SageMaker would refuse, before anything is sent; StepError when the job cannot be started, fails, is
 *   stopped, does not end in time or answers nonsense, the wait is interrupted, or, without `onLeft`, the model cannot be deleted
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTransformJob.html
 */
export async function assignByBatchTransform<R extends TransformRequest>(
  aws: AwsSession,
  request: Exact<R, TransformRequest>,
  options: TransformOptions = {},
): Promise<AssignedCustomer[]> {
  const { signal, onLeft, deadlineMs = 3_600_000, now = () => new Date() } = options;
  requireAll(request, transformRules);
  const job = uniqueName(request.baseName ?? "customer-segmentation", now());
  const input = transformJobInput(request, job);
  const model = modelInput(request, job, aws.region);
  return withTemporaries(`run the transform job ${job}`, { signal, onLeft }, async (tell) => {
    signal?.throwIfAborted();
    await uploadInput(aws, request, job, signal);
    await createModel(aws, model, tell);
    signal?.throwIfAborted();
    const hintFor = instanceHint(request.instanceType, aws.region);
    const start = () => sageMakerOf(aws).send(new CreateTransformJobCommand(input));
    await create(`start the transform job ${job}`, start, { hints, hintFor });
    await followJob(transformJob(aws, job), { ...options, deadlineMs, whenLeft: "stop" });
    const { bucket, prefix } = request;
    const texts: string[] = [];
    // Which key an output gets depends on the input's; the folder is ours alone.
    for (const key of await listObjects(aws, { bucket, prefix: `${prefix}/${job}/output/` })) {
      texts.push(new TextDecoder().decode(await readObject(aws, { bucket, key }, { signal })));
    }
    return readTransformed(texts, request.customers.customerIds);
  });
}
