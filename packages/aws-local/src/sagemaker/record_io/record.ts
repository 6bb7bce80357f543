/**
 * SageMaker's `Record` messages (package aialgs.data).
 * https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html
 */
import { ContainerFailure } from "../container_failures.js";
import { readFrames, writeFrame } from "./frames.js";
import { type Field, messagesOf, readFields, varintsOf, writeField } from "./protobuf.js";

const Record = { features: 1, label: 2 } as const;
const Entry = { key: 1, value: 2 } as const;
const Value = { float32: 2, float64: 3, int32: 7, bytes: 9 } as const;
const Tensor = { values: 1, keys: 2, shape: 3 } as const;

/** More features than this are an attack or an accident. */
const LARGEST = 2 ** 20;

const broken = (why: string): ContainerFailure =>
  new ContainerFailure("ClientError", `(Input Error) Unable to parse record: ${why}`);

/** Fixed-size numbers of a repeated field, packed or not. */
function fixed(fields: readonly Field[], size: 4 | 8): number[] {
  return messagesOf(fields, Tensor.values).flatMap((bytes) => {
    if (bytes.length % size !== 0) throw new RangeError("a number is cut off");
    return Array.from({ length: bytes.length / size }, (_, i) =>
      size === 4 ? bytes.readFloatLE(4 * i) : bytes.readDoubleLE(8 * i),
    );
  });
}

/** The values of a tensor of any of the three kinds, as the container takes them: 32-bit floats. */
function valuesOf(kind: number, fields: readonly Field[]): number[] {
  if (kind === Value.float32) return fixed(fields, 4);
  if (kind === Value.float64) return fixed(fields, 8).map(Math.fround);
  return varintsOf(fields, Tensor.values).map((value) => Math.fround(value | 0));
}

/** A tensor as a row: sparse ones are filled with zeros. */
function rowOf(kind: number, tensor: Buffer): number[] {
  const fields = readFields(tensor);
  const values = valuesOf(kind, fields);
  const keys = varintsOf(fields, Tensor.keys);
  const shape = varintsOf(fields, Tensor.shape);
  if (keys.length === 0 && (values.length > 0 || shape.length === 0)) return values;
  if (shape.length === 0) throw broken("A sparse tensor has no shape.");
  if (keys.length !== values.length) throw broken(`${keys.length} keys for ${values.length} values.`);
  const size = shape.reduce((product, each) => product * each, 1);
  if (shape.some((each) => each < 1) || size > LARGEST)
    throw broken(`A sparse tensor has the shape ${shape.join(" x ")}.`);
  const row = new Array<number>(size).fill(0);
  for (const [i, key] of keys.entries()) {
    if (key < 0 || key >= size) throw broken(`Key ${key} is outside the shape ${shape.join(" x ")}.`);
    row[key] = values[i] ?? 0;
  }
  return row;
}

/** Of a map, the entry with a name; the last one where several have it. */
function entryOf(record: readonly Field[], map: number, name: string): Buffer | undefined {
  let found: Buffer | undefined;
  for (const entry of messagesOf(record, map)) {
    const fields = readFields(entry);
    if (messagesOf(fields, Entry.key).at(-1)?.toString("utf8") === name) found = messagesOf(fields, Entry.value).at(-1);
  }
  return found;
}

function featuresOf(payload: Buffer): number[] {
  try {
    const value = entryOf(readFields(payload), Record.features, "values");
    if (!value) throw broken("It has no features named 'values'.");
    const [kind = 0, tensor] = readFields(value).at(-1) ?? [];
    if (kind === Value.bytes || typeof tensor !== "object") throw broken("Its features are no numbers.");
    return rowOf(kind, tensor);
  } catch (error) {
    if (error instanceof RangeError) throw broken(`It is no Record message, ${error.message}.`);
    throw error;
  }
}

/**
 * The features of every record of a RecordIO file, as 32-bit floats.
 *
 * @throws ContainerFailure for what is no RecordIO, no Record, or no numbers
 */
export function readRecords(bytes: Uint8Array): number[][] {
  return readFrames(bytes).map(featuresOf);
}

/** A record with labels of one number each, framed: how the hosted model answers. */
export function writeLabels(labels: Readonly<{ [name: string]: number }>): Buffer {
  const entries = Object.entries(labels).map(([name, value]) => {
    const number = Buffer.alloc(4);
    number.writeFloatLE(value);
    const content = writeField(Value.float32, writeField(Tensor.values, number));
    return writeField(
      Record.label,
      Buffer.concat([writeField(Entry.key, Buffer.from(name)), writeField(Entry.value, content)]),
    );
  });
  return writeFrame(Buffer.concat(entries));
}
