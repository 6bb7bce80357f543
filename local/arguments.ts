import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import type { DataSize } from "./data/sized.js";

export interface StartArguments {
  /** A file of invoices; without one a data set is generated. */
  data: string | null;
  /** How much data to generate instead; without it, a small data set. */
  size?: DataSize;
  out: string;
  keep: boolean;
  /** Notebook parameters set from outside, as the environment variables the notebook reads. */
  parameters: Record<string, string>;
}

/** The notebook's parameter that `--out` sets. */
export const OUTPUT_DIRECTORY = "SEGMENTATION_OUTPUT_DIRECTORY";

/** A command line that cannot be carried out; its message is one line for the person who typed it. */
export class UsageError extends Error {}

const START_USAGE =
  "npm start -- [--data FILE] [--lines N] [--customers N] [--out DIR] [--param name=value]... [--keep]\n" +
  "  --data       a file of invoices, text or Excel workbook (without it, a data set is generated)\n" +
  "  --lines      how many lines to generate, always the same ones (default: about 16,000)\n" +
  "  --customers  of how many customers, one for 120 lines if not given\n" +
  "  --out        where the results go (default: out)\n" +
  "  --param      a parameter of the notebook, e.g. --param k=5 --param scaling=log_standard\n" +
  "  --keep       skip the notebook's clean-up, and keep tables and objects for the next start";

const resultsUsage = (command: string): string =>
  `npm run ${command} -- [--out DIR]\n  --out    the folder with the results of a run (default: out)`;

const UP_USAGE = "npm run local -- [--reset]\n  --reset  begin anew: tables and objects that were kept go";

export interface UpArguments {
  /** Whether what an earlier run has kept is cleared away first. */
  readonly reset: boolean;
}

/** Reads the options of `npm run local`. */
export function parseUpArguments(args: string[]): UpArguments {
  return { reset: readOptions(args, { reset: { type: "boolean" } }).reset ?? false };
}

/** How a command is called. */
export const usageOf = (command: string | undefined): string =>
  command === "up" ? UP_USAGE : command === "share" || command === "pictures" ? resultsUsage(command) : START_USAGE;

/** Reads the options of `npm start`; paths are relative to `cwd`, where they were typed. */
export function parseStartArguments(args: string[], cwd: string): StartArguments {
  const values = readOptions(args, {
    data: { type: "string" },
    lines: { type: "string" },
    customers: { type: "string" },
    out: { type: "string" },
    keep: { type: "boolean" },
    param: { type: "string", multiple: true },
  });
  const parameters: Record<string, string> = {};
  for (const pair of values.param ?? []) {
    const [, name, value] = /^([a-z][A-Za-z_]*)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(`Expected \`--param\` to be name=value, such as k=5, got ${JSON.stringify(pair)}`);
    }
    const variable = variableOf(name);
    if (variable === OUTPUT_DIRECTORY) {
      throw new UsageError(`Expected \`--out\` for the folder of the results, got \`--param ${pair}\``);
    }
    parameters[variable] = value;
  }
  const data = values.data === undefined ? null : resolve(cwd, values.data);
  if (data !== null && !(existsSync(data) && statSync(data).isFile())) {
    throw new UsageError(
      `Expected \`--data\` to be a file of invoices, got ${JSON.stringify(values.data)}, which is not a file`,
    );
  }
  const out = resolve(cwd, values.out ?? "out");
  if (existsSync(out) && !statSync(out).isDirectory()) {
    throw new UsageError(
      `Expected \`--out\` to be a folder, got ${JSON.stringify(values.out ?? "out")}, which is a file`,
    );
  }
  const size = readSize(values);
  if (data !== null && size !== undefined) {
    throw new UsageError("Expected `--data`, or `--lines` and `--customers` of data to generate, got both");
  }
  return { data, ...(size && { size }), out, keep: values.keep ?? false, parameters };
}

/** As many as the real data have in their first year: 4,383 customers in 525,461 lines. */
const LINES_PER_CUSTOMER = 120;
/** One of each habit. */
const FEWEST_CUSTOMERS = 8;

/** How much data is to be generated; each of the two numbers follows from the other where it is not given. */
function readSize(given: { lines?: string | undefined; customers?: string | undefined }): DataSize | undefined {
  const natural = (name: "lines" | "customers", least: number): number | undefined => {
    const text = given[name];
    if (text === undefined) return undefined;
    if (/^[1-9]\d{0,7}$/.test(text) && Number(text) >= least) return Number(text);
    throw new UsageError(
      `Expected \`--${name}\` to be a whole number of at least ${least}, got ${JSON.stringify(text)}`,
    );
  };
  const [lines, customers] = [natural("lines", 1), natural("customers", FEWEST_CUSTOMERS)];
  if (lines === undefined && customers === undefined) return undefined;
  return {
    lines: lines ?? customers! * LINES_PER_CUSTOMER,
    customers: customers ?? Math.max(FEWEST_CUSTOMERS, Math.ceil(lines! / LINES_PER_CUSTOMER)),
  };
}

/** SEGMENTATION_DATA_KEY for dataKey, as the notebook spells it, and for data_key. */
function variableOf(name: string): string {
  return `SEGMENTATION_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** Reads the options of `npm run share`: the folder with the results. */
export function parseShareArguments(args: string[], cwd: string): { out: string } {
  return { out: resolve(cwd, readOptions(args, { out: { type: "string" } }).out ?? "out") };
}

function readOptions<Options extends NonNullable<ParseArgsConfig["options"]>>(args: string[], options: Options) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
