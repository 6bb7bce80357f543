import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { gocqlTable } from "./drivers/gocql_suite.js";
import { nodeTable } from "./drivers/node_suite/suite.js";
import { driversTable } from "./drivers/table.js";
import { optionsTable } from "./tool/options_table.js";

const readme = readFileSync(join(ROOT, "packages", "keyspaces-local", "README.md"), "utf8");
const between = (name: string): string[] | undefined =>
  new RegExp(`<!-- ${name} -->\\n+([\\s\\S]*?)\\n+<!-- /${name} -->`).exec(readme)?.[1]?.split("\n");

test("the README's table of options is the one of their declarations", () => {
  expect(between("options")).toEqual(optionsTable().split("\n"));
});

test("the README's tables of drivers are what their suites hold them to", () => {
  expect(between("drivers")).toEqual(driversTable().split("\n"));
  expect(between("gocql")).toEqual(gocqlTable().split("\n"));
  expect(between("node")).toEqual(nodeTable().split("\n"));
});
