import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeAll, beforeEach, expect, test } from "@jest/globals";
import { listObjects, uploadBytes } from "@keyspaces-segmentation/aws-session/dist/objects.js";
import { deleteOwnObjects } from "@keyspaces-segmentation/aws-session/dist/own_objects.js";
import { withEnvironment } from "../../../test/support/environment.js";
import { borrowedMoto, type Moto } from "../../../test/support/moto.js";
import { sessionOf } from "../../../test/support/session.js";

const bucket = "own-objects-test";
let moto: Moto;
beforeAll(async () => {
  moto = await borrowedMoto();
});
withEnvironment(() => ({ AWS_ENDPOINT_URL: moto.url }));

const aws = sessionOf();
/** Somebody else, who writes with a client of their own. */
let somebody: S3Client;
beforeEach(async () => {
  somebody = new S3Client({ region: "us-east-1", credentials: { accessKeyId: "AKIASOMEBODY", secretAccessKey: "s" } });
  await somebody.send(new CreateBucketCommand({ Bucket: bucket }));
});
const put = (Key: string, Metadata: Record<string, string> = {}) =>
  somebody.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "theirs", Metadata }));

test("what the walkthrough has written goes, anything else stays and is named", async () => {
  await uploadBytes(aws, { bucket, key: "run/results/customers.csv" }, "ours");
  await uploadBytes(aws, { bucket, key: "run/input/a" }, "ours");
  await put("run/results/notes.txt");
  await put("run/input/b", { "made-by": "somebody" });
  await put("run/output/a.out");
  const keys = [...(await listObjects(aws, { bucket, prefix: "run/" })), "run/not-there"];
  const isMadeForUs = (key: string, own: ReadonlySet<string>) => key === "run/output/a.out" && own.has("run/input/a");
  const foreign = ["run/input/b", "run/results/notes.txt"];
  expect(await deleteOwnObjects(aws, { bucket, keys }, { isMadeForUs })).toEqual({ deleted: 3, foreign });
  expect(await listObjects(aws, { bucket, prefix: "run/" })).toEqual(foreign);
  expect(await deleteOwnObjects(aws, { bucket, keys })).toEqual({ deleted: 0, foreign });
});

test("an object of ours that somebody has replaced is theirs", async () => {
  await uploadBytes(aws, { bucket, key: "edited/customers.csv" }, "ours");
  await put("edited/customers.csv");
  const keys = ["edited/customers.csv"];
  expect(await deleteOwnObjects(aws, { bucket, keys })).toEqual({ deleted: 0, foreign: keys });
});

test("more objects go than fit into a request, and none once it is interrupted", async () => {
  const keys = Array.from({ length: 1005 }, (_, i) => `many/${i}`);
  for (let i = 0; i < keys.length; i += 15) {
    await Promise.all(keys.slice(i, i + 15).map((key) => uploadBytes(aws, { bucket, key }, "x")));
  }
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(deleteOwnObjects(aws, { bucket, keys }, { signal })).rejects.toThrow("enough");
  expect(await deleteOwnObjects(aws, { bucket, keys })).toEqual({ deleted: 1005, foreign: [] });
});

test("a bucket that is not there is told of", async () => {
  await expect(deleteOwnObjects(aws, { bucket: "not-there-at-all", keys: ["x"] })).resolves.toEqual({
    deleted: 0,
    foreign: [],
  });
});
