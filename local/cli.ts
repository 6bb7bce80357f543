import { inspect } from "node:util";
import { parseShareArguments, parseStartArguments, parseUpArguments, UsageError, usageOf } from "./arguments.js";
import { lab, pictures, shareResults, start, up } from "./commands.js";
import { NotebookError } from "./notebook/run_notebook.js";
import { printable } from "./terminal.js";

// The README names the versions of Node; the SDK's own advice would only stand between the lines of a run.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";

/** Runs one command; Ctrl-C and SIGTERM abort it, and it ends once all it started has ended. */
async function main([command, ...args]: string[]): Promise<number> {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => interrupted.abort(new Error(`stopped by ${signal}`)));
  }
  const { signal } = interrupted;
  const cwd = process.env.INIT_CWD ?? process.cwd();
  try {
    if (command === "start") await start(parseStartArguments(args, cwd), signal);
    else if (command === "lab") await lab(signal);
    else if (command === "up") await up(parseUpArguments(args), signal);
    else if (command === "share") shareResults(parseShareArguments(args, cwd).out);
    else if (command === "pictures") pictures(parseShareArguments(args, cwd).out);
    else
      throw new UsageError(
        `Expected a command, start, lab, up, share or pictures, got ${JSON.stringify(command ?? "")}`,
      );
    return 0;
  } catch (error) {
    if (signal.aborted) {
      console.error("Stopped; nothing is left running.");
      return 130;
    }
    if (error instanceof UsageError) {
      console.error(printable(`${error.message}\n\nusage: ${usageOf(command)}`));
      return 2;
    }
    const short = error instanceof NotebookError || !process.env.SEGMENTATION_DEBUG;
    console.error(printable(short ? (error as Error).message : inspect(error)));
    return 1;
  }
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
