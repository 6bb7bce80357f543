import type { Matrix } from "@keyspaces-segmentation/kmeans";
import type { TrainingFormat } from "./algorithm.js";
import { rowsToRecordIo } from "./record_io.js";

/** A part of the data, one object in S3. */
export interface DataObject {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Memory for the text of an object, the same for all: every 64 MB of new buffers make the engine look through all objects for garbage. */
interface Room {
  bytes: Buffer;
}

/** How the rows of each format are written, and where. */
const forms: Readonly<
  Record<TrainingFormat, { extension: string; write: (matrix: Matrix, rows: Uint32Array, room: Room) => Uint8Array }>
> = {
  csv: { extension: "csv", write: rowsToCsv },
  recordio: { extension: "pbr", write: rowsToRecordIo },
};

/** Of one object, so that no more than some 40 MB of text are in memory at a time. */
const numbersPerObject = 2 ** 21;

/** 0 … n − 1 in random order (Fisher and Yates). */
function shuffledIndices(n: number, random: () => number): Uint32Array {
  const indices = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const kept = indices[i]!;
    indices[i] = indices[j]!;
    indices[j] = kept;
  }
  return indices;
}

/** Lines that are text at a time. */
const LINES = 1000;
/** A number as text has no more characters, with what is behind it. */
const NUMBER_LENGTH = 25;

function rowsToCsv({ values, columns }: Matrix, rows: Uint32Array, room: Room): Uint8Array {
  // A view of each row would take longer than its text.
  const lineOf = (row: number): string => {
    let line = String(values[row * columns]);
    for (let j = 1; j < columns; j++) line += `,${values[row * columns + j]!}`;
    return `${line}\n`;
  };
  const most = NUMBER_LENGTH * columns * rows.length;
  if (room.bytes.length < most) room.bytes = Buffer.allocUnsafeSlow(most);
  let length = 0;
  for (let at = 0; at < rows.length; at += LINES) {
    length += room.bytes.write(Array.from(rows.subarray(at, at + LINES), lineOf).join(""), length, "latin1");
  }
  return Buffer.from(room.bytes.subarray(0, length));
}

/**
 * Writes features as SageMaker's K-Means reads them: numbers only, no header, no ids. The rows are shuffled, because the algorithm
 * takes its first centers from the first batch. They are cut into objects of about the same number of rows, a multiple of
 * `instances`, because SageMaker hands out whole objects.
 *
 * @param matrix as many rows as instances, or more
 * @param random uniform in [0, 1)
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html
 */
export function* trainingObjects(
  matrix: Matrix,
  { format = "csv", instances = 1, random }: { format?: TrainingFormat; instances?: number; random: () => number },
): Generator<DataObject> {
  const { write, extension } = forms[format];
  const order = shuffledIndices(matrix.rows, random);
  const room: Room = { bytes: Buffer.alloc(0) };
  const rounds = Math.ceil((matrix.rows * matrix.columns) / numbersPerObject / instances);
  const objects = Math.min(matrix.rows, Math.max(1, rounds) * instances);
  for (let i = 0; i < objects; i++) {
    const from = Math.floor((i * matrix.rows) / objects);
    const to = Math.floor(((i + 1) * matrix.rows) / objects);
    const name = `part-${String(i).padStart(5, "0")}.${extension}`;
    yield { name, bytes: write(matrix, order.subarray(from, to), room) };
  }
}
