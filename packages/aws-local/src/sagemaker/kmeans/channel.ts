import { ContainerFailure } from "../container_failures.js";
import type { Matrix } from "../matrix.js";
import { readRecords } from "../record_io/record.js";
import { readCsv } from "./csv.js";

/** One object of a channel, under the name that the container sees. */
export interface ChannelFile {
  /** Relative to /opt/ml/input/data/<channel>/. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface Channel {
  readonly contentType: string | undefined;
  readonly files: readonly ChannelFile[];
}

const RECORD_IO = "application/x-recordio-protobuf";

/** The number of label columns in front; CSV has one unless it says otherwise. */
function labelColumns(parameters: readonly string[]): number {
  const size = parameters.find((parameter) => parameter.startsWith("label_size="))?.slice("label_size=".length) ?? "1";
  if (!/^\d+$/.test(size)) throw new ContainerFailure("ClientError", `label_size must be a number, got '${size}'`);
  return Number(size);
}

/** How a file of this content type is read into rows; without one, it is RecordIO. */
function readerOf(contentType: string | undefined): (bytes: Uint8Array, file: string) => Iterable<number[]> {
  const [type, ...parameters] = (contentType || RECORD_IO).split(";").map((part) => part.trim());
  if (type === RECORD_IO) return readRecords;
  if (type !== "text/csv") {
    const reason = `No iterator has been registered for ContentType ('${type}', '1.0')`;
    throw new ContainerFailure("ClientError", reason);
  }
  const labels = labelColumns(parameters);
  return function* (bytes, file) {
    for (const row of readCsv(bytes, file)) yield row.slice(labels);
  };
}

/**
 * The files of a channel as one matrix of 32-bit floats, labels left out.
 *
 * @throws ContainerFailure for what cannot be read, an empty channel, or rows that are not `featureDim` wide
 */
export function readChannel(channel: string, { contentType, files }: Channel, featureDim: number): Matrix {
  const read = readerOf(contentType);
  let values = new Float64Array();
  let length = 0;
  for (const { name, bytes } of files) {
    for (const row of read(bytes, `/opt/ml/input/data/${channel}/${name}`)) {
      if (row.length !== featureDim) {
        const reason = `cannot copy sequence with size ${row.length} to array axis with dimension ${featureDim}`;
        throw new ContainerFailure("ClientError", `${reason}: feature_dim is ${featureDim}`);
      }
      if (length === values.length) {
        const larger = new Float64Array(Math.max(2 * length, 1024 * featureDim));
        larger.set(values);
        values = larger;
      }
      values.set(row, length);
      length += featureDim;
    }
  }
  if (length === 0) throw new ContainerFailure("ClientError", `The ${channel} channel holds no rows`);
  const filled = values.subarray(0, length);
  if (!filled.every(Number.isFinite)) {
    throw new ContainerFailure("ClientError", `The ${channel} channel holds a value that is no 32-bit float`);
  }
  return { values: filled, rows: length / featureDim, columns: featureDim };
}
