import { expect, test } from "@jest/globals";
import { matrixOf } from "@keyspaces-segmentation/kmeans";
import { rowsToRecordIo } from "@keyspaces-segmentation/sagemaker-kmeans/dist/record_io.js";

const hexOf = (rows: readonly (readonly number[])[]): string =>
  Buffer.from(rowsToRecordIo(matrixOf(rows), Uint32Array.from(rows.keys()))).toString("hex");

// Made with SageMaker's own record_pb2 and protobuf. The second was made with a uid, which is left out here.
const ONE_TWO = "0a23d7ce180000000a160a0676616c756573120c120a0a080000803f00000040";
const ONE_TWO_THREE = "0a23d7ce1c0000000a1a0a0676616c7565731210120e0a0c0000803f0000004000004040";

test("frames are those of SageMaker's own writer", () => {
  expect(hexOf([[1, 2]])).toBe(ONE_TWO);
  expect(hexOf([[1, 2, 3]])).toBe(ONE_TWO_THREE);
  expect(
    hexOf([
      [1, 2],
      [0, 0],
      [1, 2],
    ]),
  ).toBe(ONE_TWO + ONE_TWO.slice(0, -16) + "0".repeat(16) + ONE_TWO);
});

/** Frames and protobuf read as their specifications say, by no code of ours: field number and bytes of each field. */
function* framesOf(bytes: Buffer): Generator<Buffer> {
  const magic = Buffer.from("0a23d7ce", "hex");
  let parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    expect(bytes.subarray(at, at + 4)).toEqual(magic);
    const word = bytes.readUInt32LE(at + 4);
    const length = word % 2 ** 29;
    const flag = Math.floor(word / 2 ** 29);
    if (flag === 2 || flag === 3) parts.push(magic);
    parts.push(bytes.subarray(at + 8, at + 8 + length));
    const end = at + 8 + Math.ceil(length / 4) * 4;
    expect(bytes.subarray(at + 8 + length, end).every((byte) => byte === 0)).toBe(true);
    at = end;
    if (flag === 1 || flag === 2) continue;
    yield Buffer.concat(parts);
    parts = [];
  }
  expect(parts).toEqual([]);
}

function fieldsOf(message: Buffer): [number, Buffer][] {
  const fields: [number, Buffer][] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let power = 1; ; power *= 128) {
      const byte = message[at++]!;
      value += (byte % 128) * power;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    expect(tag % 8).toBe(2);
    const length = varint();
    fields.push([Math.floor(tag / 8), message.subarray(at, at + length)]);
    at += length;
  }
  return fields;
}

function featuresOf(record: Buffer): number[] {
  const [[feature, entry]] = fieldsOf(record) as [[number, Buffer]];
  const [[key, name], [value, wrapped]] = fieldsOf(entry) as [[number, Buffer], [number, Buffer]];
  const [[float32, tensor]] = fieldsOf(wrapped) as [[number, Buffer]];
  const [[values, floats], ...others] = fieldsOf(tensor) as [[number, Buffer]];
  expect([feature, key, name.toString(), value, float32, values, others]).toEqual([1, 1, "values", 2, 2, 1, []]);
  return Array.from({ length: floats.length / 4 }, (_, i) => floats.readFloatLE(4 * i));
}

const read = (bytes: Uint8Array) => [...framesOf(Buffer.from(bytes))].map(featuresOf);

test.each([1, 3, 31, 32, 33, 5000])("%i columns come back, in the order asked for", (columns) => {
  const row = (i: number) => Array.from({ length: columns }, (_, j) => Math.fround(i + j / 7));
  const written = rowsToRecordIo(matrixOf([row(0), row(1), row(2)]), Uint32Array.of(2, 0));
  expect(read(written)).toEqual([row(2), row(0)]);
});

test("a number that looks like the start of a frame does not start one", () => {
  const magic = Buffer.from("0a23d7ce", "hex").readFloatLE();
  // In columns of 4 bytes behind a header of 18 to 24, so that of some widths the number stands where a reader looks for frames.
  for (let columns = 1; columns <= 40; columns++) {
    const plain = Array.from({ length: columns }, (_, j) => j);
    const rows = [plain, plain.map(() => magic), plain, plain.map((j) => (j % 3 ? j : magic))];
    const written = Buffer.from(rowsToRecordIo(matrixOf(rows), Uint32Array.of(0, 1, 2, 3)));
    expect(read(written)).toEqual(rows);
    for (let at = 0; at < written.length; at += 4) {
      if (written.readUInt32LE(at) !== 0xced7230a) continue;
      // Every magic number at a multiple of four is followed by a length that leads to the next one.
      const next = at + 8 + Math.ceil((written.readUInt32LE(at + 4) % 2 ** 29) / 4) * 4;
      expect(next === written.length || written.readUInt32LE(next) === 0xced7230a).toBe(true);
    }
  }
});
