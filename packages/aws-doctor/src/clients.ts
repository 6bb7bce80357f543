import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { STSClient } from "@aws-sdk/client-sts";
import { type AwsSession, perSession } from "@keyspaces-segmentation/aws-session";

export const iamOf: (aws: AwsSession) => IAMClient = perSession((settings) => new IAMClient(settings));
export const s3Of: (aws: AwsSession) => S3Client = perSession(
  (settings) => new S3Client({ ...settings, followRegionRedirects: true }),
);
export const sageMakerOf: (aws: AwsSession) => SageMakerClient = perSession(
  (settings) => new SageMakerClient(settings),
);
export const stsOf: (aws: AwsSession) => STSClient = perSession((settings) => new STSClient(settings));
