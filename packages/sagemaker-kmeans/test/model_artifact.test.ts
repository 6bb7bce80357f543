import { buffer } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "@jest/globals";
import { StepError } from "@keyspaces-segmentation/common";
import { matrixOf, seededRandom } from "@keyspaces-segmentation/kmeans";
import { readModelArtifact, writeModelArtifact } from "@keyspaces-segmentation/sagemaker-kmeans/dist/model_artifact.js";
import { writeMatrix } from "@keyspaces-segmentation/sagemaker-kmeans/dist/ndarray_list.js";
import { type Header, pack } from "tar-stream";
import { mutate } from "../../../test/support/mutations.js";

const centroids = matrixOf([
  [0.5, 0.25, -1],
  [4, 5, 6],
]);

async function archiveOf(...files: (Partial<Header> & { name: string; bytes?: Uint8Array })[]): Promise<Uint8Array> {
  const archive = pack();
  for (const { bytes, ...header } of files) {
    if (bytes) archive.entry(header, Buffer.from(bytes));
    else archive.entry(header, "");
  }
  archive.finalize();
  return gzipSync(await buffer(archive));
}

const model = { name: "model_algo-1", bytes: writeMatrix(centroids) };

test("centroids survive the artifact, which holds model_algo-1 and nothing else", async () => {
  const artifact = await writeModelArtifact(centroids);
  expect(await readModelArtifact(artifact)).toEqual(centroids);
  expect(gunzipSync(artifact).subarray(0, 12).toString()).toBe("model_algo-1");
  expect(await writeModelArtifact(centroids)).toEqual(artifact);
});

test("the model is found by its base name, beside the state of older containers", async () => {
  const state = { name: "state_0f3c-model_algo-1x", bytes: Buffer.from("no model") };
  const artifact = await archiveOf(state, { ...model, name: "./model_algo-1" }, { ...state, name: "state_1" });
  expect(await readModelArtifact(artifact)).toEqual(centroids);
});

test("the archive is what SageMaker's container unpacks: a ustar of one plain file", async () => {
  const tar = gunzipSync(await writeModelArtifact(centroids));
  const field = (at: number, length: number) => tar.toString("latin1", at, at + length).replace(/\0.*$/, "");
  expect(field(100, 8)).toMatch(/^0*644 ?$/);
  // 72 bytes and 4 for each number, as seen of real models.
  expect(Number.parseInt(field(124, 12), 8)).toBe(72 + 4 * 6);
  expect(field(156, 1)).toBe("0");
  expect(tar.toString("latin1", 257, 265)).toBe("ustar\0" + "00");
  const header = Buffer.from(tar.subarray(0, 512)).fill(" ", 148, 156);
  expect(Number.parseInt(field(148, 8), 8)).toBe(header.reduce((sum, byte) => sum + byte, 0));
  expect(tar.subarray(512, 512 + 96)).toEqual(Buffer.from(writeMatrix(centroids)));
  expect(tar.length % 512).toBe(0);
  expect(tar.subarray(-1024).every((byte) => byte === 0)).toBe(true);
});

test.each([
  [7, 8],
  [13, 11],
])("%i features and %i clusters make a model of the size that was seen of real ones", (columns, rows) => {
  const bytes = writeMatrix({ values: new Float64Array(rows * columns), rows, columns });
  expect(bytes).toHaveLength(rows === 8 ? 296 : 644);
});

