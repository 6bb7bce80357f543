import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { resultTables } from "@keyspaces-segmentation/cluster-store";
import { writeWhole } from "@keyspaces-segmentation/common";
import { retailTable } from "@keyspaces-segmentation/invoices";
import { sizedCsv } from "../../local/data/sized.js";
import { type BenchCassandra, withCassandra } from "../cassandra.js";
import { oursLoad, oursRead, type Target } from "../keyspaces/programs.js";
import { readBenchOptions, usageOfBench } from "../options.js";
import { describeMachine } from "../print.js";
import { type Contender, inTurn, newRecorder, type Recorder } from "../recorder.js";
import { describeGrowth, type GrowthRow } from "./describe.js";
import { customersOfFiles } from "./files.js";
import { growthOf, type SizePoint } from "./growth.js";
import { hasSpark, openSpark, type SparkBench } from "./spark.js";

/** Of four rounds a further row's time, which is a difference of two, varies by some 5 %; of one, by a quarter. */
const DEFAULTS = { rows: 4_000_000, rounds: 4 };
export const SCALE_USAGE: string = usageOfBench(
  "scale",
  "lines of the largest file; of the largest run a quarter as many customers",
  DEFAULTS,
);

/**
 * When Cassandra merges the files of the lines' table. By itself it begins to with the fourth, between one and two million lines, and takes
 * its time from the client on the same cores. Scan and Spark read one file, as of a table that was not filled a moment ago.
 */
const COMPACTION = "between ingest and scan";
/**
 * Rows that Cassandra holds before it writes them to disk: some 75,000 lines. With its own choice they are 290,000, so that of the shortest file
 * little more than half is written during its load, of the longest nearly all, as if a further row took more.
 */
const MEMTABLE_MB = 64;
/** A scan is over in a few seconds, so that what disturbs the machine for one weighs more than in a load. */
const SCANS_A_LOAD = 3;
/** Of what a further row takes, in longer files against the shortest. */
const MOST_ROW_GROWTH = 1.1;
/** Of a process that is to take the same memory whatever the length of the file. */
const MOST_MEMORY_SPREAD = 1.1;

/**
 * `npm run bench scale`: the notebook's steps at sizes that double or grow tenfold, each in a process of its own, on a plain Cassandra.
 * Prints the time and memory of each, and the exponent of their growth.
 *
 * @throws UsageError; Error when a program fails
 */
export async function benchScale(args: string[], cwd: string, signal: AbortSignal): Promise<void> {
  const { rows, rounds, json } = readBenchOptions(args, cwd, DEFAULTS);
  const machine = describeMachine();
  const lines = `up to ${rows.toLocaleString("en-US")} lines in a table with compactions ${COMPACTION}`;
  console.log(`${lines}, ${rounds} rounds, on ${machine}`);
  const growths = await withCassandra(
    async (cassandra) => {
      const recorder = newRecorder(cassandra.pid, (line) => console.log(`  ${line}`), signal);
      const target = {
        port: cassandra.port,
        directory: cassandra.directory,
        table: { keyspace: "bench", table: "online_retail" },
      };
      const shares = (...parts: number[]) => parts.map((part) => Math.round(rows / part));
      const setting = { cassandra, target, recorder, rounds };
      return [...(await ofLines(setting, shares(8, 4, 2, 1))), ...(await ofCustomers(setting, shares(400, 40, 4)))];
    },
    signal,
    { memtableMb: MEMTABLE_MB },
  );
  console.log(`\n${describeGrowth(growths)}`);
  if (json !== null)
    await writeFile(json, `${JSON.stringify({ machine, rows, rounds, compaction: COMPACTION, growths }, null, 2)}\n`);
}

interface Setting {
  readonly cassandra: BenchCassandra;
  readonly target: Target;
  readonly recorder: Recorder;
  readonly rounds: number;
}

