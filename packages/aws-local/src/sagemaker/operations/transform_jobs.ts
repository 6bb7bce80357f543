import type { CreateTransformJobRequest } from "@aws-sdk/client-sagemaker";
import type { Identity } from "@keyspaces-segmentation/local-support";
import { AwsError } from "@keyspaces-segmentation/local-support";
import type { SageMakerContext } from "../context.js";
import { isOver, type TransformJob } from "../records.js";
import { listAsFarAsAllowed, parseS3Uri, requireS3Uri } from "../store.js";
import { processing } from "../transform/data_processing.js";
import { runTransformJob } from "../transform/transform_job.js";
import { type ListRequest, pageOf } from "./listing.js";
import { modelNamed } from "./models.js";
import { requireQuota } from "./quotas.js";
import { setTags } from "./tags.js";

const emulated = [
  ...["TransformJobName", "ModelName", "MaxConcurrentTransforms", "MaxPayloadInMB", "BatchStrategy", "Environment"],
  ...["ModelClientConfig", "TransformInput", "TransformOutput", "TransformResources", "DataProcessing", "Tags"],
];

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

/** The most that requests under way may hold, in MB. */
const MOST_AT_ONCE = 100;

function checkTogether(request: CreateTransformJobRequest): void {
  const { MaxPayloadInMB = 6, MaxConcurrentTransforms = 0, BatchStrategy, TransformInput, DataProcessing } = request;
  if (MaxPayloadInMB > MOST_AT_ONCE || MaxPayloadInMB * MaxConcurrentTransforms > MOST_AT_ONCE) {
    throw invalid(`MaxConcurrentTransforms * MaxPayloadInMB must not exceed ${MOST_AT_ONCE} MB.`);
  }
  const refuse = (what: string): never => {
    throw new AwsError("notEmulated", `${what} is not emulated.`);
  };
  if (MaxPayloadInMB === 0) refuse("MaxPayloadInMB 0, which the built-in algorithms do not have,");
  const { SplitType = "None", DataSource } = TransformInput ?? {};
  const { S3DataType, S3Uri } = DataSource?.S3DataSource ?? {};
  if (SplitType === "TFRecord") refuse("SplitType 'TFRecord'");
  if (S3DataType !== "S3Prefix") refuse(`S3DataType '${S3DataType}'`);
  requireS3Uri("S3Uri", S3Uri);
  requireS3Uri("S3OutputPath", request.TransformOutput?.S3OutputPath);
  if (BatchStrategy !== undefined && SplitType === "None") {
    throw invalid("BatchStrategy needs a SplitType of Line, RecordIO or TFRecord.");
  }
  if (SplitType === "RecordIO" && DataProcessing?.JoinSource === "Input") {
    throw invalid("JoinSource Input needs CSV or JSON.");
  }
}

function readFilters({ DataProcessing = {}, TransformInput }: CreateTransformJobRequest) {
  try {
    return processing(DataProcessing, TransformInput?.ContentType ?? "");
  } catch (error) {
    throw invalid(`Invalid JSONPath: ${error instanceof Error ? error.message : error}`);
  }
}

function refuseTakenName(arn: string, name: string, { transforms }: SageMakerContext): void {
  if (!transforms.has(name)) return;
  throw new AwsError(
    "ResourceInUse",
    `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`,
  );
}

function checkQuota({ TransformResources }: CreateTransformJobRequest, { transforms, quotas }: SageMakerContext): void {
  const { InstanceType, InstanceCount = 1 } = TransformResources ?? {};
  const used = [...transforms.values()]
    .filter((job) => !isOver(job) && job.request.TransformResources?.InstanceType === InstanceType)
    .reduce((sum, { request }) => sum + (request.TransformResources?.InstanceCount ?? 1), 0);
  requireQuota(quotas, `${InstanceType} for transform job usage`, used, InstanceCount);
}

/** Starts a transform job; it then runs by itself. */
export async function createTransformJob(
  input: unknown,
  context: SageMakerContext,
  identity: Identity,
): Promise<object> {
  const request = context.check<CreateTransformJobRequest & { TransformJobName: string; ModelName: string }>(
    "CreateTransformJob",
    input,
    emulated,
  );
  const name = request.TransformJobName;
  const arn = `arn:aws:sagemaker:${context.region}:${identity.account}:transform-job/${name.toLowerCase()}`;
  checkTogether(request);
  const filters = readFilters(request);
  const model = modelNamed(request.ModelName, context, identity);
  refuseTakenName(arn, name, context);
  const uri = request.TransformInput?.DataSource?.S3DataSource?.S3Uri ?? "";
  const { bucket, key } = parseS3Uri(uri);
  if ((await listAsFarAsAllowed(context.store.as(model.request.ExecutionRoleArn), bucket, key)).length === 0) {
    throw invalid(
      `No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists in ` +
        `the selected region (${context.region}), that objects exist under that S3 prefix, and that the role ` +
        `"${model.request.ExecutionRoleArn}" has "s3:ListBucket" permissions on bucket "${bucket}".`,
    );
  }
  // Another request may have taken the name while S3 was asked.
  refuseTakenName(arn, name, context);
  checkQuota(request, context);
  const created = context.now();
  const job: TransformJob = {
    name,
    arn,
    request,
    processing: filters,
    model,
    created,
    status: "InProgress",
    lastModified: created,
    stop: new AbortController(),
  };
  context.transforms.set(name, job);
  setTags(context, arn, request.Tags);
  const run = runTransformJob(job, context).finally(() => context.runs.delete(run));
  context.runs.add(run);
  return { TransformJobArn: arn };
}

function namedJob(operation: string, input: unknown, context: SageMakerContext): TransformJob {
  const { TransformJobName } = context.check<{ TransformJobName: string }>(operation, input);
  const job = context.transforms.get(TransformJobName);
  if (!job) throw invalid(`Could not find requested job with name: ${TransformJobName}`);
  return job;
}

/** The job: what was asked for, and where it stands. */
export function describeTransformJob(input: unknown, context: SageMakerContext): object {
  const job = namedJob("DescribeTransformJob", input, context);
  const { Tags: _, ...request } = job.request;
  return {
    ...request,
    DataProcessing: { InputFilter: "$", OutputFilter: "$", JoinSource: "None", ...request.DataProcessing },
    TransformJobArn: job.arn,
    TransformJobStatus: job.status,
    FailureReason: job.failureReason,
    CreationTime: job.created,
    TransformStartTime: job.started,
    TransformEndTime: job.ended,
  };
}

/** Asks a job to stop: it is Stopping, and Stopped a little later. What it has written stays. */
export function stopTransformJob(input: unknown, context: SageMakerContext): object {
  const job = namedJob("StopTransformJob", input, context);
  if (isOver(job)) throw invalid(`The request was rejected because the transform job is in status ${job.status}.`);
  job.status = "Stopping";
  job.lastModified = context.now();
  job.stop.abort();
  return {};
}

/** The jobs, filtered, sorted and in pages. */
export function listTransformJobs(input: unknown, context: SageMakerContext): object {
  const request = context.check<ListRequest>("ListTransformJobs", input);
  const { page, NextToken } = pageOf(context.transforms.values(), request, "Descending");
  return {
    TransformJobSummaries: page.map((job) => ({
      TransformJobName: job.name,
      TransformJobArn: job.arn,
      CreationTime: job.created,
      TransformEndTime: job.ended,
      LastModifiedTime: job.lastModified,
      TransformJobStatus: job.status,
      FailureReason: job.failureReason,
    })),
    NextToken,
  };
}
