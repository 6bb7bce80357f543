import type { Where } from "../cql/clauses.js";
import type { Condition } from "../cql/condition.js";
import { newerNames, type Replacement, withReplaced } from "../cql/manipulation.js";
import { quoteName } from "../cql/properties.js";
import type { DataStatement } from "../cql/statement.js";
import { invalid, Refusal } from "../protocol/refusal.js";
import type { TableRecord } from "../schema/records.js";
import { type ImageQuery, imageQueries } from "./row_images.js";

type Stretch = Pick<Where, "start" | "end">;
type Marked = Pick<Where, "firstMarker" | "markerCount">;

/** A marker of the statement by its number, or a value that is left unset. */
type Bound = number | "unset";

/** How the condition of a statement is looked at, without a change of its row. */
export interface Check {
  readonly query: string;
  readonly bound: readonly Bound[];
  /** Whether there is such a row; undefined for a conditional UPDATE that sets nothing, which says whether it was applied. */
  readonly exists: boolean | undefined;
}

/** One of the statements of a LOGGED batch, as it is carried out where the batch has conditions on several partitions. */
export interface BatchPart {
  /** With its condition, for Cassandra to read. */
  readonly whole: string;
  /** Without the condition. */
  readonly text: string;
  readonly bound: readonly Bound[];
  readonly check: Check | undefined;
}

/**
 * @param text the whole statement, or batch, that it was read from
 * @throws Refusal where its row or condition cannot be told
 */
export function batchPart(statement: DataStatement, record: TableRecord, text: string): BatchPart {
  const { target, extent, condition, clauses, usesTimestamp } = statement;
  // In Cassandra's words, which has it so for a single one.
  if (condition && usesTimestamp) throw invalid("Cannot provide custom timestamp for conditional updates");
  const path = `${quoteName(record.keyspace)}.${quoteName(record.table)}`;
  const names = [{ start: target.start, end: target.end, by: path }, ...newerNames(statement.olderCalls)];
  /** A stretch of the text with its names, and with other words for parts of it. */
  const textOf = ({ start, end }: Stretch, ...parts: Replacement[]) => {
    const inside = names.filter((name) => name.start >= start && name.end <= end);
    const kept = inside.filter((name) => !parts.some((part) => name.start >= part.start && name.end <= part.end));
    return withReplaced(text.slice(0, end), [...kept, ...parts]).slice(start);
  };
  const markers = [...clauses.markers.keys()];
  const whole = textOf(extent);
  if (!condition) return { whole, text: whole, bound: markers, check: undefined };
  const [row, partition] = rowsOf(() => imageQueries(clauses, record, text)) as [ImageQuery, ImageQuery?];
  const check = checkOf(condition, textOf(condition), row, record, path);
  const withoutCondition = { start: condition.start, end: condition.end, by: "" };
  const isOutside =
    ({ firstMarker, markerCount }: Marked) =>
    (marker: number) =>
      marker < firstMarker || marker >= firstMarker + markerCount;
  const own = markers.filter(isOutside(condition));
  const { where } = clauses;
  // One of static columns alone names a row for its condition only, and is not taken with it otherwise.
  if (where && partition && row.written?.length === 0) {
    const ofPartition = { start: where.start, end: where.end, by: partition.where };
    const bound = [...own.filter(isOutside(where)), ...partition.markers];
    return { whole, text: textOf(extent, ofPartition, withoutCondition), bound, check };
  }
  return { whole, text: textOf(extent, withoutCondition), bound: own, check };
}

/** @param written the condition's words */
function checkOf(condition: Condition, written: string, row: ImageQuery, record: TableRecord, path: string): Check {
  const { exists, firstMarker, markerCount } = condition;
  const statics = [...record.statics];
  if (exists !== undefined) {
    const columns = row.isStatic ? statics : [record.partitionKey[0]!.name];
    const query = `SELECT ${columns.map(quoteName).join(", ")} FROM ${path} WHERE ${row.where} LIMIT 1`;
    return { query, bound: row.markers, exists };
  }
  const keys = new Set([...record.partitionKey, ...record.clusteringKey].map(({ name }) => name));
  const regular = [...record.columns.keys()].filter((name) => !keys.has(name) && !record.statics.has(name));
  const [column] = row.isStatic ? statics : regular;
  if (column === undefined) throw untold("It has no column that a condition could be looked at with");
  return {
    query: `UPDATE ${path} SET ${quoteName(column)} = ? WHERE ${row.where} ${written}`,
    bound: ["unset", ...row.markers, ...Array.from({ length: markerCount }, (_, index) => firstMarker + index)],
    exists,
  };
}

function rowsOf(read: () => readonly ImageQuery[]): readonly ImageQuery[] {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw untold("Its key has to be given by itself, not by a function or in JSON");
  }
}

const untold = (why: string): Refusal =>
  invalid(`A statement of a batch with conditions on several partitions cannot be carried out: ${why}`, "KL-LOGGED");
