import { IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { AwsFront } from "@keyspaces-segmentation/aws-local";
import type { Identity } from "@keyspaces-segmentation/local-support";
import type { DataObject } from "./data/choose_data.js";
import { createFreeRole, createRoles } from "./permissions.js";
import type { PolicyParameters } from "./policies.js";

/** What a stack holds before the notebook comes. */
export interface Seed {
  readonly region: string;
  readonly data: DataObject;
  /** For the policies of the roles; undefined where everybody may do everything. */
  readonly policies: PolicyParameters | undefined;
  readonly signal: AbortSignal;
}

/** The roles, that of the identity among them, and the data set: through the front, as any client would. */
export async function seed(
  front: AwsFront,
  { accessKeyId, secretAccessKey, sessionToken }: Identity,
  { region, data: { bucket, key, body, metadata }, policies, signal }: Seed,
): Promise<void> {
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  const settings = { region, endpoint: front.url, credentials };
  const iam = new IAMClient(settings);
  const s3 = new S3Client(settings);
  const abort = { abortSignal: signal };
  try {
    await (policies ? createRoles(iam, policies, signal) : createFreeRole(iam, signal));
    await s3.send(new CreateBucketCommand({ Bucket: bucket }), abort);
    const about = { ContentType: "text/csv", Metadata: metadata };
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...about }), abort);
  } finally {
    iam.destroy();
    s3.destroy();
  }
}
