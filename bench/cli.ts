import { UsageError } from "../local/arguments.js";
import { benchKeyspaces, KEYSPACES_USAGE } from "./keyspaces/benchmark.js";
import { benchKMeans, KMEANS_USAGE } from "./kmeans/benchmark.js";
import { benchOverhead, OVERHEAD_USAGE } from "./overhead.js";
import { benchScale, SCALE_USAGE } from "./scale/benchmark.js";
import { benchStart, START_USAGE } from "./start.js";

/** What can be measured. Each compares programs in one run and prints ratios. */
const benchmarks: Record<string, (args: string[], cwd: string, signal: AbortSignal) => Promise<void>> = {
  keyspaces: benchKeyspaces,
  kmeans: benchKMeans,
  overhead: benchOverhead,
  scale: benchScale,
  start: benchStart,
};

const USAGE = `npm run bench [NAME] [-- options]; NAME is one of ${Object.keys(benchmarks).join(", ")} (default: all)\n${KEYSPACES_USAGE}\n${KMEANS_USAGE}\n${OVERHEAD_USAGE}\n${SCALE_USAGE}\n${START_USAGE}`;

/** `npm run bench [NAME]`: runs one benchmark, or all of them. A missed target is a result, not a failure. */
async function main(args: string[]): Promise<number> {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => interrupted.abort(new Error(`stopped by ${signal}`)));
  }
  const { signal } = interrupted;
  try {
    const named = args[0] !== undefined && !args[0].startsWith("-");
    const chosen = named ? [args[0]!] : Object.keys(benchmarks);
    const unknown = chosen.find((name) => !Object.hasOwn(benchmarks, name));
    if (unknown !== undefined) throw new UsageError(`There is no benchmark ${JSON.stringify(unknown)}`);
    if (!named && args.some((arg) => arg.startsWith("--json"))) {
      throw new UsageError("`--json` is for one benchmark: give its NAME");
    }
    const cwd = process.env.INIT_CWD ?? process.cwd();
    for (const name of chosen) await benchmarks[name]!(named ? args.slice(1) : args, cwd, signal);
    return 0;
  } catch (error) {
    if (signal.aborted) {
      console.error("Stopped; nothing is left running.");
      return 130;
    }
    console.error((error as Error).message);
    if (error instanceof UsageError) console.error(`\nusage: ${USAGE}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
