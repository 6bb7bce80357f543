import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";

interface Locked {
  name?: string;
  version?: string;
}

test("the reader of workbooks that danfo brings is not the one with known vulnerabilities", () => {
  const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
    packages: Record<string, Locked>;
  };
  const readers = Object.entries(packages)
    .filter(([path, { name }]) => /(^|\/)xlsx$/.test(name ?? path))
    .map(([path, { name, version }]) => [path, name, version]);
  // CVE-2023-30533 (prototype pollution) and CVE-2024-22363 (regular expressions that run away) are in all of the npm package `xlsx`; 0.20.2 mends both.
  expect(readers).toEqual([["node_modules/xlsx", "@e965/xlsx", "0.20.3"]]);
});
