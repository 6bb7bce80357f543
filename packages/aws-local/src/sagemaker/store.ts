import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from "@aws-sdk/client-s3";
import { AwsError } from "@keyspaces-segmentation/local-support";
import { checkS3Path } from "../moto_route.js";
import type { LogsGuard } from "./logs.js";

/** The S3 that jobs and endpoints read and write: moto, directly. */
export interface Store {
  /** The same, as far as a role may use it; @throws an error of S3's, AccessDenied, where it may not */
  as(roleArn: string | undefined): Store;
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

/** Why a role may not do something to an object or bucket, or with the key of an object; undefined if it may. */
export interface StoreGuard {
  forObject(roleArn: string, action: string, bucket: string, key?: string): Promise<string | undefined>;
  forKey(roleArn: string, action: string, key: string): Promise<string | undefined>;
  readonly forLogs: LogsGuard;
}

/** As the SDK throws what S3 refuses. */
class AccessDenied extends Error {
  override readonly name = "AccessDenied";
  readonly $metadata = { httpStatusCode: 403 };
}

/** What a role may not list is, to who asks only whether something is there, not there. */
export async function listAsFarAsAllowed(store: Store, bucket: string, prefix: string): Promise<string[]> {
  return store.list(bucket, prefix).catch((error) => {
    if (error instanceof AccessDenied) return [];
    throw error;
  });
}

/** @param guard decides what roles may do; without one they may do everything */
export function openStore(region: string, port: number, guard?: StoreGuard): Store {
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
  const pass = async (why: Promise<string | undefined>): Promise<void> => {
    const refusal = await why;
    if (refusal !== undefined) throw new AccessDenied(refusal);
  };
  const guarded = (role: string, { forObject, forKey }: StoreGuard): Store => ({
    as: store.as,
    async list(bucket, prefix) {
      await pass(forObject(role, "ListBucket", bucket));
      return store.list(bucket, prefix);
    },
    async read(bucket, key) {
      await pass(forObject(role, "GetObject", bucket, key));
      const { SSEKMSKeyId: kmsKey } = await client
        .send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
        .catch(() => ({ SSEKMSKeyId: undefined }));
      if (kmsKey !== undefined) await pass(forKey(role, "Decrypt", kmsKey));
      return store.read(bucket, key);
    },
    async write(bucket, key, body, kmsKey) {
      await pass(forObject(role, "PutObject", bucket, key));
      if (kmsKey !== undefined) await pass(forKey(role, "GenerateDataKey", kmsKey));
      await store.write(bucket, key, body, kmsKey);
    },
    close: () => store.close(),
  });
  const store: Store = {
    as: (role) => (guard && role !== undefined ? guarded(role, guard) : store),
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
  return store;
}
