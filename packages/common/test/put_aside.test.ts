import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { putAside, StepError } from "@keyspaces-segmentation/common";

const folder = mkdtempSync(join(tmpdir(), "put-aside-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("gives back what was put aside, wherever it was", () => {
  const aside = putAside("numbers", folder);
  for (let piece = 0; piece < 50; piece++) aside.append(Uint8Array.from({ length: 1000 }, (_, i) => (piece + i) % 256));
  const into = new Uint8Array(300);
  aside.read(7850, into);
  expect([...into]).toEqual(
    Array.from({ length: 300 }, (_, i) => (i < 150 ? (7 + 850 + i) % 256 : (8 + i - 150) % 256)),
  );
  expect(() => aside.read(49_900, new Uint8Array(200))).toThrow("ends after 50000 bytes");
  aside.close();
});

test("leaves nothing in the folder, not even while it is there", () => {
  const aside = putAside("numbers", folder);
  expect(readdirSync(folder)).toEqual([]);
  aside.append(new Uint8Array(10));
  expect(readdirSync(folder)).toEqual([]);
  aside.close();
  aside.close();
  expect(readdirSync(folder)).toEqual([]);
  expect(() => aside.append(new Uint8Array(10))).toThrow("it is closed");
  expect(() => aside.read(0, new Uint8Array(10))).toThrow("it is closed");
});

test("says where it could not be written", () => {
  const aside = putAside("what tells lines that come again", join(folder, "missing"));
  expect(() => aside.append(new Uint8Array(1))).toThrow(StepError);
  expect(() => aside.append(new Uint8Array(1))).toThrow(
    /Could not write what tells lines that come again to .*missing/,
  );
});
