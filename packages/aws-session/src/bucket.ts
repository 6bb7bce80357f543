import { CreateBucketCommand, HeadBucketCommand, ListBucketsCommand } from "@aws-sdk/client-s3";
import { StepError, waitUntil } from "@keyspaces-segmentation/common";
import { s3Of } from "./clients.js";
import { awsFailure, reasonOf, statusOf } from "./failure.js";
import type { AwsSession } from "./session.js";

export interface Bucket {
  name: string;
  /** Whether it was made just now. */
  created: boolean;
  /** Present where it is not there, and was not to be made. */
  missing?: true;
  /** Present where S3 did not say in which region it lies. */
  regionUnknown?: true;
}

/** The name of SageMaker's default bucket of an account and region, the one the SageMaker Python SDK uses. */
export function defaultBucketName({ region, account }: Pick<AwsSession, "region" | "account">): string {
  return `sagemaker-${region}-${account}`;
}

/** Null when there is no such bucket; whatever else comes back is thrown as the SDK throws it. */
async function findBucket(
  aws: AwsSession,
  name: string,
  owner: string | undefined,
): Promise<{ region: string | undefined } | null> {
  try {
    const request = new HeadBucketCommand({ Bucket: name, ...(owner && { ExpectedBucketOwner: owner }) });
    return { region: (await s3Of(aws).send(request)).BucketRegion };
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** Reasons that mean: somebody, most likely another session of ours, is making it at this moment. */
const alreadyBeingMade = ["BucketAlreadyOwnedByYou", "OperationAborted"];

async function createBucket(aws: AwsSession, name: string): Promise<void> {
  try {
    await s3Of(aws).send(
      new CreateBucketCommand({
        Bucket: name,
        // us-east-1 is the one region that must not be named here.
        ...(aws.region !== "us-east-1" && { CreateBucketConfiguration: { LocationConstraint: aws.region as never } }),
      }),
    );
  } catch (error) {
    if (!alreadyBeingMade.includes(reasonOf(error))) throw error;
  }
  await waitUntil(
    `bucket ${name} to exist`,
    async () => ((await findBucket(aws, name, aws.account)) ? { done: true, seen: "there" } : { seen: "not found" }),
    { deadlineMs: 60_000 },
  );
}

/**
 * Makes sure of a bucket for training data, model and results.
 *
 * SageMaker's default bucket is created when it is missing and must belong to our own account: its name can be guessed, and
 * somebody else could have taken it. A bucket that the reader names must exist; a misspelt name makes no new bucket.
 *
 * @param name the bucket to use; null: SageMaker's default bucket
 * @param options.create whether the default bucket is made where it is missing
 * @throws StepError when it is missing, in another region, another account's, or cannot be made
 */
export async function ensureBucket(
  aws: AwsSession,
  name: string | null,
  { create = true }: { create?: boolean } = {},
): Promise<Bucket> {
  const bucket = name ?? defaultBucketName(aws);
  const tried = `use the bucket ${bucket}`;
  const elsewhere = `A training job needs a bucket in its own region: name one in ${aws.region}, or leave \`bucket\` null.`;
  try {
    const found = await findBucket(aws, bucket, name === null ? aws.account : undefined);
    // The client has followed S3's redirect to get here; SageMaker does not.
    if (found?.region !== undefined && found.region !== aws.region) {
      throw new StepError({ tried, got: `it lies in ${found.region}, not in ${aws.region}`, hint: elsewhere });
    }
    if (found) return { name: bucket, created: false, ...(found.region === undefined && { regionUnknown: true }) };
    if (name === null && !create) return { name: bucket, created: false, missing: true };
    if (name === null) {
      await createBucket(aws, bucket);
      return { name: bucket, created: true };
    }
  } catch (error) {
    throw awsFailure(tried, error, {
      "403": `It may belong to another account, or ${aws.arn} may not have s3:ListBucket on it. Name another bucket.`,
      "301": `It lies in another region. ${elsewhere}`,
      PermanentRedirect: `It lies in another region. ${elsewhere}`,
    });
  }
  throw new StepError({ tried, got: "there is no such bucket", hint: "Create it, or leave `bucket` null." });
}

/** Names of the buckets that the caller's account owns. @throws StepError */
export async function listBuckets(aws: AwsSession): Promise<string[]> {
  try {
    const { Buckets: buckets = [] } = await s3Of(aws).send(new ListBucketsCommand());
    return buckets.flatMap(({ Name: name }) => name ?? []);
  } catch (error) {
    throw awsFailure("list the buckets", error);
  }
}
