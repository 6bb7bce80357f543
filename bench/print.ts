import { cpus, totalmem, type } from "node:os";
import type { Block, Comparison, JudgedBy, Limit, Summary } from "./figures.js";

const count = (value: number): string => Math.round(value).toLocaleString("en-US");
const oneDecimal = (value: number | undefined): string => (value === undefined ? "–" : value.toFixed(1));
const ratio = (value: number, digits = 2): string => `${value.toFixed(digits)}×`;

/** Columns of text, the first aligned to the left, the others to the right; none that is empty below its header. */
export function columns(table: readonly (readonly string[])[]): string {
  const used = table[0]!.map((_, column) => table.slice(1).some((row) => !["", "–"].includes(row[column]!)));
  const rows = table.map((row) => row.filter((_, column) => used[column]));
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const cells = (row: readonly string[]) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)));
  return rows.map((row) => `  ${cells(row).join("  ")}`.trimEnd()).join("\n");
}

const PROGRAM_HEADER = ["program", "rows/s", "own s", "process s", "peak MB", "CPU s", "Cassandra CPU s"];

function programRow({ name, peakBytes, ...figures }: Summary): string[] {
  return [
    name,
    count(figures.rowsPerSecond),
    figures.ownSeconds.toFixed(2),
    figures.wallSeconds.toFixed(2),
    peakBytes === undefined ? "–" : count(peakBytes / 1e6),
    oneDecimal(figures.cpuSeconds),
    oneDecimal(figures.serverCpuSeconds),
  ];
}

function targetIn({ atLeast, atMost }: Limit, unit: Comparison["unit"], judgedBy: JudgedBy): string {
  const limit = atLeast === undefined ? `≤ ${atMost}${unit}` : `≥ ${atLeast}${unit}`;
  return judgedBy === "process" ? `${limit} by process` : limit;
}

function comparisonRow(comparison: Comparison): string[] {
  const { what, value, unit, digits, wholeProcess, processor, target, judgedBy = "own", met } = comparison;
  return [
    what,
    unit === "×" ? ratio(value, digits) : `${count(value)}${unit}`,
    wholeProcess === undefined ? "" : ratio(wholeProcess),
    processor === undefined ? "" : ratio(processor),
    targetIn(target, unit, judgedBy),
    met ? "ok" : "missed",
  ];
}

const COMPARISON_HEADER = ["", "ratio", "by process s", "by CPU s", "target", ""];

/** A block as text for a terminal: what each program did, then the ratios with their targets. */
export function describeBlock({ title, programs, comparisons }: Block): string {
  return [
    title,
    columns([PROGRAM_HEADER, ...programs.map(programRow)]),
    columns([COMPARISON_HEADER, ...comparisons.map(comparisonRow)]),
  ].join("\n\n");
}

/** The machine a measurement was made on: no figure means anything without it. */
export function describeMachine(): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} × ${cores[0]?.model.trim() ?? "unknown processor"}, ${memory} GB, ${type()}, Node.js ${process.versions.node}`;
}
