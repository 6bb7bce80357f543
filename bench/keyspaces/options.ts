import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "../../local/arguments.js";

export interface KeyspacesOptions {
  /** Of the generated file. */
  readonly rows: number;
  /** How often each program runs. */
  readonly rounds: number;
  /** Where all figures go for programs to read. */
  readonly json: string | null;
}

export const KEYSPACES_USAGE: string =
  "npm run bench keyspaces -- [--rows N] [--rounds N] [--json FILE]\n" +
  "  --rows    rows of the generated file (default: 1000000)\n" +
  "  --rounds  how often each program runs; figures are medians (default: 3)\n" +
  "  --json    writes the figures of every run to this file as well";

/** Reads the options of `npm run bench keyspaces`; paths are relative to `cwd`. @throws UsageError */
export function parseKeyspacesOptions(args: string[], cwd: string): KeyspacesOptions {
  const { rows, rounds, json } = readOptions(args);
  return {
    rows: natural("rows", rows ?? "1000000"),
    rounds: natural("rounds", rounds ?? "3"),
    json: json === undefined ? null : resolve(cwd, json),
  };
}

function readOptions(args: string[]): { rows?: string; rounds?: string; json?: string } {
  try {
    return parseArgs({
      args,
      options: { rows: { type: "string" }, rounds: { type: "string" }, json: { type: "string" } },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function natural(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`Expected \`--${name}\` to be a positive whole number, got ${JSON.stringify(text)}`);
}
