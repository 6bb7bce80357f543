import { buffer } from "node:stream/consumers";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { pack } from "tar-stream";
import { matrixOf } from "../../../src/clustering/matrix.js";
import { readModelArtifact, writeModelArtifact } from "../../../src/clustering/model_artifact.js";
import { writeMatrix } from "../../../src/clustering/ndarray_list.js";
import { StepError } from "../../../src/errors.js";

const centroids = matrixOf([
  [0.5, 0.25, -1],
  [4, 5, 6],
]);

async function archiveOf(files: Record<string, Uint8Array>): Promise<Uint8Array> {
  const archive = pack();
  for (const [name, bytes] of Object.entries(files)) archive.entry({ name }, Buffer.from(bytes));
  archive.finalize();
  return gzipSync(await buffer(archive));
}

test("centroids survive the artifact, which holds model_algo-1 and nothing else", async () => {
  const artifact = await writeModelArtifact(centroids);
  expect(await readModelArtifact(artifact)).toEqual(centroids);
  expect(gunzipSync(artifact).subarray(0, 12).toString()).toBe("model_algo-1");
  expect(await writeModelArtifact(centroids)).toEqual(artifact);
});

test("the model is found by its base name, beside the state of older containers", async () => {
  const artifact = await archiveOf({ state_0f3c: Buffer.from("no model"), "./model_algo-1": writeMatrix(centroids) });
  expect(await readModelArtifact(artifact)).toEqual(centroids);
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
  ["no model", () => archiveOf({ "kmeans-model": writeMatrix(centroids) }), "the archive has no file model_algo-1"],
  ["an empty model", () => archiveOf({ "model_algo-1": new Uint8Array() }), "it is cut short at 0 bytes"],
  ["a zip bomb", async () => gzipSync(Buffer.alloc(129 << 20)), "it unpacks to more than 128 MiB"],
  [
    "no centroids",
    () => archiveOf({ "model_algo-1": writeMatrix({ values: new Float64Array(), rows: 0, columns: 3 }) }),
    "it has no centroids",
  ],
  [
    "a centroid of NaN",
    () => archiveOf({ "model_algo-1": writeMatrix(matrixOf([[Number.NaN]])) }),
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
