import { ArgumentError } from "@keyspaces-segmentation/common";
import { type Matrix, requireFinite } from "@keyspaces-segmentation/kmeans";
import { rowsToRecordIo } from "./record_io.js";

/** How SageMaker's K-Means is given its rows: text, or RecordIO-protobuf of float32. */
export type TrainingFormat = "csv" | "recordio";

/** A part of the data, one object in S3. */
export interface DataObject {
  readonly name: string;
  readonly bytes: Uint8Array;
}

interface Form {
  readonly contentType: string;
  readonly extension: string;
  readonly write: (matrix: Matrix, rows: Uint32Array) => Uint8Array;
}

const forms: Readonly<Record<TrainingFormat, Form>> = {
  // Without label_size=0 the first feature would be taken for a label.
  csv: { contentType: "text/csv;label_size=0", extension: "csv", write: rowsToCsv },
  recordio: { contentType: "application/x-recordio-protobuf", extension: "pbr", write: rowsToRecordIo },
};

function formOf(format: TrainingFormat): Form {
  if (Object.hasOwn(forms, format)) return forms[format];
  throw new ArgumentError("format", `one of ${Object.keys(forms).join(", ")}`, format);
}

/** The content type of a channel with such data. @throws ArgumentError for an unknown format */
export function contentTypeOf(format: TrainingFormat = "csv"): string {
  return formOf(format).contentType;
}

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

function rowsToCsv({ values, columns }: Matrix, rows: Uint32Array): Uint8Array {
  const lines = Array.from(rows, (row) => `${values.subarray(row * columns, (row + 1) * columns).join(",")}\n`);
  return Buffer.from(lines.join(""));
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
  const { write, extension } = formOf(format);
  const order = shuffledIndices(matrix.rows, random);
  const rounds = Math.ceil((matrix.rows * matrix.columns) / numbersPerObject / instances);
  const objects = Math.min(matrix.rows, Math.max(1, rounds) * instances);
  for (let i = 0; i < objects; i++) {
    const from = Math.floor((i * matrix.rows) / objects);
    const to = Math.floor(((i + 1) * matrix.rows) / objects);
    const name = `part-${String(i).padStart(5, "0")}.${extension}`;
    yield { name, bytes: write(matrix, order.subarray(from, to)) };
  }
}

/**
 * Checks that the algorithm, which computes with 32 bits, can hold every number.
 *
 * @throws ArgumentError naming the offending cell
 */
export function requireFloat32(matrix: Matrix, name: string): void {
  requireFinite(matrix, name);
  requireFinite({ ...matrix, values: matrix.values.map(Math.fround) }, name);
}
