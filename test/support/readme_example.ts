import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { format } from "node:util";
import { ROOT } from "@keyspaces-segmentation/local-support";

/** What the lines of an example log, and what their comments say that they log. */
export interface ExampleOutput {
  readonly logged: string[];
  readonly stated: string[];
}

/** An asynchronous function of its text, which no literal names. */
const AsyncFunction = (async () => undefined).constructor as new (...code: string[]) => (...args: unknown[]) => unknown;

/**
 * Runs the first example of a part's README as it stands there, as somebody would who has that part alone.
 *
 * @param replace what is another here than with a reader: names of files, where to connect
 * @throws Error where there is none, or it lacks what is to be replaced; what the example throws
 */
export async function runReadmeExample(
  part: string,
  replace: Readonly<Record<string, string>> = {},
): Promise<ExampleOutput> {
  const folder = join(ROOT, "packages", part);
  let code = /```[jt]s\n([\s\S]*?)```/.exec(readFileSync(join(folder, "README.md"), "utf8"))?.[1];
  if (code === undefined) throw new Error(`The README of ${part} has no example`);
  for (const [before, after] of Object.entries(replace)) {
    if (!code.includes(before)) throw new Error(`The example of ${part} does not have ${before}`);
    code = code.replaceAll(before, after);
  }
  const stated = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, text = ""]) => text);
  const body = code.replace(/^import (\{[^}]*\}) from (["'][^"']+["']);$/gm, "const $1 = require($2);");
  const logged: string[] = [];
  const log = { log: (...values: unknown[]) => logged.push(format(...values)) };
  await new AsyncFunction("require", "console", body)(createRequire(join(folder, "package.json")), log);
  return { logged, stated };
}
