import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "node:util";
import { ROOT } from "@keyspaces-segmentation/local-support";

/** What a line of an example logs, and what its comment says that it logs, by line of the file. */
export interface ExampleOutput {
  readonly logged: string[];
  readonly stated: string[];
}

const AsyncFunction = (async () => undefined).constructor as new (...code: string[]) => (...args: unknown[]) => unknown;

/**
 * Runs the first JavaScript example of a part's README as it stands there.
 *
 * @param replace what is another here than with a reader: names of files, where to connect
 */
export async function runReadmeExample(
  part: string,
  replace: Readonly<Record<string, string>> = {},
): Promise<ExampleOutput> {
  const readme = readFileSync(join(ROOT, "packages", part, "README.md"), "utf8");
  let code = /```js\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  for (const [before, after] of Object.entries(replace)) {
    if (!code.includes(before)) throw new Error(`the example of ${part} does not have ${before}`);
    code = code.replaceAll(before, after);
  }
  const stated = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text = ""]) => text);
  const body = code.replace(/^import (\{[^}]*\}) from ("[^"]+");$/gm, "const $1 = require($2);");
  const logged: string[] = [];
  const log = { log: (...values: unknown[]) => logged.push(format(...values)) };
  await new AsyncFunction("require", "console", body)(require, log);
  return { logged, stated };
}
