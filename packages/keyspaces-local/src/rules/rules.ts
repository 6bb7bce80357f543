import type { RuleCode } from "../catalogue/catalogue.js";
import type { InList } from "../cql/manipulation.js";
import type { DataStatement } from "../cql/statement.js";
import { invalid } from "../protocol/refusal.js";
import { beyondVarint, isBeyondVarint, isComposite, refuseTimestamp } from "./value_limits.js";

/** One thing that Keyspaces refuses. */
export interface Rule<Subject> {
  readonly code: RuleCode;
  /** The text of the refusal, or undefined where the rule has nothing against it. */
  readonly refuse: (subject: Subject) => string | undefined;
}

/** @throws Refusal (0x2200) with the text of the first rule that is broken */
export function enforce<Subject>(rules: readonly Rule<Subject>[], subject: Subject): void {
  for (const { code, refuse } of rules) {
    const text = refuse(subject);
    if (text !== undefined) throw invalid(text, code);
  }
}

/** A statement on rows, with the two properties of its table that decide what it may say. */
export interface DataSubject {
  readonly statement: DataStatement;
  readonly ttlEnabled: boolean;
  readonly clientTimestampsEnabled: boolean;
  /** How many columns outside the primary key an INSERT or UPDATE writes. */
  readonly regularColumns: number;
  /** The columns of the table's primary key; undefined for a table of the service's own. */
  readonly keys: ReadonlySet<string> | undefined;
  /** The types of the table's columns, by name; none of a table of the service's own. */
  readonly types: ReadonlyMap<string, string>;
  readonly now: Date;
}

/** The number of regular columns that one INSERT or UPDATE may write, and that with the table property ttl. */
const COLUMN_LIMIT = 225;
const COLUMN_LIMIT_WITH_TTL = 166;

const aggregates = ["min", "max", "sum", "avg"];
const knownFunctions = new Set([
  ...["tojson", "fromjson", "currentdate", "currenttime", "currenttimestamp", "currenttimeuuid"],
  ...["cast", "token", "ttl", "writetime", "uuid", "now", "mintimeuuid", "maxtimeuuid", "dateof", "unixtimestampof"],
  ...["todate", "totimestamp", "tounixtimestamp"],
  ...["ascii", "bigint", "boolean", "counter", "date", "decimal", "double", "float", "inet", "int", "smallint", "text"]
    .concat(["time", "timestamp", "timeuuid", "tinyint", "uuid", "varchar", "varint"])
    .flatMap((type) => [`${type}asblob`, `blobas${type}`]),
]);
/** In WHERE; `contains` stands for CONTAINS KEY too. */
const knownOperators = ["=", "<", ">", "<=", ">=", "in", "contains"];
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

const inequalities = ["<", ">", "<=", ">=", "!="];

