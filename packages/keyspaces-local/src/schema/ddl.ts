import { createCursor } from "../cql/cursor.js";
import type { Token } from "../cql/lexer.js";
import { type Literal, type LiteralMap, quoteName, quoteString, readMap, readProperties } from "../cql/properties.js";
import type { DefinitionStatement } from "../cql/statement.js";
import { invalid, syntaxError } from "../protocol/refusal.js";
import { type Autoscaling, noAutoscaling, readAutoscaling } from "./autoscaling.js";
import { type CustomProperties, readCustomProperties, readStreamTags, readTags } from "./custom_properties.js";

/** What a CREATE, ALTER or DROP asks for, in the service's terms. */
export interface Definition {
  readonly kind: DefinitionStatement["kind"];
  readonly object: DefinitionStatement["object"];
  readonly tolerant: boolean;
  readonly keyspace: string;
  /** Of the table or type; empty for a keyspace. */
  readonly name: string;
  /** Whether that was written in double quotes. */
  readonly isQuoted: boolean;
  /** CREATE TABLE: `(…)` with the columns. ALTER TABLE: `ADD …`. A type: everything behind its name. */
  readonly body: string;
  readonly bodyTokens: readonly Token[];
  readonly clustering: string;
  /** The properties that are not read out below. */
  readonly properties: ReadonlyMap<string, Literal>;
  readonly customProperties: CustomProperties;
  readonly autoscaling: Autoscaling;
  readonly tags: ReadonlyMap<string, string>;
  readonly droppedTags: readonly string[];
  /** The same of the table's latest stream. */
  readonly streamTags: ReadonlyMap<string, string>;
  readonly droppedStreamTags: readonly string[];
  /** Undefined where nothing is said of it. */
  readonly cdc: boolean | undefined;
  /** The Regions of NetworkTopologyStrategy; empty for a keyspace in one, undefined where nothing is said of them. */
  readonly regions: readonly string[] | undefined;
}

const slice = (text: string, tokens: readonly Token[]): string =>
  tokens.length === 0 ? "" : text.slice(tokens[0]!.start, tokens.at(-1)!.end);

/**
 * Reads the whole of a definition.
 *
 * @param keyspace the connection's, for names written without one
 */
export function readDefinition(text: string, statement: DefinitionStatement, keyspace: string | undefined): Definition {
  const { kind, object, tolerant, target, tail } = statement;
  const owner = object === "keyspace" ? target.name : (target.keyspace ?? keyspace);
  if (owner === undefined) {
    throw invalid("No keyspace has been specified. USE a keyspace, or explicitly specify keyspace.tablename");
  }
  const { bodyTokens, propertyTokens, tags, droppedTags, streamTags, droppedStreamTags } = splitTail(statement);
  const { values, clustering } = readProperties(propertyTokens);
  const take = <T>(name: string, read: (literal: Literal) => T, none: T): T => {
    const literal = values.get(name);
    return literal === undefined ? none : read(literal);
  };
  const readApart = ["custom_properties", "autoscaling_settings", "tags", "cdc"];
  return {
    kind,
    object,
    tolerant,
    keyspace: owner,
    name: object === "keyspace" ? "" : target.name,
    isQuoted: text[target.end - 1] === '"',
    body: slice(text, object === "type" ? tail : bodyTokens),
    bodyTokens,
    clustering: slice(text, clustering),
    properties: new Map([...values].filter(([name]) => !readApart.includes(name))),
    customProperties: take("custom_properties", readCustomProperties, new Map()),
    autoscaling: take("autoscaling_settings", readAutoscaling, noAutoscaling),
    tags: take("tags", readTags, tags),
    droppedTags,
    streamTags: take("custom_properties", readStreamTags, streamTags),
    droppedStreamTags,
    regions: take<readonly string[] | undefined>("replication", regionsOf, undefined),
    cdc: take<boolean | undefined>("cdc", (literal) => String(literal).toLowerCase() === "true", undefined),
  };
}

interface Tail {
  bodyTokens: readonly Token[];
  propertyTokens: readonly Token[];
  tags: ReadonlyMap<string, string>;
  droppedTags: readonly string[];
  streamTags: ReadonlyMap<string, string>;
  droppedStreamTags: readonly string[];
}

