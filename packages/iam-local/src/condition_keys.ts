/**
 * The keys that requests to the stand-in carry where they apply. A policy that asks for another, be it one that AWS has, is not decided in
 * favour of anybody.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
export const suppliedKeys: readonly string[] = [
  "aws:CurrentTime",
  "aws:EpochTime",
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalIsAWSService",
  "aws:PrincipalServiceName",
  "aws:PrincipalType",
  "aws:RequestedRegion",
  "aws:ResourceAccount",
  "aws:SecureTransport",
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:SourceIp",
  "aws:TagKeys",
  "aws:userid",
  "aws:username",
  "aws:ViaAWSService",
  "cloudwatch:namespace",
  "iam:AssociatedResourceArn",
  "iam:PassedToService",
  "kms:CallerAccount",
  "kms:GrantIsForAWSResource",
  "kms:ViaService",
  "s3:delimiter",
  "s3:locationconstraint",
  "s3:max-keys",
  "s3:prefix",
  "s3:ResourceAccount",
  "s3:VersionId",
  "s3:x-amz-acl",
  "s3:x-amz-content-sha256",
  "s3:x-amz-copy-source",
  "s3:x-amz-server-side-encryption",
  "s3:x-amz-server-side-encryption-aws-kms-key-id",
  "s3:x-amz-storage-class",
  "sagemaker:InstanceTypes",
  "sagemaker:InterContainerTrafficEncryption",
  "sagemaker:MaxRuntimeInSeconds",
  "sagemaker:ModelArn",
  "sagemaker:NetworkIsolation",
  "sagemaker:OutputKmsKeyArn",
  "sagemaker:ServerlessMaxConcurrency",
  "sagemaker:ServerlessMemorySize",
  "sagemaker:TargetModel",
  "sagemaker:VolumeKmsKeyArn",
  "sagemaker:VpcSecurityGroupIds",
  "sagemaker:VpcSubnets",
  "sts:ExternalId",
  "sts:RoleSessionName",
];

/** Families of keys, each with a name of its own behind the slash. */
const families = ["aws:principaltag/", "aws:requesttag/"];

const known = new Set(suppliedKeys.map((key) => key.toLowerCase()));

/** @param key in lower case */
export function isKnownKey(key: string): boolean {
  return known.has(key) || families.some((family) => key.startsWith(family));
}
