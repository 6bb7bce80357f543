import { describe, expect, test } from "@jest/globals";
import { readNdArrayList } from "@keyspaces-segmentation/aws-local/dist/sagemaker/hosting/ndarray_list.js";

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/\s/g, ""), "hex");
// What libmxnet 1.9.1 writes for mx.nd.save(file, [mx.nd.array([[1, 2, 3], [4, 5, 6]])]).
const head = "1201000000000000 0000000000000000 0100000000000000";
const shape = "02000000 0200000000000000 0300000000000000";
const data = "0000803f 00000040 00004040 00008040 0000a040 0000c040";
const golden = `${head} c9fa93f9 00000000 ${shape} 01000000 00000000 00000000 ${data} 0000000000000000`;
const matrix = { values: Float64Array.of(1, 2, 3, 4, 5, 6), rows: 2, columns: 3 };

test.each([
  ["MXNet 1.9 (V2)", golden],
  ["V3", golden.replace("c9fa93f9", "cafa93f9")],
  ["V1, without a storage type", golden.replace("c9fa93f9 00000000", "c8fa93f9")],
  ["V0", `${head} 02000000 02000000 03000000 01000000 00000000 00000000 ${data} 0000000000000000`],
  ["from a GPU, with bytes behind", `${golden.replace("01000000 00000000 00000000", "02000000 01000000 00000000")} ff`],
  ["with a name", `${golden.slice(0, -16)}0100000000000000 0100000000000000 30`],
])("a list of one matrix is read: %s", (_what, hex) => expect(readNdArrayList(bytes(hex))).toEqual(matrix));

test("64-bit floats are read", () => {
  const double = `${head} c9fa93f9 00000000 02000000 0100000000000000 0200000000000000 01000000 00000000 01000000
    000000000000f83f 00000000000002c0 0000000000000000`;
  expect(readNdArrayList(bytes(double))).toEqual({ values: Float64Array.of(1.5, -2.25), rows: 1, columns: 2 });
});

describe("anything else is refused", () => {
  test.each([
    ["another file", "504b0304 00000000", /no NDArray list/],
    ["an empty file", "", /ends too early/],
    ["no array", golden.replace("0100000000000000", "0000000000000000"), /0 arrays/],
    ["a sparse array", golden.replace("c9fa93f9 00000000", "c9fa93f9 01000000"), /storage type 1/],
    ["integers", golden.replace("00000000 00000000 0000803f", "00000000 04000000 0000803f"), /type 4/],
    ["a vector", golden.replace(shape, "01000000 0600000000000000"), /shape is 6/],
    ["a shape larger than the file", golden.replace("0200000000000000", "ffffffffffffff00"), /ends too early/],
    ["a billion dimensions", golden.replace(shape, "00ca9a3b"), /1000000000 dimensions/],
    ["NaN", golden.replace("0000803f", "0000c07f"), /not finite/],
    ["a wrong number of names", golden.replace(/0000000000000000$/, "0200000000000000"), /2 names/],
  ])("%s", (_what, hex, message) => expect(() => readNdArrayList(bytes(hex))).toThrow(message));

  test("every shorter file", () => {
    const whole = bytes(golden);
    for (let length = 0; length < whole.length; length++) {
      expect(() => readNdArrayList(whole.subarray(0, length))).toThrow(RangeError);
    }
  });
});
