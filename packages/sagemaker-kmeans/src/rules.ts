import { ArgumentError } from "@keyspaces-segmentation/common";

/*
 * What SageMaker accepts in any request. The SDK sends everything and lets the service refuse it, often after minutes of work
 * before the request. Source: botocore, sagemaker/2017-07-24/service-2.json.
 */

/** The private network of the instances. */
export interface Vpc {
  /** 1 to 5. */
  securityGroupIds: readonly string[];
  /** 1 to 16. */
  subnets: readonly string[];
}

export type Tags = Readonly<Record<string, string>>;

/** @throws ArgumentError unless it is the ARN of a role */
export function requireRole(role: string): void {
  if (role.length <= 2048 && /^arn:aws[a-z-]*:iam::\d{12}:role\/?[\w+=,.@\-/]+$/.test(role)) return;
  throw new ArgumentError("role", "the ARN of an execution role", role);
}

/** @throws ArgumentError unless it looks like an instance type; which ones there are, only SageMaker knows */
export function requireInstanceType(instanceType: string): void {
  if (/^ml\.[a-z0-9-]+\.[a-z0-9]+$/.test(instanceType)) return;
  throw new ArgumentError("instanceType", 'a SageMaker instance type such as "ml.m5.large"', instanceType);
}

/**
 * Checks a folder in S3. What SageMaker is given are its own folders below it, so that no foreign object is taken for data.
 *
 * @throws ArgumentError for a bucket or prefix that no object can lie under, or that SageMaker's URIs cannot hold
 */
export function requireFolder({ bucket, prefix }: { bucket: string; prefix: string }): void {
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new ArgumentError("bucket", "the name of an S3 bucket", bucket);
  }
  // SageMaker's URIs have 1,024 characters; the names of bucket and job, and the folders in between, take up to 180 of them.
  if (prefix.length > 840 || !/^[\w!.*'()-]+(\/[\w!.*'()-]+)*$/.test(prefix)) {
    throw new ArgumentError("prefix", "a key prefix of at most 840 characters without slashes at its ends", prefix);
  }
}

/** @throws ArgumentError unless it is undefined or the id, ARN or alias of a KMS key */
export function requireKmsKey(name: string, key: string | undefined): void {
  if (key === undefined || /^[a-zA-Z0-9:/_-]{1,2048}$/.test(key)) return;
  throw new ArgumentError(name, "the id or ARN of a KMS key", key);
}

/** Instances with disks of their own, which are encrypted anyway and refuse a key. Source: EC2 User Guide, "Instance store volumes". */
const ownDisks = /^ml\.([a-z]\d+[a-z]*d[a-z]*|g[5-9]e?|p[4-9][a-z0-9-]*|trn\d[a-z]*)\./;

/** @throws ArgumentError for what is no key, or for an instance type that takes none */
export function requireVolumeKmsKey(key: string | undefined, instanceType: string): void {
  requireKmsKey("volumeKmsKey", key);
  if (key !== undefined && ownDisks.test(instanceType)) {
    throw new ArgumentError("volumeKmsKey", `absent for ${instanceType}, whose own disks are always encrypted`, key);
  }
}

/** @throws ArgumentError for too many ids, too few, or one that is none */
export function requireVpc(vpc: Vpc | undefined): void {
  if (vpc === undefined) return;
  for (const [name, most] of [["securityGroupIds", 5] as const, ["subnets", 16] as const]) {
    const ids = vpc[name];
    if (ids.length < 1 || ids.length > most || !ids.every((id) => /^[-0-9a-zA-Z]{1,32}$/.test(id))) {
      throw new ArgumentError(`vpc.${name}`, `1 to ${most} ids`, ids.join(", "));
    }
  }
}

/** @throws ArgumentError for more than 50 tags, or one that AWS refuses */
export function requireTags(tags: Tags = {}): void {
  const entries = Object.entries(tags);
  if (entries.length > 50) throw new ArgumentError("tags", "at most 50", entries.length);
  const characters = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
  for (const [key, value] of entries) {
    if (key.length < 1 || key.length > 128 || !characters.test(key) || /^aws:/i.test(key)) {
      throw new ArgumentError("tags", "keys of 1 to 128 letters, digits, spaces and _.:/=+-@, not of aws:", key);
    }
    if (value.length > 256 || !characters.test(value)) {
      throw new ArgumentError(`tags[${key}]`, "at most 256 letters, digits, spaces and _.:/=+-@", value);
    }
  }
}
