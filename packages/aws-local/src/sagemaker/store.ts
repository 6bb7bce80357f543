import { GetObjectCommand, PutObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { AwsError } from "../errors.js";
import { checkS3Path } from "../moto_route.js";

/** The S3 that training jobs read and write: moto, directly. A job acts as its role, which may do everything here. */
export interface Store {
  /** The keys under a prefix, in order; none if the bucket does not exist. */
  list(bucket: string, prefix: string): Promise<string[]>;
  read(bucket: string, key: string): Promise<Uint8Array>;
  write(bucket: string, key: string, body: Uint8Array, kmsKeyId?: string): Promise<void>;
  close(): void;
}

/** Splits `s3://bucket/key`. */
export function parseS3Uri(uri: string): { bucket: string; key: string } {
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(uri) ?? [];
  return { bucket, key };
}

/**
 * Refuses the other form of address that the service model allows.
 *
 * @param member its name in the request
 * @throws AwsError notEmulated
 */
export function requireS3Uri(member: string, uri: string | undefined): void {
  if (uri?.startsWith("s3://")) return;
  throw new AwsError("notEmulated", `${member} '${uri}', without s3://, is not emulated.`);
}

export function openStore(region: string, port: number): Store {
  const client = new S3Client({
    region,
    endpoint: `http://127.0.0.1:${port}`,
    forcePathStyle: true,
    credentials: { accessKeyId: "training-job", secretAccessKey: "moto checks none" },
  });
  // The names come from requests.
  client.middlewareStack.add(
    (next) => (args) => {
      checkS3Path((args.request as { path: string }).path);
      return next(args);
    },
    { step: "finalizeRequest", name: "checkS3Path" },
  );
  return {
    async list(bucket, prefix) {
      const keys: string[] = [];
      try {
        for await (const page of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
          for (const { Key } of page.Contents ?? []) if (Key !== undefined) keys.push(Key);
        }
      } catch (error) {
        if (!(error instanceof Error && error.name === "NoSuchBucket")) throw error;
      }
      return keys;
    },
    async read(bucket, key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    },
    async write(bucket, key, body, kmsKeyId) {
      const encryption = kmsKeyId ? { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: kmsKeyId } : {};
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...encryption }));
    },
    close: () => client.destroy(),
  };
}
