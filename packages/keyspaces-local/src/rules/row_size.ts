import type { BoundValues } from "../protocol/bound_values.js";
import type { RowShape } from "./row_shape.js";
import type { Rule } from "./rules.js";

/** What one execution weighs, in bytes. */
export interface RowSize {
  partitionKey: number;
  clusteringKey: number;
  /** An empty text or blob as a clustering value. */
  hasEmptyClustering: boolean;
  /** The whole row, as far as the statement gives it. */
  row: number;
}

const PARTITION_KEY_LIMIT = 2048;
const CLUSTERING_KEY_LIMIT = 850;
const ROW_LIMIT = 1024 * 1024;

/** Limits that depend on the values. */
export const sizeRules: readonly Rule<RowSize>[] = [
  {
    code: "KL-PARTITION-KEY",
    refuse: ({ partitionKey }) =>
      partitionKey > PARTITION_KEY_LIMIT
        ? `The partition key has ${partitionKey} bytes; at most ${PARTITION_KEY_LIMIT} are supported`
        : undefined,
  },
  {
    code: "KL-CLUSTERING-KEY",
    refuse: ({ clusteringKey }) =>
      clusteringKey > CLUSTERING_KEY_LIMIT
        ? `The clustering columns have ${clusteringKey} bytes; at most ${CLUSTERING_KEY_LIMIT} are supported`
        : undefined,
  },
  {
    code: "KL-EMPTY-CLUSTERING",
    refuse: ({ hasEmptyClustering }) => (hasEmptyClustering ? "A clustering column cannot be empty" : undefined),
  },
  {
    code: "KL-ROW-SIZE",
    refuse: ({ row }) => (row > ROW_LIMIT ? `The row has ${row} bytes; at most ${ROW_LIMIT} are supported` : undefined),
  },
];

const PARTITION_COLUMN_BYTES = 3;
/** Of a row that expires, and of each of its columns. */
const TTL_BYTES = 8;
/** The seconds that a row lives, where they are bound. */
const BOUND_TTL_BYTES = 4;
const UNSET = -2;

/**
 * Weighs a row as the service's documents estimate it: each column by its name and value, key columns twice. Of columns whose value is
 * an expression, what it binds.
 *
 * @param into filled in and returned
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/calculating-row-size.html
 */
export function weigh(shape: RowShape, values: BoundValues, into: RowSize): RowSize {
  const { partition, clustering, firstMarker, markerCount } = shape;
  into.partitionKey = 0;
  into.clusteringKey = 0;
  into.hasEmptyClustering = false;
  if (partition) for (const value of partition) into.partitionKey += Math.max(0, sizeOf(value, values));
  for (const value of clustering) {
    const size = sizeOf(value, values);
    into.clusteringKey += Math.max(0, size);
    into.hasEmptyClustering ||= size === 0;
  }
  let bound = values.bytes;
  // Of a batch given as text, the markers that are this statement's.
  if (markerCount < values.count) {
    bound = 0;
    for (let index = firstMarker; index < firstMarker + markerCount; index++)
      bound += Math.max(0, values.lengths[index] ?? 0);
  }
  into.row = rowWeight(shape, values, bound);
  return into;
}

function rowWeight(shape: RowShape, { source, starts, lengths, count }: BoundValues, bound: number): number {
  const { terms, idBytes, otherColumns, expires } = shape;
  let columns = otherColumns;
  let row = otherColumns * idBytes;
  let rest = bound - (expires ? BOUND_TTL_BYTES : 0);
  for (const { marker, constant, weight, part } of terms) {
    let value = constant;
    if (marker !== undefined) {
      const length = marker < count ? lengths[marker]! : UNSET;
      if (length === UNSET) continue;
      value = length < 0 ? 1 : weight(source, starts[marker]!, length);
      rest -= Math.max(0, length);
    }
    columns++;
    row += idBytes + value;
    if (part === "partition") row += value + PARTITION_COLUMN_BYTES;
    else if (part === "clustering") row += value + Math.ceil(value / 5);
  }
  if (otherColumns > 0 || terms.length === 0) row += Math.max(0, rest);
  if (terms.length === 0) row += shape.literalBytes;
  return expires ? row + TTL_BYTES * (1 + columns) : row;
}

/** Negative for null, unset and missing ones, which are Cassandra's to refuse. */
function sizeOf(value: number | Buffer, { lengths, count }: BoundValues): number {
  if (typeof value !== "number") return value.length;
  return value < count ? lengths[value]! : -1;
}

/** A hash of the partition key; undefined where it is not known. */
export function partitionOf({ partition }: RowShape, values: BoundValues): number | undefined {
  if (partition === undefined) return undefined;
  let hash = 0x811c9dc5;
  for (const value of partition) {
    if (typeof value !== "number") hash = hashOf(hash, value, 0, value.length);
    else {
      if (value >= values.count || values.lengths[value]! < 0) return undefined;
      hash = hashOf(hash, values.source, values.starts[value]!, values.lengths[value]!);
    }
  }
  // Its low bits are what is used of it.
  return hash ^ (hash >>> 16);
}

/** FNV-1a, over the length too: keys of several columns differ by where one ends and the next begins. */
function hashOf(start: number, bytes: Buffer, from: number, length: number): number {
  let hash = Math.imul(start ^ length, 0x01000193);
  for (let at = from; at < from + length; at++) hash = Math.imul(hash ^ bytes[at]!, 0x01000193);
  return hash;
}