test.each([
  ["no bytes", async () => new Uint8Array(), "the archive is damaged"],
  ["no gzip", async () => Buffer.from("<Error><Code>NoSuchKey</Code></Error>"), "the archive is damaged"],
  ["half a gzip", async () => (await writeModelArtifact(centroids)).subarray(0, 60), "the archive is damaged"],
  [
    "half a tar",
    async () => gzipSync(gunzipSync(await writeModelArtifact(centroids)).subarray(0, 540)),
    "the archive is damaged",
  ],
  ["no tar", async () => gzipSync(Buffer.alloc(2048, "x")), "the archive is damaged"],
  ["no model", () => archiveOf({ ...model, name: "kmeans-model" }), "the archive has no file model_algo-1"],
  ["an empty model", () => archiveOf({ ...model, bytes: new Uint8Array() }), "it is cut short at 0 bytes"],
  [
    "a path out of the archive",
    () => archiveOf(model, { ...model, name: "../../model_algo-1" }),
    "the model lies at ../../model_algo-1 instead of at the archive's root",
  ],
  ["an absolute path", () => archiveOf({ ...model, name: "/tmp/model_algo-1" }), "the model lies at /tmp/model_algo-1"],
  ["a folder", () => archiveOf({ ...model, name: "export/model_algo-1" }), "the model lies at export/model_algo-1"],
  [
    "a link",
    () => archiveOf({ name: "model_algo-1", type: "symlink", linkname: "/etc/passwd" }),
    "model_algo-1 in the archive is no file but a symlink",
  ],
  ["two models", () => archiveOf(model, model), "the archive has model_algo-1 twice"],
  [
    "several arrays",
    async () => {
      const record = Buffer.from(model.bytes).subarray(24, -8);
      const two = Buffer.concat([Buffer.from(model.bytes).subarray(0, 24), record, record, Buffer.alloc(8)]);
      two.writeBigUInt64LE(2n, 16);
      return archiveOf({ ...model, bytes: two });
    },
    "expected one array of two dimensions, got 2 × 3, 2 × 3",
  ],
  [
    "a zip bomb",
    // One file can be zipped in parts.
    async () => Buffer.concat(new Array<Buffer>(129).fill(gzipSync(Buffer.alloc(1 << 20)))),
    "it unpacks to more than 128 MiB",
  ],
  [
    "no centroids",
    () => archiveOf({ ...model, bytes: writeMatrix({ values: new Float64Array(), rows: 0, columns: 3 }) }),
    "it has no centroids",
  ],
  [
    "a centroid of NaN",
    () => archiveOf({ ...model, bytes: writeMatrix(matrixOf([[Number.NaN]])) }),
    "a centroid is not finite",
  ],
])("refuses %s", async (_, artifact, got) => {
  const failure = await readModelArtifact(await artifact()).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StepError);
  expect((failure as StepError).message).toContain(`Could not read the model's centroids: ${got}`);
});

test("refuses to write what float32 cannot hold", async () => {
  await expect(writeModelArtifact(matrixOf([[1e39]]))).rejects.toThrow(
    "Expected `centroids` to be finite in row 0, column 0",
  );
  await expect(writeModelArtifact(matrixOf([]))).rejects.toThrow("Expected `centroids.rows` to be 1 or more, got 0");
});

describe("whatever is done to the bytes", () => {
  const read = async (artifact: Uint8Array): Promise<unknown> => {
    try {
      const { values, rows, columns } = await readModelArtifact(artifact);
      return values.length === rows * columns && values.every(Number.isFinite) ? "read" : { values, rows, columns };
    } catch (error) {
      return error instanceof StepError ? "refused" : error;
    }
  };

  test.each(["of the model", "of the archive", "of the file"])("%s, it is read or refused", async (layer) => {
    const random = seededRandom(20_261_121);
    const artifact = await writeModelArtifact(centroids);
    const outcomes = new Set<unknown>();
    for (let i = 0; i < 500; i++) {
      const times = 1 + Math.floor(random() * 3);
      const damaged = (bytes: Uint8Array) => Array.from({ length: times }).reduce(damage, bytes) as Uint8Array;
      const damage = (bytes: Uint8Array) => (bytes.length === 0 ? bytes : mutate(bytes, random));
      if (layer === "of the model")
        outcomes.add(await read(await archiveOf({ ...model, bytes: damaged(model.bytes) })));
      else if (layer === "of the archive") outcomes.add(await read(gzipSync(damaged(gunzipSync(artifact)))));
      else outcomes.add(await read(damaged(artifact)));
    }
    // Both happen, or this tries nothing.
    expect(outcomes).toEqual(new Set(["read", "refused"]));
  });
});
