import { columns } from "../print.js";
import type { Growth, SizePoint } from "./growth.js";

/** How a step grows, and what is asked of it. */
export interface GrowthRow {
  readonly step: string;
  /** What the sizes count. */
  readonly of: "lines" | "customers";
  readonly points: readonly SizePoint[];
  readonly growth: Growth;
  /** The largest spreads that are wanted; none: the figure is only told. */
  readonly targets: { readonly timeSpread?: number; readonly memorySpread?: number };
}

const SIZES_HEADER = ["step", "size", "s", "µs a row", "peak MB"];
const GROWTH_HEADER = ["step", "time grows as", "time a row", "memory grows as", "memory", ""];

const power = (exponent: number | undefined): string => (exponent === undefined ? "–" : `n^${exponent.toFixed(2)}`);
const spread = (value: number | undefined, target: number | undefined): string => {
  if (value === undefined) return "–";
  return `${value.toFixed(2)}×${target === undefined ? "" : ` (≤ ${target}×)`}`;
};

function verdict({ growth, targets }: GrowthRow): string {
  const judged = (["timeSpread", "memorySpread"] as const).filter((each) => targets[each] !== undefined);
  if (judged.length === 0) return "";
  return judged.every((each) => (growth[each] ?? 0) <= targets[each]!) ? "ok" : "missed";
}

/** Two tables for a terminal: each size that was measured, and how each step grows. A spread is the most by the least of all sizes. */
export function describeGrowth(rows: readonly GrowthRow[]): string {
  const sizes = rows.flatMap(({ step, of, points }) =>
    points.map(({ size, seconds, peakBytes }) => [
      step,
      `${size.toLocaleString("en-US")} ${of}`,
      seconds.toFixed(2),
      ((1e6 * seconds) / size).toFixed(2),
      peakBytes === undefined ? "–" : Math.round(peakBytes / 1e6).toLocaleString("en-US"),
    ]),
  );
  const growths = rows.map((row) => {
    const { timeExponent, timeSpread, memoryExponent, memorySpread } = row.growth;
    return [
      row.step,
      power(timeExponent),
      spread(timeSpread, row.targets.timeSpread),
      power(memoryExponent),
      spread(memorySpread, row.targets.memorySpread),
      verdict(row),
    ];
  });
  return `${columns([SIZES_HEADER, ...sizes])}\n\n${columns([GROWTH_HEADER, ...growths])}`;
}
