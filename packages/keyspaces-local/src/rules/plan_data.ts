import { readListedSelect } from "../cql/listed_select.js";
import { type InList, newerNames, withReplaced } from "../cql/manipulation.js";
import { quoteName } from "../cql/properties.js";
import type { DataStatement } from "../cql/statement.js";
import { invalid, type Refusal, unauthorized } from "../protocol/refusal.js";
import type { Lifecycle } from "../schema/lifecycle.js";
import { findSystemTable, isSystemKeyspace, MCS_KEYSPACE, type NodeView, TAGS_TABLE } from "../schema/system_tables.js";
import { type Need, needsOfRows } from "./needs.js";
import { type PagedStatement, pagedStatement } from "./paging.js";
import { type RowShape, shapeOf } from "./row_shape.js";
import { dataRules, enforce } from "./rules.js";

/** What is to be remembered of a statement to judge each of its executions. */
export interface StatementInfo {
  readonly writes: boolean;
  /** A single INSERT, UPDATE or DELETE: what a BATCH may hold. */
  readonly batchable: boolean;
  readonly conditional: boolean;
  /** What its WHERE compares with. */
  readonly operators: ReadonlySet<string>;
  /** Whether it writes a table of counters. */
  readonly counts: boolean;
  /** Whether it writes static columns. */
  readonly writesStatics: boolean;
  /** A LOGGED batch costs twice what its statements do. */
  readonly logged: boolean;
  /** What it reads or writes of user tables, which have to be there; one item for each statement of a batch. */
  readonly rows: readonly RowShape[];
  /** What the statement has to be allowed, in all. */
  readonly needs: readonly Need[];
  /** The names of the bind markers, undefined for `?`. */
  readonly markers: readonly (string | undefined)[];
  /** Those of a SELECT. */
  readonly inLists: readonly InList[];
  /** A SELECT of a table without any condition. */
  readonly wholeTable: boolean;
  /** Set for a SELECT on a user table, or on system_schema_mcs. */
  readonly paged: PagedStatement | undefined;
}

/** What a statement on rows is judged by. */
export interface DataContext {
  /** The connection's keyspace, after USE. */
  readonly keyspace: string | undefined;
  readonly lifecycle: Lifecycle;
  readonly nodes: NodeView;
  readonly now: () => Date;
}

/** What the [short] count of a request's values can tell. */
const MARKER_LIMIT = 0xffff;

/** @throws Refusal for more bind markers than that */
export function checkMarkers(count: number): void {
  if (count <= MARKER_LIMIT) return;
  throw invalid(`Too many markers(?). ${count} markers exceed the allowed maximum of ${MARKER_LIMIT}`, "KL-MARKERS");
}

export const notModifiable = (keyspace: string): Refusal =>
  unauthorized(`${keyspace} keyspace is not user-modifiable.`, "KL-SYSTEM");

/**
 * Decides what becomes of a SELECT, INSERT, UPDATE or DELETE.
 *
 * @returns what stands for a system table that Cassandra has otherwise, and whether ALLOW FILTERING is to be added
 * @throws Refusal for what Keyspaces would refuse
 */
export function planData(
  statement: DataStatement,
  text: string,
  { keyspace: current, lifecycle, nodes, now }: DataContext,
  firstMarker = 0,
): { info: StatementInfo; shadow?: string | undefined; filtered?: boolean } {
  const keyspace = statement.target.keyspace ?? current;
  const { name: table } = statement.target;
  if (keyspace === undefined) {
    throw invalid("No keyspace has been specified. USE a keyspace, or explicitly specify keyspace.tablename");
  }
  const { kind, conditional, clauses } = statement;
  const writes = kind !== "select";
  const inLists = writes ? [] : statement.inLists;
  const { markers } = clauses;
  checkMarkers(markers.length);
  const needs = needsOfRows({ writes, conditional }, keyspace, table);
  const wholeTable = kind === "select" && clauses.where === undefined;
  const info = {
    writes,
    batchable: writes,
    conditional,
    operators: clauses.operators,
    counts: false,
    writesStatics: false,
    logged: false,
    needs,
    markers,
    inLists,
    wholeTable,
    paged: undefined,
  };
  if (isSystemKeyspace(keyspace)) {
    if (writes) throw notModifiable(keyspace);
    const system = findSystemTable(keyspace, table, nodes);
    if (!system) throw invalid(`unconfigured table ${keyspace}.${table}`, "KL-SYSTEM");
    const enabled = { ttlEnabled: true, clientTimestampsEnabled: true };
    enforce(dataRules, { statement, ...enabled, regularColumns: 0, keys: undefined, types: new Map(), now: now() });
    const path = `${keyspace}.${table}`;
    if (keyspace !== MCS_KEYSPACE) return { info: { ...info, rows: [] }, shadow: system.shadow };
    const paged = pagedStatement(path, text, { scans: true, filters: true, ofSystem: true });
    return { info: { ...info, rows: [], paged }, filtered: path === TAGS_TABLE && !clauses.allowsFiltering };
  }
  const record = lifecycle.requireTable(keyspace, table);
  const { customProperties, partitionKey, clusteringKey } = record;
  const enabled = (property: string) => customProperties.get(property)?.get("status") === "enabled";
  const keys = new Set([...partitionKey, ...clusteringKey].map(({ name }) => name));
  enforce(dataRules, {
    statement,
    ttlEnabled: enabled("ttl"),
    clientTimestampsEnabled: enabled("client_side_timestamps"),
    regularColumns: clauses.assigned.filter((name) => !keys.has(name)).length,
    keys,
    types: record.columns,
    now: now(),
  });
  const rows = [
    shapeOf(statement, record, text, {
      firstMarker,
      expires: statement.usesTtl,
      stores: kind === "insert" || kind === "update",
    }),
  ];
  const counts = [...record.columns.values()].includes("counter");
  const writesStatics = clauses.changes.some(({ column }) => record.statics.has(column));
  if (writes) return { info: { ...info, rows, counts, writesStatics } };
  const isGiven = ({ name }: { name: string }) => clauses.values.has(name) || clauses.listed.has(name);
  const scans = !partitionKey.every(isGiven);
  const filters = clauses.allowsFiltering;
  const path = {
    start: statement.target.start,
    end: statement.target.end,
    by: `${quoteName(keyspace)}.${quoteName(table)}`,
  };
  const asked =
    scans || inLists.length === 0 ? undefined : withReplaced(text, [...newerNames(statement.olderCalls), path]);
  const partition = partitionKey.map(({ name }) => name);
  const listed = asked === undefined ? undefined : readListedSelect(asked, record.columns, partition);
  const paged = pagedStatement(`${keyspace}.${table}`, text, { scans, filters, listed });
  return { info: { ...info, rows, paged } };
}
