import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { writeTogether } from "@keyspaces-segmentation/local-support/dist/whole_files.js";

const folder = mkdtempSync(join(tmpdir(), "whole-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string) => ({ path: join(folder, name), bytes: Buffer.from(text) });

test("files are replaced together, and where one cannot be written all stay as they were", () => {
  writeTogether([file("a", "1"), file("b", "1")]);
  writeTogether([file("a", "2"), file("b", "2")]);
  const contents = () => ["a", "b"].map((name) => readFileSync(join(folder, name), "utf8"));
  expect(contents()).toEqual(["2", "2"]);

  mkdirSync(join(folder, `c.${process.pid}.part`));
  expect(() => writeTogether([file("a", "3"), file("c", "3")])).toThrow("EISDIR");
  expect(contents()).toEqual(["2", "2"]);
  rmSync(join(folder, `c.${process.pid}.part`), { recursive: true });
  writeFileSync(join(folder, "blocks"), "");
  expect(() => writeTogether([file("b", "3"), file("blocks/d", "3")])).toThrow("ENOTDIR");
  expect(contents()).toEqual(["2", "2"]);
  expect(readdirSync(folder).sort()).toEqual(["a", "b", "blocks"]);
});
