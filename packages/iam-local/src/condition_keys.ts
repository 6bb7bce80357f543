import type { RequestValues } from "./request.js";

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

const ofIam = ["aws:resourcetag/", "iam:resourcetag/"];

/**
 * By service, the keys of the tags that what a request is about has, as the service authorization reference has them: they are known
 * where whoever describes the request knows its tags. Those of a bucket count only where attribute-based access was enabled for it, which
 * is not emulated; objects have keys of their own.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
 */
const tagsOfResources: Readonly<Record<string, readonly string[]>> = {
  cassandra: ["aws:resourcetag/"],
  iam: ofIam,
  kms: ["aws:resourcetag/"],
  s3: ["s3:existingobjecttag/"],
  sagemaker: ["aws:resourcetag/", "sagemaker:resourcetag/"],
  sts: ofIam,
};

/** All of them. */
const tagFamilies = new Set(Object.values(tagsOfResources).flat());
const familyOf = (key: string): string => key.slice(0, key.indexOf("/") + 1);

const known = new Set(suppliedKeys.map((key) => key.toLowerCase()));

/** Stands among the values of a request where the tags of its resource are. */
const RESOURCE_TAGS = "stand-in:resource-tags";

/**
 * The values for conditions on the tags of what a request is about; of what is not there yet, none.
 *
 * @param service whose it is: "sagemaker"
 */
export function resourceTagValues(
  tags: Iterable<readonly [key: string, value: string]>,
  service: string,
): Record<string, string | readonly string[]> {
  const families = tagsOfResources[service] ?? [];
  const values: Record<string, string | readonly string[]> = { [RESOURCE_TAGS]: families };
  for (const [key, value] of tags) for (const family of families) values[family + key] = value;
  return values;
}

/**
 * Whether a condition asks for tags of a resource, and nobody has told them.
 *
 * @param key in lower case
 * @param values of a request
 */
export const wantsTags = (key: string, values: RequestValues): boolean =>
  tagFamilies.has(familyOf(key)) && !values.has(RESOURCE_TAGS);

/**
 * Whether requests carry a key where it applies.
 *
 * @param key in lower case
 * @param values of a request
 */
export function isKnownKey(key: string, values: RequestValues): boolean {
  if (tagFamilies.has(familyOf(key))) return values.get(RESOURCE_TAGS)?.includes(familyOf(key)) === true;
  return known.has(key) || families.some((family) => key.startsWith(family));
}
