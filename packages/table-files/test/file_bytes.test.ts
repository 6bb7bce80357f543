import { statSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import { openBytes, UnreadableError } from "@keyspaces-segmentation/table-files";
import { filesForTests } from "./support/folder.js";

const file = filesForTests();
const TEXT = Array.from({ length: 200_000 }, (_each, i) => `${i},${(i * 7919) % 1009}\n`).join("");

async function allOf(path: string, gzip: boolean): Promise<{ text: string; counted: number }> {
  const pieces: Uint8Array[] = [];
  let counted = 0;
  const onBytes = (count: number) => {
    counted += count;
  };
  for await (const piece of openBytes(path, { gzip, onBytes })) pieces.push(piece);
  return { text: Buffer.concat(pieces).toString(), counted };
}

test.each([
  ["as they are", false, Buffer.from(TEXT)],
  ["unpacked", true, gzipSync(TEXT)],
  [
    "of several members",
    true,
    Buffer.concat([gzipSync(TEXT.slice(0, 999_999)), gzipSync(""), gzipSync(TEXT.slice(999_999))]),
  ],
])("all bytes come %s, and those of the file are counted", async (_what, gzip, bytes) => {
  const path = file("table", bytes);
  expect(await allOf(path, gzip)).toEqual({ text: TEXT, counted: statSync(path).size });
});

test("the pieces are few: a load that looks its rows up waits for its table at each", async () => {
  const piecesOf = async (bytes: string | Uint8Array, gzip: boolean) => {
    let pieces = 0;
    for await (const _ of openBytes(file("pieces", bytes), { gzip })) pieces++;
    return pieces;
  };
  const least = (length: number) => Math.ceil(length / 65_536);
  expect(await piecesOf(TEXT, false)).toBe(least(TEXT.length));
  const packed = gzipSync(TEXT);
  // What is unpacked of each piece of the file ends with a shorter one.
  expect(await piecesOf(packed, true)).toBeLessThanOrEqual(least(TEXT.length) + least(packed.length));
});

const flipped = (bytes: Uint8Array, at: number) => Uint8Array.from(bytes, (byte, i) => (i === at ? byte ^ 0xff : byte));

test.each([
  ["ends early", gzipSync(TEXT).subarray(0, 200_000), "the gzip file ends in the middle of its data", true],
  ["lacks its last byte", gzipSync(TEXT).subarray(0, -1), "the gzip file ends in the middle of its data", true],
  ["is damaged", flipped(gzipSync(TEXT), 150_000), "the gzip file is damaged (", false],
  [
    "has a wrong check sum",
    flipped(gzipSync(TEXT), gzipSync(TEXT).length - 6),
    "the gzip file is damaged (incorrect data check)",
    false,
  ],
])("a gzip that %s is told, and whether what came before is right", async (_what, bytes, message, isOnlyCut) => {
  const error = await allOf(file("table.gz", bytes), true).catch((thrown: Error) => thrown);
  expect(String(error)).toContain(`Could not unpack table.gz: ${message}`);
  expect(error instanceof UnreadableError).toBe(isOnlyCut);
});

test("a file that the system does not let one read is unreadable", async () => {
  await expect(allOf(`${file("gone", "")}-no`, false)).rejects.toBeInstanceOf(UnreadableError);
});

test("the reading can be stopped, and given up", async () => {
  for (const gzip of [true, false]) {
    const path = file("long", gzip ? gzipSync(TEXT) : TEXT);
    const stop = new AbortController();
    const stopped = (async () => {
      for await (const _piece of openBytes(path, { gzip, signal: stop.signal })) stop.abort(new Error("enough"));
    })();
    await expect(stopped).rejects.toThrow("enough");
    for await (const piece of openBytes(path, { gzip })) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
  }
});
