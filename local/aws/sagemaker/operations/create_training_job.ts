import { type CreateTrainingJobRequest, TrainingInstanceType } from "@aws-sdk/client-sagemaker";
import type { Identity } from "../../../identities.js";
import { AwsError } from "../../errors.js";
import { kMeansImage } from "../images.js";
import { runTrainingJob } from "../run_training_job.js";
import type { SageMakerContext } from "../service.js";
import { checkRequest, type Shape, type Structure } from "../shape.js";
import { parseS3Uri } from "../store.js";
import { enter, type TrainingJob } from "../training_job.js";
import { jobName } from "./names.js";

const text = (max: number, pattern?: string): Shape => ({ type: "string", max, ...(pattern && { pattern }) });
const required = <S extends Shape>(shape: S): S & { required: true } => ({ ...shape, required: true });
const whole = (min: number, max?: number): Shape => ({ type: "integer", min, ...(max !== undefined && { max }) });
const oneOf = (...values: string[]): Shape => ({ type: "string", oneOf: values });
const structure = (members: Structure["members"]): Structure => ({ type: "structure", members });
const list = (of: Shape, min: number, max: number): Shape => ({ type: "list", of, min, max });

const s3Uri = text(1024, "(https|s3)://([^/]+)/?(.*)");
const kmsKeyId = text(2048, "[a-zA-Z0-9:/_-]*");
const networkId = text(32, "[-0-9a-zA-Z]+");

const channel = structure({
  ChannelName: required(text(64, "[A-Za-z0-9\\.\\-_]+")),
  DataSource: required(
    structure({
      S3DataSource: required(
        structure({
          S3DataType: required(oneOf("ManifestFile", "S3Prefix", "AugmentedManifestFile")),
          S3Uri: required(s3Uri),
          S3DataDistributionType: oneOf("FullyReplicated", "ShardedByS3Key"),
        }),
      ),
    }),
  ),
  ContentType: text(256, ".*"),
  CompressionType: oneOf("None", "Gzip"),
  RecordWrapperType: oneOf("None", "RecordIO"),
  InputMode: oneOf("Pipe", "File", "FastFile"),
});

/** What a K-Means job can be asked with. https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html */
const shape: Structure = structure({
  TrainingJobName: jobName,
  RoleArn: required({
    type: "string",
    min: 20,
    max: 2048,
    pattern: "arn:aws[a-z\\-]*:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+",
  }),
  AlgorithmSpecification: required(
    structure({
      TrainingImage: required(text(255, ".*")),
      TrainingInputMode: required(oneOf("Pipe", "File", "FastFile")),
    }),
  ),
  HyperParameters: { type: "map", max: 100, key: { type: "string", max: 256 }, value: { type: "string", max: 2500 } },
  InputDataConfig: required(list(channel, 1, 20)),
  OutputDataConfig: required(
    structure({ S3OutputPath: required(s3Uri), KmsKeyId: kmsKeyId, CompressionType: oneOf("GZIP", "NONE") }),
  ),
  ResourceConfig: required(
    structure({
      InstanceType: required(oneOf(...Object.values(TrainingInstanceType))),
      InstanceCount: required(whole(0)),
      VolumeSizeInGB: required(whole(0)),
      VolumeKmsKeyId: kmsKeyId,
    }),
  ),
  StoppingCondition: required(structure({ MaxRuntimeInSeconds: whole(1, 2_419_200) })),
  VpcConfig: structure({ SecurityGroupIds: list(networkId, 1, 5), Subnets: list(networkId, 1, 16) }),
  EnableNetworkIsolation: { type: "boolean" },
  EnableInterContainerTrafficEncryption: { type: "boolean" },
  Tags: list(structure({ Key: required(text(128)), Value: required(text(256)) }), 0, 50),
});

/** What the shape allows because AWS does, and what this stand-in cannot do. */
function refuseWhatIsNotEmulated(request: CreateTrainingJobRequest, region: string): void {
  const refuse = (what: string): never => {
    throw new AwsError("notEmulated", `${what} is not emulated.`);
  };
  const image = kMeansImage(region);
  const { TrainingImage, TrainingInputMode } = request.AlgorithmSpecification ?? {};
  if (TrainingImage !== image) refuse(`TrainingImage '${TrainingImage}' (there is ${image ?? `none in ${region}`})`);
  if (TrainingInputMode !== "File") refuse(`TrainingInputMode '${TrainingInputMode}'`);
  if (request.OutputDataConfig?.CompressionType === "NONE") refuse("Output without compression");
  for (const each of request.InputDataConfig ?? []) {
    if (each.ChannelName !== "train") refuse(`Channel '${each.ChannelName}'`);
    const { S3DataType, S3Uri = "" } = each.DataSource?.S3DataSource ?? {};
    if (S3DataType !== "S3Prefix") refuse(`S3DataType '${S3DataType}'`);
    if (!S3Uri.startsWith("s3://")) refuse(`S3Uri '${S3Uri}', without s3://,`);
    if (each.CompressionType === "Gzip") refuse("CompressionType 'Gzip'");
    if (each.RecordWrapperType === "RecordIO") refuse("RecordWrapperType 'RecordIO'");
    if (each.InputMode !== undefined && each.InputMode !== "File") refuse(`InputMode '${each.InputMode}'`);
    const recordIo = "application/x-recordio-protobuf";
    if (!each.ContentType || each.ContentType === recordIo) refuse(`ContentType '${recordIo}', the default,`);
  }
}

async function checkInput(request: CreateTrainingJobRequest, { store, region }: SageMakerContext): Promise<void> {
  const uri = request.InputDataConfig?.[0]?.DataSource?.S3DataSource?.S3Uri ?? "";
  const { bucket, key } = parseS3Uri(uri);
  if ((await store.list(bucket, key)).length > 0) return;
  throw new AwsError(
    "ValidationException",
    `No S3 objects found under S3 URL "${uri}" given in input data source. Please ensure that the bucket exists in ` +
      `the selected region (${region}), that objects exist under that S3 prefix, and that the role ` +
      `"${request.RoleArn}" has "s3:ListBucket" permissions on bucket "${bucket}".`,
  );
}

function refuseTakenName(arn: string, name: string, { jobs }: SageMakerContext): void {
  if (!jobs.has(name)) return;
  throw new AwsError(
    "ResourceInUse",
    "Training job names must be unique within an AWS account and region, " +
      `and a training job with this name already exists (${arn})`,
  );
}

/** Starts a training job; it then trains by itself. */
export async function createTrainingJob(
  input: unknown,
  context: SageMakerContext,
  { account }: Identity,
): Promise<object> {
  const request = checkRequest<CreateTrainingJobRequest & { TrainingJobName: string }>(shape, input);
  const name = request.TrainingJobName;
  const arn = `arn:aws:sagemaker:${context.region}:${account}:training-job/${name.toLowerCase()}`;
  refuseWhatIsNotEmulated(request, context.region);
  refuseTakenName(arn, name, context);
  await checkInput(request, context);
  // Another request may have taken the name while S3 was asked.
  refuseTakenName(arn, name, context);

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
  const run = runTrainingJob(job, context).finally(() => context.runs.delete(run));
  context.runs.add(run);
  return { TrainingJobArn: arn };
}
