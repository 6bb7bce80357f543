import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "../local/arguments.js";

export interface BenchOptions {
  /** How much data. */
  readonly rows: number;
  /** How often each program runs; figures are medians. */
  readonly rounds: number;
  /** Where all figures go for programs to read. */
  readonly json: string | null;
}

/** How a benchmark is called. @param what `rows` counts */
export function usageOfBench(
  name: string,
  what: string,
  { rows, rounds }: Pick<BenchOptions, "rows" | "rounds">,
): string {
  return [
    `npm run bench ${name} -- [--rows N] [--rounds N] [--json FILE]`,
    `  --rows    ${what} (default: ${rows})`,
    `  --rounds  how often each program runs; figures are medians (default: ${rounds})`,
    "  --json    writes the figures to this file as well",
  ].join("\n");
}

/** Reads the options of a benchmark; paths are relative to `cwd`. @throws UsageError */
export function readBenchOptions(
  args: string[],
  cwd: string,
  defaults: Pick<BenchOptions, "rows" | "rounds">,
): BenchOptions {
  const { rows, rounds, json } = parsed(args);
  return {
    rows: rows === undefined ? defaults.rows : natural("rows", rows),
    rounds: rounds === undefined ? defaults.rounds : natural("rounds", rounds),
    json: json === undefined ? null : resolve(cwd, json),
  };
}

function parsed(args: string[]): { rows?: string; rounds?: string; json?: string } {
  const text = { type: "string" } as const;
  try {
    return parseArgs({ args, options: { rows: text, rounds: text, json: text } }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** @throws UsageError naming the option */
export function natural(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`Expected \`--${name}\` to be a positive whole number, got ${JSON.stringify(text)}`);
}
