import { ArgumentError, type Money, moneyOf } from "@keyspaces-segmentation/common";
import type { DataFrame } from "danfojs-node";
import { showTable, unitOf } from "./tables.js";

export type { DataFrame } from "danfojs-node";

type Cell = string | number | boolean | null;

/** danfo, loaded when it is first asked for: it takes two seconds. */
export function loadDanfo(): typeof import("danfojs-node") {
  const danfo = require("danfojs-node") as typeof import("danfojs-node");
  // Else its first tensor prints an advertisement into the cell.
  danfo.tensorflow.enableProdMode();
  return danfo;
}

/** What danfojs can hold: no dates (as ISO text), no exact decimals (as numbers: for looking at, not for adding up). */
function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (value instanceof Date) return value.toISOString().slice(0, 19);
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "object" && "unscaled" in value && "scale" in value) {
    return Number(value.unscaled) / 10 ** Number(value.scale);
  }
  return typeof value === "number" || typeof value === "boolean" ? value : String(value);
}

function typeOf(cells: readonly Cell[]): "string" | "int32" | "float32" | "boolean" {
  const present = cells.filter((cell) => cell !== null);
  if (present.length > 0 && present.every((cell) => typeof cell === "boolean")) return "boolean";
  if (present.length === 0 || !present.every((cell) => typeof cell === "number")) return "string";
  return cells.every((cell) => Number.isInteger(cell) && Math.abs(Number(cell)) < 2 ** 31) ? "int32" : "float32";
}

/** Rows from which on a frame takes the less memory. */
const MANY_ROWS = 10_000;

/** danfo keeps all cells a second time, by columns; of many rows it is asked not to. */
const configFor = (rows: number): { lowMemoryMode: boolean } => ({ lowMemoryMode: rows > MANY_ROWS });

/**
 * Rows (invoice lines, customers) as a danfojs DataFrame, a column for each property of the first row.
 * A customer id stays text, though it looks like a number; a missing number is NaN and a missing text null.
 */
export function toFrame(rows: readonly object[]): DataFrame {
  const danfo = loadDanfo();
  const names = Object.keys(rows[0] ?? {});
  const columns = names.map((name) => rows.map((row) => cellOf((row as Record<string, unknown>)[name])));
  const dtypes = columns.map(typeOf);
  const filled = columns.map((cells, index) => {
    const isNumber = dtypes[index] === "float32";
    return isNumber ? cells.map((cell) => cell ?? Number.NaN) : cells;
  });
  const values = rows.map((_, row) => filled.map((cells) => cells[row] as Cell));
  return new danfo.DataFrame(values, { columns: names, config: configFor(rows.length), dtypes });
}

/**
 * A frame with further columns, or with others in the places of those that have their names. danfo's `addColumn` copies the whole
 * table for each, and takes the text "555" for a number.
 */
export function withColumns(frame: DataFrame, added: Readonly<Record<string, readonly Cell[]>>): DataFrame {
  const danfo = loadDanfo();
  const kept = frame.columns.flatMap((name, at) => (Object.hasOwn(added, name) ? [] : [at]));
  const columns = Object.values(added);
  const values = (frame.values as Cell[][]).map((row, i) => [
    ...kept.map((at) => row[at] as Cell),
    ...columns.map((cells) => cells[i] as Cell),
  ]);
  return new danfo.DataFrame(values, {
    columns: [...kept.map((at) => frame.columns[at] as string), ...Object.keys(added)],
    dtypes: [...kept.map((at) => frame.dtypes[at] as string), ...columns.map(typeOf)],
    config: configFor(values.length),
    index: frame.index,
  });
}

/** The first rows of a frame; the frame itself where it has no more. */
export function firstRows(frame: DataFrame, rows: number): DataFrame {
  if ((frame.shape[0] ?? 0) <= rows) return frame;
  const values = (frame.values as Cell[][]).slice(0, rows);
  return new (loadDanfo().DataFrame)(values, { columns: frame.columns, dtypes: frame.dtypes });
}

/** What is shown of a DataFrame. */
export interface FrameOptions {
  caption?: string;
  /** Rows shown; 10 unless given. */
  limit?: number;
  /** Rows that there are, where the frame has the first of them only. */
  total?: number;
  /** Columns that are left out, so that the rest fits on a page. */
  without?: readonly string[];
  /** In which currency amounts are; not known unless given. */
  money?: Money;
  /** Where the rest is. */
  link?: { text: string; href: string };
}

/** Shows the first rows of a DataFrame as a table. */
export function showFrame(
  frame: DataFrame,
  { caption, limit = 10, total = frame.shape[0] ?? 0, without = [], money = moneyOf(null), link }: FrameOptions = {},
): void {
  const values = frame.values.slice(0, limit) as Cell[][];
  const rows = values.map((cells) => Object.fromEntries(frame.columns.map((name, index) => [name, cells[index]])));
  const shown = frame.columns.filter((name) => !without.includes(name));
  const columns = shown.map((name) => {
    return { key: name, title: name, ...unitOf(name, money) };
  });
  showTable(rows, { columns, limit, total, ...(caption !== undefined && { caption }), ...(link && { link }) });
}

/**
 * The values of a column, in the order of the rows. Not through a Series, which takes a copy of the index and looks for repeats in it.
 *
 * @throws ArgumentError when the frame has no such column
 */
export function columnOf<T extends string | number | boolean>(frame: DataFrame, name: string): T[] {
  const at = frame.columns.indexOf(name);
  if (at < 0) {
    throw new ArgumentError(
      "customers",
      `a DataFrame with the column \`${name}\``,
      `one with ${frame.columns.join(", ")}`,
    );
  }
  return (frame.values as T[][]).map((row) => row[at]!);
}
