import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { retailTable } from "@keyspaces-segmentation/invoices";
import { ROOT } from "@keyspaces-segmentation/local-support";
import { type BenchCassandra, withCassandra } from "../cassandra.js";
import { type Block, memoryOf, peakOf, readingShareOf, type Summary, speedOf, timeOf } from "../figures.js";
import { openGateway } from "../gateway_process.js";
import { readBenchOptions, usageOfBench } from "../options.js";
import { describeBlock, describeMachine } from "../print.js";
import { type Contender, inTurn, newRecorder, type Recorder } from "../recorder.js";
import { type RetailFileOptions, writeRetailFiles } from "../retail_file.js";
import {
  dsbulkLoad,
  dsbulkUnload,
  dsbulkUnloadNowhere,
  type GatewayEnvironment,
  oursInspect,
  oursLoad,
  oursLoadThrough,
  oursRead,
  type Target,
  walkthrough,
} from "./programs.js";

const DEFAULTS = { rows: 1_000_000, rounds: 4 };
export const KEYSPACES_USAGE: string = usageOfBench("keyspaces", "rows of the generated file", DEFAULTS);

/** The walkthrough stores this many: its file has 20,000 lines. */
const WALKTHROUGH_ROWS = 20_000;
/** What features are made of. */
const FEATURE_COLUMNS = [
  "invoice",
  "stock_code",
  "line",
  "quantity",
  "invoice_date",
  "price",
  "customer_id",
  "country",
];

/** The targets against DSBulk, by the time of whole processes; all others by the programs' own figures, which leave their start out. */
const LEAST_LOAD_RATIO = 3;
const MOST_READ_TIME = 0.35;
const MOST_MEMORY_RATIO = 0.5;
const BY_PROCESS = { judgedBy: "process" } as const;
/** Through TLS, SigV4, the rules and the limits of Keyspaces, against DSBulk without any. */
const LEAST_GATEWAY_RATIO = 1;
/** Of the usual form of the file. */
const LEAST_GERMAN_RATIO = 0.9;
const MOST_INSPECT_TIME = 1;
/** Of the load: to tell how the file is meant, before a line of it is used. */
const MOST_READING_SHARE = 0.05;
/** Of the CSV file with the same records. */
const MOST_WORKBOOK_TIME = 4;
const MOST_WORKBOOK_MEMORY_MB = 500;
const LEAST_EXECUTE_RATIO = 20;
const LEAST_CONCURRENT_RATIO = 8;
const MOST_MEMORY_MB = 400;

/** One run of the benchmark: the server that all programs share, where they find their table, and how often each runs. */
interface Setting {
  readonly cassandra: BenchCassandra;
  readonly target: Target;
  readonly recorder: Recorder;
  readonly rounds: number;
  readonly gateway: GatewayEnvironment;
}

/**
 * `npm run bench keyspaces`: loads a CSV file and reads it back as features, against DataStax Bulk Loader and the walkthrough's own
 * Python, all on one plain Cassandra. Prints each question's answer as soon as it is there.
 *
 * @throws UsageError; Error when a program fails, or when programs store or read different numbers of rows
 */
export async function benchKeyspaces(args: string[], cwd: string, signal: AbortSignal): Promise<void> {
  const { rows, rounds, json } = readBenchOptions(args, cwd, DEFAULTS);
  for (const peer of ["dsbulk", "python"]) {
    if (!existsSync(join(ROOT, ".cache", peer))) throw new Error("Run `node setup.mjs --peers` first.");
  }
  const machine = describeMachine();
  console.log(`${rows.toLocaleString("en-US")} rows, ${rounds} rounds, on ${machine}`);
  const blocks: Block[] = [];
  const answer = (block: Block) => {
    blocks.push(block);
    console.log(`\n${describeBlock(block)}\n`);
  };
  await withCassandra(async (cassandra) => {
    const { port, pid, directory } = cassandra;
    const target = { port, directory, table: { keyspace: "bench", table: "online_retail" } };
    const recorder = newRecorder(pid, (line) => console.log(`  ${line}`), signal);
    await cassandra.createTable(target.table, retailTable);
    const through = await openGateway(cassandra, { keyspace: target.table.keyspace, throughput: {} });
    try {
      const setting = { cassandra, target, recorder, rounds, gateway: through.environment };
      await loadAndRead(setting, rows, answer);
      await againstWalkthrough(setting, Math.min(rows, WALKTHROUGH_ROWS), answer);
    } finally {
      await through.close();
    }
  }, signal);
  if (json !== null) await writeFile(json, `${JSON.stringify({ machine, rows, rounds, blocks }, null, 2)}\n`);
}

