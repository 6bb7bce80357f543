import type { Channel, CreateTrainingJobRequest, TrainingInstanceType } from "@aws-sdk/client-sagemaker";
import { ArgumentError, requireInteger } from "@keyspaces-segmentation/common";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import { contentTypeOf, hyperparametersOnWire, kMeansImage, type TrainingFormat } from "./algorithm.js";
import { containerOnWire, containerRules } from "./container_settings.js";
import { trainingJobName } from "./job_names.js";
import type { StoredFeatures, TrainingRequest } from "./requests.js";
import {
  bucket,
  flag,
  float32,
  instanceType,
  integer,
  kmsKey,
  optional,
  prefix,
  type Rule,
  type Rules,
  requireAll,
  role,
  text,
  volumeKmsKey,
} from "./rules.js";

/** Of a job that does not say. An hour is the most that a spot job of K-Means may take. */
export const DEFAULT_RUNTIME = 3600;
const MONTH = 28 * 86_400;

const isStored = (data: Matrix | StoredFeatures): data is StoredFeatures => "fingerprint" in data;

const folder = text(/^[^/].*\/$/s, "a key prefix that ends in a slash", 1024);

const features: Rule<Matrix | StoredFeatures> = (name, data, request) => {
  if (data.columns < 1) throw new ArgumentError(`${name}.columns`, "1 or more", data.columns);
  if (isStored(data)) folder(`${name}.prefix`, data.prefix, request);
  else float32(name, data, request);
};

const testFeatures: Rule<Matrix, TrainingRequest> = (name, matrix, request) => {
  const { columns } = request.features;
  if (matrix.columns !== columns) {
    throw new ArgumentError(`${name}.columns`, `${columns} as in \`features\``, matrix.columns);
  }
  requireInteger(`${name}.rows`, matrix.rows, 1);
  float32(name, matrix, request);
};

const upToRows: Rule<number, TrainingRequest> = (name, value, request) =>
  requireInteger(name, value, 1, request.features.rows);

/** K-Means writes no checkpoints, and for such algorithms SageMaker waits an hour at most. */
const spotWait: Rule<number, TrainingRequest> = (name, value, { maxRuntimeSeconds = DEFAULT_RUNTIME }) => {
  requireInteger("maxRuntimeSeconds of a spot job", maxRuntimeSeconds, 1, 3600);
  requireInteger(name, value, maxRuntimeSeconds, 3600);
};

/** Name, format and hyperparameters are checked as they are written. */
const rules: Rules<Omit<TrainingRequest, "baseName" | "format" | "hyperparameters">> = {
  features,
  testFeatures: optional(testFeatures),
  k: upToRows,
  role,
  bucket,
  prefix,
  instanceType,
  instances: optional(upToRows),
  volumeGb: optional(integer(1)),
  maxRuntimeSeconds: optional(integer(1, MONTH)),
  spotMaxWaitSeconds: optional(spotWait),
  outputKmsKey: optional(kmsKey),
  volumeKmsKey: optional(volumeKmsKey),
  encryptTraffic: optional(flag),
  ...containerRules,
};

/** The data of one channel, all below one key prefix. */
export interface ChannelData {
  readonly name: "train" | "test";
  /** Ends in a slash: SageMaker takes every key that starts like this. */
  readonly prefix: string;
  /** What is uploaded there; where it lies there already, the key of an object that says so among the job's own. */
  readonly rows: Matrix | { readonly noteKey: string };
  /** How many instances share the rows. */
  readonly instances: number;
}

/** The data of a job. Every instance gets all of the test channel. */
export function channelsOf(request: TrainingRequest, job: string): ChannelData[] {
  const { prefix, features, testFeatures, instances = 1 } = request;
  const input = `${prefix}/${job}/input`;
  const train: ChannelData = isStored(features)
    ? { name: "train", prefix: features.prefix, rows: { noteKey: `${input}/source.json` }, instances }
    : { name: "train", prefix: `${input}/train/`, rows: features, instances };
  if (testFeatures === undefined) return [train];
  return [train, { name: "test", prefix: `${input}/test/`, rows: testFeatures, instances: 1 }];
}

