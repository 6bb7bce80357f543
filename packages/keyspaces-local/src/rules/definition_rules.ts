import type { Token } from "../cql/lexer.js";
import { nativeTypes } from "../cql/native_types.js";
import type { LiteralMap } from "../cql/properties.js";
import { type Definition, ignoredOptions, replicationOf } from "../schema/ddl.js";
import { definedColumns } from "../schema/defined_columns.js";
import type { Rule } from "./rules.js";

const isKeyspace = ({ object }: Definition) => object === "keyspace";

const keyspaceOptions = ["replication", "durable_writes", "client_side_timestamps"];
const tableOptions = ["comment", "default_time_to_live", ...ignoredOptions];

/** duration, vector and masked columns came after 3.11, or were left out by the service. */
const missingTypes = ["duration", "vector", "masked"];

/** A type stands behind the name of its column or field, which may itself be `duration`, or between < and >. */
function findMissingType(tokens: readonly Token[]): Token | undefined {
  let depth = 0;
  return tokens.find(({ kind, value }, index) => {
    if (kind === "symbol" && value === "<") depth++;
    if (kind === "symbol" && value === ">") depth--;
    const isName = depth === 0 && ["(", ",", "add"].includes(tokens[index - 1]?.value ?? "(");
    // A text names a Java class: Cassandra's way to say a custom type.
    return !isName && (kind === "string" || (kind === "word" && missingTypes.includes(value)));
  });
}

/** Native types, and what Cassandra's grammar (Parser.g, reservedTypeNames) keeps for others. */
const typeNames: ReadonlySet<string> = new Set([
  ...nativeTypes,
  ...["byte", "complex", "enum", "interval", "macaddr", "bitstring"],
]);
const FIELD_NAME_LIMIT = 128;
const collections = ["list", "set", "map"];
const NESTING_LIMIT = 8;

/** How many lists, sets and maps are inside each other at most. */
function nestingOf(tokens: readonly Token[]): number {
  const open: boolean[] = [];
  let [depth, most] = [0, 0];
  for (const [index, { kind, value }] of tokens.entries()) {
    if (kind !== "symbol") continue;
    if (value === "<") {
      const before = tokens[index - 1];
      const isCollection = before?.kind === "word" && collections.includes(before.value);
      open.push(isCollection);
      if (isCollection) most = Math.max(most, ++depth);
    } else if (value === ">" && open.pop()) depth--;
  }
  return most;
}

const strategyOf = (replication: LiteralMap): string =>
  String(replication.get("class") ?? "").replace("org.apache.cassandra.locator.", "");

