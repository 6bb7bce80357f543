import type { CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import type { Identity } from "@keyspaces-segmentation/local-support";
import { AwsError } from "@keyspaces-segmentation/local-support";
import type { SageMakerContext } from "../context.js";
import { kMeansImage } from "../images.js";
import { isOver, type TrainingJob } from "../records.js";
import { listAsFarAsAllowed, parseS3Uri, requireS3Uri } from "../store.js";
import { enter, runTrainingJob } from "../training_job.js";
import { requireQuota } from "./quotas.js";
import { setTags } from "./tags.js";

/** What is emulated of the request, or accepted because it makes no difference to what comes out. */
const emulated = [
  "TrainingJobName",
  "RoleArn",
  "AlgorithmSpecification.TrainingImage",
  "AlgorithmSpecification.TrainingInputMode",
  "AlgorithmSpecification.MetricDefinitions",
  "AlgorithmSpecification.EnableSageMakerMetricsTimeSeries",
  "HyperParameters",
  "InputDataConfig.ChannelName",
  "InputDataConfig.ContentType",
  "InputDataConfig.CompressionType",
  "InputDataConfig.RecordWrapperType",
  "InputDataConfig.InputMode",
  "InputDataConfig.DataSource.S3DataSource.S3DataType",
  "InputDataConfig.DataSource.S3DataSource.S3Uri",
  "InputDataConfig.DataSource.S3DataSource.S3DataDistributionType",
  "OutputDataConfig",
  "ResourceConfig.InstanceType",
  "ResourceConfig.InstanceCount",
  "ResourceConfig.VolumeSizeInGB",
  "ResourceConfig.VolumeKmsKeyId",
  "StoppingCondition.MaxRuntimeInSeconds",
  "StoppingCondition.MaxWaitTimeInSeconds",
  "VpcConfig",
  "EnableNetworkIsolation",
  "EnableInterContainerTrafficEncryption",
  "EnableManagedSpotTraining",
  "CheckpointConfig",
  "ProfilerConfig",
  "RetryStrategy",
  "Environment",
  "Tags",
];

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);

/** Instance types with a disk of their own, which encrypts itself: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html */
const localDisk = /^ml\.(\w+d\w*|g5|g6|g6e|p5|p5e|p5en|trn1|trn2)\./;

/** Rules between members, which no model of single members can state. */
function checkTogether(request: CreateTrainingJobRequest): void {
  const { AlgorithmSpecification, InputDataConfig, ResourceConfig, StoppingCondition = {} } = request;
  // The model lets a serverless job do without them.
  const needed = { AlgorithmSpecification, ResourceConfig, InputDataConfig };
  for (const [name, value] of Object.entries(needed)) {
    if (value === undefined) throw invalid(`${name} is required for a training job with a training image.`);
  }
  if (!AlgorithmSpecification?.TrainingImage) throw invalid("A training image or an algorithm name is required.");
  if (AlgorithmSpecification.MetricDefinitions?.length) {
    throw invalid(
      "You can't override the metric definitions for Amazon SageMaker algorithms. " +
        "Please retry the request without specifying metric definitions.",
    );
  }
  const { InstanceType, InstanceCount = 0, VolumeSizeInGB = 0 } = ResourceConfig ?? {};
  if (InstanceType === undefined) throw invalid("ResourceConfig.InstanceType is required.");
  if (InstanceCount < 1) throw invalid("ResourceConfig.InstanceCount must be at least 1.");
  if (VolumeSizeInGB < 1) throw invalid("ResourceConfig.VolumeSizeInGB must be at least 1.");
  if (ResourceConfig?.VolumeKmsKeyId && localDisk.test(InstanceType)) {
    throw invalid(`VolumeKmsKeyId is not supported for instance type ${InstanceType}, which has its own disk.`);
  }
  for (const { ChannelName, DataSource } of InputDataConfig ?? []) {
    if (!DataSource?.S3DataSource) throw invalid(`Channel '${ChannelName}' has no data source.`);
  }
  const names = (InputDataConfig ?? []).map(({ ChannelName }) => ChannelName);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw invalid(`Channel names must be unique, but '${twice}' is there more than once.`);
  checkTimes(request, StoppingCondition);
}

/** The longest run of a training job: 28 days. */
const LONGEST = 2_419_200;
/** K-Means writes no checkpoints, so an interrupted spot job begins anew, and may only wait so long. */
const LONGEST_WAIT = 3600;
const DAY = 86_400;

/** https://docs.aws.amazon.com/sagemaker/latest/dg/model-managed-spot-training.html */
function checkTimes(
  { EnableManagedSpotTraining: spot = false }: CreateTrainingJobRequest,
  {
    MaxRuntimeInSeconds: run = DAY,
    MaxWaitTimeInSeconds: wait,
  }: NonNullable<CreateTrainingJobRequest["StoppingCondition"]>,
): void {
  if (run > LONGEST) throw invalid(`Invalid MaxRuntimeInSeconds. It must not be greater than ${LONGEST}`);
  if (!spot) {
    if (wait === undefined) return;
    throw invalid("Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true");
  }
  if (wait === undefined || wait < run) {
    throw invalid(
      "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds",
    );
  }
  if (wait > LONGEST_WAIT) {
    throw invalid(`MaxWaitTimeInSeconds above ${LONGEST_WAIT} is not supported for the given algorithm.`);
  }
}

