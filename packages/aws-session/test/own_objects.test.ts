import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { beforeAll, beforeEach, expect, test } from "@jest/globals";
import { deleteVersions } from "@keyspaces-segmentation/aws-session/dist/bucket_versions.js";
import { listObjects } from "@keyspaces-segmentation/aws-session/dist/objects.js";
import { deleteOwnObjects, findOwnObjects } from "@keyspaces-segmentation/aws-session/dist/own_objects.js";
import { uploadBytes } from "@keyspaces-segmentation/aws-session/dist/upload.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { borrowedMoto, type Moto } from "../../../test/support/moto.js";
import { sessionOf } from "../../../test/support/session.js";

const bucket = "own-objects-test";
const versioned = "own-versions-test";
let moto: Moto;
beforeAll(async () => {
  moto = await borrowedMoto();
});
withEnvironment(() => ({ AWS_ENDPOINT_URL: moto.url }));

const aws = sessionOf();
/** Two runs of ours. */
const [first, second] = [sessionOf({ run: "run-1" }), sessionOf({ run: "run-2" })];
/** Somebody else, who writes with a client of their own. */
let somebody: S3Client;
beforeEach(async () => {
  somebody = new S3Client({ region: "us-east-1", credentials: { accessKeyId: "AKIASOMEBODY", secretAccessKey: "s" } });
  for (const Bucket of [bucket, versioned]) await somebody.send(new CreateBucketCommand({ Bucket }));
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await somebody.send(new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration }));
});
const put = (Key: string, Metadata: Record<string, string> = {}, Bucket = bucket) =>
  somebody.send(new PutObjectCommand({ Bucket, Key, Body: "theirs", Metadata }));

test("what the walkthrough has written goes, anything else stays and is named", async () => {
  await uploadBytes(aws, { bucket, key: "run/results/customers.csv" }, "ours");
  await uploadBytes(aws, { bucket, key: "run/input/a" }, "ours");
  await put("run/results/notes.txt");
  await put("run/input/b", { "made-by": "somebody" });
  await put("run/output/a.out");
  await put("run-2/input/a", { "made-by": "keyspaces-segmentation" });
  const madeOf = (key: string, own: ReadonlySet<string>) =>
    key === "run/output/a.out" && own.has("run/input/a") ? "run/input/a" : undefined;
  const foreign = ["run/input/b", "run/results/notes.txt"];
  const at = { bucket, prefix: "run/" };
  expect(await deleteOwnObjects(aws, at, { madeOf })).toMatchObject({ deleted: 3, foreign });
  expect(await listObjects(aws, at)).toEqual(foreign);
  expect(await listObjects(aws, { bucket, prefix: "run-2/" })).toHaveLength(1);
  expect(await deleteOwnObjects(aws, at)).toMatchObject({ deleted: 0, foreign });
});

test("an object of ours that somebody has replaced is theirs", async () => {
  await uploadBytes(aws, { bucket, key: "edited/customers.csv" }, "ours");
  await put("edited/customers.csv");
  const foreign = ["edited/customers.csv"];
  expect(await deleteOwnObjects(aws, { bucket, prefix: "edited/" })).toMatchObject({ deleted: 0, foreign });
});

test("one object is meant where its whole key is given", async () => {
  for (const key of ["one/entry.json", "one/entry.json.bak"]) await uploadBytes(aws, { bucket, key }, "ours");
  expect(await deleteOwnObjects(aws, { bucket, prefix: "one/entry.json" })).toMatchObject({ deleted: 1, foreign: [] });
  expect(await listObjects(aws, { bucket, prefix: "one/" })).toEqual(["one/entry.json.bak"]);
});

