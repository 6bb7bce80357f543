import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { UsageError } from "../local/arguments.js";
import type { DataSize } from "../local/data/sized.js";
import { natural } from "./options.js";
import { describeMachine } from "./print.js";
import { watchProcesses } from "./processes.js";
import { runProgram } from "./run_program.js";

/** The size of the real data's first year, and some. */
const DEFAULTS: DataSize = { lines: 600_000, customers: 5000 };

export const START_USAGE: string = [
  "npm run bench start -- [--lines N] [--customers N] [--json FILE]",
  `  --lines      lines of the generated file (default: ${DEFAULTS.lines})`,
  `  --customers  customers in it (default: ${DEFAULTS.customers})`,
  "  --json       writes the figures to this file as well",
].join("\n");

/** Looks at all processes of the machine are not free; one in so many samples will do. */
const EVERY = 10;

/**
 * `npm run bench start`: `npm start` on a generated file of full size, from beginning to end, in a folder of its own. Prints what it
 * said, how long it took, and the most memory that each of its processes had.
 *
 * @throws UsageError; Error when the run fails, or its ledger does not have every line
 */
export async function benchStart(args: string[], cwd: string, signal: AbortSignal): Promise<void> {
  const { json, ...size } = readOptions(args, cwd);
  const machine = describeMachine();
  const count = (value: number) => value.toLocaleString("en-US");
  console.log(`npm start, ${count(size.lines)} lines of ${count(size.customers)} customers, on ${machine}`);
  const directory = await mkdtemp(join(tmpdir(), "bench-start-"));
  const out = join(directory, "out");
  const processes = watchProcesses();
  let samples = 0;
  try {
    const options = ["--lines", String(size.lines), "--customers", String(size.customers), "--out", out];
    const program = {
      name: "npm start",
      command: process.execPath,
      args: [join(ROOT, "dist", "local", "cli.js"), "start", ...options],
    };
    const { output, wallSeconds } = await runProgram(program, undefined, signal, {
      environment: { ...process.env, LOCAL_STACK_DIRECTORY: join(directory, "local") },
      onSample: (pid) => {
        if (samples++ % EVERY === 0) processes.look(pid);
      },
    });
    console.log(output.trimEnd());
    checkBooks(join(out, "summary.json"), size);
    const peaks = processes.peaks();
    console.log(`\nexit code 0 after ${wallSeconds.toFixed(1)} s\n\npeak memory of each process, MB`);
    for (const { name, peakBytes } of peaks)
      console.log(`  ${count(Math.round(peakBytes / 1e6)).padStart(6)}  ${name}`);
    if (json !== null) {
      await writeFile(json, `${JSON.stringify({ machine, ...size, wallSeconds, processes: peaks }, null, 2)}\n`);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** @throws Error unless every generated line is stored or rejected */
function checkBooks(summary: string, { lines }: DataSize): void {
  if (!existsSync(summary)) throw new Error(`npm start left no ${summary}`);
  const { dataset, ledger } = JSON.parse(readFileSync(summary, "utf8")) as {
    dataset: { lines: number };
    ledger: { stored: number; rejected: number };
  };
  if (dataset.lines === lines && ledger.stored + ledger.rejected === lines) return;
  throw new Error(`Of ${lines} lines, ${ledger.stored} are stored and ${ledger.rejected} rejected`);
}

function readOptions(args: string[], cwd: string): DataSize & { json: string | null } {
  const text = { type: "string" } as const;
  let values: { lines?: string; customers?: string; json?: string };
  try {
    values = parseArgs({ args, options: { lines: text, customers: text, json: text } }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
  return {
    lines: values.lines === undefined ? DEFAULTS.lines : natural("lines", values.lines),
    customers: values.customers === undefined ? DEFAULTS.customers : natural("customers", values.customers),
    json: values.json === undefined ? null : resolve(cwd, values.json),
  };
}
