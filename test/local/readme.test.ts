import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { definitionRules } from "../../local/keyspaces/definition_rules.js";
import { sizeRules } from "../../local/keyspaces/row_size.js";
import { batchRules, consistencyRules, dataRules, statementRules } from "../../local/keyspaces/rules.js";
import { ROOT } from "../../local/paths.js";

/** What the gateway does, or does not do, otherwise than by refusing a statement for its text or its values. */
const notRules = [
  "TLS",
  "SigV4: key, secret, region, nonce, session token, date within 15 minutes",
  "principal without permissions",
  "service-specific credentials (user and password)",
  "protocol v3 and v4, no compression",
  "log-in within 10 seconds",
  "custom properties, tags, auto scaling, cdc",
  "asynchronous DDL",
  "system tables",
  "CQL that Cassandra 4 and 5 added (`SELECT k + 1`)",
  "requests on a connection: 3,000 a second",
  "capacity of a table: 40,000 units a second, or as PROVISIONED",
  "capacity of a partition: 1,000 write and 3,000 read units a second",
  "range delete of more than 1,000 rows",
  "pages of at most 1 MB",
  "short and empty pages",
  "load balancers in system.peers, 127.0.0.1 in system.local",
];

test("the table of what is enforced names every rule of the gateway, and nothing else", () => {
  const readme = readFileSync(join(ROOT, "local", "README.md"), "utf8");
  const section = readme.slice(readme.indexOf("## Amazon Keyspaces"), readme.indexOf("## STS"));
  const rows = section.split("\n").filter((row) => /^\| .* \| [✓◐✗] \|/u.test(row));
  const named = rows.map((row) => row.split("|")[1]!.trim());
  const lists = [consistencyRules, dataRules, batchRules, statementRules, definitionRules, sizeRules];
  const rules = lists.flatMap((list: readonly { name: string }[]) => list.map(({ name }) => name));
  expect(rules.length).toBeGreaterThan(20);
  expect(named.toSorted()).toEqual([...rules, ...notRules].toSorted());
});
