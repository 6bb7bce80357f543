import type {
  Channel,
  CreateTrainingJobRequest,
  Tag,
  TrainingInstanceType,
  VpcConfig,
} from "@aws-sdk/client-sagemaker";
import { hyperparametersOnWire } from "./hyperparameters.js";
import type { Tags, Vpc } from "./rules.js";
import { contentTypeOf } from "./training_data.js";
import { defaultMaxRuntimeSeconds, type TrainingRequest } from "./training_request.js";

/** Names and places of one job. */
export interface TrainingJobNames {
  job: string;
  /** URI of the container image. */
  image: string;
}

/** Key prefix of a channel's objects, with a slash at its end: SageMaker takes every key that starts like this. */
export function channelPrefix({ prefix }: Pick<TrainingRequest, "prefix">, job: string, channel: string): string {
  return `${prefix}/${job}/input/${channel}/`;
}

/** Tags and network as SageMaker's requests have them, where they are given. */
export function tagsAndVpc({ tags, vpc }: { tags?: Tags | undefined; vpc?: Vpc | undefined }): {
  Tags?: Tag[];
  VpcConfig?: VpcConfig;
} {
  return {
    ...(tags && { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }),
    ...(vpc && { VpcConfig: { SecurityGroupIds: [...vpc.securityGroupIds], Subnets: [...vpc.subnets] } }),
  };
}

function channelOf(
  request: TrainingRequest,
  job: string,
  name: "train" | "test",
  distribution: "ShardedByS3Key" | "FullyReplicated",
): Channel {
  return {
    ChannelName: name,
    ContentType: contentTypeOf(request.format),
    DataSource: {
      S3DataSource: {
        S3DataType: "S3Prefix",
        S3Uri: `s3://${request.bucket}/${channelPrefix(request, job, name)}`,
        S3DataDistributionType: distribution,
      },
    },
  };
}

/**
 * The CreateTrainingJob request of a training job, of a request that has been checked.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html
 */
export function trainingJobInput(request: TrainingRequest, { job, image }: TrainingJobNames): CreateTrainingJobRequest {
  const { bucket, prefix, spotMaxWaitSeconds, outputKmsKey, volumeKmsKey } = request;
  const runtime = { MaxRuntimeInSeconds: request.maxRuntimeSeconds ?? defaultMaxRuntimeSeconds };
  return {
    TrainingJobName: job,
    RoleArn: request.role,
    AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: "File" },
    HyperParameters: hyperparametersOnWire(request.k, request.features.columns, request.hyperparameters),
    InputDataConfig: [
      channelOf(request, job, "train", "ShardedByS3Key"),
      ...(request.testFeatures ? [channelOf(request, job, "test", "FullyReplicated")] : []),
    ],
    OutputDataConfig: { S3OutputPath: `s3://${bucket}/${prefix}/`, ...(outputKmsKey && { KmsKeyId: outputKmsKey }) },
    ResourceConfig: {
      InstanceType: request.instanceType as TrainingInstanceType,
      InstanceCount: request.instances ?? 1,
      VolumeSizeInGB: request.volumeGb ?? 10,
      ...(volumeKmsKey && { VolumeKmsKeyId: volumeKmsKey }),
    },
    StoppingCondition: {
      ...runtime,
      ...(spotMaxWaitSeconds !== undefined && { MaxWaitTimeInSeconds: spotMaxWaitSeconds }),
    },
    ...(spotMaxWaitSeconds !== undefined && { EnableManagedSpotTraining: true }),
    ...(request.networkIsolation && { EnableNetworkIsolation: true }),
    ...(request.encryptTraffic && { EnableInterContainerTrafficEncryption: true }),
    ...tagsAndVpc(request),
  };
}
