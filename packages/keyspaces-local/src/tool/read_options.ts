import { dirname, resolve } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { readJsonOf } from "./given_files.js";
import {
  type Declaration,
  declarations,
  flagOf,
  type KeyspacesLocalOptions,
  type OptionName,
  optionNames,
  PREFIX,
  pathOptions,
  variableOf,
} from "./options.js";
import { UsageError } from "./usage_error.js";

/** A value that was given, with where it was, as somebody would look for it there. */
interface Given {
  readonly text: string;
  readonly where: string;
  /** What a path in it is relative to. */
  readonly from: string;
}

type Source = ReadonlyMap<OptionName, Given>;

export interface ReadOptions {
  /** All that were given or have a default. */
  readonly options: KeyspacesLocalOptions;
  /** Those that were given. */
  readonly given: ReadonlySet<OptionName>;
  /** Flags of the command itself. */
  readonly own: Readonly<Record<string, string | boolean | undefined>>;
}

export interface OptionSources {
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** What paths on the command line and in the environment are relative to. */
  readonly cwd: string;
  /** Further flags, of the command itself. */
  readonly own?: NonNullable<ParseArgsConfig["options"]>;
}

/** The flag and the variable for the file with options. */
export const CONFIG = "config";

/**
 * Reads options: flags win over the environment, which wins over the file that `--config` or its variable names.
 *
 * @throws UsageError for what is no option, or breaks an option's rule
 */
export function readOptions({ args, environment, cwd, own = {} }: OptionSources): ReadOptions {
  const { flags, own: ownValues } = readFlags(args, cwd, own);
  const variables = readEnvironment(environment, cwd);
  const config = ownValues[CONFIG] ?? (environment[variableOf(CONFIG)] || undefined);
  const file = typeof config === "string" ? readFile(resolve(cwd, config)) : new Map();
  const all: Source = new Map([...file, ...variables, ...flags]);
  return { options: optionsOf(all), given: new Set(all.keys()), own: ownValues };
}

/** The same for a program: the values that it gives win over the environment. @throws UsageError */
export function givenOptions(
  values: Partial<KeyspacesLocalOptions>,
  { environment, cwd }: Pick<OptionSources, "environment" | "cwd">,
): Omit<ReadOptions, "own"> {
  const all = new Map([...readEnvironment(environment, cwd), ...sourceOf(values, { from: cwd, what: "the options" })]);
  return { options: optionsOf(all), given: new Set(all.keys()) };
}

function optionsOf(given: Source): KeyspacesLocalOptions {
  const entries = optionNames.map((name) => {
    const { kind, standard } = declarations[name] as Declaration<unknown>;
    const { text, where, from } = given.get(name) ?? {};
    if (text === undefined) return [name, pathOptions.has(name) && standard ? resolve(String(standard)) : standard];
    const value = kind.read(text);
    if (value === undefined)
      throw new UsageError(`Expected \`${where}\` to be ${kind.rule}, got ${JSON.stringify(text)}`);
    return [name, pathOptions.has(name) ? resolve(from!, text) : value];
  });
  const options = Object.fromEntries(entries) as KeyspacesLocalOptions;
  if ((options.accessKeyId === undefined) !== (options.secretAccessKey === undefined)) {
    throw new UsageError("Expected `--access-key-id` and `--secret-access-key` to be given together, got one of them");
  }
  if (options.port !== 0 && options.adminPort === options.port) {
    throw new UsageError(`Expected \`--admin-port\` to be another port than \`--port\`, got ${options.port}`);
  }
  return options;
}

function readFlags(args: readonly string[], cwd: string, own: NonNullable<ParseArgsConfig["options"]>) {
  const options: NonNullable<ParseArgsConfig["options"]> = { [CONFIG]: { type: "string" }, ...own };
  for (const name of optionNames) {
    options[flagOf(name)] = { type: declarations[name].kind.placeholder === "" ? "boolean" : "string" };
  }
  for (const mode of ["strict", "lenient"]) options[mode] = { type: "boolean" };
  let values: ReturnType<typeof parseArgs>["values"];
  try {
    ({ values } = parseArgs({ args: [...args], options, allowPositionals: false }));
  } catch (error) {
    // Node's own words go on about how to give something that looks like a flag.
    throw new UsageError((error as Error).message.split(/\. |\n/)[0]!, { cause: error });
  }
  const flags = new Map<OptionName, Given>();
  for (const name of optionNames) {
    const text = values[flagOf(name)];
    if (text !== undefined) flags.set(name, { text: String(text), where: `--${flagOf(name)}`, from: cwd });
  }
  const modes = ["strict", "lenient"].filter((mode) => values[mode] === true);
  if (modes.length + (flags.has("mode") ? 1 : 0) > 1) {
    throw new UsageError("Expected one of `--strict`, `--lenient` and `--mode`, got several");
  }
  if (modes[0] !== undefined) flags.set("mode", { text: modes[0], where: `--${modes[0]}`, from: cwd });
  const ownValues = Object.fromEntries([CONFIG, ...Object.keys(own)].map((name) => [name, values[name]]));
  return { flags, own: ownValues as ReadOptions["own"] };
}

/** An empty variable is none: that is how a container's is left unset. */
function readEnvironment(environment: NodeJS.ProcessEnv, cwd: string): Source {
  const variables = new Map<OptionName, Given>();
  const known = new Map<string, OptionName>(optionNames.map((name) => [variableOf(name), name]));
  for (const [variable, text] of Object.entries(environment)) {
    if (!variable.startsWith(PREFIX) || variable === variableOf(CONFIG) || !text) continue;
    const name = known.get(variable);
    if (name === undefined)
      throw new UsageError(`Expected a variable of an option, such as ${variableOf("port")}, got ${variable}`);
    variables.set(name, { text, where: variable, from: cwd });
  }
  return variables;
}

function readFile(file: string): Source {
  const values = readJsonOf("--config", file);
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new UsageError(`Expected ${file} to hold an object of options, got ${JSON.stringify(values)}`);
  }
  return sourceOf(values, { from: dirname(file), what: file });
}

/** @param what holds them, for messages */
function sourceOf(values: object, { from, what }: { from: string; what: string }): Source {
  const given = new Map<OptionName, Given>();
  for (const [key, value] of Object.entries(values)) {
    const name = optionNames.find((each) => each === key);
    if (name === undefined)
      throw new UsageError(`Expected names of options in ${what}, such as port, got ${JSON.stringify(key)}`);
    if (value === undefined) continue;
    if (!["string", "number", "boolean"].includes(typeof value) && !Array.isArray(value)) {
      throw new UsageError(`Expected \`${key}\` to be ${declarations[name].kind.rule}, got ${JSON.stringify(value)}`);
    }
    given.set(name, { text: String(value), where: key, from });
  }
  return given;
}
