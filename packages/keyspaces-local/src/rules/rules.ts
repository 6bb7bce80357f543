import type { InList } from "../cql/manipulation.js";
import type { DataStatement } from "../cql/statement.js";
import { consistencyLevels, LOCAL_QUORUM } from "../protocol/notation.js";
import { invalid } from "../protocol/refusal.js";

/** One thing that Keyspaces refuses; the README's table of what is enforced is compared with these names. */
export interface Rule<Subject> {
  readonly name: string;
  /** The text of the refusal, or undefined where the rule has nothing against it. */
  readonly refuse: (subject: Subject) => string | undefined;
}

/** @throws Refusal (0x2200) with the text of the first rule that is broken */
export function enforce<Subject>(rules: readonly Rule<Subject>[], subject: Subject): void {
  for (const { refuse } of rules) {
    const text = refuse(subject);
    if (text !== undefined) throw invalid(text);
  }
}

export interface ConsistencySubject {
  readonly writes: boolean;
  readonly consistency: number;
}

const readable = [consistencyLevels.indexOf("ONE"), LOCAL_QUORUM, consistencyLevels.indexOf("LOCAL_ONE")];

/** The service's text for a level that it does not take for this operation; undefined if it takes it. */
function refuseConsistency(writes: boolean, consistency: number): string | undefined {
  if (consistency === LOCAL_QUORUM || (!writes && readable.includes(consistency))) return undefined;
  const supported = writes ? "LOCAL_QUORUM" : "ONE, LOCAL_QUORUM, LOCAL_ONE";
  const name = consistencyLevels[consistency] ?? String(consistency);
  return `Consistency level ${name} is not supported for this operation. Supported consistency levels are: ${supported}`;
}

export const consistencyRules: readonly Rule<ConsistencySubject>[] = [
  {
    name: "writes at LOCAL_QUORUM only",
    refuse: ({ writes, consistency }) => (writes ? refuseConsistency(true, consistency) : undefined),
  },
  {
    name: "reads, USE and DDL at ONE, LOCAL_ONE or LOCAL_QUORUM",
    refuse: ({ writes, consistency }) => (writes ? undefined : refuseConsistency(false, consistency)),
  },
];

/** A statement on rows, with the two properties of its table that decide what it may say. */
export interface DataSubject {
  readonly statement: DataStatement;
  readonly ttlEnabled: boolean;
  readonly clientTimestampsEnabled: boolean;
  /** How many columns outside the primary key an INSERT or UPDATE writes. */
  readonly regularColumns: number;
}

/** The number of regular columns that one INSERT or UPDATE may write, and that with the table property ttl. */
const COLUMN_LIMIT = 225;
const COLUMN_LIMIT_WITH_TTL = 166;

const aggregates = ["min", "max", "sum", "avg"];
const knownFunctions = new Set([
  ...["cast", "token", "ttl", "writetime", "uuid", "now", "mintimeuuid", "maxtimeuuid", "dateof", "unixtimestampof"],
  ...["todate", "totimestamp", "tounixtimestamp"],
  ...["ascii", "bigint", "boolean", "counter", "date", "decimal", "double", "float", "inet", "int", "smallint", "text"]
    .concat(["time", "timestamp", "timeuuid", "tinyint", "uuid", "varchar", "varint"])
    .flatMap((type) => [`${type}asblob`, `blobas${type}`]),
]);
const writes = ({ kind }: DataStatement) => kind !== "select";

export const IN_LIMIT = 100;

/** How many subqueries the IN lists make together; `markers` gives the sizes of those that are bound. */
export function countSubqueries(inLists: readonly InList[], markers?: readonly number[]): number {
  const sizes = inLists.map((list) => ("size" in list ? list.size : (markers?.[list.marker] ?? 1)));
  // Of many long lists the product is beyond all numbers, and an empty one makes it none.
  return sizes.includes(0) ? 0 : sizes.reduce((product, size) => product * size, 1);
}

export const tooManySubqueries = (count: number): string =>
  `The IN lists of this SELECT make ${count} subqueries; at most ${IN_LIMIT} are supported`;

/** A frozen collection, nested as deep as the service takes it, as one of the values of an INSERT, and one more. */
const DEPTH_LIMIT = 10;