/**
 * The CreateTrainingJob request of a training job, of a request that has been checked.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 */
export function trainingJobInput(
  request: TrainingRequest,
  { job, region, channels }: { job: string; region: string; channels: readonly ChannelData[] },
): CreateTrainingJobRequest {
  const { bucket, spotMaxWaitSeconds, outputKmsKey, volumeKmsKey } = request;
  const ContentType = contentTypeOf(request.format);
  const channelOf = ({ name, prefix }: ChannelData): Channel => ({
    ChannelName: name,
    ContentType,
    DataSource: {
      S3DataSource: {
        S3DataType: "S3Prefix",
        S3Uri: `s3://${bucket}/${prefix}`,
        S3DataDistributionType: name === "train" ? "ShardedByS3Key" : "FullyReplicated",
      },
    },
  });
  return {
    TrainingJobName: job,
    RoleArn: request.role,
    AlgorithmSpecification: { TrainingImage: kMeansImage(region), TrainingInputMode: "File" },
    HyperParameters: hyperparametersOnWire(request.k, request.features.columns, request.hyperparameters),
    InputDataConfig: channels.map(channelOf),
    OutputDataConfig: {
      S3OutputPath: `s3://${bucket}/${request.prefix}/`,
      ...(outputKmsKey && { KmsKeyId: outputKmsKey }),
    },
    ResourceConfig: {
      InstanceType: request.instanceType as TrainingInstanceType,
      InstanceCount: request.instances ?? 1,
      VolumeSizeInGB: request.volumeGb ?? 10,
      ...(volumeKmsKey && { VolumeKmsKeyId: volumeKmsKey }),
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: request.maxRuntimeSeconds ?? DEFAULT_RUNTIME,
      ...(spotMaxWaitSeconds !== undefined && { MaxWaitTimeInSeconds: spotMaxWaitSeconds }),
    },
    ...(spotMaxWaitSeconds !== undefined && { EnableManagedSpotTraining: true }),
    ...(request.encryptTraffic && { EnableInterContainerTrafficEncryption: true }),
    ...containerOnWire(request),
  };
}

/** A training that nothing speaks against, with all that is sent for it. */
export interface PlannedTraining {
  readonly job: string;
  readonly input: CreateTrainingJobRequest;
  readonly bucket: string;
  readonly channels: readonly ChannelData[];
  readonly format: TrainingFormat;
  readonly kmsKey: string | undefined;
  /** How long it may take, the wait for spot instances included. */
  readonly maxSeconds: number;
}

/**
 * Checks a request and builds from it all that is sent, so that nothing is sent of one that cannot work.
 *
 * @throws ArgumentError for what SageMaker, or the algorithm on its instance, would refuse, or a region without the algorithm
 */
export function planTraining(
  request: TrainingRequest,
  { region, now }: { region: string; now: Date },
): PlannedTraining {
  requireAll(request, rules);
  const { bucket, features, testFeatures, k, hyperparameters = {}, format = "csv", instances = 1 } = request;
  const stored = isStored(features) ? [features.fingerprint] : [];
  const decisive = {
    data: [features, testFeatures].flatMap((data) => (data === undefined || isStored(data) ? [] : [data])),
    settings: [k, Object.entries(hyperparameters).sort(), format, instances, ...stored],
  };
  const job = trainingJobName(request.baseName ?? "customer-segmentation", decisive, now);
  const channels = channelsOf(request, job);
  return {
    job,
    input: trainingJobInput(request, { job, region, channels }),
    bucket,
    channels,
    format,
    kmsKey: request.outputKmsKey,
    maxSeconds: request.spotMaxWaitSeconds ?? request.maxRuntimeSeconds ?? DEFAULT_RUNTIME,
  };
}
