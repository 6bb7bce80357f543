import { describe, expect, test } from "@jest/globals";
import { Refusal } from "@keyspaces-segmentation/keyspaces-local/dist/protocol/refusal.js";
import { type PlanContext, planStatement } from "@keyspaces-segmentation/keyspaces-local/dist/rules/plan.js";
import type { Lifecycle } from "@keyspaces-segmentation/keyspaces-local/dist/schema/lifecycle.js";
import type { TableRecord } from "@keyspaces-segmentation/keyspaces-local/dist/schema/records.js";
import { seededRandom } from "@keyspaces-segmentation/local-support";

const table: TableRecord = {
  keyspace: "ks",
  table: "t",
  status: "ACTIVE",
  customProperties: new Map(),
  cdc: false,
  partitionKey: [{ name: "k", type: "int" }],
  clusteringKey: [{ name: "c", type: "text" }],
  statics: new Set(),
  columns: new Map([
    ["k", "int"],
    ["c", "text"],
    ["v", "decimal"],
  ]),
};
const lifecycle = {
  requireTable: () => table,
  requireKeyspace: () => ({ keyspace: "ks", status: "ACTIVE", regions: [] }),
} as unknown as Lifecycle;
const context: PlanContext = {
  keyspace: "ks",
  lifecycle,
  loggedBatches: "accept",
  nodes: "single",
  database: "org.apache.cassandra.dht.Murmur3Partitioner",
  preparing: false,
  now: () => new Date(0),
  access: { require: () => undefined },
};

/** Whether it is planned or refused, and nothing else. */
function fate(text: string): "planned" | "refused" {
  try {
    planStatement(text, context);
    return "planned";
  } catch (error) {
    if (error instanceof Refusal) return "refused";
    throw new Error(`${JSON.stringify(text.slice(0, 500))}: ${String(error)}`, { cause: error });
  }
}

const heads = [
  ...["SELECT", "INSERT INTO t", "UPDATE t SET", "DELETE FROM t", "BEGIN BATCH", "USE", "DROP", "RESTORE TABLE"],
  ...[
    "CREATE KEYSPACE",
    "ALTER KEYSPACE ks",
    "CREATE TABLE",
    "ALTER TABLE t",
    "CREATE TYPE",
    "UPDATE system.local SET",
  ],
];
const words = [
  ..."select insert into update delete from where and set values if exists not in like between is null begin batch".split(
    " ",
  ),
  ..."apply unlogged counter create alter drop keyspace table type with replication using ttl timestamp token".split(
    " ",
  ),
  ..."json distinct per partition limit group by order allow filtering contains key custom_properties tags cdc".split(
    " ",
  ),
  ..."true add primary static frozen map list text int now count use system local partitioner clustering".split(" "),
  ..."= { } ( ) [ ] , ; : ? * + - / % < > <= >= != . .. k c v t ks 5 0xff 1.5e3 0e \u0000 é 💥 $$ ' \" -- /* */".split(
    " ",
  ),
  ...["'a'", "'it''s'", '"K"', "$$x$$", "--c\n", "/*c*/", "'class'", "'NetworkTopologyStrategy'", "'eu-west-1'"],
];

test("30,000 statements of words in any order are planned or refused, and nothing else", () => {
  const random = seededRandom(18);
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)]!;
  const fates = { planned: 0, refused: 0 };
  for (let round = 0; round < 30_000; round++) {
    const head = random() < 0.8 ? [pick(heads)] : [];
    const rest = Array.from({ length: Math.floor(random() * 12) }, () => pick(words));
    fates[fate([...head, ...rest].join(random() < 0.8 ? " " : ""))]++;
  }
  expect(fates.planned).toBeGreaterThan(100);
});

describe("as long as a frame may be:", () => {
  const many = (text: string) => text.repeat(2 ** 20);
  test.each<[string, string]>([
    ["space in a text", `SELECT * FROM system_schema_mcs.tags WHERE resource_id = '${many("  ")}x'`],
    ["space and semicolons at the end", `SELECT * FROM system_schema_mcs.tags${many(" ")};`],
    ["a number of digits", `UPDATE t SET v = 1 WHERE k = ${many("7")}e5 AND c = 'a'`],
    ["a number of zeros", `INSERT INTO t (k, c, v) VALUES (1, 'a', 1${many("0")}1)`],
    ["quotation marks", `SELECT ${many("''")} FROM t`],
    ["an open text", `SELECT '${many("''")}`],
    ["dollars", `SELECT ${many("$$")} FROM t`],
    ["comments", `SELECT ${many("/**/")} k FROM t`],
    ["comments that end nowhere", `SELECT ${many("/* ")} k FROM t`],
    ["a partitioner", `UPDATE system.local SET partitioner = '${many("a")}' WHERE key = 'local'${many(" ")}x`],
    ["NULs", many("\u0000")],
  ])("%s", (_, text) => {
    expect(["planned", "refused"]).toContain(fate(text));
  });
});
