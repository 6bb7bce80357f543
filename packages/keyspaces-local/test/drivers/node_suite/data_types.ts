import assert from "node:assert/strict";
import { type ClientOptions, geometry, types } from "cassandra-driver";
import { createTable } from "../../support.js";
import { type Case, type Cases, passes, refused } from "./case.js";
import { decimal, failureOf, keyspace, prepared, type World } from "./world.js";

const { InetAddress, Integer, LocalDate, LocalTime, Long, TimeUuid, Tuple, Uuid } = types;

/** Values as they are told apart: with their class where it is not plain. */
function told(value: unknown): unknown {
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Map) return { Map: [...value].map((entry) => entry.map(told)) };
  if (value instanceof Set) return { Set: [...value].map(told) };
  if (value instanceof Tuple) return { Tuple: value.elements.map(told) };
  if (Array.isArray(value)) return value.map(told);
  const plain = Object.getPrototypeOf(value) === Object.prototype;
  if (plain) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, told(each)]));
  return `${value.constructor.name} ${Buffer.isBuffer(value) ? value.toString("hex") : JSON.stringify(value)}`;
}

let tables = 0;

/** A table with a column for each type. @returns writes values by a prepared INSERT and reads the row back */
async function tableOf(world: World, columns: readonly string[], options?: ClientOptions) {
  const { client } = world;
  const name = `typed${tables++}`;
  const list = columns.map((type, index) => `c${index} ${type}`).join(", ");
  await createTable(client, keyspace, name, `(id int PRIMARY KEY, ${list})`);
  const user = options ? await world.connect({ keyspace, ...options }) : client;
  const names = columns.map((_, index) => `c${index}`);
  const marks = columns.map(() => ", ?").join("");
  return async (values: readonly unknown[]) => {
    await user.execute(`INSERT INTO ${name} (id, ${names.join(", ")}) VALUES (1${marks})`, [...values], prepared);
    const row = (await user.execute(`SELECT ${names.join(", ")} FROM ${name} WHERE id = 1`)).first();
    return row.values() as unknown[];
  };
}

/** Several values of several types: what is written is read, and null is too. */
const thereAndBack = (values: Readonly<Record<string, readonly unknown[]>>, options?: ClientOptions): Case =>
  passes(async (world) => {
    const columns = Object.keys(values);
    const keep = await tableOf(world, columns, options);
    const lists = Object.values(values);
    for (let index = 0; index < Math.max(...lists.map(({ length }) => length)); index++) {
      const row = lists.map((list) => list[Math.min(index, list.length - 1)]);
      assert.deepEqual((await keep(row)).map(told), row.map(told));
    }
    assert.deepEqual(
      await keep(columns.map(() => null)),
      columns.map(() => null),
    );
  });

const day = new Date("2011-12-09T12:50:00.123Z");

