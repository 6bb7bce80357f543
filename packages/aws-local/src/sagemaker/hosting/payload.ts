/** Requests to the hosted model. https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-inference.html */

import { InvocationFailure, unreadable } from "../container_failures.js";
import { parseLine } from "../kmeans/csv.js";
import { readRecords } from "../record_io/record.js";

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function numbers(value: unknown): number[] {
  if (!Array.isArray(value) || !value.every((each) => typeof each === "number")) throw unreadable();
  return value.map(Math.fround);
}

/** `[1, 2]`, `{values: [1, 2]}`, or sparse: `{keys: [1], values: [2], shape: [4]}`. */
function featuresOf(value: unknown, width: number): number[] {
  if (!isFields(value)) return numbers(value);
  const values = numbers(value.values);
  if (value.keys === undefined) return values;
  const keys = numbers(value.keys);
  const [size = 0] = numbers(value.shape);
  // Only as wide as the model is, so that nobody asks for a billion zeros.
  if (size !== width || keys.length !== values.length) throw unreadable();
  const row = new Array<number>(size).fill(0);
  for (const [i, key] of keys.entries()) {
    if (!Number.isInteger(key) || key < 0 || key >= size) throw unreadable();
    row[key] = values[i] ?? 0;
  }
  return row;
}

function instanceOf(instance: unknown, width: number): number[] {
  if (!isFields(instance)) throw unreadable();
  if (instance.features !== undefined) return featuresOf(instance.features, width);
  if (!isFields(instance.data)) throw unreadable();
  return featuresOf(instance.data.features, width);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreadable();
  }
}

const linesOf = (text: string): string[] => text.split(/\r?\n/).filter((line) => line.trim() !== "");

const readers: Readonly<Record<string, (body: Buffer, width: number) => number[][]>> = {
  "text/csv": (body) =>
    linesOf(body.toString("utf8")).map((line) => {
      const row = parseLine(line);
      if (!row) throw unreadable();
      return row;
    }),
  "application/json": (body, width) => {
    const request = parse(body.toString("utf8"));
    if (!isFields(request) || !Array.isArray(request.instances)) throw unreadable();
    return request.instances.map((instance) => instanceOf(instance, width));
  },
  "application/jsonlines": (body, width) =>
    linesOf(body.toString("utf8")).map((line) => instanceOf(parse(line), width)),
  "application/x-recordio-protobuf": (body) => {
    try {
      return readRecords(body);
    } catch {
      throw unreadable();
    }
  },
};

/** The type of a content type, without its parameters. */
export const mediaType = (contentType: string): string => contentType.split(";")[0]?.trim().toLowerCase() ?? "";

/**
 * The rows of a request body, as 32-bit floats.
 *
 * @param width how many features the model has
 * @throws InvocationFailure 415 for another content type, 400 for what cannot be read
 */
export function readRows(body: Buffer, contentType: string, width: number): number[][] {
  const type = mediaType(contentType);
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (!read) throw new InvocationFailure(415, `Content-type ${contentType || "(none)"} not supported`);
  const rows = read(body, width);
  const fits = rows.length > 0 && rows.every((row) => row.length === width && row.every(Number.isFinite));
  if (!fits) throw unreadable();
  return rows;
}
