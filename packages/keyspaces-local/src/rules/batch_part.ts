import { newerNames, withReplaced } from "../cql/manipulation.js";
import { quoteName } from "../cql/properties.js";
import type { DataStatement } from "../cql/statement.js";
import { invalid, Refusal } from "../protocol/refusal.js";
import type { TableRecord } from "../schema/records.js";
import { type ImageQuery, imageQueries } from "./row_images.js";

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
  const replacements = [{ start: target.start, end: target.end, by: path }, ...newerNames(statement.olderCalls)];
  if (condition) replacements.push({ start: condition.start, end: condition.end, by: "" });
  const own = (marker: number) => !condition || marker < condition.firstMarker || marker >= endOf(condition);
  return {
    text: withReplaced(text.slice(0, extent.end), replacements).slice(extent.start),
    bound: clauses.markers.map((_, marker) => marker).filter(own),
    check: condition && checkOf(statement, record, path, text),
  };
}

const endOf = ({ firstMarker, markerCount }: { firstMarker: number; markerCount: number }): number =>
  firstMarker + markerCount;

function checkOf({ clauses, condition }: DataStatement, record: TableRecord, path: string, text: string): Check {
  const { exists, start, end, firstMarker, markerCount } = condition!;
  const row = rowOf(() => imageQueries(clauses, record, text));
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
    query: `UPDATE ${path} SET ${quoteName(column)} = ? WHERE ${row.where} ${text.slice(start, end)}`,
    bound: ["unset", ...row.markers, ...Array.from({ length: markerCount }, (_, index) => firstMarker + index)],
    exists,
  };
}

function rowOf(read: () => readonly ImageQuery[]): ImageQuery {
  try {
    return read()[0]!;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw untold("Its key has to be given by itself, not by a function or in JSON");
  }
}

const untold = (why: string): Refusal =>
  invalid(`A statement of a batch with conditions on several partitions cannot be carried out: ${why}`, "KL-LOGGED");
