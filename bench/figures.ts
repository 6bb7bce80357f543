import type { ProgramRun } from "./run_program.js";

/** One run of a program: what it cost, and what it says about itself. */
export interface Measurement extends Omit<ProgramRun, "output"> {
  readonly rows: number;
  /** As the program counts them, its own start left out. */
  readonly ownSeconds: number;
  /** Of these, what it took to tell how a file is meant; undefined where that is not known. */
  readonly readingSeconds?: number | undefined;
}

/** Several runs of a program, each figure the median of its own. */
export interface Summary extends Measurement {
  readonly name: string;
  readonly rowsPerSecond: number;
  /** The runs in the order in which they were made. */
  readonly runs: readonly Measurement[];
}

export interface Limit {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Something measured that has a target. */
export interface Comparison {
  readonly what: string;
  readonly value: number;
  readonly unit: "×" | " MB";
  /** Of a ratio, after the point. Default 2. */
  readonly digits?: number;
  /** The same ratio by the time of whole processes, their start included. */
  readonly wholeProcess?: number;
  /** The same ratio by processor time a row, the program's and the server's: what a busy machine disturbs least. */
  readonly processor?: number | undefined;
  readonly target: Limit;
  /** What the target is held against: the programs' own figures, or the time of whole processes. */
  readonly judgedBy?: JudgedBy;
  readonly met: boolean;
}

/** Whose figures a ratio is judged by. */
export type JudgedBy = "own" | "process";

/** What one question about the programs comes to. */
export interface Block {
  readonly title: string;
  readonly programs: readonly Summary[];
  readonly comparisons: readonly Comparison[];
}

/** The middle value, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

export function summarise(name: string, runs: readonly Measurement[]): Summary {
  const middle = (figure: (run: Measurement) => number) => median(runs.map(figure));
  const middleIfKnown = (figure: (run: Measurement) => number | undefined) => {
    const known = runs.map(figure).filter((value) => value !== undefined);
    return known.length === 0 ? undefined : median(known);
  };
  return {
    name,
    runs,
    rows: middle(({ rows }) => rows),
    ownSeconds: middle(({ ownSeconds }) => ownSeconds),
    rowsPerSecond: middle(({ rows, ownSeconds }) => rows / ownSeconds),
    readingSeconds: middleIfKnown((run) => run.readingSeconds),
    wallSeconds: middle(({ wallSeconds }) => wallSeconds),
    peakBytes: middleIfKnown(({ peakBytes }) => peakBytes),
    cpuSeconds: middleIfKnown(({ cpuSeconds }) => cpuSeconds),
    serverCpuSeconds: middleIfKnown(({ serverCpuSeconds }) => serverCpuSeconds),
  };
}

const isMet = (value: number, { atLeast = -Infinity, atMost = Infinity }: Limit): boolean =>
  value >= atLeast && value <= atMost;

/** How many times their rows a second we reach. */
export function speedOf(
  ours: Summary,
  theirs: Summary,
  atLeast: number,
  { judgedBy = "own" }: { judgedBy?: JudgedBy } = {},
): Comparison {
  const value = ours.rowsPerSecond / theirs.rowsPerSecond;
  const wholeProcess = ours.rows / ours.wallSeconds / (theirs.rows / theirs.wallSeconds);
  return {
    what: `${ours.name} against ${theirs.name}: rows a second`,
    value,
    unit: "×",
    wholeProcess,
    processor: quotient(processorTimeOf(theirs), processorTimeOf(ours)),
    target: { atLeast },
    judgedBy,
    met: isMet(judgedBy === "own" ? value : wholeProcess, { atLeast }),
  };
}

/** What part of their time we take for the same rows. */
export function timeOf(
  ours: Summary,
  theirs: Summary,
  atMost: number,
  { judgedBy = "own" }: { judgedBy?: JudgedBy } = {},
): Comparison {
  const value = ours.ownSeconds / theirs.ownSeconds;
  const wholeProcess = ours.wallSeconds / theirs.wallSeconds;
  return {
    what: `${ours.name} against ${theirs.name}: time`,
    value,
    unit: "×",
    wholeProcess,
    processor: quotient(processorTimeOf(ours), processorTimeOf(theirs)),
    target: { atMost },
    judgedBy,
    met: isMet(judgedBy === "own" ? value : wholeProcess, { atMost }),
  };
}

/** What part of a program's time goes into telling how its file is meant; none where it is not known. */
export function readingShareOf({ name, readingSeconds, ownSeconds }: Summary, atMost: number): Comparison[] {
  if (readingSeconds === undefined) return [];
  const value = readingSeconds / ownSeconds;
  const what = `${name}: telling how the file is meant, of its time`;
  return [{ what, value, unit: "×", digits: 3, target: { atMost }, met: isMet(value, { atMost }) }];
}

/** What part of their memory we take at most; nothing where it is not known. */
export function memoryOf(ours: Summary, theirs: Summary, atMost: number): Comparison[] {
  const [our, their] = [ours, theirs].map(({ runs }) => runs.flatMap(({ peakBytes }) => peakBytes ?? []));
  if (our!.length === 0 || their!.length === 0) return [];
  const value = Math.max(...our!) / Math.min(...their!);
  const what = `${ours.name} against ${theirs.name}: peak memory`;
  return [{ what, value, unit: "×", target: { atMost }, met: isMet(value, { atMost }) }];
}

/** Seconds a row, of program and server together, where there is a server. */
function processorTimeOf({ rows, cpuSeconds, serverCpuSeconds = 0 }: Summary): number | undefined {
  return cpuSeconds === undefined ? undefined : (cpuSeconds + serverCpuSeconds) / rows;
}

function quotient(dividend: number | undefined, divisor: number | undefined): number | undefined {
  return dividend === undefined || divisor === undefined ? undefined : dividend / divisor;
}

/** The highest peak of all runs, in MB (10⁶ bytes); none where it is not known. */
export function peakOf({ name, runs }: Summary, atMost: number): Comparison[] {
  const peaks = runs.map(({ peakBytes }) => peakBytes).filter((bytes) => bytes !== undefined);
  if (peaks.length === 0) return [];
  const value = Math.max(...peaks) / 1e6;
  return [{ what: `${name}: peak memory`, value, unit: " MB", target: { atMost }, met: isMet(value, { atMost }) }];
}
