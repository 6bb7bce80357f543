import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { format } from "node:util";
import { ROOT } from "@keyspaces-segmentation/local-support";

/** An asynchronous function of its text, which no literal names. */
const AsyncFunction = (async () => undefined).constructor as new (
  ...text: string[]
) => (...given: unknown[]) => Promise<void>;

/**
 * Runs the example in the README of a part as somebody would who has that part alone.
 *
 * @returns what it logs, and what the comments beside its `console.log` say that it logs
 * @throws Error where there is none; what the example throws
 */
export async function runExample(part: string): Promise<{ logged: string[]; said: string[] }> {
  const folder = join(ROOT, "packages", part);
  const [, code] = /```ts\n(.*?)```/s.exec(readFileSync(join(folder, "README.md"), "utf8")) ?? [];
  if (code === undefined) throw new Error(`The README of ${part} has no example`);
  const script = code.replace(/^import (\{.+\}) from (".+");$/gm, "const $1 = require($2);");
  const logged: string[] = [];
  const log = (...values: unknown[]) => logged.push(format(...values));
  await new AsyncFunction("require", "console", script)(createRequire(join(folder, "package.json")), { log });
  return { logged, said: [...code.matchAll(/^console\.log\(.*\); \/\/ (.+)$/gm)].map(([, text]) => text!) };
}
