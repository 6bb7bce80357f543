import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { sampleFile } from "@keyspaces-segmentation/table-files";
import { filesForTests } from "./support/folder.js";

const file = filesForTests();
/** Up to this size a file is taken whole. */
const WHOLE = 5 * 2 ** 19;
const WINDOWS = 256;
const PIECE = 2 ** 17;

/** So many bytes of which each four tell where they are, and which do not pack to nothing. */
function bytes(length: number): Buffer {
  const all = Buffer.alloc(length + 4);
  for (let at = 0; at < length; at += 4) all.writeUInt32LE(Math.imul(at, 2654435761) >>> 0, at);
  return all.subarray(0, length);
}

test.each([0, 1, 5000, WHOLE])("of %p bytes all are taken, packed or not", async (size) => {
  const content = bytes(size);
  for (const packed of [content, gzipSync(content, { level: 1 })]) {
    // A text to begin with: what these bytes are by their first must not matter here.
    const sample = await sampleFile(file("whole", packed));
    expect([sample.size, sample.whole, sample.pieces.length]).toEqual([size, true, 1]);
    expect(content.equals(sample.pieces[0]!.bytes)).toBe(true);
  }
});

test.each([
  ["just larger", WHOLE + 1],
  ["of an odd size", 4 * WHOLE + 7],
  ["of an even size", 3 * WHOLE],
])("of a file %s pieces are taken all over, each from an even place, the last with its end", async (_what, size) => {
  const content = bytes(size);
  for (const packed of [content, gzipSync(content, { level: 1 })]) {
    const { pieces, whole, size: told } = await sampleFile(file("large", packed));
    expect([told, whole]).toEqual([size, false]);
    let before = 0;
    for (const { bytes: piece, offset } of pieces) {
      expect(offset % 2).toBe(0);
      expect(offset).toBeGreaterThanOrEqual(before);
      expect(content.subarray(offset, offset + piece.length).equals(piece)).toBe(true);
      before = offset + piece.length;
    }
    expect([pieces[0]?.offset, pieces[0]?.bytes.length, before]).toEqual([0, PIECE, size]);
    expect(pieces.at(-1)!.bytes.length).toBeGreaterThanOrEqual(PIECE);
    if (packed !== content) {
      expect(pieces.length).toBeGreaterThan(20);
      continue;
    }
    expect(pieces).toHaveLength(WINDOWS + 2);
    const gaps = pieces.map(({ offset }, at) => (pieces[at + 1]?.offset ?? size) - offset);
    expect(Math.max(...gaps.slice(1))).toBeLessThan(size / WINDOWS + PIECE);
    expect(Math.max(...gaps.slice(1, -2))).toBeLessThanOrEqual(size / WINDOWS + 2);
  }
});

test("a large gzip that ends early is told", async () => {
  const packed = gzipSync(bytes(4 * WHOLE), { level: 1 });
  const path = file("short.gz", packed.subarray(0, packed.length - 10));
  await expect(sampleFile(path)).rejects.toThrow("the gzip file ends in the middle of its data");
});
