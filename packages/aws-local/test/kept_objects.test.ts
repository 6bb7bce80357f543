import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { restoreObjects, saveObjects } from "@keyspaces-segmentation/aws-local/dist/kept_objects.js";
import { borrowedMoto, type Moto } from "../../../test/support/moto.js";

let motos: [Moto, Moto];
let parent: string;
beforeAll(async () => {
  motos = await Promise.all([borrowedMoto(), borrowedMoto("other")]);
  parent = mkdtempSync(join(tmpdir(), "kept-objects-"));
});
afterAll(async () => {
  rmSync(parent, { recursive: true });
});
const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "s" };
const s3On = ({ url: endpoint }: Moto) => new S3Client({ region: "us-east-1", endpoint, credentials });

test("objects come back with bytes, type, metadata and key, but for those of the buckets left out", async () => {
  const [before, after] = motos.map(s3On) as [S3Client, S3Client];
  const folder = join(parent, "s3");
  await restoreObjects(after, folder);
  for (const Bucket of ["data", "runs", "empty"]) await before.send(new CreateBucketCommand({ Bucket }));
  await before.send(new PutObjectCommand({ Bucket: "data", Key: "invoices.csv", Body: "a shop's" }));
  const large = Buffer.alloc(3 << 20, "0123456789");
  const put = (Key: string, Body: Buffer | string, more: object) =>
    before.send(new PutObjectCommand({ Bucket: "runs", Key, Body, ...more }));
  await put("a/../weird key/ü.json", "{}", { ContentType: "application/json", Metadata: { "made-by": "x" } });
  await put("model.tar.gz", large, { ServerSideEncryption: "aws:kms", SSEKMSKeyId: "1234abcd" });
  await put("nothing", Buffer.alloc(0), {});
  await saveObjects(before, folder, { except: ["data"] });
  // A second time takes the place of the first.
  await saveObjects(before, folder, { except: ["data"] });
  expect(readdirSync(parent)).toEqual(["s3"]);
  expect(statSync(folder).mode & 0o077).toBe(0);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o077).toBe(0);

  await restoreObjects(after, folder);
  const { Buckets: buckets = [] } = await after.send(new ListBucketsCommand({}));
  expect(buckets.map(({ Name }) => Name).sort()).toEqual(["empty", "runs"]);
  const keysOn = async (s3: S3Client) =>
    (await s3.send(new ListObjectsV2Command({ Bucket: "runs" }))).Contents?.map(({ Key, Size }) => [Key, Size]);
  expect(await keysOn(after)).toEqual(await keysOn(before));
  const get = (Key: string) => after.send(new GetObjectCommand({ Bucket: "runs", Key }));
  const weird = await get("a/../weird key/ü.json");
  expect(weird).toMatchObject({ ContentType: "application/json", Metadata: { "made-by": "x" } });
  const model = await get("model.tar.gz");
  expect(model.SSEKMSKeyId).toBe("1234abcd");
  expect(large.equals((await model.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true);
});