/** Ingest and scan, and Spark's features where it is installed, of files of the same customers. */
async function ofLines({ cassandra, target, recorder, rounds }: Setting, sizes: number[]): Promise<GrowthRow[]> {
  const { directory, table } = target;
  await cassandra.createTable(table, retailTable, { compaction: false });
  const fileOf = (lines: number) => join(directory, `${lines}.csv`);
  const points: Record<"ingest" | "scan" | "spark", SizePoint[]> = { ingest: [], scan: [], spark: [] };
  const customers = customersOfFiles(sizes);
  for (const lines of sizes) await writeWhole(fileOf(lines), sizedCsv({ lines, customers }, 1));
  // Cassandra's compiler is done after two to three million rows: a server that is still cold would make the first sizes look slow.
  for (const program of [oursLoad(target, fileOf(sizes.at(-1)!)), oursRead(target)]) await recorder.warmUp(program);
  const spark = await openSparkIfInstalled({ cassandra, target, recorder });
  const programs = sizes.map((lines) => ({
    lines,
    load: { ...oursLoad(target, fileOf(lines)), name: `ingest of ${lines.toLocaleString("en-US")} lines` },
    read: { ...oursRead(target), name: `scan of ${lines.toLocaleString("en-US")} lines` },
    features: spark?.features(lines),
  }));
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [i, { load, read, features }] of inTurn(shortOnesMoreOften(programs), round).entries()) {
        await cassandra.empty(table);
        await recorder.measure(load);
        await cassandra.compact(table);
        await cassandra.settle();
        for (let scan = 0; scan < SCANS_A_LOAD; scan++) await recorder.measure(read);
        // Spark's start alone takes longer than all else here, and its growth is only told.
        if (features && round === 0 && i < programs.length) await recorder.measure(features);
      }
    }
    for (const { lines, load, read, features } of programs) {
      points.ingest.push(pointOf(recorder, load, lines));
      points.scan.push(pointOf(recorder, read, lines));
      if (features) points.spark.push(pointOf(recorder, features, lines));
    }
  } finally {
    await spark?.close();
  }
  await cassandra.empty(table);
  const targets = { furtherRowGrowth: MOST_ROW_GROWTH, memorySpread: MOST_MEMORY_SPREAD };
  const rowOf = (step: keyof typeof points, judged: GrowthRow["targets"]): GrowthRow => ({
    step,
    of: "lines",
    points: points[step],
    growth: growthOf(points[step]),
    targets: judged,
  });
  const ofSpark = spark === null ? [] : [rowOf("spark", {})];
  return [rowOf("ingest", targets), rowOf("scan", targets), ...ofSpark];
}

/**
 * Of the smallest first: all, then all but the largest, and so on. What disturbs the machine for a second weighs more in a short run, and a
 * further row's time is a difference to it.
 */
function shortOnesMoreOften<T>(programs: readonly T[]): T[] {
  return programs.flatMap((_, left) => programs.slice(0, programs.length - left));
}

async function openSparkIfInstalled({
  cassandra,
  target,
  recorder,
}: Pick<Setting, "cassandra" | "target" | "recorder">): Promise<SparkBench | null> {
  if (hasSpark()) return openSpark(cassandra, target.table, recorder.signal);
  console.log("  without Spark: node setup.mjs --spark installs it");
  return null;
}

/** What is done with customers, from their frame on. */
async function ofCustomers({ cassandra, target, recorder, rounds }: Setting, sizes: number[]): Promise<GrowthRow[]> {
  const { keyspace } = target.table;
  for (const [table, definition] of Object.entries(resultTables)) {
    await cassandra.createTable({ keyspace, table }, definition, { compaction: false });
  }
  const rows: GrowthRow[] = [];
  for (const step of ["fold", "prepare", "train", "save"] as const) {
    const points: SizePoint[] = [];
    for (const customers of sizes) {
      const program = customersProgram(step, customers, target);
      for (let round = 0; round < rounds; round++) {
        await cassandra.settle();
        await recorder.measure(program);
      }
      points.push(pointOf(recorder, program, customers));
    }
    rows.push({ step, of: "customers", points, growth: growthOf(points), targets: {} });
  }
  return rows;
}

function customersProgram(step: string, customers: number, { port, table, directory }: Target): Contender {
  return {
    name: `${step} of ${customers.toLocaleString("en-US")} customers`,
    command: process.execPath,
    // A million customers are more than the heap that Node takes by itself.
    args: [
      "--max-old-space-size=12000",
      join(__dirname, "customers.js"),
      ...[step, String(customers), String(port), table.keyspace, directory],
    ],
    figuresIn: (output) => JSON.parse(output.split("\n").find((line) => line.startsWith("{")) ?? "null"),
  };
}

function pointOf(recorder: Recorder, program: Contender, size: number): SizePoint {
  const { ownSeconds, peakBytes, cpuSeconds, serverCpuSeconds } = recorder.summaryOf(program);
  return { size, seconds: ownSeconds, peakBytes, cpuSeconds, serverCpuSeconds };
}
