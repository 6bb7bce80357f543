import type { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import type { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { type AwsAccess, perSession } from "./sdk_client.js";

// Loaded where they are needed: they take longer to load than all else here, and most sessions ask neither.
export const iam = (): typeof import("@aws-sdk/client-iam") => require("@aws-sdk/client-iam");
export const sageMaker = (): typeof import("@aws-sdk/client-sagemaker") => require("@aws-sdk/client-sagemaker");

/** Follows redirects, because the retail data may lie in a bucket of another region. */
export const s3Of: (aws: AwsAccess) => S3Client = perSession(
  (settings) => new S3Client({ ...settings, followRegionRedirects: true }),
);

export const iamOf: (aws: AwsAccess) => IAMClient = perSession((settings) => {
  const { IAMClient } = iam();
  return new IAMClient(settings);
});

export const sageMakerOf: (aws: AwsAccess) => SageMakerClient = perSession((settings) => {
  const { SageMakerClient } = sageMaker();
  return new SageMakerClient(settings);
});
