import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CASSANDRA_JARS, ROOT } from "@keyspaces-segmentation/local-support";
import type { Client } from "cassandra-driver";
import { clientOf, signedBy } from "../support.js";

/** What the program says as JSON once it is ready. */
export interface ReadyLine {
  readonly contactPoint: string;
  readonly port: number;
  readonly region: string;
  readonly caFile: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly adminUrl: string;
  readonly dataDirectory: string;
}

export interface Program {
  readonly child: ChildProcess;
  /** What it said on standard error. */
  told(): string;
  /** The first line on standard output. */
  said(): Promise<string>;
  ready(): Promise<ReadyLine>;
  readonly ended: Promise<number | null>;
}

const CLI = join(ROOT, "packages", "keyspaces-local", "dist", "cli.js");

/** The environment of a command, without options of whoever runs the tests. */
export function plainEnvironment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(KEYSPACES|AWS)_/.test(name));
  return { ...Object.fromEntries(own), ...more };
}

/** Runs the command as somebody would type it in `cwd`, with the jars that the project has. */
export function runProgram(args: string[], cwd: string, environment: NodeJS.ProcessEnv = {}): Program {
  const env = plainEnvironment({ KEYSPACES_LOCAL_JARS: CASSANDRA_JARS, ...environment });
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let [out, told] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (told += chunk));
  const ended = once(child, "close").then(([code]) => code as number | null);
  const said = async () => {
    while (!out.includes("\n") && child.exitCode === null) await Promise.race([once(child.stdout, "data"), ended]);
    if (!out.includes("\n")) throw new Error(`It said nothing, but told: ${told}`);
    return out.slice(0, out.indexOf("\n"));
  };
  return {
    child,
    told: () => told,
    said,
    ready: async () => JSON.parse(await said()) as ReadyLine,
    ended,
  };
}

/** The driver with AWS's plugin, as the administrator. */
export async function connectAs({ port, caFile, region, credentials }: ReadyLine): Promise<Client> {
  const ca = readFileSync(caFile, "utf8");
  const client = clientOf(port, { ca }, { localDataCenter: region, ...signedBy(credentials, region) });
  await client.connect();
  return client;
}
