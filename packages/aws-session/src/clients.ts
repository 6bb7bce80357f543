import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { type AwsAccess, perSession } from "./sdk_client.js";

/** Follows redirects, because the retail data may lie in a bucket of another region. */
export const s3Of: (aws: AwsAccess) => S3Client = perSession(
  (settings) => new S3Client({ ...settings, followRegionRedirects: true }),
);

export const iamOf: (aws: AwsAccess) => IAMClient = perSession((settings) => new IAMClient(settings));

export const sageMakerOf: (aws: AwsAccess) => SageMakerClient = perSession((settings) => new SageMakerClient(settings));
