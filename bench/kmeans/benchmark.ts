import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Block, timeOf } from "../figures.js";
import { readBenchOptions, usageOfBench } from "../options.js";
import { describeBlock, describeMachine } from "../print.js";
import { inTurn, newRecorder } from "../recorder.js";
import { customerMatrix, type MatrixOptions } from "./matrices.js";
import { compareInertia, type Fitter, mlKMeans, ours, scikitLearn, type Task } from "./programs.js";

const DEFAULTS = { rows: 1_000_000, rounds: 4 };
export const KMEANS_USAGE: string = usageOfBench("kmeans", "rows of the large matrices", DEFAULTS);

/** Of scikit-learn's time, at most. */
const MOST_TIME = 0.7;

interface Question {
  readonly title: string;
  readonly matrix: MatrixOptions;
  readonly ks: readonly number[];
  readonly starts: number;
  readonly peer: (task: Task) => Fitter;
  /** Of the peer's time, at most. */
  readonly mostTime: number;
}

function questionsAbout(rows: number): Question[] {
  const [few, small] = [Math.min(rows, 4000), Math.min(rows, 100_000)];
  const count = (value: number) => value.toLocaleString("en-US");
  return [
    {
      title: `${count(rows)} customers, k 6, 10 starts`,
      matrix: { rows, money: "pence", seed: 1 },
      ks: [6],
      starts: 10,
      peer: scikitLearn,
      mostTime: MOST_TIME,
    },
    {
      title: `${count(rows)} customers, many of them alike, k 6, 10 starts`,
      matrix: { rows, money: "fifties", seed: 2 },
      ks: [6],
      starts: 10,
      peer: scikitLearn,
      mostTime: MOST_TIME,
    },
    {
      title: `${count(few)} customers, k 2 … 10, 50 starts each`,
      matrix: { rows: few, money: "pence", seed: 3 },
      ks: [2, 3, 4, 5, 6, 7, 8, 9, 10],
      starts: 50,
      peer: scikitLearn,
      mostTime: MOST_TIME,
    },
    {
      title: `${count(small)} customers, k 6, 10 starts`,
      matrix: { rows: small, money: "pence", seed: 4 },
      ks: [6],
      starts: 10,
      peer: mlKMeans,
      mostTime: MOST_TIME,
    },
  ];
}

/**
 * `npm run bench kmeans`: fits the same generated matrices with ours, scikit-learn and ml-kmeans, in turns, and compares times of
 * the fit and inertias.
 *
 * @throws UsageError; Error when a program fails
 */
export async function benchKMeans(args: string[], cwd: string, signal: AbortSignal): Promise<void> {
  const { rows, rounds, json } = readBenchOptions(args, cwd, DEFAULTS);
  const machine = describeMachine();
  console.log(`${rounds} rounds, on ${machine}`);
  const directory = await mkdtemp(join(tmpdir(), "bench-kmeans-"));
  const blocks: Block[] = [];
  try {
    for (const question of questionsAbout(rows)) {
      console.log(`\n${question.title}`);
      const block = await answer(question, join(directory, "matrix.f64"), rounds, signal);
      blocks.push(block);
      console.log(`\n${describeBlock(block)}\n`);
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  if (json !== null) await writeFile(json, `${JSON.stringify({ machine, rows, rounds, blocks }, null, 2)}\n`);
}

async function answer(
  { title, matrix, ks, starts, peer, mostTime }: Question,
  file: string,
  rounds: number,
  signal: AbortSignal,
): Promise<Block> {
  const { values, columns } = customerMatrix(matrix);
  await writeFile(file, values);
  const task = { file, columns, ks, starts };
  const [mine, theirs] = [ours(task), peer(task)];
  const recorder = newRecorder(undefined, (line) => console.log(`  ${line}`), signal);
  for (let round = 0; round < rounds; round++) {
    for (const program of inTurn([mine, theirs], round)) await recorder.measure(program);
  }
  const [our, their] = [recorder.summaryOf(mine), recorder.summaryOf(theirs)];
  return {
    title,
    programs: [our, their],
    comparisons: [timeOf(our, their, mostTime), compareInertia(mine, theirs)],
  };
}
