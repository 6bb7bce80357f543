import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { deleteKnown, newestKnownObject, uploadKnown } from "../../../src/aws/known_clusters.js";
import { listObjects, uploadBytes } from "../../../src/aws/objects.js";
import { withEnvironment } from "../../support/environment.js";
import { knownClusters } from "../../support/known_clusters.js";
import { type Moto, startMoto } from "../../support/moto.js";
import { sessionOf } from "../../support/session.js";

let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
});
afterAll(() => moto.stop());
withEnvironment(() => ({ AWS_ENDPOINT_URL: moto.url }));

const aws = sessionOf();
const bucket = "memory-test";
let count = 0;
let place: { bucket: string; prefix: string; table: string };
beforeEach(async () => {
  const credentials = { accessKeyId: "AKIAWITNESS", secretAccessKey: "s" };
  await new S3Client({ region: "us-east-1", credentials }).send(new CreateBucketCommand({ Bucket: bucket }));
  place = { bucket, prefix: `team/runs-${count++}`, table: "online_retail" };
});

/** S3 knows the time of an object to the second; within one, the later id counts, which has the date in it. */
const [first, second] = ["run-2026-01-01", "run-2026-01-02"];
const at = (day: number) => new Date(Date.UTC(2026, 0, day));

describe("memories in a bucket", () => {
  test("are none at first", async () => {
    expect(await newestKnownObject(aws, place, first)).toBeNull();
  });

  test("come back newest first, but for this very run's, another table's and other things", async () => {
    await uploadKnown(aws, place, knownClusters(first), at(1));
    await uploadKnown(aws, place, knownClusters(second), at(2));
    await uploadKnown(aws, { ...place, table: "other" }, knownClusters("run-2026-01-03"), at(3));
    await uploadBytes(aws, { bucket, key: `${place.prefix}/clusters/deeper/x.json` }, "not ours");
    await uploadBytes(aws, { bucket, key: `${place.prefix}/clusters/notes.txt` }, "not ours");
    await uploadBytes(aws, { bucket, key: `${place.prefix}-2/clusters/z.json` }, "not ours");
    const from = (run: string) => `s3://${bucket}/${place.prefix}/clusters/${run}.json`;
    expect(await newestKnownObject(aws, place, "run-2026-01-04")).toEqual({
      known: knownClusters(second),
      savedAt: at(2),
      from: from(second),
    });
    expect(await newestKnownObject(aws, place, second)).toMatchObject({ savedAt: at(1), from: from(first) });
    await deleteKnown(aws, place, first);
    expect(await newestKnownObject(aws, place, second)).toBeNull();
    await deleteKnown(aws, place, first);
    expect(await listObjects(aws, { bucket, prefix: `${place.prefix}/clusters/` })).toHaveLength(4);
  });

  const whole = { savedAt: at(1), table: "online_retail", known: knownClusters(first) };
  test.each<[string, string | Uint8Array, RegExp]>([
    ["no JSON", "{", /JSON/],
    ["no text", new Uint8Array([0xff, 0xfe]), /encoded data/],
    ["null", "null", /null/],
    ["without a date", JSON.stringify({ ...whole, savedAt: 5 }), /`savedAt` is no moment/],
    ["with no date", JSON.stringify({ ...whole, savedAt: "yesterday" }), /`savedAt` is no moment/],
    ["without a table", JSON.stringify({ ...whole, table: undefined }), /`table` is no text/],
    ["another run's", JSON.stringify({ ...whole, known: knownClusters(second) }), /of another run, run-2026-01-02/],
    ["too large", " ".repeat(1 << 21), /2097152 bytes, more than a memory can have/],
    ["without clusters", JSON.stringify({ ...whole, known: { ...whole.known, clusters: [] } }), /`clusters.length`/],
  ])("that are %s are refused, and named", async (_, content, reason) => {
    const key = `${place.prefix}/clusters/${first}.json`;
    await uploadBytes(aws, { bucket, key }, content);
    await expect(newestKnownObject(aws, place, second)).rejects.toMatchObject({
      name: "StepError",
      message: expect.stringMatching(reason),
      hint: `Delete that object (aws s3 rm s3://${bucket}/${key}): the run before it counts then, or none.`,
    });
    expect(await newestKnownObject(aws, place, first)).toBeNull();
  });
});
