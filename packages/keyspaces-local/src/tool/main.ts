import { once } from "node:events";
import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import { shellQuoted } from "@keyspaces-segmentation/local-support";
import { adminPortOf, isAny } from "./admin.js";
import { adminUrlOf } from "./data_directory.js";
import { defaultJars, fetchJars } from "./jars.js";
import { type ReadOptions, readOptions } from "./read_options.js";
import type { KeyspacesLocal } from "./running.js";
import { ENVIRONMENT_FILE, serve } from "./serve.js";
import { usage } from "./usage.js";
import { UsageError } from "./usage_error.js";
import { waitUntilReady } from "./wait.js";

/** What was asked for is said on standard output, everything else on standard error. */
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const tell = (line: string): void => void process.stderr.write(`keyspaces-local: ${line}\n`);

/** Runs the command. @returns its exit code: 2 for what cannot be carried out as it was typed */
export async function main(args: readonly string[]): Promise<number> {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      // Whoever asks twice does not want to wait: every row that was acknowledged is on the disk already.
      if (interrupted.signal.aborted) process.exit(130);
      interrupted.abort(new Error(`stopped by ${signal}`));
    });
  }
  const { signal } = interrupted;
  try {
    return await run(args, signal);
  } catch (error) {
    if (signal.aborted) {
      tell("stopped before it was ready");
      return 130;
    }
    tell((error as Error).message);
    return error instanceof UsageError ? 2 : 1;
  }
}

const commands: readonly string[] = ["start", "wait", "fetch"];
/** Flags that one command alone has. */
const flagsOf = { json: "start", timeout: "wait" } as const;

async function run(args: readonly string[], signal: AbortSignal): Promise<number> {
  const [first = "start"] = args;
  const isNamed = !first.startsWith("-") && args.length > 0;
  const command = isNamed ? first : "start";
  if (!commands.includes(command)) {
    throw new UsageError(
      `Expected start, wait or fetch, or options, got ${JSON.stringify(command)}; --help shows them`,
    );
  }
  const read = readOptions({
    args: isNamed ? args.slice(1) : args,
    environment: process.env,
    cwd: process.cwd(),
    own: {
      help: { type: "boolean" },
      version: { type: "boolean" },
      json: { type: "boolean" },
      timeout: { type: "string" },
    },
  });
  for (const [flag, of] of Object.entries(flagsOf)) {
    if (read.own[flag] !== undefined && command !== of)
      throw new UsageError(`Expected \`--${flag}\` with ${of} only, got it with ${command}`);
  }
  if (read.own.help) say(usage().trimEnd());
  else if (read.own.version) say(versionOf());
  else if (command === "wait") return wait(read, signal);
  else if (command === "fetch") {
    const { jars = defaultJars() } = read.options;
    await fetchJars({ folder: jars, onProgress: tell, signal });
    say(jars);
  } else return start(read, signal);
  return 0;
}

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(join(__dirname, "..", "..", "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}

async function start({ options, own }: ReadOptions, signal: AbortSignal): Promise<number> {
  const running = await serve(options, { onProgress: tell, signal });
  say(own.json ? JSON.stringify(readyLine(running)) : readyText(running));
  const failure = await Promise.race([running.failed, aborted(signal)]);
  if (failure) tell(failure.message);
  else tell(`stopping; what it holds is written to ${running.dataDirectory}`);
  await running.stop();
  if (!failure) tell("stopped");
  return failure ? 1 : 0;
}

async function aborted(signal: AbortSignal): Promise<undefined> {
  if (!signal.aborted) await once(signal, "abort");
}

/** What a program that has started this one needs, without what cannot be written down. */
function readyLine({ failed: _failed, stop: _stop, ...connection }: KeyspacesLocal): object {
  return { ready: true, ...connection };
}

function readyText({ contactPoint, port, region, caFile, adminUrl, dataDirectory }: KeyspacesLocal): string {
  return `Ready on ${contactPoint}:${port}, data center ${region}, certificate authority ${caFile}
Health, units and faults: ${adminUrl}
In another terminal: source ${shellQuoted(join(dataDirectory, ENVIRONMENT_FILE))}
Ctrl-C stops it.`;
}

async function wait({ options, given, own }: ReadOptions, signal: AbortSignal): Promise<number> {
  const seconds = Number(own.timeout ?? 120);
  if (!(seconds > 0 && seconds <= 86_400)) {
    throw new UsageError(`Expected \`--timeout\` to be a number of seconds, got ${JSON.stringify(own.timeout)}`);
  }
  const { adminAddress, dataDirectory } = options;
  const adminPort = adminPortOf(options);
  const host = isAny(adminAddress) ? "127.0.0.1" : adminAddress;
  const byPort = adminPort === undefined ? undefined : `http://${isIPv6(host) ? `[${host}]` : host}:${adminPort}`;
  const isNamed = given.has("port") || given.has("adminPort");
  // Where the port was a free one, the data directory tells which.
  const adminUrl = () => (isNamed ? byPort : undefined) ?? adminUrlOf(dataDirectory) ?? byPort;
  const { status, seen } = await waitUntilReady({ adminUrl, timeoutMs: seconds * 1000, signal });
  if (status === "ready") {
    say(`ready: ${seen}`);
    return 0;
  }
  tell(`not ready${status === "failed" ? "" : ` after ${seconds} s`}: ${seen}`);
  return 1;
}
