import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogueTable } from "@keyspaces-segmentation/keyspaces-local/dist/catalogue/catalogue.js";
import { ROOT } from "@keyspaces-segmentation/local-support";

/** Writes the table of rules into the README: `node dist/test/support/accept_rules.js`. */
const readme = join(ROOT, "packages/keyspaces-local/README.md");
const between = /(<!-- rules -->\n\n)[\s\S]*?(<!-- \/rules -->)/;
const text = readFileSync(readme, "utf8");
writeFileSync(
  readme,
  text.replace(between, (_, start: string, end: string) => `${start}${catalogueTable()}\n\n${end}`),
);
