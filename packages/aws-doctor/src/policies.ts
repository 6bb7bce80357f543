import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Statement } from "./check.js";

/** What policies leave open, by the name that stands between `${` and `}` in them. */
export type PolicyValues = Readonly<Record<string, string>>;

/** @throws Error naming a placeholder that there is no value for */
function filled(text: string, values: PolicyValues): string {
  return text.replace(/\$\{([\w:]+)\}/g, (_, placeholder: string) => {
    const value = values[placeholder];
    if (value === undefined) throw new Error(`A policy needs a value for ${placeholder}`);
    // Inside a JSON string.
    return JSON.stringify(value).slice(1, -1);
  });
}

/**
 * The statements of a policy in a folder, with its placeholders filled in as CloudFormation fills them in.
 *
 * @param name of the file, without `.json`
 */
export function statementsOf(folder: string, name: string, values: PolicyValues): readonly Statement[] {
  const document = JSON.parse(filled(readFileSync(join(folder, `${name}.json`), "utf8"), values));
  return (document as { Statement: Statement[] }).Statement;
}