export const dataRules: readonly Rule<DataSubject>[] = [
  {
    // Ours: the parser of Cassandra needs double the time for every two in a SELECT clause, minutes for 30.
    name: "brackets nested more than 10 deep",
    refuse: ({ statement }) =>
      statement.depth > DEPTH_LIMIT
        ? `Brackets are nested ${statement.depth} deep; at most ${DEPTH_LIMIT} are taken`
        : undefined,
  },
  {
    name: "COUNT",
    refuse: ({ statement }) =>
      statement.functions.some((name) => name === "count" || name === "countrows")
        ? "countRows is not yet supported"
        : undefined,
  },
  {
    name: "MIN, MAX, SUM, AVG",
    refuse: ({ statement }) => {
      const aggregate = statement.functions.find((name) => aggregates.includes(name));
      return aggregate && `${aggregate} is not yet supported`;
    },
  },
  {
    name: "functions that Keyspaces does not have",
    refuse: ({ statement }) => {
      const unknown = statement.functions.find((name) => !knownFunctions.has(name));
      return unknown === undefined ? undefined : `Function ${unknown} is not supported`;
    },
  },
  { name: "GROUP BY", refuse: ({ statement }) => (statement.groups ? "GROUP BY is not yet supported" : undefined) },
  {
    name: "IN in UPDATE and DELETE",
    refuse: ({ statement }) =>
      writes(statement) && statement.inLists.length > 0
        ? `IN is not supported in ${statement.kind.toUpperCase()}`
        : undefined,
  },
  {
    name: "IN with more than 100 subqueries",
    refuse: ({ statement }) => {
      const count = countSubqueries(statement.inLists);
      return count > IN_LIMIT ? tooManySubqueries(count) : undefined;
    },
  },
  {
    name: "USING TTL without the table property ttl",
    refuse: ({ statement, ttlEnabled }) => (statement.usesTtl && !ttlEnabled ? "TTL is not yet supported." : undefined),
  },
  {
    name: "USING TIMESTAMP and WRITETIME without the table property client_side_timestamps",
    refuse: ({ statement, clientTimestampsEnabled }) =>
      (statement.usesTimestamp || statement.functions.includes("writetime")) && !clientTimestampsEnabled
        ? "Client-side timestamps are not enabled for this table: USING TIMESTAMP and WRITETIME are not supported"
        : undefined,
  },
  {
    name: "more than 225 regular columns in an INSERT or UPDATE, 166 with the table property ttl",
    refuse: ({ regularColumns, ttlEnabled }) => {
      const limit = ttlEnabled ? COLUMN_LIMIT_WITH_TTL : COLUMN_LIMIT;
      return regularColumns > limit
        ? `The statement writes ${regularColumns} columns; at most ${limit} are supported`
        : undefined;
    },
  },
];

export interface BatchSubject {
  readonly type: "logged" | "unlogged" | "counter";
  readonly size: number;
  readonly conditional: boolean;
  readonly loggedBatches: "refuse" | "accept";
}

const UNLOGGED_LIMIT = 30;
const LOGGED_LIMIT = 100;

export const batchRules: readonly Rule<BatchSubject>[] = [
  {
    name: "LOGGED batch, unless accepted by setting",
    refuse: ({ type, loggedBatches }) =>
      type === "logged" && loggedBatches === "refuse" ? "Only UNLOGGED Batches are supported at this time." : undefined,
  },
  {
    name: "COUNTER batch",
    refuse: ({ type }) => (type === "counter" ? "COUNTER batches are not supported" : undefined),
  },
  {
    name: "more than 30 statements in an UNLOGGED batch, or 100 in a LOGGED one",
    refuse: ({ type, size }) => {
      const limit = type === "unlogged" ? UNLOGGED_LIMIT : LOGGED_LIMIT;
      return size > limit ? `Batch has ${size} statements; at most ${limit} are supported` : undefined;
    },
  },
  {
    name: "conditions in an UNLOGGED batch",
    refuse: ({ type, conditional }) =>
      type === "unlogged" && conditional ? "Conditional statements are not supported in UNLOGGED batches" : undefined,
  },
];

const mentions =
  (...words: string[]) =>
  (what: string): string | undefined =>
    words.some((word) => what.split(" ").includes(word)) ? `${what} is not yet supported` : undefined;

/** Statements that Keyspaces does not have, told by their first words: "CREATE CUSTOM INDEX". */
export const statementRules: readonly Rule<string>[] = [
  { name: "secondary index", refuse: mentions("INDEX") },
  { name: "materialized view", refuse: mentions("VIEW") },
  { name: "trigger", refuse: mentions("TRIGGER") },
  { name: "user-defined function", refuse: mentions("FUNCTION") },
  { name: "user-defined aggregate", refuse: mentions("AGGREGATE") },
  { name: "TRUNCATE", refuse: mentions("TRUNCATE") },
  { name: "roles, users and permissions", refuse: mentions("ROLE", "USER", "GRANT", "REVOKE", "LIST") },
  { name: "any other statement", refuse: (what) => `${what} is not supported` },
];
