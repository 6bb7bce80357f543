import { type ParseArgsConfig, parseArgs } from "node:util";
import { messageOf, StepError } from "./errors.js";
import { printable } from "./formats.js";

/** What a command was called with. */
export interface Called {
  /** The environment, with each `--param name=value` in it as a variable. */
  readonly environment: NodeJS.ProcessEnv;
  readonly json: boolean;
  /** The command's own options. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What a command is. */
export interface Command {
  readonly usage: string;
  /** Beside `--param` and `--json`, which every command has. */
  readonly options?: NonNullable<ParseArgsConfig["options"]>;
  /** What the variables begin with that parameters are: `SEGMENTATION_` makes SEGMENTATION_DATA_BUCKET of dataBucket. */
  readonly prefix: string;
}

const ofAll = { param: { type: "string", multiple: true }, json: { type: "boolean" } } as const;

/**
 * Runs a command that takes parameters, words its failure on standard error, and sets the exit code of the process: what the work
 * answers, 1 where it failed, 2 where it was called wrongly.
 *
 * @param args without the program
 */
export async function runCommand(
  { usage, options = {}, prefix }: Command,
  work: (called: Called) => Promise<number>,
  args: readonly string[] = process.argv.slice(2),
): Promise<void> {
  try {
    const { values } = parseArgs({ args: [...args], options: { ...ofAll, ...options } });
    const variables = ((values.param ?? []) as string[]).map((pair) => {
      const [name = "", value = ""] = pair.split(/=(.*)/s);
      return [`${prefix}${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`, value];
    });
    const environment = { ...process.env, ...Object.fromEntries(variables) };
    process.exitCode = await work({ environment, json: values.json === true, values });
  } catch (error) {
    const hint = error instanceof StepError && error.hint ? `\n${error.hint}` : "";
    const isUsage = (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS") ?? false;
    console.error(printable(messageOf(error)) + (isUsage ? `\nusage: ${usage}` : hint));
    process.exitCode = isUsage ? 2 : 1;
  }
}
