import { join } from "node:path";
import { ROOT } from "@keyspaces-segmentation/local-support";
import type { Comparison } from "../figures.js";
import type { Contender } from "../recorder.js";
import type { FitFigures } from "./ours.js";

/** What is to be fitted. */
export interface Task {
  /** float64 values, row-major. */
  readonly file: string;
  readonly columns: number;
  readonly ks: readonly number[];
  readonly starts: number;
}

/** A program that fits, with the inertias of its last run. */
export interface Fitter extends Contender {
  readonly inertias: () => readonly number[];
}

function fitter(name: string, command: string, program: string, { file, columns, ks, starts }: Task): Fitter {
  let inertias: readonly number[] = [];
  return {
    name,
    command,
    args: [program, file, String(columns), ks.join(","), String(starts)],
    inertias: () => inertias,
    figuresIn(output) {
      const line = output.split("\n").find((text) => text.startsWith("{"));
      if (line === undefined) throw new Error(`Expected a line of JSON, got ${JSON.stringify(output.slice(-500))}`);
      const figures = JSON.parse(line) as FitFigures;
      ({ inertias } = figures);
      return figures;
    },
  };
}

const peer = (file: string): string => join(ROOT, "bench", "peers", file);

export const ours = (task: Task): Fitter => fitter("ours", process.execPath, require.resolve("./ours.js"), task);
export const scikitLearn = (task: Task): Fitter =>
  fitter("scikit-learn", join(ROOT, ".cache", "python", "bin", "python"), peer("scikit_learn.py"), task);
export const mlKMeans = (task: Task): Fitter => fitter("ml-kmeans", process.execPath, peer("ml_kmeans.mjs"), task);

/** Our inertia as a part of theirs, for the k where that is worst. Lower is better; a part in a billion is rounding. */
export function compareInertia(mine: Fitter, theirs: Fitter): Comparison {
  const ratios = mine.inertias().map((inertia, i) => inertia / theirs.inertias()[i]!);
  const value = Math.max(...ratios);
  return {
    what: `${mine.name} against ${theirs.name}: inertia`,
    value,
    digits: 7,
    unit: "×",
    target: { atMost: 1 },
    met: value <= 1 + 1e-9,
  };
}
