import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll } from "@jest/globals";
import { guard, ROOT } from "@keyspaces-segmentation/local-support";

const python = join(ROOT, ".cache", "python", "bin", "python");

/** One process answers all questions of a suite: loading pandas takes longer than most answers. */
function startPython() {
  const child = spawn(python, [join(ROOT, "test", "fixtures", "answer.py")], { stdio: "pipe" });
  guard(child);
  let complaints = "";
  child.stderr.on("data", (text) => (complaints += text));
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout });
  const ended = once(child, "close").then(() => {
    throw new Error(complaints);
  });
  ended.catch(() => undefined);
  return {
    async ask(question: readonly string[]): Promise<string> {
      const answer = once(lines, "line");
      child.stdin.write(`${JSON.stringify(question)}\n`);
      return ((await Promise.race([answer, ended])) as [string])[0];
    },
    stop: () => child.kill(),
  };
}

let started: ReturnType<typeof startPython> | undefined;
afterAll(() => void started?.stop());
let last: Promise<unknown> = Promise.resolve();

/**
 * What a program of test/fixtures answers to these arguments; needs what `node setup.mjs --peers` installs.
 *
 * @param program its name, without `.py`
 */
export function askPandas<T>(program: string, ...args: string[]): Promise<T> {
  const asked = last.then(async () => {
    started ??= startPython();
    return JSON.parse(await started.ask([program, ...args])) as T;
  });
  // The next question waits its turn, whatever came of this one.
  last = asked.catch(() => undefined);
  return asked;
}

/** Does something with a file that holds this text, and removes the file. */
export async function withFile<T>(text: string, use: (file: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "pandas-"));
  try {
    const file = join(directory, "lines.csv");
    await writeFile(file, text);
    return await use(file);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