export const dataTypes: Cases = {
  "ascii, text, varchar": thereAndBack({
    ascii: ["plain", "", "~"],
    text: ["naïve ☕ 𝄞", "", "a\u0000b"],
    varchar: ["x".repeat(10_000)],
  }),
  "tinyint, smallint, int, bigint, varint": thereAndBack({
    tinyint: [-128, 127, 0],
    smallint: [-32_768, 32_767],
    int: [-2_147_483_648, 2_147_483_647],
    bigint: [Long.MIN_VALUE, Long.MAX_VALUE, Long.fromString("9007199254740993")],
    varint: [Integer.fromString(`-${"9".repeat(38)}`), Integer.fromString("123456789012345678901234567890")],
  }),
  "a varint beyond 10^38": refused("KL-VARINT", async (world) => {
    const keep = await tableOf(world, ["varint"]);
    await keep([Integer.fromString("9".repeat(39))]);
  }),
  "float, double, decimal": thereAndBack({
    float: [1.5, -0.25, Number.POSITIVE_INFINITY, Number.NaN],
    double: [0.1, Number.MIN_VALUE, Number.MAX_VALUE, Number.NEGATIVE_INFINITY],
    decimal: [decimal("2.95"), decimal("-0.00000000000000000001"), decimal("12345678901234567890.12345")],
  }),
  "numbers from text": passes(async (world) => {
    const columns = ["int", "bigint", "varint", "double", "decimal", "list<bigint>"];
    const row = await (await tableOf(world, columns))(["7", "9007199254740993", "-5", "0.5", "2.950", ["1", "2"]]);
    assert.deepEqual(row.map(String), ["7", "9007199254740993", "-5", "0.5", "2.950", "1,2"]);
  }),
  "boolean, blob": thereAndBack({ boolean: [true, false], blob: [Buffer.from([0, 255]), Buffer.alloc(0)] }),
  "date, time, timestamp": thereAndBack({
    date: [LocalDate.fromString("2011-12-09"), LocalDate.fromString("0001-01-01"), LocalDate.fromString("1969-12-31")],
    time: [LocalTime.fromString("12:50:00.000000001"), LocalTime.fromString("23:59:59.999999999")],
    timestamp: [day, new Date(0), new Date(-1)],
  }),
  "uuid, timeuuid": thereAndBack({ uuid: [Uuid.random()], timeuuid: [TimeUuid.fromDate(day, 12), TimeUuid.now()] }),
  "inet of both versions": thereAndBack({
    inet: [InetAddress.fromString("127.0.0.1"), InetAddress.fromString("2001:db8::ff00:42:8329")],
  }),
  "list, set, map": thereAndBack({
    "list<int>": [[3, 1, 2, 1]],
    "set<text>": [["a", "b"]],
    "map<text, decimal>": [{ x: decimal("1.5") }, { x: decimal("1"), y: decimal("2") }],
  }),
  "an empty collection is null": passes(async (world) => {
    const keep = await tableOf(world, ["list<int>", "set<text>", "map<text, int>"]);
    assert.deepEqual(await keep([[], [], {}]), [null, null, null]);
  }),
  "collections in collections": thereAndBack({
    "map<text, frozen<list<int>>>": [{ a: [1, 2], b: [3] }],
    "list<frozen<map<int, frozen<set<text>>>>>": [[{ 1: ["x"] }, { 2: ["y", "z"] }]],
  }),
  "tuple, with fewer elements too": thereAndBack({
    "frozen<tuple<int, text, decimal>>": [new Tuple(1, "a", decimal("2.5")), new Tuple(1, null, null)],
  }),
  "a user-defined type, in collections and with null": passes(async (world) => {
    await world.client.execute(`CREATE TYPE ${keyspace}.place (street text, zip int)`);
    const status = `SELECT status FROM system_schema_mcs.types WHERE keyspace_name = '${keyspace}' AND type_name = 'place'`;
    while ((await world.client.execute(status)).first()?.get("status") !== "ACTIVE");
    const keep = await tableOf(world, ["frozen<place>", "list<frozen<place>>", "map<text, frozen<place>>"]);
    const [home, away] = [
      { street: "Main St", zip: 8000 },
      { street: "", zip: null },
    ];
    assert.deepEqual(
      JSON.stringify(await keep([home, [home, away], { away }])),
      JSON.stringify([home, [home, away], { away }]),
    );
  }),
  "a counter": passes(async ({ client, newKey }) => {
    const id = newKey();
    const add = "UPDATE hits SET seen = seen + ? WHERE id = ?";
    await client.execute(add, [Long.fromNumber(5), id], prepared);
    await client.execute(add, [-2, id], prepared);
    const row = (await client.execute("SELECT seen FROM hits WHERE id = ?", [id], prepared)).first();
    assert.equal(told(row.get("seen")), 'Long "3"');
  }),
  "unset leaves a column as it is, and so does undefined; null empties it": passes(async ({ client, newKey }) => {
    const id = newKey();
    const write = (name: unknown) =>
      client.execute("INSERT INTO things (id, name) VALUES (?, ?)", [id, name], prepared);
    const seen = async () =>
      (await client.execute("SELECT name FROM things WHERE id = ?", [id], prepared)).first().get("name");
    const names: unknown[] = [];
    for (const value of ["kept", types.unset, undefined, null]) {
      await write(value);
      names.push(await seen());
    }
    assert.deepEqual(names, ["kept", "kept", "kept", null]);
  }),
  "useUndefinedAsUnset: false": passes(async ({ connect, newKey }) => {
    const client = await connect({ keyspace, encoding: { useUndefinedAsUnset: false } });
    const id = newKey();
    for (const name of ["kept", undefined]) {
      await client.execute("INSERT INTO things (id, name) VALUES (?, ?)", [id, name], prepared);
    }
    assert.equal((await client.execute("SELECT name FROM things WHERE id = ?", [id], prepared)).first().get(0), null);
  }),
  "null in a collection": passes(async (world) => {
    const failure = await failureOf((await tableOf(world, ["list<int>"]))([[1, null]]));
    assert.equal(failure.name, "TypeError");
  }),
  "Map and Set for maps and sets": thereAndBack(
    {
      "set<text>": [new Set(["a", "b"])],
      "map<int, text>": [
        new Map([
          [1, "a"],
          [2, "b"],
        ]),
      ],
    },
    { encoding: { map: Map, set: Set } },
  ),
  "useBigIntAsLong, useBigIntAsVarint": thereAndBack(
    { bigint: [9_007_199_254_740_993n, -1n], varint: [10n ** 37n] },
    { encoding: { useBigIntAsLong: true, useBigIntAsVarint: true } },
  ),
  "a Buffer for any type": passes(async (world) => {
    const keep = await tableOf(world, ["int", "text"]);
    assert.deepEqual(await keep([Buffer.from([0, 0, 1, 0]), Buffer.from("bytes")]), [256, "bytes"]);
  }),
  "a value of the wrong type": passes(async (world) => {
    const failure = await failureOf((await tableOf(world, ["int"]))([{ not: "a number" }]));
    assert.equal(failure.name, "TypeError");
  }),
  duration: refused("KL-TYPE", (world) => tableOf(world, ["duration"])),
  vector: refused("KL-TYPE", (world) => tableOf(world, ["vector<float, 3>"])),
  "geospatial types": refused("KL-TYPE", async (world) => {
    assert.equal(String(new geometry.Point(1, 2)), "POINT (1 2)");
    await tableOf(world, ["'PointType'"]);
  }),
};
