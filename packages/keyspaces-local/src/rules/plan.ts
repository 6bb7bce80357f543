import { type InList, withNewerNames } from "../cql/manipulation.js";
import { type DataStatement, parseStatement } from "../cql/statement.js";
import { invalid, unauthorized } from "../protocol/refusal.js";
import { type Definition, readDefinition } from "../schema/ddl.js";
import type { Lifecycle } from "../schema/lifecycle.js";
import { checkPartitioner, chosenPartitioner } from "../schema/partitioner.js";
import {
  findSystemTable,
  isSystemKeyspace,
  MCS_KEYSPACE,
  type NodeView,
  TAGS_TABLE,
  visibleSystemKeyspaces,
} from "../schema/system_tables.js";
import { batchRules } from "./batch_rules.js";
import { definitionRules } from "./definition_rules.js";
import { type Access, type Need, needsOfRows, partitionerNeed } from "./needs.js";
import { type PagedStatement, pagedStatement } from "./paging.js";
import { type RowShape, shapeOf } from "./row_shape.js";
import { dataRules, enforce, statementRules } from "./rules.js";

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

export type Plan =
  /** To Cassandra, with `text` instead of the client's words where it is given. */
  | { readonly kind: "forward"; readonly info: StatementInfo; readonly text?: string }
  | { readonly kind: "use"; readonly keyspace: string }
  | { readonly kind: "define"; readonly definition: Definition };

export interface PlanContext {
  /** The connection's keyspace, after USE. */
  readonly keyspace: string | undefined;
  readonly lifecycle: Lifecycle;
  readonly loggedBatches: "refuse" | "accept";
  readonly nodes: NodeView;
  /** The database's partitioner. */
  readonly database: string;
  /** For PREPARE, which takes less than QUERY. */
  readonly preparing: boolean;
  readonly now: () => Date;
  readonly access: Access;
}

/**
 * Decides what becomes of a statement.
 *
 * @throws Refusal for what Keyspaces would refuse
 */
export function planStatement(text: string, context: PlanContext): Plan {
  const statement = parseStatement(text);
  switch (statement.kind) {
    case "unsupported":
      enforce(statementRules, statement.what);
      throw invalid(`${statement.what} is not supported`, "KL-STATEMENT");
    case "use":
      if (context.preparing) throw invalid("USE statements cannot be prepared", "KL-PREPARED");
      if (!visibleSystemKeyspaces.includes(statement.keyspace)) context.lifecycle.requireKeyspace(statement.keyspace);
      return { kind: "use", keyspace: statement.keyspace };
    case "create":
    case "alter":
    case "drop":
      if (context.preparing)
        throw invalid("Only SELECT, INSERT, UPDATE and DELETE statements can be prepared", "KL-PREPARED");
      return { kind: "define", definition: judgeDefinition(readDefinition(text, statement, context.keyspace)) };
    case "batch": {
      const infos: StatementInfo[] = [];
      const markers: (string | undefined)[] = [];
      const { loggedBatches } = context;
      const { batch, statements } = statement;
      // Counted first: all of them are to be read.
      enforce(batchRules, { type: batch, size: statements.length, statements: [], loggedBatches });
      for (const inner of statements) {
        const { info } = planData(inner, text, context, markers.length);
        infos.push(info);
        for (const marker of info.markers) markers.push(marker);
      }
      enforce(batchRules, { type: batch, size: statements.length, statements: infos, loggedBatches });
      checkMarkers(markers.length);
      const rows = infos.flatMap((info) => info.rows);
      const logged = statement.batch === "logged";
      const info = {
        writes: true,
        batchable: false,
        conditional: infos.some((info) => info.conditional),
        operators: new Set<string>(),
        counts: false,
        logged,
        rows,
        needs: infos.flatMap((info) => info.needs),
        markers,
        inLists: [],
        wholeTable: false,
        paged: undefined,
      };
      const calls = statements.flatMap(({ olderCalls }) => olderCalls);
      return calls.length > 0
        ? { kind: "forward", info, text: withNewerNames(text, calls) }
        : { kind: "forward", info };
    }
    default: {
      const { keyspace = context.keyspace, name } = statement.target;
      if (statement.kind === "update" && keyspace === "system" && name === "local") {
        return planPartitioner(statement, text, context);
      }
      const { info, shadow, filtered } = planData(statement, text, context);
      const { start, end } = statement.target;
      // What is read of the system's tables has none of them.
      if (statement.olderCalls.length > 0 && shadow === undefined && !filtered) {
        return { kind: "forward", info, text: withNewerNames(text, statement.olderCalls) };
      }
      if (filtered) return { kind: "forward", info, text: `${withoutEnd(text)}\nALLOW FILTERING` };
      return shadow === undefined
        ? { kind: "forward", info }
        : { kind: "forward", info, text: text.slice(0, start) + shadow + text.slice(end) };
    }
  }
}

