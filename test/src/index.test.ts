import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";

/** Declaration files that a file reaches by its imports. */
function reachedFrom(file: string, seen: Set<string> = new Set()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  for (const [, path] of text.matchAll(/from "(\.[^"]+)\.js"/g)) reachedFrom(join(dirname(file), `${path}.d.ts`), seen);
  for (const [, part] of text.matchAll(/from "@keyspaces-segmentation\/([\w-]+)"/g)) {
    reachedFrom(join(ROOT, "packages", part!, "dist", "index.d.ts"), seen);
  }
  return seen;
}

test("a notebook's first cell need not read the types of the AWS SDK, which takes its compiler seconds", () => {
  const reached = [...reachedFrom(join(ROOT, "dist", "src", "index.d.ts"))];
  expect(reached.length).toBeGreaterThan(20);
  expect(reached.filter((file) => readFileSync(file, "utf8").includes("@aws-sdk/"))).toEqual([]);
});
