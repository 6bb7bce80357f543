import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { optionsTable } from "./tool/options_table.js";

test("the README's table of options is the one of their declarations", () => {
  const readme = readFileSync(join(ROOT, "packages", "keyspaces-local", "README.md"), "utf8");
  const [, table] = /<!-- options -->\n([\s\S]*?)\n<!-- \/options -->/.exec(readme) ?? [];
  expect(table?.split("\n")).toEqual(optionsTable().split("\n"));
});
