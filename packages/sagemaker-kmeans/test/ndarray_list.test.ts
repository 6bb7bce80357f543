import { expect, test } from "@jest/globals";
import { matrixOf } from "@keyspaces-segmentation/kmeans";
import { readMatrix, writeMatrix } from "@keyspaces-segmentation/sagemaker-kmeans/dist/ndarray_list.js";

/** Bytes that libmxnet 1.9.1 saved: one float32 array [[1, 2, 3], [4, 5, 6]]. */
const LIST = "120100000000000000000000000000000100000000000000";
const V2 = "c9fa93f9000000000200000002000000000000000300000000000000";
const CPU_FLOAT32 = "010000000000000000000000";
const CPU_FLOAT64 = "010000000000000001000000";
const SIX = "0000803f0000004000004040000080400000a0400000c040";
const NO_NAMES = "0000000000000000";
const GOLDEN = LIST + V2 + CPU_FLOAT32 + SIX + NO_NAMES;
/** The same array as "0" and a float64 vector as "bias", saved by libmxnet 1.9.1. */
const NAMED = `${LIST.slice(0, 32)}0200000000000000${V2}${CPU_FLOAT32}${SIX}c9fa93f900000000010000000200000000000000010000000000000001000000000000000000f83f00000000000002c00200000000000000010000000000000030040000000000000062696173`;
const matrix = matrixOf([
  [1, 2, 3],
  [4, 5, 6],
]);
const read = (hex: string) => readMatrix(Buffer.from(hex, "hex"));
const changed = (from: string, to: string) => GOLDEN.replace(from, to);

test("reads and writes the bytes of MXNet", () => {
  expect(read(GOLDEN)).toEqual(matrix);
  expect(Buffer.from(writeMatrix(matrix)).toString("hex")).toBe(GOLDEN);
});

test("reads a named list, of which only one array has two dimensions", () => {
  expect(Buffer.from(NAMED, "hex")).toHaveLength(165);
  expect(read(NAMED)).toEqual(matrix);
});

test("reads float64, and the records of older versions", () => {
  const doubles = Buffer.alloc(48);
  [1, 2, 3, 4, 5, 6].forEach((value, i) => {
    doubles.writeDoubleLE(value, 8 * i);
  });
  expect(read(LIST + V2 + CPU_FLOAT64 + doubles.toString("hex") + NO_NAMES)).toEqual(matrix);
  expect(read(changed("c9fa93f900000000", "c8fa93f9"))).toEqual(matrix);
  expect(read(changed(V2, "020000000200000003000000"))).toEqual(matrix);
});

test("reads from bytes that start inside a buffer", () => {
  expect(readMatrix(Buffer.from(`ffffff${GOLDEN}`, "hex").subarray(3))).toEqual(matrix);
});

test("every cut is told, but for the names, which are not needed", () => {
  for (let length = 0; length < GOLDEN.length / 2 - 8; length++) {
    expect(() => read(GOLDEN.slice(0, 2 * length))).toThrow(`it is cut short at ${length} bytes`);
  }
  expect(read(GOLDEN.slice(0, -16))).toEqual(matrix);
});

test("memory is not taken for data that are not there", () => {
  const claimed = changed("02000000000000000300000000000000", "00100000000000000010000000000000");
  const before = process.memoryUsage().arrayBuffers;
  for (let i = 0; i < 20; i++) expect(() => read(claimed)).toThrow("it is cut short");
  // Each would be 128 MiB.
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 << 20);
});

test.each([
  ["another magic number", changed("1201", "1301"), "it does not start like a list of MXNet arrays"],
  ["too many arrays", changed("0100000000000000c9", "ffffffffffffffffc9"), "it claims 18446744073709551615 arrays"],
  [
    "no array",
    changed("0100000000000000c9", "0000000000000000c9"),
    "expected one array of two dimensions, got no array",
  ],
  [
    "two matrices",
    `${LIST.slice(0, 32)}0200000000000000${`${V2}${CPU_FLOAT32}${SIX}`.repeat(2)}${NO_NAMES}`,
    "got 2 × 3, 2 × 3",
  ],
  ["an unknown version", changed("c9fa93f9", "cbfa93f9"), "an array is of an unknown version"],
  ["a sparse array", changed("c9fa93f900000000", "c9fa93f901000000"), "an array is sparse"],
  ["too many dimensions", changed("c9fa93f90000000002", "c9fa93f90000000021"), "more than 32 dimensions"],
  ["a negative number of dimensions", changed("c9fa93f90000000002000000", "c9fa93f900000000ffffffff"), "32 dimensions"],
  [
    "a length that overflows",
    changed("02000000000000000300000000000000", "00000000010000000000000001000000"),
    "more than 16,777,216",
  ],
  [
    "a negative length",
    changed("02000000000000000300000000000000", "0200000000000000ffffffffffffffff"),
    "more than 16,777,216",
  ],
  [
    "more data than bytes",
    changed("02000000000000000300000000000000", "02000000000000000000100000000000"),
    "it is cut short",
  ],
  [
    "integers",
    changed(CPU_FLOAT32 + SIX, `010000000000000004000000${SIX}`),
    "an array is of type 4, not float32 or float64",
  ],
])("refuses %s", (_, hex, message) => expect(() => read(hex)).toThrow(message));
