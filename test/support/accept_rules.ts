import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogueTable } from "@keyspaces-segmentation/keyspaces-local/dist/catalogue/catalogue.js";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { gocqlTable } from "../../packages/keyspaces-local/test/drivers/gocql_suite.js";
import { nodeTable } from "../../packages/keyspaces-local/test/drivers/node_suite/suite.js";
import { driversTable } from "../../packages/keyspaces-local/test/drivers/table.js";

/** Writes the tables of rules and of drivers into the README: `node dist/test/support/accept_rules.js`. */
const readme = join(ROOT, "packages/keyspaces-local/README.md");
const tables = { rules: catalogueTable(), drivers: driversTable(), gocql: gocqlTable(), node: nodeTable() };
let text = readFileSync(readme, "utf8");
for (const [name, table] of Object.entries(tables)) {
  const between = new RegExp(`(<!-- ${name} -->\\n\\n)[\\s\\S]*?(<!-- /${name} -->)`);
  text = text.replace(between, (_, start: string, end: string) => `${start}${table}\n\n${end}`);
}
writeFileSync(readme, text);
