import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { StepError } from "@keyspaces-segmentation/common";

interface Statement {
  readonly Sid: string;
  readonly Action: string | readonly string[];
}

/** The statement of a folder of policies that has an action: "DeleteEndpoint of scoring_policy.json". */
function statementWith(folder: string, action: string): string | undefined {
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith("_policy.json")) continue;
    const { Statement } = JSON.parse(readFileSync(join(folder, file), "utf8")) as { Statement: Statement[] };
    const found = Statement.find(({ Action }) => [Action].flat().includes(action));
    if (found) return `${found.Sid} of ${file}`;
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
  const statement = action === undefined ? undefined : statementWith(folder, action);
  return statement === undefined ? failure : failure.withHint(`${action} is in the statement ${statement}.`);
}
