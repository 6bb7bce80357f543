import { type Measurement, type Summary, summarise } from "./figures.js";
import { type Program, runProgram } from "./run_program.js";

/** What a program says about itself: the rows it went through, and for how long, its own start left out. */
export interface OwnFigures {
  readonly rows: number;
  readonly seconds: number;
  /** Of these, what it took to tell how a file is meant, before a line of it was used. */
  readonly readingSeconds?: number;
}

/** A program, and how to read its own figures from what it printed. */
export interface Contender extends Program {
  readonly figuresIn: (output: string) => OwnFigures;
}

/** Runs programs one at a time and keeps their figures. */
export interface Recorder {
  /** Aborted when no further program is to run. */
  readonly signal: AbortSignal;
  /** Runs a program, not measured: a server that has just started is slow. */
  warmUp(program: Contender): Promise<void>;
  measure(program: Contender): Promise<Measurement>;
  /** The medians of a program's measured runs. */
  summaryOf(program: Contender): Summary;
}

/** @param serverPid the server that works for the programs, if there is one */
export function newRecorder(serverPid: number | undefined, say: (line: string) => void, signal: AbortSignal): Recorder {
  const measured = new Map<string, Measurement[]>();

  const run = async (program: Contender, remark = ""): Promise<Measurement> => {
    const { output, ...cost } = await runProgram(program, serverPid, signal);
    const { rows, seconds, readingSeconds } = program.figuresIn(output);
    say(`${program.name}: ${Math.round(rows / seconds).toLocaleString("en-US")} rows/s${remark}`);
    return { ...cost, rows, ownSeconds: seconds, readingSeconds };
  };
  return {
    signal,
    async warmUp(program) {
      await run(program, " (to warm up)");
    },
    async measure(program) {
      const measurement = await run(program);
      measured.set(program.name, [...(measured.get(program.name) ?? []), measurement]);
      return measurement;
    },
    summaryOf: ({ name }) => summarise(name, measured.get(name) ?? []),
  };
}

/** The programs in the order of a round: every second one backwards, so that none always goes first. */
export function inTurn<T>(programs: readonly T[], round: number): readonly T[] {
  return round % 2 === 0 ? programs : programs.toReversed();
}
