import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { readTrainingChance } from "@keyspaces-segmentation/aws-local";
import {
  CASSANDRA_JARS,
  end,
  guard,
  LOCAL,
  NOTEBOOK,
  PRIVATE_FILE,
  PYTHON,
  ROOT,
  shellQuoted,
} from "@keyspaces-segmentation/local-support";
import { OUTPUT_DIRECTORY, type StartArguments, type UpArguments, UsageError } from "./arguments.js";
import { chooseData, type DataObject } from "./data/choose_data.js";
import { KMS_KEY, NEW_KEY } from "./kms_key.js";
import { describeRun } from "./notebook/describe_run.js";
import { foreignFiles } from "./notebook/foreign_files.js";
import { takePictures } from "./notebook/pictures.js";
import { markRun } from "./notebook/run_mark.js";
import { type CellDone, runNotebook } from "./notebook/run_notebook.js";
import { readPace } from "./pace.js";
import { createPermissionRecord } from "./permission_record.js";
import { share } from "./share/share.js";
import { type Stack, type StackOptions, startStack } from "./stack.js";
import { openWorkspace, type Workspace } from "./workspace.js";

const REGION = "us-east-1";

/**
 * The environment of a notebook that talks to the stack, without settings of the user's own that lead past it.
 * Its temporary files (the data, which may be a shop's customers) lie in the stack's folder, and go with it however a run ends.
 */
function environmentFor({ environment, unset }: Stack, directory: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !unset.includes(name));
  return { ...Object.fromEntries(own), ...environment, TMPDIR: directory };
}

interface StackWork extends Pick<StackOptions, "policies" | "newKey" | "onDecision"> {
  readonly data: DataObject;
  readonly tables: "keep" | "drop" | "leave";
  /** Whether what an earlier run has kept is cleared away first. */
  readonly reset?: boolean;
  /** Told where that waits, and whether there is any, before anything is started. */
  readonly onWorkspace?: (workspace: Workspace) => void;
  readonly signal: AbortSignal;
}

