import { createReadStream, createWriteStream, existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  type S3Client,
} from "@aws-sdk/client-s3";
import { PRIVATE_FILE, PRIVATE_FOLDER } from "@keyspaces-segmentation/local-support";

/** An object as it is put back. Its bytes lie in a file beside the index, named by its number in that. */
interface KeptObject {
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
  readonly modified: string;
  readonly contentType: string | undefined;
  readonly metadata: Record<string, string> | undefined;
  readonly kmsKey: string | undefined;
}

interface Index {
  readonly buckets: readonly string[];
  readonly objects: readonly KeptObject[];
}

const INDEX = "index.json";

/** The folder in that of a stack. */
export const KEPT_OBJECTS = "s3";

/**
 * Copies all objects but those of some buckets into a folder, in the place of what was there: moto has them in memory only. The folder
 * appears whole or not at all.
 */
export async function saveObjects(
  s3: S3Client,
  folder: string,
  { except }: { except: readonly string[] },
): Promise<void> {
  const unfinished = `${folder}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { recursive: true, mode: PRIVATE_FOLDER });
  const { Buckets: all = [] } = await s3.send(new ListBucketsCommand({}));
  const buckets = all.flatMap(({ Name: name }) => (name === undefined || except.includes(name) ? [] : name));
  const objects: KeptObject[] = [];
  for (const bucket of buckets) {
    for await (const { Contents: contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
      for (const { Key: key, LastModified: modified = new Date(0) } of contents) {
        if (key === undefined) continue;
        const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
        const file = createWriteStream(join(unfinished, String(objects.length)), { mode: PRIVATE_FILE });
        await pipeline(got.Body as Readable, file);
        objects.push({
          bucket,
          key,
          bytes: file.bytesWritten,
          modified: modified.toISOString(),
          contentType: got.ContentType,
          metadata: got.Metadata,
          kmsKey: got.SSEKMSKeyId,
        });
      }
    }
  }
  await writeFile(join(unfinished, INDEX), JSON.stringify({ buckets, objects } satisfies Index), {
    mode: PRIVATE_FILE,
  });
  await rm(folder, { recursive: true, force: true });
  await rename(unfinished, folder);
}

/** Puts back what {@link saveObjects} has saved, the oldest first, so that their order in time stays; nothing where there is no folder. */
export async function restoreObjects(s3: S3Client, folder: string): Promise<void> {
  if (!existsSync(join(folder, INDEX))) return;
  const { buckets, objects } = JSON.parse(await readFile(join(folder, INDEX), "utf8")) as Index;
  for (const bucket of buckets) await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const inOrder = objects
    .map((object, index) => ({ ...object, index }))
    .sort((a, b) => a.modified.localeCompare(b.modified) || a.index - b.index);
  for (const { bucket, key, bytes, contentType, metadata, kmsKey, index } of inOrder) {
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: createReadStream(join(folder, String(index))),
        ContentLength: bytes,
        ContentType: contentType,
        Metadata: metadata,
        ...(kmsKey !== undefined && { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: kmsKey }),
      }),
    );
  }
}