function splitTail({ kind, object, tail }: DefinitionStatement): Tail {
  const noTags = new Map<string, string>();
  const none = {
    bodyTokens: [],
    propertyTokens: [],
    tags: noTags,
    droppedTags: [],
    streamTags: noTags,
    droppedStreamTags: [],
  };
  if (kind === "alter") {
    const cursor = createCursor(tail);
    if (cursor.accept("add", "tags")) return { ...none, tags: readTags(readMap(cursor)) };
    if (cursor.accept("add", "tags_for_cdc")) return { ...none, streamTags: readTags(readMap(cursor)) };
    const [, second] = tail;
    const isTolerant = cursor.isWord("add", "drop", "rename") && second?.kind === "word" && second.value === "if";
    if (isTolerant || (object === "table" && tail.length === 0)) {
      throw syntaxError(`mismatched input '${tail[1]?.value ?? "<EOF>"}'`);
    }
    if (cursor.accept("drop", "tags")) return { ...none, droppedTags: [...readMap(cursor).keys()] };
    if (cursor.accept("drop", "tags_for_cdc")) return { ...none, droppedStreamTags: [...readMap(cursor).keys()] };
    return cursor.isWord("with") ? { ...none, propertyTokens: tail } : { ...none, bodyTokens: tail };
  }
  if (kind === "drop") {
    if (tail[0]) throw syntaxError(`mismatched input '${tail[0].value}'`);
    return none;
  }
  if (object === "type") return { ...none, bodyTokens: tail };
  if (object === "keyspace") return { ...none, propertyTokens: tail };
  const end = closingParenthesis(tail) + 1;
  return { ...none, bodyTokens: tail.slice(0, end), propertyTokens: tail.slice(end) };
}

function closingParenthesis(tokens: readonly Token[]): number {
  let depth = 0;
  return tokens.findIndex(({ kind, value }) => {
    if (kind === "symbol" && value === "(") depth++;
    if (kind === "symbol" && value === ")") depth--;
    return depth === 0;
  });
}

/** Table options that Keyspaces accepts and ignores; what the database behind has instead does not matter. */
export const ignoredOptions: readonly string[] = [
  "bloom_filter_fp_chance",
  "caching",
  "compaction",
  "compression",
  "crc_check_chance",
  "dclocal_read_repair_chance",
  "gc_grace_seconds",
  "max_index_interval",
  "memtable_flush_period_in_ms",
  "min_index_interval",
  "read_repair_chance",
  "speculative_retry",
];

/** The same definition for one Cassandra node; undefined if there is nothing that Cassandra needs to know. */
export function translate(definition: Definition): string | undefined {
  const { kind, object, tolerant, keyspace, name, body, clustering, properties } = definition;
  const path = object === "keyspace" ? quoteName(keyspace) : `${quoteName(keyspace)}.${quoteName(name)}`;
  const guard = tolerant ? (kind === "create" ? "IF NOT EXISTS " : "IF EXISTS ") : "";
  const head = `${kind.toUpperCase()} ${object.toUpperCase()} ${guard}${path}`;
  if (object === "keyspace") {
    // Nothing is replicated: where else a keyspace is, the gateway alone knows.
    const replication = "{'class': 'SimpleStrategy', 'replication_factor': 1}";
    return kind === "create" ? `${head} WITH replication = ${replication}` : kind === "drop" ? head : undefined;
  }
  const options = [clustering, ...[...properties].flatMap(tableOption)].filter(Boolean);
  if (kind === "alter" && body === "" && options.length === 0) return undefined;
  const withOptions = options.length > 0 ? `WITH ${options.join(" AND ")}` : "";
  return [head, body, withOptions].filter(Boolean).join(" ");
}

function tableOption([name, value]: [string, Literal]): string[] {
  if (name === "comment") return [`comment = ${quoteString(String(value))}`];
  if (name === "default_time_to_live") return [`default_time_to_live = ${String(value)}`];
  return [];
}

const regionsOf = (replication: Literal): string[] =>
  typeof replication === "string" ? [] : [...replication.keys()].filter((key) => key !== "class").toSorted();

/** The keyspace's replication, or an empty map. */
export function replicationOf({ properties }: Definition): LiteralMap {
  const replication = properties.get("replication");
  return replication === undefined || typeof replication === "string" ? new Map() : replication;
}
