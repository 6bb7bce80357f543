import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { definitionRules } from "../../local/keyspaces/definition_rules.js";
import { batchRules, consistencyRules, dataRules, statementRules } from "../../local/keyspaces/rules.js";
import { ROOT } from "../../local/paths.js";

test("the table of what is enforced names every rule of the gateway", () => {
  const rows = readFileSync(join(ROOT, "local", "README.md"), "utf8").split("\n");
  const named = new Set(rows.map((row) => row.split("|")[1]?.trim()));
  const rules = [consistencyRules, dataRules, batchRules, statementRules, definitionRules].flatMap((list) => [...list]);
  expect(rules.length).toBeGreaterThan(20);
  expect(rules.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
});
