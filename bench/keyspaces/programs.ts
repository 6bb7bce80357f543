import { join } from "node:path";
import type { TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { DATA_CENTRE } from "../connect.js";
import type { Contender, OwnFigures } from "../recorder.js";

/** Where the programs find their table, and where they may write. */
export interface Target {
  readonly port: number;
  readonly table: TableName;
  readonly directory: string;
}

const jsonIn = (output: string): OwnFigures => {
  const line = output.split("\n").find((text) => text.startsWith("{"));
  if (line === undefined) throw new Error(`Expected a line of JSON, got ${JSON.stringify(output.slice(-500))}`);
  return JSON.parse(line);
};

function ours(what: "load" | "read" | "inspect", { port, table }: Target, ...files: string[]): Contender {
  const args = [join(__dirname, "ours.js"), what, String(port), table.keyspace, table.table, ...files];
  // Straight to Cassandra, whatever the terminal's own settings say.
  const environment = { KEYSPACES_ENDPOINT: "" };
  return { name: `ours, ${what}`, command: process.execPath, args, environment, figuresIn: jsonIn };
}

/** How a gateway is reached, for programs: variables of their environment. */
export type GatewayEnvironment = Readonly<Record<string, string>>;

/** The same load through the gateway, with TLS, SigV4 and the limits of Keyspaces. */
export const oursLoadThrough = (target: Target, file: string, environment: GatewayEnvironment): Contender => ({
  ...oursLoad(target, file),
  name: "ours, load through the gateway",
  environment,
});

/** Parses the file and stores it, with what `connectToKeyspaces` and `ingestFile` do by default. */
export function oursLoad(target: Target, file: string): Contender {
  return ours("load", target, file, join(target.directory, "rejects.csv"));
}

/** Reads the table and folds it into the aggregates of each customer. */
export const oursRead = (target: Target): Contender => ours("read", target);

/** Accounts for the file and its customers without a table. */
export const oursInspect = (target: Target, file: string): Contender => ours("inspect", target, file);

/** The last line of the table that DSBulk prints while it works: `total | failed | rows/s | p50ms | …`. */
export function dsbulkFiguresIn(output: string): OwnFigures {
  const [last] = [...output.matchAll(/^\s*([\d,]+) \|\s+([\d,]+) \|\s+([\d,]+) \|/gm)].slice(-1);
  if (last === undefined)
    throw new Error(`Expected DSBulk's table of figures, got ${JSON.stringify(output.slice(-500))}`);
  const [total, , rate] = last.slice(1).map((text) => Number(text.replaceAll(",", "")));
  return { rows: total!, seconds: total! / rate! };
}

/** Flags are explained in bench/README.md. */
function dsbulk(what: "load" | "unload", name: string, { port, directory }: Target, ...flags: string[]): Contender {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, "bin", "java") : "java";
  const args = [
    ...["-cp", join(ROOT, ".cache", "dsbulk", "*"), "com.datastax.oss.dsbulk.runner.DataStaxBulkLoader", what],
    ...["-h", "127.0.0.1", "-port", String(port), "-dc", DATA_CENTRE, "-cl", "LOCAL_QUORUM"],
    ...["-header", "true", "-escape", '\\"', "--codec.timestamp", "M/d/yy H:mm"],
    ...["--log.directory", join(directory, "dsbulk"), "--log.ansiMode", "disabled"],
    ...flags,
  ];
  // 1: completed, with records that could not be stored.
  return { name, command: java, args, exitCodes: [0, 1], figuresIn: dsbulkFiguresIn };
}

/** With its defaults, or a row a request, as AWS advises for Keyspaces. */
export function dsbulkLoad(target: Target, numberedFile: string, { batches }: { batches: boolean }): Contender {
  const { keyspace, table } = target.table;
  const flags = ["-url", numberedFile, "-k", keyspace, "-t", table, "-maxErrors", "-1"];
  return batches
    ? dsbulk("load", "dsbulk load", target, ...flags)
    : dsbulk("load", "dsbulk load, no batches", target, ...flags, "--batch.mode", "DISABLED");
}

/** The columns that features are made of, onto standard output, which nobody reads: no file is written. */
export function dsbulkUnloadNowhere(target: Target, columns: readonly string[]): Contender {
  const { keyspace, table } = target.table;
  const query = `SELECT ${columns.join(", ")} FROM ${keyspace}.${table}`;
  const { command, args, ...program } = dsbulk("unload", "dsbulk unload, columns, no files", target, "-query", query);
  // Its figures come on standard error then. The shell makes way for Java, which is measured.
  return { ...program, command: "sh", args: ["-c", 'exec "$0" "$@" -url - >/dev/null', command, ...args] };
}

/** All columns, or only those that features are made of, into CSV files of the folder `into`. */
export function dsbulkUnload(target: Target, into: string, columns?: readonly string[]): Contender {
  const { keyspace, table } = target.table;
  const what = columns
    ? ["-query", `SELECT ${columns.join(", ")} FROM ${keyspace}.${table}`]
    : ["-k", keyspace, "-t", table];
  return dsbulk("unload", columns ? "dsbulk unload, columns" : "dsbulk unload", target, "-url", into, ...what);
}

/** The walkthrough's own way in Python: one `execute` a row, or the driver's `execute_concurrent_with_args`. */
export function walkthrough(how: "execute" | "execute_concurrent", target: Target, numberedFile: string): Contender {
  const { port, table } = target;
  return {
    name: `Python, ${how}`,
    command: join(ROOT, ".cache", "python", "bin", "python"),
    args: [
      join(ROOT, "bench", "peers", "walkthrough.py"),
      ...[how, String(port), table.keyspace, table.table, numberedFile],
    ],
    figuresIn: jsonIn,
  };
}
