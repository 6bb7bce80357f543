import { describe, expect, test } from "@jest/globals";
import {
  batchesOf,
  PayloadTooLarge,
  splitRecords,
} from "@keyspaces-segmentation/aws-local/dist/sagemaker/transform/split.js";

const texts = (buffers: Iterable<Buffer>) => [...buffers].map((each) => each.toString());
const batches = (records: string[], limit: number, separator = "\n", single = false) =>
  [
    ...batchesOf(
      records.map((each) => Buffer.from(each)),
      { limit, separator, single },
    ),
  ].map(texts);

test("lines are records, whatever ends them, and blank ones are none", () => {
  expect(texts(splitRecords(Buffer.from("a,1\r\nb,2\n\nc,3"), "Line"))).toEqual(["a,1", "b,2", "c,3"]);
});

test("without a split the object is one record", () => {
  expect(texts(splitRecords(Buffer.from("a\nb"), "None"))).toEqual(["a\nb"]);
});

describe("batches", () => {
  test("hold as many records as fit, separators included", () => {
    expect(batches(["aa", "bb", "cc"], 5)).toEqual([["aa", "bb"], ["cc"]]);
    expect(batches(["aa", "bb", "cc"], 4)).toEqual([["aa"], ["bb"], ["cc"]]);
    expect(batches(["aa", "bb", "cc"], 4, "")).toEqual([["aa", "bb"], ["cc"]]);
    expect(batches(["aa", "bb", "cc"], 8)).toEqual([["aa", "bb", "cc"]]);
  });
  test("hold one record where that is asked for", () =>
    expect(batches(["a", "b"], 9, "\n", true)).toEqual([["a"], ["b"]]));
  test("are none of no records", () => expect(batches([], 9)).toEqual([]));
  test("cannot hold a record larger than a request", () => {
    expect(() => batches(["aaa"], 2)).toThrow(PayloadTooLarge);
  });
});
