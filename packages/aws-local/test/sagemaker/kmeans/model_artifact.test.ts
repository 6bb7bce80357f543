import { gunzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import {
  encodeNdArrayList,
  packModel,
} from "@keyspaces-segmentation/aws-local/dist/sagemaker/kmeans/model_artifact.js";

const matrix = { values: Float64Array.of(1, 2, 3, 4, 5, 6), rows: 2, columns: 3 };

// What libmxnet 1.9.1 writes for mx.nd.save(file, [mx.nd.array([[1, 2, 3], [4, 5, 6]])]).
const golden = `
  1201000000000000 0000000000000000 0100000000000000
  c9fa93f9 00000000 02000000 0200000000000000 0300000000000000
  01000000 00000000 00000000
  0000803f 00000040 00004040 00008040 0000a040 0000c040
  0000000000000000`.replace(/\s/g, "");

test("a matrix is written byte for byte as MXNet writes it", () => {
  expect(encodeNdArrayList(matrix).toString("hex")).toBe(golden);
});

test("the archive is a gzipped ustar with the model at its root", async () => {
  const tar = gunzipSync(await packModel(matrix));
  const field = (at: number, length: number) => tar.toString("latin1", at, at + length).replace(/\0.*$/, "");
  expect(field(0, 100)).toBe("model_algo-1");
  expect(Number.parseInt(field(124, 12), 8)).toBe(96);
  expect(field(156, 1)).toBe("0");
  expect(tar.toString("latin1", 257, 265)).toBe("ustar\0" + "00");
  expect(tar.toString("hex", 512, 512 + 96)).toBe(golden);
});
