import { describe, expect, test } from "@jest/globals";
import { readRecords, writeLabels } from "@keyspaces-segmentation/aws-local/dist/sagemaker/record_io/record.js";

const bytes = (hex: string): Buffer => Buffer.from(hex.replace(/\s/g, ""), "hex");
const dense12 = "0a23d7ce 18000000 0a160a0676616c756573120c120a0a080000803f00000040";

describe("records are read as SageMaker's own writer (record_pb2 with protobuf) writes them", () => {
  test.each<[what: string, hex: string, rows: number[][]]>([
    ["dense", dense12, [[1, 2]]],
    [
      "dense, with a uid and padding",
      "0a23d7ce 21000000 0a1a0a0676616c7565731210120e0a0c0000803f00000040000040401a03632d31 000000",
      [[1, 2, 3]],
    ],
    ["float64", "0a23d7ce 18000000 0a160a0676616c756573120c1a0a0a08000000000000f83f", [[1.5]]],
    [
      "sparse",
      "0a23d7ce 1a000000 0a180a0676616c756573120e120c0a040000e0401201031a010a 0000",
      [[0, 0, 0, 7, 0, 0, 0, 0, 0, 0]],
    ],
    [
      "several",
      `${dense12} ${dense12}`,
      [
        [1, 2],
        [1, 2],
      ],
    ],
    ["nothing", "", []],
  ])("%s", (_what, hex, rows) => expect(readRecords(bytes(hex))).toEqual(rows));
});

describe("by the formats' specifications", () => {
  /** A record whose `values` is this Value message, framed. */
  const framed = (value: string): Buffer => {
    const inner = bytes(value);
    const entry = Buffer.concat([bytes("0a0676616c75657312"), Buffer.from([inner.length]), inner]);
    const payload = Buffer.concat([bytes("0a"), Buffer.from([entry.length]), entry]);
    const head = Buffer.alloc(8);
    head.writeUInt32LE(0xced7230a, 0);
    head.writeUInt32LE(payload.length, 4);
    return Buffer.concat([head, payload, Buffer.alloc(-payload.length & 3)]);
  };

  test.each<[what: string, value: string, row: number[]]>([
    ["int32, a negative one too", "3a0d 0a0b 05 ffffffffffffffffff01", [5, -1]],
    ["float32 that is not packed", "120a 0d0000803f 0d00000040", [1, 2]],
    ["float64 that no float32 holds is rounded", "1a0a 0a08 9a9999999999b93f", [Math.fround(0.1)]],
    ["sparse without any value", "1203 1a0103", [0, 0, 0]],
    ["the last of several kinds", "1a0a0a08000000000000f83f 12060a040000803f", [1]],
  ])("%s", (_what, value, row) => expect(readRecords(framed(value))).toEqual([row]));

  test.each<[what: string, value: string, message: RegExp]>([
    [
      "a key outside the shape",
      "120a 0a040000e040 1201 09 1a0103".replace("120a", "120c"),
      /Key 9 is outside the shape 3/,
    ],
    ["keys without a shape", "1209 0a040000e040 120103", /has no shape/],
    ["more keys than values", "120d 0a040000e040 12020001 1a0103", /2 keys for 1 values/],
    ["a shape of a billion", "120f 0a040000e040 120100 1a04ffffff7f", /has the shape/],
    ["bytes", "4a03 0a0100", /no numbers/],
    ["half a float", "1205 0a03000000", /a number is cut off/],
    ["a field that is cut off", "12ff", /no Record message/],
  ])("%s fails", (_what, value, message) => {
    expect(() => readRecords(framed(value))).toThrow(
      expect.objectContaining({ kind: "ClientError", message: expect.stringMatching(message) }),
    );
  });

  test("a record in parts is put together, with the magic number that was between them", () => {
    // The features are the magic number itself as a float, cut out at its place by dmlc's writer.
    const payload = framed("12060a040a23d7ce").subarray(8);
    const cut = payload.indexOf(bytes("0a23d7ce"));
    const part = (flag: number, content: Buffer) => {
      const head = Buffer.alloc(8);
      head.writeUInt32LE(0xced7230a, 0);
      head.writeUInt32LE(((flag << 29) >>> 0) + content.length, 4);
      return Buffer.concat([head, content, Buffer.alloc(-content.length & 3)]);
    };
    const length = 2 + (payload[1] ?? 0);
    const file = Buffer.concat([part(1, payload.subarray(0, cut)), part(3, payload.subarray(cut + 4, length))]);
    expect(readRecords(file)).toEqual([[bytes("0a23d7ce").readFloatLE()]]);
    expect(() => readRecords(part(3, payload))).toThrow(/parts do not fit/);
    expect(() => readRecords(part(1, payload))).toThrow(/cut off/);
  });
});

test.each([
  ["CSV", Buffer.from("1,2,3\n4,5,6\n"), "The Record IO header does not start with the magic number."],
  ["half a header", bytes("0a23d7ce 1800"), "The Record IO header is cut off."],
  ["half a record", bytes(dense12).subarray(0, 20), "The Record IO record is cut off."],
  ["a record without features", bytes("0a23d7ce 00000000"), "It has no features named 'values'."],
])("%s fails", (_what, file, why) => {
  const message = `(Input Error) Unable to parse record: ${why}`;
  expect(() => readRecords(file)).toThrow(expect.objectContaining({ kind: "ClientError", message }));
});

test("an answer is written as SageMaker's own messages are", () => {
  const golden =
    "0a23d7ce 3e000000 121b0a0f636c6f736573745f636c7573746572120812060a040000a040" +
    "121f0a1364697374616e63655f746f5f636c7573746572120812060a0400001242 0000";
  expect(writeLabels({ closest_cluster: 5, distance_to_cluster: 36.5 })).toEqual(bytes(golden));
});

test("no bytes make the reader hang or throw anything but a ContainerFailure", () => {
  const good = bytes(dense12);
  for (let at = 0; at < good.length; at++) {
    for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
      const file = Buffer.from(good);
      file[at] = value;
      try {
        readRecords(file);
      } catch (error) {
        expect(error).toMatchObject({ name: "ContainerFailure" });
      }
    }
  }
});
