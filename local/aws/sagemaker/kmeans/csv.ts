import type { Matrix } from "../../../../src/clustering/matrix.js";
import { ContainerFailure } from "./failure.js";

/** One object of the channel, under the name that the container sees. */
export interface ChannelFile {
  /** Relative to /opt/ml/input/data/train/. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The container reads this many lines at a time, and names the batch that it could not read. */
const BATCH = 1000;

const numberPattern = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;

/** The number of label columns in front, from the content type; CSV has one unless it says otherwise. */
function labelColumns(contentType: string): number {
  const [type = "", ...parameters] = contentType.split(";").map((part) => part.trim());
  if (type !== "text/csv") {
    const reason = `No iterator has been registered for ContentType ('${type}', '1.0')`;
    throw new ContainerFailure("ClientError", reason);
  }
  const size = parameters.find((parameter) => parameter.startsWith("label_size="))?.slice("label_size=".length) ?? "1";
  if (!/^\d+$/.test(size)) throw new ContainerFailure("ClientError", `label_size must be a number, got '${size}'`);
  return Number(size);
}

function parseLine(line: string, file: string, index: number): number[] {
  const fields = line.split(",");
  if (fields.every((field) => numberPattern.test(field))) return fields.map((field) => Math.fround(Number(field)));
  const first = Math.floor(index / BATCH) * BATCH;
  const where = `rows ${first + 1}-${first + BATCH}, file /opt/ml/input/data/train/${file}`;
  throw new ContainerFailure("ClientError", `Unable to parse csv: ${where}`);
}

/**
 * The files of the train channel as one matrix of float32 values, labels left out.
 *
 * @throws ContainerFailure for a header, text, an empty channel, or rows that are not `featureDim` wide
 */
export function readChannel(files: readonly ChannelFile[], contentType: string, featureDim: number): Matrix {
  const labels = labelColumns(contentType);
  const values: number[] = [];
  for (const { name, bytes } of files) {
    const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
    for (const [index, line] of lines.entries()) {
      if (line === "") continue;
      const row = parseLine(line, name, index).slice(labels);
      if (row.length !== featureDim) {
        const reason = `cannot copy sequence with size ${row.length} to array axis with dimension ${featureDim}`;
        throw new ContainerFailure("ClientError", `${reason}: feature_dim is ${featureDim}`);
      }
      for (const value of row) values.push(value);
    }
  }
  if (values.length === 0) throw new ContainerFailure("ClientError", "The train channel holds no rows");
  return { values: Float64Array.from(values), rows: values.length / featureDim, columns: featureDim };
}
