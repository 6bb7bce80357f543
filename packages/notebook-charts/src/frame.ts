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

/** The dtype of a column, in one pass and without a copy of it. */
function typeOf(rows: number, cellAt: (row: number) => Cell): "string" | "int32" | "float32" | "boolean" {
  let [numbers, booleans, others, isWhole] = [0, 0, 0, true];
  for (let row = 0; row < rows; row++) {
    const cell = cellAt(row);
    if (typeof cell === "number") numbers++;
    else if (typeof cell === "boolean") booleans++;
    else if (cell !== null) others++;
    isWhole &&= Number.isInteger(cell) && Math.abs(Number(cell)) < 2 ** 31;
  }
  if (booleans > 0 && numbers + others === 0) return "boolean";
  if (numbers === 0 || booleans + others > 0) return "string";
  return isWhole ? "int32" : "float32";
}

/** Rows from which on a frame takes the less memory. */
const MANY_ROWS = 10_000;

/** danfo keeps all cells a second time, by columns; of many rows it is asked not to. */
const configFor = (rows: number): { lowMemoryMode: boolean } => ({ lowMemoryMode: rows > MANY_ROWS });

/**
 * Rows (invoice lines, customers) as a danfojs DataFrame, a column for each property of the first row.
 * A customer id stays text, though it looks like a number; a missing number is NaN and a missing text null.
 *
 * @param columnNames the properties, where there may be no row to tell them
 */
export function toFrame(rows: Iterable<object>, columnNames?: readonly string[]): DataFrame {
  const danfo = loadDanfo();
  let names = columnNames;
  const values: Cell[][] = [];
  for (const row of rows) {
    names ??= Object.keys(row);
    values.push(names.map((name) => cellOf((row as Record<string, unknown>)[name])));
  }
  const columns = [...(names ?? [])];
  const dtypes = columns.map((_, at) => typeOf(values.length, (row) => values[row]![at]!));
  for (const [at, dtype] of dtypes.entries()) {
    if (dtype === "float32") for (const row of values) row[at] ??= Number.NaN;
  }
  return new danfo.DataFrame(values, { columns, config: configFor(values.length), dtypes });
}

/**
 * A frame with further columns, or with others in the places of those that have their names. danfo's `addColumn` copies the whole
 * table for each, and takes the text "555" for a number.
 */
export function withColumns(frame: DataFrame, added: Readonly<Record<string, ArrayLike<Cell>>>): DataFrame {
  const danfo = loadDanfo();
  const kept = frame.columns.flatMap((name, at) => (Object.hasOwn(added, name) ? [] : [at]));
  const columns = Object.values(added);
  const values = (frame.values as Cell[][]).map((row, i) => {
    // As long as it will be: an array that grows keeps room for as many cells again.
    const cells = new Array<Cell>(kept.length + columns.length);
    for (let at = 0; at < kept.length; at++) cells[at] = row[kept[at]!]!;
    for (let at = 0; at < columns.length; at++) cells[kept.length + at] = columns[at]![i]!;
    return cells;
  });
  return new danfo.DataFrame(values, {
    columns: [...kept.map((at) => frame.columns[at] as string), ...Object.keys(added)],
    dtypes: [
      ...kept.map((at) => frame.dtypes[at] as string),
      ...columns.map((cells) => typeOf(cells.length, (row) => cells[row]!)),
    ],
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

/** Where a column is. @throws ArgumentError when the frame has no such column */
function placeOf(frame: DataFrame, name: string): number {
  const at = frame.columns.indexOf(name);
  if (at >= 0) return at;
  throw new ArgumentError(
    "customers",
    `a DataFrame with the column \`${name}\``,
    `one with ${frame.columns.join(", ")}`,
  );
}

/**
 * The values of a column, in the order of the rows. Not through a Series, which takes a copy of the index and looks for repeats in it.
 *
 * @throws ArgumentError when the frame has no such column
 */
export function columnOf<T extends string | number | boolean>(frame: DataFrame, name: string): T[] {
  const at = placeOf(frame, name);
  return (frame.values as T[][]).map((row) => row[at]!);
}

/**
 * The values of a column of numbers, in the order of the rows; a missing one is NaN.
 *
 * @throws ArgumentError when the frame has no such column
 */
export function numbersOf(frame: DataFrame, name: string): Float64Array {
  const at = placeOf(frame, name);
  const numbers = new Float64Array(frame.shape[0]!);
  for (const [row, cells] of (frame.values as (number | null)[][]).entries()) numbers[row] = cells[at] ?? Number.NaN;
  return numbers;
}

/**
 * What is made of each row, of its cells in some columns.
 *
 * @throws ArgumentError when the frame has no such column
 */
export function mapRows<Cells extends Cell[], T>(
  frame: DataFrame,
  names: readonly string[],
  make: (...cells: Cells) => T,
): T[] {
  const places = names.map((name) => placeOf(frame, name));
  const cells = new Array<Cell>(places.length) as Cells;
  return (frame.values as Cell[][]).map((row) => {
    for (let i = 0; i < places.length; i++) cells[i] = row[places[i]!]!;
    return make(...cells);
  });
}
