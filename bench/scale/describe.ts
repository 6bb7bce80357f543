import { columns } from "../print.js";
import type { Growth, SizePoint } from "./growth.js";

/** How a step grows, and what is asked of it. */
export interface GrowthRow {
  readonly step: string;
  /** What the sizes count. */
  readonly of: "lines" | "customers";
  readonly points: readonly SizePoint[];
  readonly growth: Growth;
  /** The largest figures that are wanted; none: the figure is only told. */
  readonly targets: { readonly furtherRowGrowth?: number; readonly memorySpread?: number };
}

const SIZES_HEADER = ["step", "size", "s", "µs a row", "µs a further row", "its CPU µs", "Cassandra's", "peak MB"];
const GROWTH_HEADER = ["step", "time grows as", "time a row", "a further row", "memory grows as", "memory", ""];

const power = (exponent: number | undefined): string => (exponent === undefined ? "–" : `n^${exponent.toFixed(2)}`);
const times = (value: number | undefined, target?: number): string => {
  if (value === undefined) return "–";
  return `${value.toFixed(2)}×${target === undefined ? "" : ` (≤ ${target}×)`}`;
};

function verdict({ growth, targets }: GrowthRow): string {
  const judged = (["furtherRowGrowth", "memorySpread"] as const).filter((each) => targets[each] !== undefined);
  if (judged.length === 0) return "";
  return judged.every((each) => (growth[each] ?? 0) <= targets[each]!) ? "ok" : "missed";
}

/**
 * Two tables for a terminal: each size that was measured, and how each step grows. Time a row and memory are the most by the least of all
 * sizes; what a further row takes, between one size and the next, is the most by the first.
 */
export function describeGrowth(rows: readonly GrowthRow[]): string {
  const sizes = rows.flatMap(({ step, of, points, growth }) =>
    points.map(({ size, seconds, peakBytes }, i) => [
      step,
      `${size.toLocaleString("en-US")} ${of}`,
      seconds.toFixed(2),
      ((1e6 * seconds) / size).toFixed(2),
      ...[growth.furtherRow, growth.furtherRowCpu, growth.furtherRowServerCpu].map((further) =>
        i === 0 || further === undefined ? "–" : (1e6 * further[i - 1]!).toFixed(2),
      ),
      peakBytes === undefined ? "–" : Math.round(peakBytes / 1e6).toLocaleString("en-US"),
    ]),
  );
  const growths = rows.map((row) => {
    const { timeExponent, timeSpread, furtherRowGrowth, memoryExponent, memorySpread } = row.growth;
    return [
      row.step,
      power(timeExponent),
      times(timeSpread),
      times(furtherRowGrowth, row.targets.furtherRowGrowth),
      power(memoryExponent),
      times(memorySpread, row.targets.memorySpread),
      verdict(row),
    ];
  });
  return `${columns([SIZES_HEADER, ...sizes])}\n\n${columns([GROWTH_HEADER, ...growths])}`;
}
