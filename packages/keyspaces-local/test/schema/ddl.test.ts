import { describe, expect, test } from "@jest/globals";
import {
  type DefinitionStatement,
  parseStatement,
} from "@keyspaces-segmentation/keyspaces-local/dist/cql/statement.js";
import { definitionRules } from "@keyspaces-segmentation/keyspaces-local/dist/rules/definition_rules.js";
import { enforce } from "@keyspaces-segmentation/keyspaces-local/dist/rules/rules.js";
import { readDefinition, translate } from "@keyspaces-segmentation/keyspaces-local/dist/schema/ddl.js";

function definitionOf(text: string, keyspace?: string) {
  const definition = readDefinition(text, parseStatement(text) as DefinitionStatement, keyspace);
  enforce(definitionRules, definition);
  return definition;
}

const table = "CREATE TABLE ks.t (a int PRIMARY KEY)";
const customProperties = (properties: string) => `${table} WITH CUSTOM_PROPERTIES = ${properties}`;

test("a hundred thousand columns in one clause, or maps in maps without end, are read or refused, and nothing else", () => {
  const columns = `k ASC${", k ASC".repeat(100_000)}`;
  const { clustering } = definitionOf(`CREATE TABLE ks.t (k int PRIMARY KEY) WITH CLUSTERING ORDER BY (${columns})`);
  expect(clustering).toHaveLength("CLUSTERING ORDER BY ()".length + columns.length);
  for (const depth of [17, 100_000]) {
    const maps = `${"{'a': ".repeat(depth)}'b'${"}".repeat(depth)}`;
    const refused = expect.objectContaining({ code: 0x2000 });
    expect(() => definitionOf(customProperties(maps))).toThrow(refused);
    expect(() => definitionOf(`ALTER KEYSPACE ks ADD TAGS ${maps}`)).toThrow(refused);
  }
});

describe("translate", () => {
  test.each<[string, string | undefined]>([
    [
      "CREATE KEYSPACE IF NOT EXISTS ks WITH REPLICATION = {'class': 'SingleRegionStrategy'} AND TAGS = {'a': 'b'}",
      `CREATE KEYSPACE IF NOT EXISTS "ks" WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}`,
    ],
    ["DROP KEYSPACE IF EXISTS ks", 'DROP KEYSPACE IF EXISTS "ks"'],
    ["CREATE TABLE t (a int PRIMARY KEY)", 'CREATE TABLE "own"."t" (a int PRIMARY KEY)'],
    [
      `CREATE TABLE ks."T" (a int, b text, PRIMARY KEY ((a), b)) WITH CLUSTERING ORDER BY (b DESC)
        AND comment = 'it''s' AND default_time_to_live = 60 AND gc_grace_seconds = 5 AND cdc = TRUE AND TAGS = {'a': 'b'}
        AND CUSTOM_PROPERTIES = {'capacity_mode': {'throughput_mode': 'PAY_PER_REQUEST'}}`,
      `CREATE TABLE "ks"."T" (a int, b text, PRIMARY KEY ((a), b)) WITH CLUSTERING ORDER BY (b DESC) AND comment = 'it''s' AND default_time_to_live = 60`,
    ],
    ["ALTER TABLE ks.t ADD b text, c int", 'ALTER TABLE "ks"."t" ADD b text, c int'],
    ["ALTER TABLE ks.t ADD TAGS {'a': 'b'}", undefined],
    ["ALTER TABLE ks.t WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}}", undefined],
    ["CREATE TYPE ks.address (street text)", 'CREATE TYPE "ks"."address" (street text)'],
    ["DROP TYPE ks.address", 'DROP TYPE "ks"."address"'],
  ])("%s", (text, cql) => {
    expect(translate(definitionOf(text, "own"))).toBe(cql);
  });
});

describe("readDefinition", () => {
  test("keeps what Cassandra does not know", () => {
    const definition = definitionOf(
      `${table} WITH CUSTOM_PROPERTIES = {
        'capacity_mode': {'throughput_mode': 'PROVISIONED', 'read_capacity_units': 10, 'write_capacity_units': 20},
        'encryption_specification': {'encryption_type': 'CUSTOMER_MANAGED_KMS_KEY', 'kms_key_identifier': 'arn:x'},
        'ttl': {'status': 'enabled'}, 'client_side_timestamps': {'status': 'enabled'},
        'point_in_time_recovery': {'status': 'enabled'}, 'cdc_specification': {'view_type': 'KEYS_ONLY'}}
       AND AUTOSCALING_SETTINGS = {'provisioned_read_capacity_autoscaling_update': {'scaling_policy': {'target_value': 60}}}
       AND TAGS = {'team': 'shop'} AND cdc = true`,
    );
    expect(definition.customProperties.get("capacity_mode")?.get("read_capacity_units")).toBe("10");
    expect([...definition.customProperties.keys()]).toHaveLength(6);
    expect([...definition.autoscaling.settings]).toEqual([
      ["provisioned_read_capacity_autoscaling_update", '{"scaling_policy":{"target_value":60}}'],
    ]);
    expect([...definition.tags]).toEqual([["team", "shop"]]);
    expect(definition.cdc).toBe(true);
  });

  test("needs a keyspace from somewhere", () => {
    expect(() => definitionOf("CREATE TABLE t (a int PRIMARY KEY)")).toThrow("No keyspace has been specified");
  });
});