/** What AWS can do and this stand-in cannot, where it is a matter of values. */
function refuseWhatIsNotEmulated(request: CreateTrainingJobRequest, region: string): void {
  const refuse = (what: string): never => {
    throw new AwsError("notEmulated", `${what} is not emulated.`);
  };
  const image = kMeansImage(region);
  const { TrainingImage, TrainingInputMode } = request.AlgorithmSpecification ?? {};
  if (TrainingImage !== image) refuse(`TrainingImage '${TrainingImage}' (there is ${image ?? `none in ${region}`})`);
  if (TrainingInputMode !== "File") refuse(`TrainingInputMode '${TrainingInputMode}'`);
  requireS3Uri("S3OutputPath", request.OutputDataConfig?.S3OutputPath);
  if (request.OutputDataConfig?.CompressionType === "NONE") refuse("Output without compression");
  for (const each of request.InputDataConfig ?? []) {
    const { S3DataType, S3Uri } = each.DataSource?.S3DataSource ?? {};
    if (S3DataType !== "S3Prefix" && S3DataType !== "ManifestFile") refuse(`S3DataType '${S3DataType}'`);
    requireS3Uri("S3Uri", S3Uri);
    if (each.CompressionType === "Gzip") refuse("CompressionType 'Gzip'");
    if (each.RecordWrapperType === "RecordIO") refuse("RecordWrapperType 'RecordIO'");
    if (each.InputMode !== undefined && each.InputMode !== "File") refuse(`InputMode '${each.InputMode}'`);
  }
}

async function checkInput(request: CreateTrainingJobRequest, { store, region }: SageMakerContext): Promise<void> {
  for (const { DataSource } of request.InputDataConfig ?? []) {
    const uri = DataSource?.S3DataSource?.S3Uri ?? "";
    const { bucket, key } = parseS3Uri(uri);
    if ((await listAsFarAsAllowed(store.as(request.RoleArn), bucket, key)).length > 0) continue;
    throw invalid(
      `No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists in ` +
        `the selected region (${region}), that objects exist under that S3 prefix, and that the role ` +
        `"${request.RoleArn}" has "s3:ListBucket" permissions on bucket "${bucket}".`,
    );
  }
}

function refuseTakenName(arn: string, name: string, { jobs }: SageMakerContext): void {
  if (!jobs.has(name)) return;
  throw new AwsError(
    "ResourceInUse",
    "Training job names must be unique within an AWS account and region, " +
      `and a training job with this name already exists (${arn})`,
  );
}

/** Spot instances count against a quota of their own. */
const quotaOf = ({ ResourceConfig, EnableManagedSpotTraining: spot }: CreateTrainingJobRequest): string =>
  `${ResourceConfig?.InstanceType} for ${spot ? "spot " : ""}training job usage`;

function checkQuota(request: CreateTrainingJobRequest, { jobs, quotas }: SageMakerContext): void {
  const name = quotaOf(request);
  const used = [...jobs.values()]
    .filter((job) => !isOver(job) && quotaOf(job.request) === name)
    .reduce((sum, job) => sum + (job.request.ResourceConfig?.InstanceCount ?? 0), 0);
  requireQuota(quotas, name, used, request.ResourceConfig?.InstanceCount ?? 0);
}

/** Starts a training job; it then trains by itself. */
export async function createTrainingJob(
  input: unknown,
  context: SageMakerContext,
  { account }: Identity,
): Promise<object> {
  const request = context.check<CreateTrainingJobRequest & { TrainingJobName: string }>(
    "CreateTrainingJob",
    input,
    emulated,
  );
  const name = request.TrainingJobName;
  const arn = `arn:aws:sagemaker:${context.region}:${account}:training-job/${name.toLowerCase()}`;
  checkTogether(request);
  refuseWhatIsNotEmulated(request, context.region);
  refuseTakenName(arn, name, context);
  await checkInput(request, context);
  // Another request may have taken the name while S3 was asked.
  refuseTakenName(arn, name, context);
  checkQuota(request, context);

  const created = context.now();
  const job: TrainingJob = {
    name,
    arn,
    request,
    created,
    status: "InProgress",
    secondaryStatus: "Starting",
    lastModified: created,
    transitions: [],
    metrics: [],
    stop: new AbortController(),
  };
  enter(job, "Starting", created);
  context.jobs.set(name, job);
  setTags(context, arn, request.Tags);
  const run = runTrainingJob(job, context).finally(() => context.runs.delete(run));
  context.runs.add(run);
  return { TrainingJobArn: arn };
}
