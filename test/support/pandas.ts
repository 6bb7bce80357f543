import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "@keyspaces-segmentation/local-support";

const run = promisify(execFile);
const python = join(ROOT, ".cache", "python", "bin", "python");

/** What a program of test/fixtures prints; needs what `node setup.mjs --peers` installs. */
export async function askPandas<T>(program: string, ...args: string[]): Promise<T> {
  const { stdout } = await run(python, [join(ROOT, "test", "fixtures", program), ...args], { maxBuffer: 2 ** 26 });
  return JSON.parse(stdout) as T;
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
