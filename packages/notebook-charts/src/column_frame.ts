import { inspect } from "node:util";
import { ArgumentError } from "@keyspaces-segmentation/common";
import type { DataFrame } from "danfojs-node";

/** What danfo can hold in a cell. */
export type Cell = string | number | boolean | null;

/** A column of a frame. */
export interface Column {
  readonly name: string;
  readonly dtype: string;
  readonly cells: ArrayLike<Cell>;
}

/** danfo, loaded when it is first asked for: it takes two seconds. */
export function loadDanfo(): typeof import("danfojs-node") {
  const danfo = require("danfojs-node") as typeof import("danfojs-node");
  // Else its first tensor prints an advertisement into the cell.
  danfo.tensorflow.enableProdMode();
  return danfo;
}

/** Rows from which on a frame takes the less memory: danfo keeps all cells a second time, by columns; of many rows it is asked not to. */
const MANY_ROWS = 10_000;

/** Where danfo keeps a frame's rows, what they are called, and its copy by columns. */
const STATE = ["$data", "$index", "$dataIncolumnFormat"] as const;

/** What a frame is made of. */
export interface FrameParts {
  /** Equally long. */
  readonly columns: readonly Column[];
  /** What danfo calls the rows; undefined: from 0 on. */
  readonly index?: DataFrame["index"] | undefined;
}

/** The parts of frames whose rows danfo has not been asked for; frames share columns, so none is ever written to. */
const held = new WeakMap<DataFrame, FrameParts>();

/**
 * A danfo frame of these columns. danfo holds rows, each an array, which take most of the memory and time of a million customers: they are
 * made when danfo first needs them, for whatever it is asked. From then on they are what the frame holds, since they may be written to.
 *
 * @param parts not to be written to any more
 * @throws ArgumentError for a column that danfo cannot hold: it asks itself for `columns` to find one
 */
export function columnFrame(parts: FrameParts): DataFrame {
  const danfo = loadDanfo();
  const { columns, index } = parts;
  const names = columns.map(({ name }) => name);
  if (names.includes("columns")) {
    throw new ArgumentError("columns", "free of the name `columns`, which danfo cannot hold", names.join(", "));
  }
  const dtypes = columns.map(({ dtype }) => dtype);
  const rows = columns[0]?.cells.length ?? 0;
  const config = { lowMemoryMode: rows > MANY_ROWS };
  const frame = new danfo.DataFrame([], { columns: [...names], dtypes: [...dtypes], config });
  if (rows === 0) return frame;
  const makeRows = (): void => {
    const values = Array.from({ length: rows }, (_, row) => columns.map(({ cells }) => cells[row]!));
    const made = new danfo.DataFrame(values, { columns: names, dtypes, config, ...(index && { index: [...index] }) });
    held.delete(frame);
    if (!names.includes("shape")) Reflect.deleteProperty(frame, "shape");
    Reflect.deleteProperty(frame, inspect.custom);
    for (const name of STATE) {
      Object.defineProperty(frame, name, { value: Reflect.get(made, name), writable: true, enumerable: true });
    }
  };
  for (const name of STATE) {
    Object.defineProperty(frame, name, {
      get() {
        makeRows();
        return Reflect.get(frame, name);
      },
      set(value) {
        makeRows();
        Reflect.set(frame, name, value);
      },
      configurable: true,
      enumerable: true,
    });
  }
  // danfo lets a column hide what has its name.
  if (!names.includes("shape")) {
    Object.defineProperty(frame, "shape", { get: () => [rows, names.length], configurable: true });
  }
  // Else console.log, and so the kernel, would show getters where the rows are to be.
  const inspected = () => {
    makeRows();
    return frame;
  };
  Object.defineProperty(frame, inspect.custom, { value: inspected, configurable: true });
  held.set(frame, parts);
  return frame;
}

/** What danfo keeps of a frame, by danfo's own names: a column named `index` or `values` hides what is usually asked. */
const kept = <T>(frame: DataFrame, name: (typeof STATE)[number] | "$columns" | "$dtypes"): T[] =>
  Reflect.get(frame, name);

/** How many rows a frame has. */
export function rowsIn(frame: DataFrame): number {
  return (held.get(frame)?.columns[0]?.cells ?? kept(frame, "$data")).length;
}

/** Which part of a frame is asked for; all unless given. */
interface PartsAsked {
  /** So many of its rows, from the first on. */
  readonly atMost?: number;
  /** The only column. */
  readonly only?: string;
}

/** What a frame is made of; where danfo has made it, or its rows have been asked for, a copy of what these are now. */
export function partsOf(frame: DataFrame, { atMost = Number.POSITIVE_INFINITY, only }: PartsAsked = {}): FrameParts {
  const asked = ({ name }: { name: string }) => only === undefined || name === only;
  const parts = held.get(frame);
  if (parts === undefined) {
    const rows = kept<Cell[]>(frame, "$data").slice(0, atMost);
    const dtypes = kept<string>(frame, "$dtypes");
    const columns = kept<string>(frame, "$columns").map((name, at) => ({ name: String(name), dtype: dtypes[at]!, at }));
    return {
      columns: columns
        .filter(asked)
        .map(({ name, dtype, at }) => ({ name, dtype, cells: rows.map((row) => row[at]!) })),
      index: kept<string | number>(frame, "$index").slice(0, atMost),
    };
  }
  const columns = parts.columns.filter(asked);
  if (atMost >= rowsIn(frame)) return { columns, index: parts.index };
  const first = ({ name, dtype, cells }: Column): Column => {
    return { name, dtype, cells: Array.prototype.slice.call(cells, 0, atMost) };
  };
  return { columns: columns.map(first), index: parts.index?.slice(0, atMost) };
}
