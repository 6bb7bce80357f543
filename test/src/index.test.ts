import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { charts, keyspaces } from "../../src/index.js";

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

const never = undefined as never;

test("a step whose inputs a failed cell was to make says so, before anything happens", () => {
  const inputs = { preflight: {} as never, loaded: never };
  expect(() => keyspaces.read({} as never, {} as never, inputs, {} as never)).toThrow(
    "Could not run keyspaces.read: `loaded` has no value.",
  );
  expect(() => charts.loadHistory(never)).toThrow("Could not run charts.loadHistory: its first argument has no value.");
});
