import { type AccessCode, accessEntries } from "./access.js";
import { type DefinitionCode, definitionEntries } from "./definitions.js";
import type { CatalogueEntry, Status } from "./entry.js";
import { type LimitCode, limitEntries } from "./limits.js";
import { type StatementCode, statementEntries } from "./statements.js";

/** Stands for a rule for good: refusals end with it, in brackets. */
export type RuleCode = AccessCode | StatementCode | DefinitionCode | LimitCode;

/** Every rule of Amazon Keyspaces that this gateway knows of, by its code: what the README's table is made of. */
export const catalogue: Readonly<Record<RuleCode, CatalogueEntry>> = {
  ...accessEntries,
  ...statementEntries,
  ...definitionEntries,
  ...limitEntries,
};

const marks: Readonly<Record<Status, string>> = { enforced: "✓", partly: "◐", not: "✗" };

/** The catalogue as a table in Markdown, as it stands between two marks in the README; `test/support/accept_rules.ts` puts it there. */
export function catalogueTable(): string {
  const rows = Object.entries(catalogue).map(([code, { what, status, source, remark }]) => {
    const where = source === undefined ? "" : `[${nameOf(source)}](${source})`;
    return `| \`${code}\` | ${what} | ${marks[status]} | ${remark} | ${where} |`.replaceAll("  ", " ");
  });
  return ["| code | rule | | remarks | source |", "|---|---|---|---|---|", ...rows].join("\n");
}

/** The last part of an address, without what it ends in. */
const nameOf = (address: string): string => address.slice(address.lastIndexOf("/") + 1).replace(/\.(html|spec)$/, "");
