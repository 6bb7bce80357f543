import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { discardDownload } from "@keyspaces-segmentation/aws-session";
import { downloadRetailData, invoicesOf } from "../../src/retail_data.js";
import { readSettings } from "../../src/settings.js";
import { useMoto } from "../support/moto.js";
import { sessionOf } from "../support/session.js";

const bucket = "retail-data-test";
useMoto();
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "home-"));
});
afterAll(async () => {
  await rm(home, { recursive: true });
});

const aws = sessionOf();
const settingsOf = (dataKey: string, dataBucket = bucket) => readSettings({ dataBucket, dataKey }, {});
async function put(Key: string, Metadata: Record<string, string> = {}) {
  const credentials = { accessKeyId: "AKIAWITNESS", secretAccessKey: "s" };
  const s3 = new S3Client({ region: "us-east-1", credentials });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "Invoice\n", Metadata }));
}

test("a file that is handed in is nobody's to remove, nor its folder", async () => {
  const invoices = join(home, "invoices.csv");
  await writeFile(invoices, "Invoice\n");
  await writeFile(join(home, "diary.txt"), "");
  expect(await discardDownload(invoices)).toBe(false);
  expect((await readdir(home)).sort()).toEqual(["diary.txt", "invoices.csv"]);
});

test("what was downloaded goes, with its folder, and can be downloaded again", async () => {
  await put("january.csv");
  await put("february.csv");
  const january = await downloadRetailData(aws, settingsOf("january.csv"));
  const folder = dirname(january.path);
  // Other people on this machine must not read a shop's invoices.
  expect((await stat(folder)).mode & 0o077).toBe(0);
  const february = await downloadRetailData(aws, settingsOf("february.csv"));
  expect(await discardDownload(january.path)).toBe(true);
  expect(await readdir(folder)).toEqual(["february.csv"]);
  expect(await discardDownload(february.path)).toBe(true);
  expect(existsSync(folder)).toBe(false);
  expect(await discardDownload(february.path)).toBe(false);

  const again = await downloadRetailData(aws, settingsOf("january.csv"));
  expect((await stat(dirname(again.path))).mode & 0o077).toBe(0);
  await discardDownload(again.path);
});

test("what somebody has put beside it stays", async () => {
  await put("january.csv");
  const { path } = await downloadRetailData(aws, settingsOf("january.csv"));
  const folder = dirname(path);
  await mkdir(join(folder, "mine"));
  await writeFile(join(folder, "mine", "notes.txt"), "");
  expect(await discardDownload(path)).toBe(true);
  expect(await readdir(folder)).toEqual(["mine"]);
  await rm(folder, { recursive: true });
});

test("whose invoices they are, the bucket or the object says", async () => {
  await put("own.csv");
  await put("generated.csv", { origin: "generated" });
  expect(await invoicesOf(aws, settingsOf("own.csv"))).toBe("own");
  expect(await invoicesOf(aws, settingsOf("generated.csv"))).toBe("sample");
  expect(await invoicesOf(aws, settingsOf("any.csv", "sagemaker-sample-files"))).toBe("sample");
  await expect(invoicesOf(aws, settingsOf("missing.csv"))).rejects.toMatchObject({
    message: expect.stringContaining(`Could not look at s3://${bucket}/missing.csv`),
    hint: expect.stringContaining("`dataKey`"),
  });
});