/** Refusals of CREATE, ALTER and DROP. */
export const definitionRules: readonly Rule<Definition>[] = [
  {
    code: "KL-ALTER-TYPE",
    refuse: ({ kind, object }) =>
      kind === "alter" && object === "type" ? "ALTER TYPE is not yet supported" : undefined,
  },
  {
    code: "KL-NAME",
    refuse: ({ keyspace, name, object }) => {
      const names = object === "table" ? [keyspace, name] : [keyspace];
      const bad = names.find((text) => !/^[A-Za-z0-9][A-Za-z0-9_]{0,47}$/.test(text));
      // Of types, those in double quotes may have any characters.
      const long = object === "type" && !(name.length >= 1 && name.length <= 48) ? name : undefined;
      return (bad ?? long) === undefined ? undefined : `"${bad ?? long}" is not a valid name`;
    },
  },
  {
    code: "KL-TYPE-NAME",
    refuse: ({ kind, object, name, isQuoted }) =>
      kind === "create" && object === "type" && !isQuoted && typeNames.has(name)
        ? `The custom type name '${name}' is not allowed because it is a reserved keyword`
        : undefined,
  },
  {
    code: "KL-REPLICATION",
    refuse: (definition) => {
      if (!isKeyspace(definition) || definition.kind === "drop") return undefined;
      if (definition.kind === "alter" && !definition.properties.has("replication")) return undefined;
      const replication = replicationOf(definition);
      const strategy = strategyOf(replication);
      if (strategy === "NetworkTopologyStrategy") return undefined;
      if (strategy === "SingleRegionStrategy" && replication.size === 1 && definition.kind === "create")
        return undefined;
      const supported = `${definition.kind === "create" ? "SingleRegionStrategy, " : ""}NetworkTopologyStrategy`;
      return `Unsupported replication strategy '${strategy}'. Supported strategies are: ${supported}`;
    },
  },
  {
    code: "KL-REGIONS",
    refuse: (definition) => {
      const replication = replicationOf(definition);
      if (!isKeyspace(definition) || strategyOf(replication) !== "NetworkTopologyStrategy") return undefined;
      const regions = [...replication].filter(([key]) => key !== "class");
      if (regions.length < 2) return "NetworkTopologyStrategy needs at least two AWS Regions";
      for (const [region, factor] of regions) {
        if (!/^[a-z]{2,}(-[a-z]+)+-\d+$/.test(region)) return `'${region}' is not an AWS Region`;
        if (factor !== "3") return `The replication factor of each Region is 3, got '${String(factor)}' for ${region}`;
      }
      return undefined;
    },
  },
  {
    code: "KL-REGION-TIMESTAMPS",
    refuse: ({ kind, properties }) => {
      const timestamps = properties.get("client_side_timestamps");
      if (timestamps === undefined) return undefined;
      const status = typeof timestamps === "string" ? timestamps : String(timestamps.get("status") ?? "");
      return kind === "alter" && status.toUpperCase() === "ENABLED" && properties.has("replication")
        ? undefined
        : "CLIENT_SIDE_TIMESTAMPS can only be ENABLED, by an ALTER KEYSPACE that adds a Region";
    },
  },
  {
    code: "KL-DURABLE-WRITES",
    refuse: (definition) => {
      const durable = definition.properties.get("durable_writes");
      return durable === undefined || durable === "true" ? undefined : "DURABLE_WRITES has to be true";
    },
  },
  {
    code: "KL-OPTION",
    refuse: (definition) => {
      const known = isKeyspace(definition) ? keyspaceOptions : tableOptions;
      const unknown = [...definition.properties.keys()].find((name) => !known.includes(name));
      return unknown === undefined ? undefined : `Unknown property '${unknown}'`;
    },
  },
  {
    code: "KL-DEFAULT-TTL",
    refuse: ({ properties }) => {
      const seconds = properties.get("default_time_to_live") ?? "0";
      const valid = typeof seconds === "string" && /^\d{1,9}$/.test(seconds) && Number(seconds) <= 630_720_000;
      return valid ? undefined : "default_time_to_live is a number of seconds from 0 to 630720000";
    },
  },
  {
    code: "KL-TYPE",
    refuse: ({ bodyTokens }) => {
      const found = findMissingType(bodyTokens);
      return found && `Type ${found.value} is not supported`;
    },
  },
  {
    code: "KL-FIELD-NAME",
    refuse: ({ object, bodyTokens }) => {
      if (object !== "type") return undefined;
      const long = definedColumns(bodyTokens).find(({ name }) => name.length > FIELD_NAME_LIMIT);
      return (
        long && `The name of a field has ${long.name.length} characters; at most ${FIELD_NAME_LIMIT} are supported`
      );
    },
  },
  {
    code: "KL-SCHEMA-SIZE",
    refuse: ({ object, body }) => {
      const limit = (object === "type" ? 25 : 350) * 1024;
      const bytes = Buffer.byteLength(body);
      return bytes > limit ? `The schema has ${bytes} bytes; at most ${limit} are supported` : undefined;
    },
  },
  {
    code: "KL-NESTING",
    refuse: ({ bodyTokens }) => {
      const depth = nestingOf(bodyTokens);
      return depth > NESTING_LIMIT
        ? `Collections are nested ${depth} deep; at most ${NESTING_LIMIT} are supported`
        : undefined;
    },
  },
  {
    code: "KL-ALTER-TABLE",
    refuse: ({ kind, object, bodyTokens }) => {
      const verb = bodyTokens[0]?.value ?? "add";
      return kind === "alter" && object === "table" && verb !== "add"
        ? `ALTER TABLE ${verb.toUpperCase()} is not yet supported`
        : undefined;
    },
  },
  {
    code: "KL-ONE-PROPERTY",
    refuse: ({ kind, customProperties }) =>
      kind === "alter" && customProperties.size > 1 ? "Only one custom property can be changed at a time" : undefined,
  },
  {
    code: "KL-CDC",
    refuse: ({ kind, cdc, customProperties }) =>
      customProperties.has("cdc_specification") && (cdc === false || (kind === "create" && cdc !== true))
        ? "A cdc_specification needs cdc = TRUE"
        : undefined,
  },
  {
    code: "KL-AUTOSCALING",
    refuse: ({ kind, autoscaling, customProperties }) =>
      kind === "create" &&
      autoscaling.settings.size + autoscaling.replicas.size > 0 &&
      customProperties.get("capacity_mode")?.get("throughput_mode") !== "PROVISIONED"
        ? "AUTOSCALING_SETTINGS need a table in PROVISIONED mode"
        : undefined,
  },
];
