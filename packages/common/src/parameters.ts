import { ArgumentError } from "./errors.js";
import type { ParameterReader } from "./parameter_readers.js";

/** How each of some parameters is read, by name. */
export type ParameterReaders<Parameters> = { readonly [Name in keyof Parameters]: ParameterReader<Parameters[Name]> };

/** Where a parameter's value came from. */
export type ParameterSource = "default" | "this cell" | `environment, ${string}`;

/** Where values come from; the environment wins. */
export interface ParameterOrigins {
  /** The values of the parameter cell. */
  readonly cell: Readonly<Record<string, unknown>>;
  readonly environment: NodeJS.ProcessEnv;
  /** What variables of the environment begin with: `SEGMENTATION_` makes SEGMENTATION_DATA_BUCKET of dataBucket. */
  readonly prefix: string;
  /** Variables of that prefix that are no parameters. */
  readonly others: readonly string[];
}

const variableOf = (prefix: string, name: string): string =>
  prefix + name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();

/**
 * Reads parameters from a notebook's cell and the environment.
 *
 * @throws ArgumentError naming the parameter or variable, what it must be and what it was; for a variable of the prefix that is
 *   none, which would otherwise change nothing and say nothing
 */
export function readParameters<Parameters extends object>(
  readers: ParameterReaders<Parameters>,
  { cell, environment, prefix, others }: ParameterOrigins,
): { values: Parameters; sources: Readonly<Record<keyof Parameters, ParameterSource>> } {
  const variables = Object.keys(readers).map((name) => variableOf(prefix, name));
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith(prefix) || others.includes(variable) || variables.includes(variable)) continue;
    throw new ArgumentError(variable, `one of ${variables.join(", ")}`, value);
  }
  const values: Record<string, unknown> = {};
  const sources: Record<string, ParameterSource> = {};
  for (const [name, { rule, fallback, read }] of Object.entries<ParameterReader<unknown>>(readers)) {
    const variable = variableOf(prefix, name);
    const outside = environment[variable];
    const given = outside ?? (cell[name] === undefined ? fallback : cell[name]);
    const accepted = read(given);
    if (accepted === undefined) throw new ArgumentError(outside === undefined ? name : variable, rule, given);
    values[name] = accepted;
    sources[name] =
      outside !== undefined ? `environment, ${variable}` : cell[name] === undefined ? "default" : "this cell";
  }
  return { values: values as Parameters, sources: sources as Record<keyof Parameters, ParameterSource> };
}
