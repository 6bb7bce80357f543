import { RUN_PREFIX } from "@keyspaces-segmentation/aws-session";
import { ArgumentError, requireInteger } from "@keyspaces-segmentation/common";
import { type Matrix, requireFinite } from "@keyspaces-segmentation/kmeans";

/*
 * What SageMaker accepts in any request. The SDK sends everything and lets the service refuse it, often after minutes of work
 * before the request. Source: botocore, sagemaker/2017-07-24/service-2.json.
 */

/** Throws an ArgumentError for a value that SageMaker would refuse, alone or beside the rest of its request. */
export type Rule<Value, Request = unknown> = (name: string, value: Value, request: Request) => void;

/** A rule for each field of a request, so that a new field cannot be forgotten. */
export type Rules<Request> = { readonly [Name in keyof Request]-?: Rule<Request[Name], Request> };

/** @throws ArgumentError for the first field that breaks its rule */
export function requireAll<Request>(request: Request, rules: Rules<Request>): void {
  for (const name of Object.keys(rules) as (keyof Request & string)[]) rules[name](name, request[name], request);
}

/** The same rule for a field that may be left out. */
export const optional =
  <Value, Request>(rule: Rule<Value, Request>): Rule<Value | undefined, Request> =>
  (name, value, request) => {
    if (value !== undefined) rule(name, value, request);
  };

/** @param most without end where it is left out */
export const integer =
  (least: number, most?: number): Rule<number> =>
  (name, value) =>
    requireInteger(name, value, least, most);

/** Text of a form and of a length at most. @param words "the ARN of an execution role" */
export const text =
  (form: RegExp, words: string, longest: number = Number.POSITIVE_INFINITY): Rule<string> =>
  (name, value) => {
    const holds = typeof value === "string" && value.length <= longest && form.test(value);
    if (!holds) throw new ArgumentError(name, words, value);
  };

export const flag: Rule<boolean> = (name, value) => {
  if (typeof value !== "boolean") throw new ArgumentError(name, "true or false", value);
};

/** Numbers that the algorithm, which computes with 32 bits, can hold. The error names the offending cell. */
export const float32: Rule<Matrix> = (name, matrix) => {
  requireFinite(matrix, name);
  requireFinite({ ...matrix, values: matrix.values.map(Math.fround) }, name);
};

export const role: Rule<string> = text(
  /^arn:aws[a-z-]*:iam::\d{12}:role\/?[\w+=,.@\-/]+$/,
  "the ARN of an execution role",
  2048,
);

/** What looks like an instance type; which ones there are, only SageMaker knows. */
export const instanceType: Rule<string> = text(
  /^ml\.[a-z0-9-]+\.[a-z0-9]+$/,
  'a SageMaker instance type such as "ml.m5.large"',
);

export const bucket: Rule<string> = text(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "the name of an S3 bucket");

/**
 * A folder that SageMaker's URIs can hold. They have 1,024 characters; the names of bucket and job, and the folders in between, take up
 * to 180 of them. What SageMaker is given are its own folders below it, so that no foreign object is taken for data.
 */
export const prefix: Rule<string> = text(
  RUN_PREFIX,
  "a key prefix of at most 840 characters without slashes at its ends",
  840,
);

export const kmsKey: Rule<string> = text(/^[a-zA-Z0-9:/_-]{1,2048}$/, "the id or ARN of a KMS key");

/** Instances with disks of their own, which are encrypted anyway and refuse a key. Source: EC2 User Guide, "Instance store volumes". */
const ownDisks = /^ml\.([a-z]\d+[a-z]*d[a-z]*|g[5-9]e?|p[4-9][a-z0-9-]*|trn\d[a-z]*)\./;

/** The keys of a job on these instances: one for all of it, but for disks that take none. */
export function jobKeys(
  key: string | null,
  { instanceType }: { instanceType: string },
): { outputKmsKey?: string; volumeKmsKey?: string } {
  if (key === null) return {};
  return { outputKmsKey: key, ...(!ownDisks.test(instanceType) && { volumeKmsKey: key }) };
}

export const volumeKmsKey: Rule<string, { instanceType: string }> = (name, key, request) => {
  kmsKey(name, key, request);
  if (ownDisks.test(request.instanceType)) {
    throw new ArgumentError(name, `absent for ${request.instanceType}, whose own disks are always encrypted`, key);
  }
};
