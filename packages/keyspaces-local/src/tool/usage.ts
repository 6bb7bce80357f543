import { declarations, flagOf, optionNames, standardOf, variableOf } from "./options.js";
import { CONFIG } from "./read_options.js";

const COLUMN = 40;

const line = (flag: string, help: string): string => `  ${flag.padEnd(COLUMN)}${help}`;

/** The help of the command. */
export function usage(): string {
  const options = optionNames.map((name) => {
    const { kind, help } = declarations[name];
    const standard = standardOf(name);
    const isSaid = standard === undefined || standard === "" || kind.placeholder === "";
    return line(`--${flagOf(name)} ${kind.placeholder}`, isSaid ? help : `${help} (default: ${standard})`);
  });
  return `Amazon Keyspaces on one machine.

usage: keyspaces-local [start] [OPTION]...   start it, and run until Ctrl-C
       keyspaces-local wait [--timeout S]    wait until it is ready: exits with 0, or with 1 and what was seen last
       keyspaces-local fetch [--jars DIR]    only get Cassandra's jars

Options, also as variables (${variableOf("dataDirectory")} for --${flagOf("dataDirectory")}) or in a file of JSON ("dataDirectory"):
${line(`--${CONFIG} FILE`, "the file")}
${options.join("\n")}
${line("--json", "say that it is ready, and how to connect, as one line of JSON")}
${line("--help, --version", "")}
`;
}
