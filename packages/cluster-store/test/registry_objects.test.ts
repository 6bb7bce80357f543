import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, test } from "@jest/globals";
import { deleteOwnObjects, listObjects, uploadBytes } from "@keyspaces-segmentation/aws-session";
import { registryObject } from "@keyspaces-segmentation/cluster-store";
import { entryObjects, uploadEntry } from "@keyspaces-segmentation/cluster-store/dist/registry_objects.js";
import { useMoto } from "../../../test/support/moto.js";
import { startScriptedAws } from "../../../test/support/scripted_aws.js";
import { sessionOf } from "../../../test/support/session.js";

useMoto();

const aws = sessionOf();
const bucket = "registry-test";
let count = 0;
let location: { keyspace: string; table: string; bucket: string; prefix: string };
beforeEach(async () => {
  const credentials = { accessKeyId: "AKIAWITNESS", secretAccessKey: "s" };
  await new S3Client({ region: "us-east-1", credentials }).send(new CreateBucketCommand({ Bucket: bucket }));
  location = { keyspace: "shop", table: "online_retail", bucket, prefix: `team/runs-${count++}` };
});

/** S3 knows the time of an object to the second; within one, the later id counts, which has the date in it. */
const [first, second] = ["run-2026-01-01", "run-2026-01-02"];

describe("registry entries in a bucket", () => {
  test("are none at first", async () => {
    expect(await entryObjects(aws, location)).toEqual([]);
  });

  test("come newest first, and only those of this region's keyspace and table", async () => {
    await uploadEntry(aws, location, { runId: first, text: "1" });
    await uploadEntry(aws, location, { runId: second, text: "2" });
    const others = [
      { ...location, table: "other" },
      { ...location, keyspace: "Shop" },
      { ...location, prefix: `${location.prefix}-2` },
    ];
    for (const other of others) await uploadEntry(aws, other, { runId: "run-2026-01-03", text: "3" });
    await uploadEntry({ ...aws, region: "eu-west-1" }, location, { runId: "run-2026-01-04", text: "4" });
    const folder = `${location.prefix}/clusters/us-east-1/shop/online_retail/`;
    const notOurs = ["deeper/x.json", "notes.txt", "run 1; rm -rf.json", "-x.json", "<b>.json"];
    for (const name of notOurs) await uploadBytes(aws, { bucket, key: folder + name }, "not ours");

    const kept = await entryObjects(aws, location);
    const uri = (run: string) => `s3://${bucket}/${folder}${run}.json`;
    expect(kept.map(({ runId, from, toDelete }) => [runId, from, toDelete])).toEqual([
      [second, uri(second), `aws s3 rm ${uri(second)}`],
      [first, uri(first), `aws s3 rm ${uri(first)}`],
    ]);
    expect(await kept[0]!.read()).toBe("2");

    // A run beside this one deletes its entry meanwhile.
    await deleteOwnObjects(aws, { bucket, prefix: registryObject(aws, location, first).key });
    expect(await kept[1]!.read()).toBeNull();
    expect(await entryObjects(aws, location)).toHaveLength(1);
    expect(await listObjects(aws, { bucket, prefix: folder })).toHaveLength(1 + notOurs.length);
  });

  test("are deleted by a command that a shell reads as it is meant", async () => {
    const odd = { ...location, prefix: "jo's/*" };
    await uploadEntry(aws, odd, { runId: first, text: "1" });
    const [entry] = await entryObjects(aws, odd);
    expect(entry!.toDelete).toBe(
      `aws s3 rm 's3://${bucket}/jo'\\''s/*/clusters/us-east-1/shop/online_retail/${first}.json'`,
    );
    await deleteOwnObjects(aws, { bucket, prefix: registryObject(aws, odd, first).key });
  });

  test("are found among more than S3 lists at once", async () => {
    const runs = Array.from({ length: 1003 }, (_, i) => `run-${1000 + i}`);
    for (let i = 0; i < runs.length; i += 100) {
      const some = runs.slice(i, i + 100);
      await Promise.all(some.map((runId) => uploadEntry(aws, location, { runId, text: runId })));
    }
    expect((await entryObjects(aws, location)).map(({ runId }) => runId).sort()).toEqual(runs);
  });

  test.each<[string, string | Uint8Array, RegExp]>([
    ["no text", new Uint8Array([0xff, 0xfe]), /no text in UTF-8/],
    ["too large", " ".repeat(1 << 21), /2097152 bytes, more than an entry can have/],
  ])("that are %s are given as an error", async (_, content, reason) => {
    const key = `${location.prefix}/clusters/us-east-1/shop/online_retail/${first}.json`;
    await uploadBytes(aws, { bucket, key }, content);
    const [kept] = await entryObjects(aws, location);
    expect(await kept!.read()).toMatchObject({ message: expect.stringMatching(reason) });
  });
});

describe("an entry that S3 does not give", () => {
  const error = (code: string) => `<Error><Code>${code}</Code><Message>no ${code}</Message></Error>`;
  const key = "p/clusters/us-east-1/shop/online_retail/run-1.json";
  const contents = `<Contents><Key>${key}</Key><Size>9</Size><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>`;
  const list = `<ListBucketResult><IsTruncated>false</IsTruncated>${contents}</ListBucketResult>`;
  const answered = async (status: number, code: string) => {
    const service = await startScriptedAws(({ path }) =>
      path.includes("list-type=2") ? [200, list] : [status, error(code)],
    );
    process.env.AWS_ENDPOINT_URL = service.url;
    try {
      const [kept] = await entryObjects(sessionOf(), { ...location, prefix: "p" });
      return await kept!.read();
    } finally {
      await service.stop();
    }
  };

  test.each([
    [403, "AccessDenied"],
    [400, "KMS.DisabledException"],
    [403, "InvalidObjectState"],
  ])("because of it (%d %s) is given as an error", async (status, code) => {
    expect(await answered(status, code)).toMatchObject({ message: `no ${code}` });
  });

  test.each([
    [400, "ExpiredToken"],
    [403, "SignatureDoesNotMatch"],
  ])("because of who asks (%d %s) is a failure of the step", async (status, code) => {
    await expect(answered(status, code)).rejects.toMatchObject({
      name: "StepError",
      message: expect.stringContaining(code),
    });
  });
});
