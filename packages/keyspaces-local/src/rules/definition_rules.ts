import type { Token } from "../cql/lexer.js";
import { type Definition, ignoredOptions, replicationOf } from "../schema/ddl.js";
import type { Rule } from "./rules.js";

const isKeyspace = ({ object }: Definition) => object === "keyspace";

const keyspaceOptions = ["replication", "durable_writes"];
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

/** Refusals of CREATE, ALTER and DROP. */
export const definitionRules: readonly Rule<Definition>[] = [
  {
    name: "ALTER TYPE",
    refuse: ({ kind, object }) =>
      kind === "alter" && object === "type" ? "ALTER TYPE is not yet supported" : undefined,
  },
  {
    name: "names of 1 to 48 letters, digits and underscores",
    refuse: ({ keyspace, name, object }) => {
      const names = object === "keyspace" ? [keyspace] : [keyspace, name];
      const bad = names.find((text) => !/^[A-Za-z0-9][A-Za-z0-9_]{0,47}$/.test(text));
      return bad === undefined ? undefined : `"${bad}" is not a valid name`;
    },
  },
  {
    name: "replication other than SingleRegionStrategy",
    refuse: (definition) => {
      if (!isKeyspace(definition) || definition.kind === "drop") return undefined;
      const replication = replicationOf(definition);
      const strategy = String(replication.get("class") ?? "").replace("org.apache.cassandra.locator.", "");
      if (definition.kind === "alter") {
        return definition.properties.size > 0 ? "ALTER KEYSPACE with replication is not emulated here" : undefined;
      }
      if (strategy === "SingleRegionStrategy" && replication.size === 1) return undefined;
      if (strategy === "NetworkTopologyStrategy") return "Multi-Region keyspaces are not emulated here";
      return `Unsupported replication strategy '${strategy}'. Supported strategies are: SingleRegionStrategy`;
    },
  },
  {
    name: "DURABLE_WRITES = false",
    refuse: (definition) => {
      const durable = definition.properties.get("durable_writes");
      return durable === undefined || durable === "true" ? undefined : "DURABLE_WRITES has to be true";
    },
  },
  {
    name: "unknown options of keyspaces and tables",
    refuse: (definition) => {
      const known = isKeyspace(definition) ? keyspaceOptions : tableOptions;
      const unknown = [...definition.properties.keys()].find((name) => !known.includes(name));
      return unknown === undefined ? undefined : `Unknown property '${unknown}'`;
    },
  },
  {
    name: "default_time_to_live from 0 to 630720000",
    refuse: ({ properties }) => {
      const seconds = properties.get("default_time_to_live") ?? "0";
      const valid = typeof seconds === "string" && /^\d{1,9}$/.test(seconds) && Number(seconds) <= 630_720_000;
      return valid ? undefined : "default_time_to_live is a number of seconds from 0 to 630720000";
    },
  },
  {
    name: "columns and fields of type duration or vector or of a custom type, masked columns",
    refuse: ({ bodyTokens }) => {
      const found = findMissingType(bodyTokens);
      return found && `Type ${found.value} is not supported`;
    },
  },
  {
    name: "ALTER TABLE other than ADD and WITH",
    refuse: ({ kind, object, bodyTokens }) => {
      const verb = bodyTokens[0]?.value ?? "add";
      return kind === "alter" && object === "table" && verb !== "add"
        ? `ALTER TABLE ${verb.toUpperCase()} is not yet supported`
        : undefined;
    },
  },
  {
    name: "more than one custom property in an ALTER TABLE",
    refuse: ({ kind, customProperties }) =>
      kind === "alter" && customProperties.size > 1 ? "Only one custom property can be changed at a time" : undefined,
  },
  {
    name: "auto scaling of a table that is not PROVISIONED",
    refuse: ({ kind, autoscaling, customProperties }) =>
      kind === "create" &&
      autoscaling.size > 0 &&
      customProperties.get("capacity_mode")?.get("throughput_mode") !== "PROVISIONED"
        ? "AUTOSCALING_SETTINGS need a table in PROVISIONED mode"
        : undefined,
  },
];