/** In each round every program loads the table, and then, as the last one left it, every program reads it. */
async function loadAndRead(setting: Setting, rows: number, answer: (block: Block) => void): Promise<void> {
  const { target, recorder, rounds, gateway } = setting;
  const { file, numberedFile, germanFile, workbookFile } = newDataSet(target, rows);
  const unloaded = join(target.directory, "unloaded");
  const load = oursLoad(target, file);
  const germanLoad = { ...oursLoad(target, germanFile), name: "ours, load in German form" };
  const inspect = oursInspect(target, file);
  const inspectWorkbook = { ...oursInspect(target, workbookFile), name: "ours, inspect of the workbook" };
  const read = oursRead(target);
  const throughGateway = oursLoadThrough(target, file, gateway);
  const bulkLoad = dsbulkLoad(target, numberedFile, { batches: true });
  const rowLoad = dsbulkLoad(target, numberedFile, { batches: false });
  const unload = dsbulkUnload(target, unloaded);
  const unloadColumns = dsbulkUnload(target, unloaded, FEATURE_COLUMNS);
  const unloadNowhere = dsbulkUnloadNowhere(target, FEATURE_COLUMNS);

  // Cassandra's compiler is done after two to three million rows.
  for (const program of [load, bulkLoad, read, unload]) await recorder.warmUp(program);
  await rm(unloaded, { recursive: true, force: true });
  const checkRows = sameForAll();
  for (let round = 0; round < rounds; round++) {
    for (const program of inTurn([inspect, inspectWorkbook], round)) await recorder.measure(program);
    for (const program of inTurn([germanLoad, load, throughGateway, bulkLoad, rowLoad], round)) {
      checkRows(program, await loadFromEmpty(setting, program));
    }
    for (const program of inTurn([read, unload, unloadColumns, unloadNowhere], round)) {
      checkRows(program, (await recorder.measure(program)).rows);
      await rm(unloaded, { recursive: true, force: true });
    }
  }

  const ofLoads = [load, throughGateway, germanLoad, inspect, inspectWorkbook].map(recorder.summaryOf);
  const [ourLoad, ourGatewayLoad, ourGermanLoad, ourInspect, ourWorkbook] = ofLoads as [
    Summary,
    Summary,
    Summary,
    Summary,
    Summary,
  ];
  const ourRead = recorder.summaryOf(read);
  const theirLoads = fastestFirst([bulkLoad, rowLoad].map(recorder.summaryOf));
  const theirReads = fastestFirst([unload, unloadColumns, unloadNowhere].map(recorder.summaryOf));
  const [theirLoad, theirRead] = [theirLoads[0]!, theirReads[0]!];
  answer({
    title: "Load: from the CSV file into the table, parsing included",
    programs: [...ofLoads, ...theirLoads],
    comparisons: [
      speedOf(ourLoad, theirLoad, LEAST_LOAD_RATIO, BY_PROCESS),
      speedOf(ourGatewayLoad, theirLoad, LEAST_GATEWAY_RATIO, BY_PROCESS),
      speedOf(ourGermanLoad, ourLoad, LEAST_GERMAN_RATIO),
      ...readingShareOf(ourLoad, MOST_READING_SHARE),
      timeOf(ourInspect, ourLoad, MOST_INSPECT_TIME),
      timeOf(ourWorkbook, ourInspect, MOST_WORKBOOK_TIME),
      ...[ourLoad, ourGatewayLoad, ourGermanLoad, ourInspect].flatMap((each) => peakOf(each, MOST_MEMORY_MB)),
      ...peakOf(ourWorkbook, MOST_WORKBOOK_MEMORY_MB),
      ...theirLoads.flatMap((each) => memoryOf(ourLoad, each, MOST_MEMORY_RATIO)),
    ],
  });
  answer({
    title: "Read: from the table to aggregates of each customer, against unloading it as CSV",
    programs: [ourRead, ...theirReads],
    comparisons: [
      timeOf(ourRead, theirRead, MOST_READ_TIME, BY_PROCESS),
      ...peakOf(ourRead, MOST_MEMORY_MB),
      ...theirReads.flatMap((each) => memoryOf(ourRead, each, MOST_MEMORY_RATIO)),
    ],
  });
}

const fastestFirst = (programs: readonly Summary[]): Summary[] =>
  programs.toSorted((a, b) => a.wallSeconds - b.wallSeconds);

async function againstWalkthrough(setting: Setting, rows: number, answer: (block: Block) => void): Promise<void> {
  const { target, recorder, rounds } = setting;
  const { file, numberedFile } = newDataSet(target, rows);
  const ours = { ...oursLoad(target, file), name: "ours, load of few rows" };
  const execute = walkthrough("execute", target, numberedFile);
  const concurrent = walkthrough("execute_concurrent", target, numberedFile);
  const programs = [ours, execute, concurrent];

  const checkRows = sameForAll();
  for (let round = 0; round < rounds; round++) {
    for (const program of inTurn(programs, round)) checkRows(program, await loadFromEmpty(setting, program));
  }

  const summaries = programs.map(recorder.summaryOf);
  const [ourLoad, oneByOne, manyAtOnce] = summaries as [Summary, Summary, Summary];
  answer({
    title: `The walkthrough's way: ${rows.toLocaleString("en-US")} rows`,
    programs: summaries,
    comparisons: [
      speedOf(ourLoad, oneByOne, LEAST_EXECUTE_RATIO),
      speedOf(ourLoad, manyAtOnce, LEAST_CONCURRENT_RATIO),
    ],
  });
}

type DataSet = Pick<RetailFileOptions, "file" | "numberedFile" | "germanFile" | "workbookFile">;

function newDataSet({ directory }: Target, rows: number): DataSet {
  const files = {
    file: join(directory, `${rows}.csv`),
    numberedFile: join(directory, `${rows}_numbered.csv`),
    germanFile: join(directory, `${rows}_german.csv`),
    workbookFile: join(directory, `${rows}.xlsx`),
  };
  writeRetailFiles({ rows, ...files });
  return files;
}

/** Measures a program that fills the table, and counts what it stored. */
async function loadFromEmpty({ cassandra, target, recorder }: Setting, program: Contender): Promise<number> {
  await cassandra.empty(target.table);
  await recorder.measure(program);
  const stored = await cassandra.count(target.table);
  await cassandra.settle();
  return stored;
}

/** Checks that programs do the same work: every number of rows must be the first one. */
function sameForAll(): (program: Contender, rows: number) => void {
  let first: { name: string; rows: number } | undefined;
  return ({ name }, rows) => {
    first ??= { name, rows };
    if (rows !== first.rows) throw new Error(`${name} made it ${rows} rows, ${first.name} ${first.rows}.`);
  };
}
