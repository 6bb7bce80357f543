import {
  CreateTransformJobCommand,
  type CreateTransformJobRequest,
  DescribeTransformJobCommand,
  type DescribeTransformJobCommandOutput,
  StopTransformJobCommand,
  type TransformInstanceType,
} from "@aws-sdk/client-sagemaker";
import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { listObjects, readObject, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { sageMakerOf } from "./clients.js";
import { type Exact, requireInteger } from "@keyspaces-segmentation/common";
import type { AssignedCustomer, CustomersToAssign } from "@keyspaces-segmentation/kmeans";
import { create, instanceHint } from "./ask.js";
import { tagsOnWire } from "./container_settings.js";
import { type FollowedJob, followJob, type StatusChange } from "./follow_job.js";
import { csvPieces, readTransformed, requireCustomers } from "./hosted_formats.js";
import { createModel, type ModelToHost, modelInput, modelRules } from "./hosted_model.js";
import { uniqueName } from "./job_names.js";
import { type RemovalOptions, withTemporaries } from "./removal.js";
import { bucket, instanceType, kmsKey, optional, prefix, type Rules, requireAll, volumeKmsKey } from "./rules.js";

/** Customers to be assigned by a batch transform with a trained model. */
export interface TransformRequest extends ModelToHost {
  customers: CustomersToAssign;
  bucket: string;
  /** Key prefix for input and output, without slashes at its ends. */
  prefix: string;
  instanceType: string;
  /** Default 1. */
  instances?: number;
  /** Job and model are named `<baseName>-YYYY-MM-DD-HH-MM-SS-mmm` (UTC). Default "customer-segmentation". */
  baseName?: string;
  /** KMS key for input and output in S3; otherwise S3's own. */
  outputKmsKey?: string;
  /** KMS key for the disks of the instances. */
  volumeKmsKey?: string;
}

const rules: Rules<Omit<TransformRequest, "baseName">> = {
  ...modelRules,
  customers: (_, customers) => requireCustomers(customers),
  bucket,
  prefix,
  instanceType,
  instances: optional((name, value, { customers }) => requireInteger(name, value, 1, customers.features.rows)),
  outputKmsKey: optional(kmsKey),
  volumeKmsKey: optional(volumeKmsKey),
};

/**
 * The CreateTransformJob request, of a request that has been checked. Customer ids go past the model and come out beside its answer:
 * it is given every column but the first, its answer is joined to the input line, and of that line the first column and the last
 * two, cluster and distance, are kept.
 *
 * @param job name of the job and of the model
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform-data-processing.html
 */
export function transformJobInput(request: TransformRequest, job: string): CreateTransformJobRequest {
  const { bucket, prefix, instanceType, instances = 1, outputKmsKey, volumeKmsKey, tags } = request;
  const folder = `s3://${bucket}/${prefix}/${job}`;
  return {
    TransformJobName: job,
    ModelName: job,
    BatchStrategy: "MultiRecord",
    TransformInput: {
      ContentType: "text/csv",
      SplitType: "Line",
      DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: `${folder}/input/` } },
    },
    TransformOutput: {
      Accept: "text/csv",
      AssembleWith: "Line",
      S3OutputPath: `${folder}/output/`,
      ...(outputKmsKey && { KmsKeyId: outputKmsKey }),
    },
    TransformResources: {
      InstanceType: instanceType as TransformInstanceType,
      InstanceCount: instances,
      ...(volumeKmsKey && { VolumeKmsKeyId: volumeKmsKey }),
    },
    DataProcessing: { InputFilter: "$[1:]", JoinSource: "Input", OutputFilter: "$[0,-2,-1]" },
    ...tagsOnWire(tags),
  };
}

/** `signal` ends the job as well. */
export interface TransformOptions extends RemovalOptions {
  onStatus?: (change: StatusChange) => void;
  /** How long the job may take, in milliseconds; then it is stopped. Default an hour. */
  deadlineMs?: number;
  now?: () => Date;
}

function transformJob(aws: AwsSession, name: string): FollowedJob<DescribeTransformJobCommandOutput> {
  const input = { TransformJobName: name };
  return {
    kind: "transform job",
    name,
    describe: (signal) =>
      sageMakerOf(aws).send(new DescribeTransformJobCommand(input), signal ? { abortSignal: signal } : {}),
    view: ({ TransformJobStatus: status = "", CreationTime, TransformStartTime, TransformEndTime, FailureReason }) => ({
      status,
      steps: [{ status, message: FailureReason ?? "", at: TransformEndTime ?? TransformStartTime ?? CreationTime }],
      created: CreationTime,
      failureReason: FailureReason,
    }),
    stop: () => sageMakerOf(aws).send(new StopTransformJobCommand(input)),
    stopByHand: `aws sagemaker stop-transform-job --transform-job-name ${name} --region ${aws.region}`,
    whereToLook:
      "Its log is in CloudWatch, group /aws/sagemaker/TransformJobs, in streams that begin with the job's name.",
  };
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
  requireAll(request, rules);
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
