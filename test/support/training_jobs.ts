import type { CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";

export const Bucket = "training-test";
export const RoleArn = "arn:aws:iam::123456789012:role/LocalDataScientist";

let jobs = 0;
/** A request that SageMaker takes if the bucket and the folder in it are there, with a name of its own. */
export function trainingRequest(
  more: Partial<CreateTrainingJobRequest> = {},
  folder = "good/",
): CreateTrainingJobRequest {
  jobs += 1;
  return {
    TrainingJobName: `job-${jobs}`,
    RoleArn,
    AlgorithmSpecification: {
      TrainingImage: "438346466558.dkr.ecr.eu-west-1.amazonaws.com/kmeans:1",
      TrainingInputMode: "File",
    },
    HyperParameters: { k: "2", feature_dim: "2" },
    InputDataConfig: [
      {
        ChannelName: "train",
        ContentType: "text/csv;label_size=0",
        DataSource: {
          S3DataSource: {
            S3DataType: "S3Prefix",
            S3Uri: `s3://${Bucket}/${folder}`,
            S3DataDistributionType: "FullyReplicated",
          },
        },
      },
    ],
    OutputDataConfig: { S3OutputPath: `s3://${Bucket}/out/` },
    ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 5 },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
    ...more,
  };
}
