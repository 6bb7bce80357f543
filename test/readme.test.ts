import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";

const readme = readFileSync(join(ROOT, "README.md"), "utf8");
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { scripts: Record<string, string> };

test("the README names no command that is not there", () => {
  const named = [...readme.matchAll(/npm (?:run ([a-z:]+)|(start|test))\b/g)].map(([, name, short]) => name ?? short!);
  expect(named).toEqual(expect.arrayContaining(["start", "studio", "share", "test"]));
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});
