import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@keyspaces-segmentation/local-support";

const FOLDER = join(ROOT, "infra", "iam");

/** What the policies of infra/iam leave open, by the name that stands between `${` and `}` there. */
export type PolicyParameters = Readonly<Record<string, string>>;

/** The names of the policies and trust policies of infra/iam. */
export function policyNames(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".json"))
    .map((name) => name.slice(0, -".json".length))
    .sort();
}

/**
 * A policy of infra/iam with its placeholders filled in, as CloudFormation fills them in.
 *
 * @throws Error naming a placeholder that there is no value for
 */
export function renderPolicy(name: string, parameters: PolicyParameters): { Version: string; Statement: object[] } {
  const text = readFileSync(join(FOLDER, `${name}.json`), "utf8");
  const filled = text.replace(/\$\{([\w:]+)\}/g, (_, placeholder: string) => {
    const value = parameters[placeholder];
    if (value === undefined) throw new Error(`The policy ${name} needs a value for ${placeholder}`);
    // Inside a JSON string.
    return JSON.stringify(value).slice(1, -1);
  });
  return JSON.parse(filled) as { Version: string; Statement: object[] };
}