test.each([
  ["CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}", "'SimpleStrategy'"],
  [
    "CREATE KEYSPACE ks WITH replication = {'class': 'NetworkTopologyStrategy', 'eu-west-1': 3}",
    "at least two AWS Regions",
  ],
  [
    "CREATE KEYSPACE ks WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1} AND TAGS = {'a': 'b'}",
    "'SimpleStrategy'",
  ],
  ["CREATE KEYSPACE ks WITH durable_writes = true", "Supported strategies are: SingleRegionStrategy"],
  [
    "CREATE KEYSPACE ks WITH replication = {'class': 'SingleRegionStrategy'} AND durable_writes = false",
    "DURABLE_WRITES",
  ],
  [
    "CREATE KEYSPACE ks WITH replication = {'class': 'SingleRegionStrategy'} AND graph = 'x'",
    "Unknown property 'graph'",
  ],
  ["ALTER KEYSPACE ks WITH replication = {'class': 'SingleRegionStrategy'}", "strategies are: NetworkTopology"],
  [`CREATE KEYSPACE ${"k".repeat(49)} WITH replication = {'class': 'SingleRegionStrategy'}`, "not a valid name"],
  ["ALTER TYPE ks.address ADD city text", "ALTER TYPE is not yet supported"],
  ["ALTER TABLE ks.t DROP b", "ALTER TABLE DROP is not yet supported"],
  ["ALTER TABLE ks.t RENAME a TO b", "ALTER TABLE RENAME is not yet supported"],
  ["ALTER TABLE ks.t", "mismatched input '<EOF>'"],
  ["ALTER TABLE ks.t ADD IF NOT EXISTS b int", "mismatched input 'if'"],
  ["ALTER TABLE ks.t DROP IF EXISTS b", "mismatched input 'if'"],
  ["ALTER TABLE ks.t RENAME IF EXISTS a TO b", "mismatched input 'if'"],
  ["ALTER TYPE ks.t ADD IF NOT EXISTS b int", "mismatched input 'if'"],
  ["CREATE TABLE ks.t (a int PRIMARY KEY, b duration)", "Type duration is not supported"],
  ["CREATE TABLE ks.t (a int PRIMARY KEY, b vector<float, 3>)", "Type vector is not supported"],
  ["ALTER TABLE ks.t ADD b frozen<list<duration>>", "Type duration is not supported"],
  ["CREATE TABLE ks.t (a int PRIMARY KEY, b map<text, duration>)", "Type duration is not supported"],
  ["CREATE TABLE ks.t (a int PRIMARY KEY, b tuple<int, frozen<set<int>>, vector<int, 3>>)", "Type vector is not"],
  ["CREATE TABLE ks.t (a int PRIMARY KEY, b 'DurationType')", "Type DurationType is not supported"],
  ["CREATE TYPE ks.address (since duration)", "Type duration is not supported"],
  ["DROP KEYSPACE ks t", "mismatched input 't'"],
  [`${table} WITH memtable = 'x'`, "Unknown property 'memtable'"],
  [`${table} WITH default_time_to_live = 630720001`, "630720000"],
  [`${table} WITH default_time_to_live = '5 AND memtable = 1'`, "630720000"],
  [customProperties("{'speed': {'status': 'enabled'}}"), "Custom property speed is not supported"],
  [customProperties("{'ttl': {'status': 'on'}}"), "needs status to be one of enabled, disabled, got 'on'"],
  [customProperties("{'ttl': 'enabled'}"), "ttl needs a map"],
  [customProperties("'x'"), "CUSTOM_PROPERTIES needs a map"],
  [customProperties("{'capacity_mode': {'throughput_mode': 'PROVISIONED'}}"), "read_capacity_units"],
  [
    customProperties("{'capacity_mode': {'throughput_mode': 'PAY_PER_REQUEST', 'read_capacity_units': 1}}"),
    "read_capacity",
  ],
  [
    customProperties("{'encryption_specification': {'encryption_type': 'CUSTOMER_MANAGED_KMS_KEY'}}"),
    "kms_key_identifier",
  ],
  [
    "ALTER TABLE ks.t WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}, 'point_in_time_recovery': {'status': 'enabled'}}",
    "Only one custom property",
  ],
  [
    `${table} WITH AUTOSCALING_SETTINGS = {'provisioned_read_capacity_autoscaling_update': {'target_value': 50}}`,
    "PROVISIONED",
  ],
  [
    `${table} WITH AUTOSCALING_SETTINGS = {'provisioned_read_capacity_autoscaling_update': {'target_value': 95}}`,
    "'target_value' must be value between 10 to 90, got '95'",
  ],
  [
    `${table} WITH AUTOSCALING_SETTINGS = {'provisioned_read_capacity_autoscaling_update': {'minimum_units': 9, 'maximum_units': 5}}`,
    "maximum_units can not be less than minimum_units",
  ],
  [`${table} WITH TAGS = {'': 'x'}`, "1 to 128 characters"],
  [`${table} WITH TAGS = {'${"k".repeat(129)}': 'x'}`, "1 to 128 characters"],
  [`${table} WITH TAGS = {'k': ''}`, "1 to 256 characters"],
  [`${table} WITH TAGS = {'k': '${"v".repeat(257)}'}`, "1 to 256 characters"],
  [`${table} WITH TAGS = {'k': 'a;b'}`, "letters, digits, white space"],
  [`${table} WITH TAGS = {'aws:k': 'v'}`, "reserved"],
  [`${table} WITH TAGS = {${Array.from({ length: 61 }, (_, i) => `'k${i}': 'v'`).join(", ")}}`, "at most 60 tags"],
])("refuses %s", (text, words) => {
  expect(() => definitionOf(text)).toThrow(words);
});

test("a column may be called like a type that Keyspaces does not have", () => {
  expect(() =>
    definitionOf("CREATE TABLE ks.t (duration int, m map<text, int>, vector text, PRIMARY KEY (duration))"),
  ).not.toThrow();
  expect(() => definitionOf("ALTER TABLE ks.t ADD duration int")).not.toThrow();
});
