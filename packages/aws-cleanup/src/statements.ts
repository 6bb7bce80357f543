import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pluralForm, type StepError } from "@keyspaces-segmentation/common";

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
}

/** The policies of whoever asks, what everybody needs first. */
const OF_PEOPLE = ["notebook", "clean_up", "scoring", "spark", "key_use"].map((name) => `${name}_policy.json`);

/** The statements that have an action, of the first policy with one: "statement DeleteModel of clean_up_policy.json"; undefined where none has. */
function statementsWith(folder: string, action: string): string | undefined {
  for (const file of OF_PEOPLE) {
    if (!existsSync(join(folder, file))) continue;
    const { Statement } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { Statement: Statement[] };
    const found = Statement.filter(({ Action }) => [Action].flat().includes(action)).map(({ Sid }) => Sid);
    if (found.length > 0)
      return `${pluralForm(found.length, "statement", "statements")} ${found.join(" and ")} of ${file}`;
  }
  return undefined;
}

/** The same failure; where a permission was refused, with the statement that gives it. */
export function withStatement(failure: StepError, folder: string): StepError {
  const text = `${failure.message} ${failure.hint ?? ""}`;
  const [, action] =
    /not authorized to perform: ([\w-]+:\w+)/.exec(text) ??
    /\b((?:cassandra|s3|sagemaker|kms):[A-Z]\w+)/.exec(text) ??
    [];
  const statements = action === undefined ? undefined : statementsWith(folder, action);
  return statements === undefined ? failure : failure.withHint(`${action} is in the ${statements}.`);
}
