import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { locationOf } from "@keyspaces-segmentation/aws-session/dist/object_location.js";
import { downloadObject, listObjects, readObject } from "@keyspaces-segmentation/aws-session/dist/objects.js";
import { uploadBytes, uploadFiles } from "@keyspaces-segmentation/aws-session/dist/upload.js";
import { waitUntil } from "@keyspaces-segmentation/common";
import { withEnvironment } from "../../../test/support/environment.js";
import { freePort } from "../../../test/support/free_port.js";
import { borrowedMoto, type Moto } from "../../../test/support/moto.js";
import { sessionOf } from "../../../test/support/session.js";

const bucket = "objects-test";
let moto: Moto;
let folder: string;
beforeAll(async () => {
  moto = await borrowedMoto();
  folder = await mkdtemp(join(tmpdir(), "objects-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});
withEnvironment(() => ({ AWS_ENDPOINT_URL: moto.url }));

/** The SDK itself, as an outside witness of what the helpers did. */
function witness(): S3Client {
  return new S3Client({ region: "us-east-1", credentials: { accessKeyId: "AKIAWITNESS", secretAccessKey: "s" } });
}

beforeEach(async () => {
  await witness().send(new CreateBucketCommand({ Bucket: bucket }));
});

describe("downloading", () => {
  test("writes the object's bytes and tells its size and metadata", async () => {
    const body = randomBytes(300_000);
    await witness().send(
      new PutObjectCommand({ Bucket: bucket, Key: "data/retail.csv", Body: body, Metadata: { generated: "yes" } }),
    );
    const path = join(folder, "new", "retail.csv");
    const umask = process.umask(0);
    const got = await downloadObject(sessionOf(), { bucket, key: "data/retail.csv" }, path).finally(() =>
      process.umask(umask),
    );
    // For nobody else to read.
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(got).toEqual({
      uri: `s3://${bucket}/data/retail.csv`,
      path,
      bytes: 300_000,
      metadata: { generated: "yes" },
    });
    const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
    expect(digest(await readFile(path))).toBe(digest(body));
    expect(await readdir(join(folder, "new"))).toEqual(["retail.csv"]);
  });

  test("says whether bucket or object is missing, and leaves the file that was there", async () => {
    const path = join(folder, "kept.csv");
    await writeFile(path, "before");
    await expect(downloadObject(sessionOf(), { bucket, key: "nothing" }, path)).rejects.toMatchObject({
      message: expect.stringContaining(`Could not download s3://${bucket}/nothing: NoSuchKey`),
      hint: expect.stringContaining("Check the key's spelling"),
    });
    await expect(downloadObject(sessionOf(), { bucket: "no-such-bucket-here", key: "x" }, path)).rejects.toThrow(
      "Could not download s3://no-such-bucket-here/x: NoSuchBucket",
    );
    expect(await readFile(path, "utf8")).toBe("before");
    expect((await readdir(folder)).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  test("that breaks off fails and leaves no half file", async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("half", () => response.destroy());
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const path = join(folder, "half.csv");
    await expect(downloadObject(sessionOf(), { bucket, key: "x" }, path)).rejects.toThrow("Could not download");
    expect((await readdir(folder)).filter((name) => name.startsWith("half"))).toEqual([]);
    await new Promise((closed) => server.close(closed));
  });

  test("where nobody answers names the endpoint", async () => {
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${await freePort()}`;
    await expect(readObject(sessionOf(), { bucket, key: "x" })).rejects.toMatchObject({
      message: expect.stringContaining("ECONNREFUSED"),
      hint: expect.stringContaining(process.env.AWS_ENDPOINT_URL),
    });
  });

  test("can be aborted", async () => {
    await uploadBytes(sessionOf(), { bucket, key: "x" }, "x");
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(downloadObject(sessionOf(), { bucket, key: "x" }, join(folder, "x"), { signal })).rejects.toThrow(
      "enough",
    );
  });
});

test("what is uploaded can be read and listed, and a prefix means a folder", async () => {
  const aws = sessionOf();
  const files = [join(folder, "customers.csv"), join(folder, "summary.json")];
  await writeFile(files[0]!, "customer_id\n12347\n");
  await writeFile(files[1]!, "{}");
  await uploadBytes(aws, { bucket, key: "run-2/other" }, "stays");
  expect(await uploadFiles(aws, { bucket, prefix: "run/out/" }, files)).toEqual([
    `s3://${bucket}/run/out/customers.csv`,
    `s3://${bucket}/run/out/summary.json`,
  ]);
  const bytes = await readObject(aws, locationOf(`s3://${bucket}/run/out/customers.csv`));
  expect(Buffer.from(bytes).toString()).toBe("customer_id\n12347\n");
  expect(await listObjects(aws, { bucket, prefix: "run/" })).toEqual(["run/out/customers.csv", "run/out/summary.json"]);
  expect(await listObjects(aws, { bucket, prefix: "run-2/" })).toEqual(["run-2/other"]);
});

test("an object is encrypted with the key asked for", async () => {
  const key = "1234abcd-12ab-34cd-56ef-1234567890ab";
  await uploadBytes(sessionOf(), { bucket, key: "secret.csv" }, "1\n", { kmsKey: key });
  await uploadBytes(sessionOf(), { bucket, key: "plain.csv" }, "1\n");
  const head = (Key: string) => witness().send(new HeadObjectCommand({ Bucket: bucket, Key }));
  expect(await head("secret.csv")).toMatchObject({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: key });
  expect((await head("plain.csv")).SSEKMSKeyId).toBeUndefined();
});

test("an object that is too large is not read, and an upload can be aborted", async () => {
  await uploadBytes(sessionOf(), { bucket, key: "x" }, "12345");
  expect(await readObject(sessionOf(), { bucket, key: "x" }, { maxBytes: 5 })).toHaveLength(5);
  await expect(readObject(sessionOf(), { bucket, key: "x" }, { maxBytes: 4 })).rejects.toThrow(
    `Could not read s3://${bucket}/x: it has 5 bytes, more than 4.`,
  );
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(uploadBytes(sessionOf(), { bucket, key: "y" }, "y", { signal })).rejects.toThrow("enough");
});

describe("a file of many megabytes", () => {
  const unfinished = async () => {
    const { Uploads = [] } = await witness().send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    return Uploads.map(({ Key }) => Key);
  };
  const longFile = async (bytes: Uint8Array) => {
    const path = join(folder, "long.csv");
    await writeFile(path, bytes);
    return path;
  };

  test("goes up in parts, marked and typed as others are", async () => {
    const body = randomBytes((20 << 20) + 1);
    const file = await longFile(body);
    const [uri] = await uploadFiles(sessionOf(), { bucket, prefix: "results/" }, [file], { kmsKey: "alias/aws/s3" });
    expect(uri).toBe(`s3://${bucket}/results/long.csv`);
    const at = { Bucket: bucket, Key: "results/long.csv" };
    const { ETag, ContentType, Metadata, ServerSideEncryption } = await witness().send(new HeadObjectCommand(at));
    expect(ETag).toMatch(/-3"$/);
    expect([ContentType, ServerSideEncryption]).toEqual(["text/csv; charset=utf-8", "aws:kms"]);
    expect(Metadata).toMatchObject({ "made-by": "keyspaces-segmentation" });
    const stored = await readObject(sessionOf(), { bucket, key: "results/long.csv" });
    expect(createHash("sha256").update(stored).digest("hex")).toBe(createHash("sha256").update(body).digest("hex"));
    expect(await unfinished()).toEqual([]);
  });

  test("that is interrupted leaves neither object nor parts", async () => {
    const file = await longFile(randomBytes(40 << 20));
    const stop = new AbortController();
    const uploading = uploadFiles(sessionOf(), { bucket, prefix: "stopped/" }, [file], { signal: stop.signal });
    await waitUntil(
      "an upload under way",
      async () => ({ ...((await unfinished()).length > 0 && { done: true }), seen: "none" }),
      { deadlineMs: 30_000, firstDelayMs: 5 },
    );
    const reason = new Error("interrupted");
    stop.abort(reason);
    await expect(uploading).rejects.toBe(reason);
    expect(await unfinished()).toEqual([]);
    expect(await listObjects(sessionOf(), { bucket, prefix: "stopped/" })).toEqual([]);
  });
});

test("what is interrupted uploads no more", async () => {
  const aws = sessionOf();
  const file = join(folder, "late.csv");
  await writeFile(file, "1\n");
  await uploadBytes(aws, { bucket, key: "kept/one" }, "1");
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(uploadFiles(aws, { bucket, prefix: "kept/" }, [file], { signal })).rejects.toThrow("enough");
  expect(await listObjects(aws, { bucket, prefix: "kept/" })).toEqual(["kept/one"]);
});

test("more than one page of objects is listed", async () => {
  const aws = sessionOf();
  for (let i = 0; i < 1005; i += 15) {
    await Promise.all(Array.from({ length: 15 }, (_, j) => uploadBytes(aws, { bucket, key: `many/${i + j}` }, "x")));
  }
  expect(await listObjects(aws, { bucket, prefix: "many/" })).toHaveLength(1005);
});

test("a prefix that could mean more than a folder, or everything, is refused", async () => {
  for (const prefix of ["", "/", "run", "/run/"]) {
    await expect(listObjects(sessionOf(), { bucket, prefix })).rejects.toThrow("Expected `prefix` to be a key prefix");
  }
  expect(() => locationOf("https://x/y")).toThrow("Expected `uri` to be of the form s3://bucket/key");
});