/** Brings the stack up, does `work` with it, and takes it down again, whatever happens. */
async function withStack(
  { data, tables, reset, onWorkspace, policies, newKey, onDecision, signal }: StackWork,
  work: (stack: Stack, directory: string, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const workspace = openWorkspace(LOCAL, { keep: tables === "keep", reset });
  onWorkspace?.(workspace);
  // What an earlier run has kept does not go with one that fails.
  let keep = tables === "keep" || workspace.hadTables;
  try {
    const stack = await startStack({
      directory: workspace.directory,
      jars: CASSANDRA_JARS,
      python: PYTHON,
      region: REGION,
      data,
      trainingChance: readTrainingChance(process.env.LOCAL_TRAINING_CHANCE),
      pace: readPace(process.env.LOCAL_PACE),
      policies,
      newKey,
      onDecision,
      signal,
      onProgress: (line) => console.log(`  ${line}`),
    });
    const broken = new AbortController();
    void stack.failed.then((error) => broken.abort(error));
    try {
      await work(stack, workspace.directory, AbortSignal.any([signal, broken.signal]));
      // What was kept goes with a run that has come to its end, if that has dropped all of it.
      keep = tables === "keep" || (workspace.hadTables && (tables === "leave" || (await stack.keyspaces()).length > 0));
    } finally {
      if (keep) await stack.saveObjects().catch(tellOfLostObjects);
      await stack.stop(keep ? "keep" : "discard");
    }
  } finally {
    workspace.close(keep);
  }
}

/** @throws UsageError before anything is written to a folder in which that would destroy what no run has made */
function refuseForeignFiles(out: string): void {
  const [first, ...more] = foreignFiles(out, NOTEBOOK);
  if (first === undefined) return;
  const others = more.length > 0 ? `, and ${more.length} more like it` : "";
  throw new UsageError(
    `Expected \`--out\` to be a folder for results, got one with ${first}${others}, which no run has made`,
  );
}

/** @throws UsageError for a key that is not there */
function wantsNewKey(variables: Readonly<Record<string, string | undefined>>): boolean {
  const key = variables[KMS_KEY];
  if (key === undefined || key === "" || key === "null") return false;
  if (key === NEW_KEY) return true;
  throw new UsageError(
    `Expected \`kmsKey\` to be ${NEW_KEY} on one machine, where a key is made for the run and no other is there, got ${JSON.stringify(key)}`,
  );
}

function tellOfLostObjects(error: unknown): void {
  const what = "What this run has put into S3 could not be kept; what was kept of earlier runs stays";
  console.error(`${what}: ${(error as Error).message}`);
}

function showCell({ cell, of, title, seconds, printed }: CellDone): void {
  console.log(`  ${cell}/${of}  ${title}  (${seconds.toFixed(1)} s)`);
  if (printed !== "") console.log(stripVTControlCharacters(printed).replace(/^/gm, "      "));
}

/** `npm start`: the notebook from beginning to end against the local stack, its results in `out`. */
export async function start(args: StartArguments, signal: AbortSignal): Promise<void> {
  refuseForeignFiles(args.out);
  const variables = { ...process.env, ...args.parameters };
  const newKey = wantsNewKey(variables);
  const unmark = markRun(args.out);
  console.log("Starting the local stack");
  const data = chooseData(args.data, args.size);
  // As in an account, where a role has what it needs: only here, where the notebook is as it was written, is that known.
  const { onDecision, endStep, write } = createPermissionRecord();
  const tables = args.keep ? "keep" : "drop";
  await withStack(
    { data, tables, policies: variables, newKey, onDecision, signal },
    async (stack, directory, until) => {
      console.log("Running the notebook");
      const { executed, html } = await runNotebook({
        python: PYTHON,
        notebook: NOTEBOOK,
        outputDirectory: args.out,
        environment: {
          ...environmentFor(stack, directory),
          ...(args.keep && { SEGMENTATION_CLEAN_UP: "false" }),
          ...args.parameters,
          ...(newKey && { [KMS_KEY]: stack.environment[KMS_KEY] }),
          [OUTPUT_DIRECTORY]: args.out,
          SEGMENTATION_HEADLESS: "1",
        },
        onCell: (cell) => {
          endStep(cell.title);
          showCell(cell);
        },
        signal: until,
      });
      console.log(describeRun(args.out, executed, html));
      if (process.env.LOCAL_PERMISSIONS) write(process.env.LOCAL_PERMISSIONS);
    },
  ).finally(unmark);
}

/** `npm run share`: the results of the last run once more, to be sent to others. */
export function shareResults(out: string): void {
  refuseForeignFiles(out);
  const { folder, files, accounts } = share(out, NOTEBOOK);
  const masked = accounts === 0 ? "no account id was found in them" : "account ids and access keys are masked";
  console.log(`${files.length} files to send are in ${folder}; ${masked}. Look through them before you do:`);
  for (const file of files) console.log(`  ${file}`);
}

/** `npm run pictures`: those of the README, from the last run. */
export function pictures(out: string): void {
  for (const file of takePictures(join(out, basename(NOTEBOOK)), join(ROOT, "docs"))) console.log(file);
}

/** Says what becomes of an hour's work, before it begins. */
function tellOfKeeping({ kept, hadTables }: Workspace): void {
  console.log(
    `${hadTables ? `Going on with the tables and objects that are kept in ${kept}` : "Starting with nothing"}.
Tables in Keyspaces and, after a Ctrl-C, objects in S3 are kept in ${kept} for the next start; npm run local -- --reset begins anew.`,
  );
}

/** `npm run local`: the stack stays up until it is interrupted; prints the environment to `source`. Its tables and objects are kept. */
export async function up({ reset }: UpArguments, signal: AbortSignal): Promise<void> {
  const newKey = wantsNewKey(process.env);
  const work = { data: chooseData(null), tables: "keep", reset, onWorkspace: tellOfKeeping, newKey, signal } as const;
  await withStack(work, async (stack, directory, until) => {
    const exports = Object.entries(stack.environment).map(([name, value]) => `export ${name}=${shellQuoted(value)}`);
    const file = join(directory, "environment.sh");
    writeFileSync(file, `unset ${stack.unset.join(" ")}\n${exports.join("\n")}\n`, { mode: PRIVATE_FILE });
    console.log(
      `${exports.join("\n")}\n\nThe stack is up. In another terminal: source ${shellQuoted(file)}\nCtrl-C stops it; what it holds stays.`,
    );
    if (!until.aborted) await once(until, "abort");
    if (!signal.aborted) throw until.reason;
  });
  console.log("Stopped; what was made is kept.");
}

/** `npm run lab`: JupyterLab on the notebook, with the stack up as long as it is open. */
export async function lab(signal: AbortSignal): Promise<void> {
  const newKey = wantsNewKey(process.env);
  await withStack({ data: chooseData(null), tables: "leave", newKey, signal }, async (stack, directory, until) => {
    // The notebook as the address: given as a file, it is opened in the browser, but not by the address that is printed.
    const args = ["-m", "jupyter", "lab", `--ServerApp.root_dir=${dirname(NOTEBOOK)}`];
    args.push(`--LabApp.default_url=/lab/tree/${basename(NOTEBOOK)}`);
    if (process.getuid?.() === 0) args.push("--allow-root");
    const child = spawn(PYTHON, args, {
      env: environmentFor(stack, directory),
      stdio: ["ignore", "inherit", "inherit"],
      detached: true,
    });
    guard(child);
    const stop = () => void end(child, 10_000);
    until.addEventListener("abort", stop, { once: true });
    await once(child, "exit");
    if (!signal.aborted) until.throwIfAborted();
  });
}
