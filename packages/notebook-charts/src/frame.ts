import { ArgumentError, formatPlural, type Money, moneyOf } from "@keyspaces-segmentation/common";
import type { DataFrame } from "danfojs-node";
import { type Cell, type Column, columnFrame, partsOf, rowsIn } from "./column_frame.js";
import { showTable, unitOf } from "./tables.js";

export type { DataFrame } from "danfojs-node";

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

/** A copy of these numbers, a missing one NaN; of a typed array one of its kind. */
function copiedNumbers(cells: ArrayLike<number | null>): ArrayLike<number> {
  if (ArrayBuffer.isView(cells)) return (cells as Float64Array).slice();
  const copied = new Float64Array(cells.length);
  for (let row = 0; row < cells.length; row++) copied[row] = cells[row] ?? Number.NaN;
  return copied;
}

/** A column of these cells, its dtype told by them; of a copy where they are numbers. A missing number is NaN. */
function columnOwning(name: string, cells: ArrayLike<Cell>): Column {
  let [numbers, booleans, others, isWhole] = [0, 0, 0, true];
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row];
    if (typeof cell === "number") numbers++;
    else if (typeof cell === "boolean") booleans++;
    else if (cell !== null) others++;
    isWhole &&= Number.isInteger(cell) && Math.abs(Number(cell)) < 2 ** 31;
  }
  if (booleans > 0 && numbers + others === 0) return { name, dtype: "boolean", cells };
  if (numbers === 0 || booleans + others > 0) return { name, dtype: "string", cells };
  return { name, dtype: isWhole ? "int32" : "float32", cells: copiedNumbers(cells as ArrayLike<number | null>) };
}

/** The same of a copy of the cells. */
function columnFrom(name: string, cells: ArrayLike<Cell>): Column {
  const column = columnOwning(name, cells);
  return column.cells === cells ? { ...column, cells: Array.from(cells) } : column;
}

/**
 * Rows (invoice lines, customers) as a danfojs DataFrame, a column for each property of the first row.
 * A customer id stays text, though it looks like a number; a missing number is NaN and a missing text null.
 *
 * @param columnNames the properties, where there may be no row to tell them
 */
export function toFrame(rows: Iterable<object>, columnNames?: readonly string[]): DataFrame {
  let columns = columnNames?.map((name) => ({ name, cells: [] as Cell[] }));
  for (const row of rows) {
    columns ??= Object.keys(row).map((name) => ({ name, cells: [] }));
    for (const { name, cells } of columns) cells.push(cellOf((row as Record<string, unknown>)[name]));
  }
  return columnFrame({ columns: (columns ?? []).map(({ name, cells }) => columnOwning(name, cells)) });
}

/**
 * A frame with further columns, or with others in the places of those that have their names; no rows are made for it. danfo's
 * `addColumn` copies the whole table for each, and takes the text "555" for a number.
 *
 * @param added as long as the frame; copied
 * @throws ArgumentError for one that is not
 */
export function withColumns(frame: DataFrame, added: Readonly<Record<string, ArrayLike<Cell>>>): DataFrame {
  const { columns, index } = partsOf(frame);
  const byName = new Map(columns.map((column) => [column.name, column]));
  for (const [name, cells] of Object.entries(added)) {
    const rows = rowsIn(frame);
    if (columns.length > 0 && cells.length !== rows) {
      throw new ArgumentError(name, `a column of ${formatPlural(rows, "row")}`, cells.length);
    }
    byName.set(name, columnFrom(name, cells));
  }
  return columnFrame({ columns: [...byName.values()], index });
}

/** The first rows of a frame; the frame itself where it has no more. */
export function firstRows(frame: DataFrame, rows: number): DataFrame {
  return rowsIn(frame) <= rows ? frame : columnFrame(partsOf(frame, { atMost: rows }));
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
  { caption, limit = 10, total = rowsIn(frame), without = [], money = moneyOf(null), link }: FrameOptions = {},
): void {
  const { columns } = partsOf(frame, { atMost: limit });
  const rows = Array.from({ length: columns[0]?.cells.length ?? 0 }, (_, row) =>
    Object.fromEntries(columns.map(({ name, cells }) => [name, cells[row]!])),
  );
  const shown = columns.flatMap(({ name }) => {
    return without.includes(name) ? [] : [{ key: name, title: name, ...unitOf(name, money) }];
  });
  showTable(rows, { columns: shown, limit, total, ...(caption !== undefined && { caption }), ...(link && { link }) });
}

/** @throws ArgumentError when the frame has no such column */
function cellsOf(frame: DataFrame, name: string): ArrayLike<Cell> {
  const column = partsOf(frame, { only: name }).columns[0];
  if (column !== undefined) return column.cells;
  const names = partsOf(frame, { atMost: 0 }).columns.map((each) => each.name);
  throw new ArgumentError("customers", `a DataFrame with the column \`${name}\``, `one with ${names.join(", ")}`);
}

/**
 * The values of a column, in the order of the rows. Not through a Series, which takes a copy of the index and looks for repeats in it.
 *
 * @throws ArgumentError when the frame has no such column
 */
export function columnOf<T extends string | number | boolean>(frame: DataFrame, name: string): T[] {
  return Array.from(cellsOf(frame, name) as ArrayLike<T>);
}

/**
 * The values of a column of numbers, in the order of the rows; a missing one is NaN.
 *
 * @throws ArgumentError when the frame has no such column
 */
export function numbersOf(frame: DataFrame, name: string): Float64Array {
  const cells = cellsOf(frame, name) as ArrayLike<number | null>;
  return ArrayBuffer.isView(cells)
    ? new Float64Array(cells as ArrayLike<number>)
    : Float64Array.from(cells, (cell) => cell ?? Number.NaN);
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
  const columns = names.map((name) => cellsOf(frame, name));
  const cells = new Array<Cell>(columns.length) as Cells;
  const made = new Array<T>(columns[0]?.length ?? 0);
  for (let row = 0; row < made.length; row++) {
    for (let i = 0; i < columns.length; i++) cells[i] = columns[i]![row]!;
    made[row] = make(...cells);
  }
  return made;
}
