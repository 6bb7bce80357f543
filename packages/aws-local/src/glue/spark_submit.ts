import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { constants } from "node:os";
import { join } from "node:path";
import { end, guard } from "@keyspaces-segmentation/local-support";
import { messageOfScript, type ScriptFailure } from "./failure.js";
import type { JobRun } from "./records.js";
import type { ScriptFiles } from "./script_files.js";

const RUN_SCRIPT = join(__dirname, "../../src/glue/run_script.py");

/** How long Spark is given to end by itself when it is told to. Milliseconds. */
const GRACE_MS = 3000;

const list = (option: string, paths: readonly string[]): string[] =>
  paths.length > 0 ? [option, paths.join(",")] : [];

/** `--conf` is one argument to Glue, however many settings are in it: "a=1 --conf b=2". */
const settingsIn = (conf: string | undefined): string[] =>
  (conf ?? "")
    .split(/\s+--conf\s+/)
    .filter((setting) => setting !== "")
    .flatMap((setting) => ["--conf", setting]);

/** Nothing listens beyond this machine, and the log has what matters. */
const onThisMachine = [
  ...["spark.ui.enabled=false", "spark.driver.bindAddress=127.0.0.1", "spark.driver.host=127.0.0.1"],
  "spark.log.level=WARN",
  // What runs here is small, and over before the better compiler pays.
  "spark.driver.extraJavaOptions=-XX:TieredStopAtLevel=1",
];

const userJarsFirst = ["driver", "executor"].flatMap((side) => ["--conf", `spark.${side}.userClassPathFirst=true`]);

/** What `spark-submit` is called with. The script is given every argument, Glue's own too, as Glue does it. */
function submitArguments(run: JobRun, files: ScriptFiles, failure: string): string[] {
  const { "--conf": conf, "--user-jars-first": first, ...others } = run.arguments;
  const given = { "--JOB_NAME": run.job, "--JOB_RUN_ID": run.id, ...others };
  return [
    ...["--master", "local[2]", "--driver-memory", "1g", "--name", run.job],
    ...onThisMachine.flatMap((setting) => ["--conf", setting]),
    ...list("--jars", files.jars),
    ...list("--py-files", files.modules),
    ...list("--files", files.files),
    ...(first === "true" ? userJarsFirst : []),
    ...settingsIn(conf),
    ...[RUN_SCRIPT, failure, files.script],
    ...Object.entries(given).flat(),
  ];
}

/** What a script printed, and why it failed where it did. */
export interface Submitted {
  readonly output: string;
  readonly error: string;
  readonly failure: string | undefined;
}

/**
 * Runs a script by `spark-submit` to its end. When the signal is aborted, it is told to end, and after a few seconds it and all that it
 * started are killed.
 *
 * @throws Error where the program cannot be started
 */
export async function submit(
  program: string,
  {
    run,
    files,
    folder,
    environment,
  }: { run: JobRun; files: ScriptFiles; folder: string; environment: NodeJS.ProcessEnv },
  signal: AbortSignal,
): Promise<Submitted> {
  const at = (name: string) => join(folder, name);
  const streams = [at("stdout"), at("stderr")].map((path) => openSync(path, "w", 0o600)) as [number, number];
  const child = spawn(program, submitArguments(run, files, at("failure.json")), {
    cwd: folder,
    env: environment,
    stdio: ["ignore", ...streams],
    detached: true,
  });
  for (const stream of streams) closeSync(stream);
  guard(child);
  const stop = () => void end(child, GRACE_MS);
  const exit = once(child, "exit") as Promise<[code: number | null, by: NodeJS.Signals | null]>;
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    const [code, by] = await exit;
    // Its children have been killed as well by then.
    if (signal.aborted) await end(child);
    // Was it killed, its script may go on, or find that Spark is gone, which is not why the run has failed.
    if (by !== null) killGroup(child.pid);
    const written = by === null ? await readFile(at("failure.json"), "utf8").catch(() => undefined) : undefined;
    const status = by === null ? code : 128 + constants.signals[by];
    const failure =
      written !== undefined
        ? messageOfScript(JSON.parse(written) as ScriptFailure)
        : status === 0
          ? undefined
          : `Command failed with exit code ${status}`;
    const [output, error] = await Promise.all([readFile(at("stdout"), "utf8"), readFile(at("stderr"), "utf8")]);
    return { output, error, failure };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** What a process that led a group has left of it. */
function killGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, "SIGKILL");
  } catch {
    // Nothing.
  }
}