/** The choice of the account's partitioner is an UPDATE of what system.local shows. */
function planPartitioner(statement: DataStatement, text: string, { access, nodes, database }: PlanContext): Plan {
  access.require([partitionerNeed]);
  const partitioner = chosenPartitioner(text);
  if (partitioner === undefined) throw notModifiable("system");
  checkPartitioner(partitioner, database);
  const info: StatementInfo = {
    writes: true,
    batchable: false,
    conditional: false,
    operators: statement.clauses.operators,
    counts: false,
    logged: false,
    rows: [],
    needs: [partitionerNeed],
    markers: [],
    inLists: [],
    wholeTable: false,
    paged: undefined,
  };
  const { start, end } = statement.target;
  const shown = findSystemTable("system", "local", nodes)?.shadow ?? "";
  return { kind: "forward", info, text: text.slice(0, start) + shown + text.slice(end) };
}

/** A statement without the semicolons and the space behind it: by hand, as a regular expression begins anew at every space of a text. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && " ;\t\r\n".includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/** What the [short] count of a request's values can tell. */
const MARKER_LIMIT = 0xffff;

function checkMarkers(count: number): void {
  if (count <= MARKER_LIMIT) return;
  throw invalid(`Too many markers(?). ${count} markers exceed the allowed maximum of ${MARKER_LIMIT}`, "KL-MARKERS");
}

/**
 * Reads a CREATE, ALTER or DROP.
 *
 * @throws Refusal for what Keyspaces would refuse, and for any other statement
 */
export function planDefinition(text: string, keyspace: string | undefined): Definition {
  const statement = parseStatement(text);
  if (statement.kind !== "create" && statement.kind !== "alter" && statement.kind !== "drop") {
    throw invalid("Only CREATE, ALTER and DROP define anything");
  }
  return judgeDefinition(readDefinition(text, statement, keyspace));
}

function judgeDefinition(definition: Definition): Definition {
  if (isSystemKeyspace(definition.keyspace)) throw notModifiable(definition.keyspace);
  enforce(definitionRules, definition);
  return definition;
}

const notModifiable = (keyspace: string) => unauthorized(`${keyspace} keyspace is not user-modifiable.`, "KL-SYSTEM");

function planData(
  statement: DataStatement,
  text: string,
  { keyspace: current, lifecycle, nodes, now }: PlanContext,
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
    enforce(dataRules, { statement, ...enabled, regularColumns: 0, types: new Map(), now: now() });
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
    types: record.columns,
    now: now(),
  });
  const rows = [
    shapeOf(clauses, record, text, {
      firstMarker,
      expires: statement.usesTtl,
      stores: kind === "insert" || kind === "update",
    }),
  ];
  const counts = [...record.columns.values()].includes("counter");
  if (writes) return { info: { ...info, rows, counts } };
  const isGiven = ({ name }: { name: string }) => clauses.values.has(name) || clauses.listed.has(name);
  const scans = !partitionKey.every(isGiven);
  const filters = clauses.allowsFiltering;
  const inOnePage = clauses.ordered && partitionKey.some(({ name }) => clauses.listed.has(name));
  return {
    info: { ...info, rows, paged: pagedStatement(`${keyspace}.${table}`, text, { scans, filters, inOnePage }) },
  };
}