export const dataRules: readonly Rule<DataSubject>[] = [
  {
    // Ours: the parser of Cassandra needs double the time for every two in a SELECT clause, minutes for 30.
    code: "KL-BRACKETS",
    refuse: ({ statement }) =>
      statement.depth > DEPTH_LIMIT
        ? `Brackets are nested ${statement.depth} deep; at most ${DEPTH_LIMIT} are taken`
        : undefined,
  },
  {
    code: "KL-COUNT",
    refuse: ({ statement }) =>
      statement.functions.some((name) => name === "count" || name === "countrows")
        ? "countRows is not yet supported"
        : undefined,
  },
  {
    code: "KL-AGGREGATE",
    refuse: ({ statement }) => {
      const aggregate = statement.functions.find((name) => aggregates.includes(name));
      return aggregate && `${aggregate} is not yet supported`;
    },
  },
  {
    code: "KL-FUNCTION",
    refuse: ({ statement }) => {
      const unknown = statement.functions.find((name) => !knownFunctions.has(name));
      return unknown === undefined ? undefined : `Function ${unknown} is not supported`;
    },
  },
  {
    // Cassandra 3.11 has none either, frozen or not.
    code: "KL-FUNCTION",
    refuse: ({ statement, types }) => {
      const column = statement.timed.find((name) => /^(frozen<)?(list|set|map)</.test(types.get(name) ?? ""));
      return column && `Function ttl or writetime is not supported for a collection: ${column}`;
    },
  },
  {
    code: "KL-ARITHMETIC",
    refuse: ({ statement }) => (statement.computes ? "Arithmetic is not supported in SELECT" : undefined),
  },
  {
    code: "KL-ELEMENT",
    refuse: ({ statement }) =>
      statement.selectsElements ? "Elements of collections are not supported in SELECT" : undefined,
  },
  {
    code: "KL-DISTINCT",
    refuse: ({ statement }) => (statement.distinct ? "SELECT DISTINCT is not supported" : undefined),
  },
  {
    code: "KL-PER-PARTITION",
    refuse: ({ statement }) => (statement.limitsPartitions ? "PER PARTITION LIMIT is not supported" : undefined),
  },
  {
    code: "KL-OPERATOR",
    refuse: ({ statement }) => {
      const operator = [...statement.clauses.operators].find((each) => !knownOperators.includes(each));
      return operator && `Operator ${operator.toUpperCase()} is not supported in WHERE`;
    },
  },
  { code: "KL-GROUP-BY", refuse: ({ statement }) => (statement.groups ? "GROUP BY is not yet supported" : undefined) },
  {
    code: "KL-IN-WRITE",
    refuse: ({ statement }) =>
      writes(statement) && statement.inLists.length > 0
        ? `IN is not supported in ${statement.kind.toUpperCase()}`
        : undefined,
  },
  {
    // In the words of Cassandra 3.11.
    code: "KL-IN-COLUMN",
    refuse: ({ statement, keys }) => {
      const column = keys && [...statement.clauses.listed].find((name) => !keys.has(name));
      return column === undefined || writes(statement)
        ? undefined
        : `IN predicates on non-primary-key columns (${column}) is not yet supported`;
    },
  },
  {
    code: "KL-IN-SUBQUERIES",
    refuse: ({ statement }) => {
      const count = countSubqueries(statement.inLists);
      return count > IN_LIMIT ? tooManySubqueries(count) : undefined;
    },
  },
  {
    code: "KL-TTL",
    refuse: ({ statement, ttlEnabled }) => (statement.usesTtl && !ttlEnabled ? "TTL is not yet supported." : undefined),
  },
  {
    code: "KL-TIMESTAMP",
    refuse: ({ statement, clientTimestampsEnabled }) =>
      (statement.usesTimestamp || statement.functions.includes("writetime")) && !clientTimestampsEnabled
        ? "Client-side timestamps are not enabled for this table: USING TIMESTAMP and WRITETIME are not supported"
        : undefined,
  },
  {
    code: "KL-TIMESTAMP-RANGE",
    refuse: ({ statement: { clauses }, now }) => {
      const term = clauses.timestamp;
      return term && "literal" in term && /^-?\d+$/.test(term.literal.value)
        ? refuseTimestamp(BigInt(term.literal.value), now)
        : undefined;
    },
  },
  {
    code: "KL-VARINT",
    refuse: ({ statement: { clauses }, types }) => {
      for (const [name, term] of clauses.values) {
        if (types.get(name) !== "varint" || !term || !("literal" in term)) continue;
        const { value } = term.literal;
        if (/^-?\d+$/.test(value) && isBeyondVarint(BigInt(value))) return beyondVarint;
      }
      return undefined;
    },
  },
  {
    code: "KL-INEQUALITY",
    refuse: ({ statement: { clauses }, types }) => {
      const found = clauses.comparisons.find(
        ({ column, operator }) => inequalities.includes(operator) && isComposite(types.get(column) ?? "int"),
      );
      return found && `Inequality is not supported for ${found.column}, a collection or a user-defined type`;
    },
  },
  {
    code: "KL-IN-TOKEN",
    refuse: ({ statement: { clauses, inLists } }) =>
      clauses.comparesTokens && inLists.length > 0 ? "token is not supported with IN" : undefined,
  },
  {
    code: "KL-COLUMNS",
    refuse: ({ regularColumns, ttlEnabled }) => {
      const limit = ttlEnabled ? COLUMN_LIMIT_WITH_TTL : COLUMN_LIMIT;
      return regularColumns > limit
        ? `The statement writes ${regularColumns} columns; at most ${limit} are supported`
        : undefined;
    },
  },
];

const mentions =
  (...words: string[]) =>
  (what: string): string | undefined =>
    words.some((word) => what.split(" ").includes(word)) ? `${what} is not yet supported` : undefined;

/** Statements that Keyspaces does not have, told by their first words: "CREATE CUSTOM INDEX". */
export const statementRules: readonly Rule<string>[] = [
  { code: "KL-INDEX", refuse: mentions("INDEX") },
  { code: "KL-VIEW", refuse: mentions("VIEW") },
  { code: "KL-TRIGGER", refuse: mentions("TRIGGER") },
  { code: "KL-UDF", refuse: mentions("FUNCTION") },
  { code: "KL-UDA", refuse: mentions("AGGREGATE") },
  { code: "KL-TRUNCATE", refuse: mentions("TRUNCATE") },
  {
    code: "KL-RESTORE",
    refuse: (what) => (what === "RESTORE" ? "RESTORE is not emulated here" : undefined),
  },
  { code: "KL-ROLES", refuse: mentions("ROLE", "USER", "GRANT", "REVOKE", "LIST") },
  { code: "KL-STATEMENT", refuse: (what) => `${what} is not supported` },
];
