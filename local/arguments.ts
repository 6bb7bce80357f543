import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";

export interface StartArguments {
  /** A CSV file of invoices; without one a data set is generated. */
  data: string | null;
  out: string;
  keep: boolean;
  /** Notebook parameters set from outside, as the environment variables the notebook reads. */
  parameters: Record<string, string>;
}

/** A command line that cannot be carried out; its message is one line for the person who typed it. */
export class UsageError extends Error {}

export const USAGE: string =
  "npm start -- [--data FILE.csv] [--out DIR] [--param name=value]... [--keep]\n" +
  "  --data   a CSV file of invoices (without it, a data set is generated)\n" +
  "  --out    where the results go (default: out)\n" +
  "  --param  a parameter of the notebook, e.g. --param k=5 --param scaling=log_standard\n" +
  "  --keep   skip the notebook's clean-up, and keep the tables for the next start";

/** Reads the options of `npm start`; paths are relative to `cwd`, where they were typed. */
export function parseStartArguments(args: string[], cwd: string): StartArguments {
  const values = readOptions(args);
  const parameters: Record<string, string> = {};
  for (const pair of values.param ?? []) {
    const [, name, value] = /^([a-z][a-z_]*)=(.*)$/s.exec(pair) ?? [];
    if (name === undefined || value === undefined) {
      throw new UsageError(`Expected \`--param\` to be name=value, such as k=5, got ${JSON.stringify(pair)}`);
    }
    parameters[`SEGMENTATION_${name.toUpperCase()}`] = value;
  }
  const data = values.data === undefined ? null : resolve(cwd, values.data);
  if (data !== null && !(existsSync(data) && statSync(data).isFile())) {
    throw new UsageError(
      `Expected \`--data\` to be a CSV file, got ${JSON.stringify(values.data)}, which is not a file`,
    );
  }
  return { data, out: resolve(cwd, values.out ?? "out"), keep: values.keep ?? false, parameters };
}

function readOptions(args: string[]): { data?: string; out?: string; keep?: boolean; param?: string[] } {
  try {
    return parseArgs({
      args,
      options: {
        data: { type: "string" },
        out: { type: "string" },
        keep: { type: "boolean" },
        param: { type: "string", multiple: true },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