test("each version says which run has written it, what a service has made is its input's, and a marker goes with what it hides", async () => {
  const key = "kept/results/customers.csv";
  for (const session of [first, second]) await uploadBytes(session, { bucket: versioned, key }, "ours");
  await uploadBytes(first, { bucket: versioned, key: "kept/input/a" }, "ours");
  await put("kept/output/a.out", {}, versioned);
  await put("kept/results/theirs.csv", {}, versioned);
  for (const Key of [key, "kept/results/theirs.csv"]) {
    await somebody.send(new DeleteObjectCommand({ Bucket: versioned, Key }));
  }
  const at = { bucket: versioned, prefix: "kept/" };
  const madeOf = (each: string) => (each === "kept/output/a.out" ? "kept/input/a" : undefined);
  const { own, foreign } = await findOwnObjects(aws, at, { madeOf });
  expect(foreign).toEqual(["kept/results/theirs.csv"]);
  expect(own.map((each) => [each.key, each.run, each.isMarker])).toEqual([
    [key, "run-2", true],
    ["kept/input/a", "run-1", false],
    ["kept/output/a.out", "run-1", false],
    [key, "run-2", false],
    [key, "run-1", false],
  ]);
  expect(own.flatMap((each) => (each.isOfService ? [each.key] : []))).toEqual(["kept/output/a.out"]);
  expect(new Set(own.map(({ owner }) => owner))).toEqual(
    new Set(["arn:aws:sts::123456789012:assumed-role/LocalDataScientist/local"]),
  );
  await deleteVersions(aws, versioned, own.slice(0, 4));
  const { Versions: left = [] } = await somebody.send(new ListObjectVersionsCommand({ Bucket: versioned }));
  expect(left.map(({ Key }) => Key)).toEqual([key, "kept/results/theirs.csv"]);
  expect(await deleteOwnObjects(aws, at, { madeOf })).toMatchObject({ deleted: 1, foreign });
});

test("an upload in parts that was left is given up where it would have become something of ours, or lies beside it", async () => {
  await uploadBytes(first, { bucket, key: "parts/job/input/train/part-0.csv" }, "ours");
  await put("parts/job/theirs.bin");
  const ours = ["parts/job/input/train/part-1.csv", "parts/job/output/model.tar.gz"];
  for (const Key of [...ours, "parts/job/theirs.bin", "parts/job/unknown.bin"]) {
    await somebody.send(new CreateMultipartUploadCommand({ Bucket: bucket, Key }));
  }
  const madeOf = (key: string, own: ReadonlySet<string>) => (/model/.test(key) ? [...own][0] : undefined);
  const at = { bucket, prefix: "parts/" };
  const { uploads, unknownUploads } = await findOwnObjects(aws, at, { madeOf });
  expect(unknownUploads.map(({ key }) => key)).toEqual(["parts/job/unknown.bin"]);
  expect(uploads).toEqual(ours.map((key) => expect.objectContaining({ key, run: "run-1" })));
  await deleteOwnObjects(aws, at, { madeOf });
  const { Uploads: left = [] } = await somebody.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
  expect(left.map(({ Key }) => Key).sort()).toEqual(["parts/job/theirs.bin", "parts/job/unknown.bin"]);
});

test("more objects go than fit into a page or a request, and none once it is interrupted", async () => {
  const keys = Array.from({ length: 1005 }, (_, i) => `many/${i}`);
  for (let i = 0; i < keys.length; i += 15) {
    await Promise.all(keys.slice(i, i + 15).map((key) => uploadBytes(aws, { bucket, key }, "x")));
  }
  const at = { bucket, prefix: "many/" };
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(deleteOwnObjects(aws, at, { signal })).rejects.toThrow("enough");
  expect(await deleteOwnObjects(aws, at)).toMatchObject({ deleted: 1005, foreign: [] });
  expect(await listObjects(aws, at)).toEqual([]);
});

test("in a bucket that is not there is nothing", async () => {
  const at = { bucket: "not-there-at-all", prefix: "x/" };
  await expect(deleteOwnObjects(aws, at)).resolves.toMatchObject({ deleted: 0, foreign: [] });
});
