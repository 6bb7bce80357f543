import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { s3Of } from "./clients.js";
import { awsFailure } from "./failure.js";
import { hintsFor, type ObjectLocation } from "./object_location.js";
import type { AwsSession } from "./session.js";

/**
 * The metadata that whoever wrote an object has given it, names in lower case.
 *
 * @param hints what to do, by the name of the failure
 * @throws StepError when there is no such object, or it may not be looked at
 */
export async function metadataOf(
  aws: AwsSession,
  { bucket, key }: ObjectLocation,
  hints: Readonly<Record<string, string>>,
): Promise<Readonly<Record<string, string>>> {
  try {
    return (await s3Of(aws).send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).Metadata ?? {};
  } catch (error) {
    throw awsFailure(`look at s3://${bucket}/${key}`, error, { ...hintsFor({ bucket }), ...hints });
  }
}
