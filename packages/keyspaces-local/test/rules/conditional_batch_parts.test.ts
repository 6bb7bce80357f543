import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import type { Client } from "cassandra-driver";
import { createKeyspace, createTable, gatewayBench } from "../support.js";
import { errorOf, frame, logIn, type WireClient } from "../wire_client.js";

/** Statements of LOGGED batches on several partitions, against the same ones alone, which Cassandra carries out by itself. */

const user = { userName: "batches", password: "test" };
const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], plainUsers: [user], activeAfterMs: 30 });
let client: Client;
let wire: WireClient;

beforeAll(async () => {
  await bench.begin();
  const gateway = await bench.gatewayWith();
  client = await bench.connectTo(gateway);
  await createKeyspace(client, "ks");
  await createTable(client, "ks", "b", "(k int PRIMARY KEY, n int, t timestamp)");
  await createTable(client, "ks", "s", "(p int, c int, v int, s text STATIC, PRIMARY KEY (p, c))");
  wire = await logIn(gateway.port, bench.certificates().ca, user.userName, user.password);
});
afterAll(async () => {
  wire.socket.destroy();
  await bench.end();
});
beforeEach(async () => {
  for (const id of [1, 2, 3]) {
    await client.execute(`DELETE FROM ks.b WHERE k = ${id}`);
    await client.execute(`DELETE FROM ks.s WHERE p = ${id}`);
  }
  await client.execute("INSERT INTO ks.b (k, n) VALUES (1, 1)");
});

const int = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const short = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const long = (text: string) => Buffer.concat([int(Buffer.byteLength(text)), Buffer.from(text)]);
const cell = (value: number) => Buffer.concat([int(4), int(value)]);
const named = ([name, value]: readonly [string, number]) =>
  Buffer.concat([short(name.length), Buffer.from(name), cell(value)]);

/** Whether it was applied, or the error. */
async function answerTo(opcode: number, body: Buffer): Promise<boolean | ReturnType<typeof errorOf>> {
  wire.send(frame(1, opcode, body));
  const [answer] = await wire.receive(1);
  if (answer!.opcode === 0) return errorOf(answer!);
  const applied = answer!.body.indexOf("[applied]");
  // Behind its name and type the number of rows, and the first cell.
  return applied < 0 ? true : answer!.body.subarray(applied).includes(Buffer.from([0, 0, 0, 1, 1]));
}
type Part = readonly [text: string, ...values: number[]];
const batch = (...parts: Part[]) => {
  const entries = parts.map(([text, ...values]) =>
    Buffer.concat([Buffer.from([0]), long(text), short(values.length), ...values.map(cell)]),
  );
  return answerTo(0x0d, Buffer.concat([Buffer.from([0]), short(parts.length), ...entries, short(6), Buffer.from([0])]));
};
const query = (text: string, values: readonly number[]) =>
  answerTo(0x07, Buffer.concat([long(text), short(6), Buffer.from([1]), short(values.length), ...values.map(cell)]));
const queryWithNames = (text: string, values: Readonly<Record<string, number>>) => {
  const given = Object.entries(values);
  const count = short(given.length);
  return answerTo(0x07, Buffer.concat([long(text), short(6), Buffer.from([0x41]), count, ...given.map(named)]));
};
async function rows(table: string): Promise<unknown[][]> {
  const found = await client.execute(`SELECT * FROM ks.${table}`);
  return found.rows.map((row) => row.values()).toSorted();
}

/** On another partition, with a condition that holds. */
const other: Part = ["INSERT INTO ks.b (k, n) VALUES (2, 2) IF NOT EXISTS"];
const otherOfS: Part = ["INSERT INTO ks.s (p, c, v) VALUES (2, 2, 2) IF NOT EXISTS"];
const before = [[1, 1, null]];

describe("another number of values than there are markers", () => {
  const insert = "INSERT INTO ks.b (k, n) VALUES (?, ?) IF NOT EXISTS";
  test.each<[Part, number]>([
    [[insert], 2],
    [[insert, 3], 2],
    [[insert, 3, 3, 9], 2],
    [["INSERT INTO ks.b (k, n) VALUES (3, ?)", 3, 9], 1],
    [["INSERT INTO ks.b (k, n) VALUES (3, ?)"], 1],
    [["INSERT INTO ks.b (k, n) VALUES (3, 3)", 9], 0],
  ])("is refused in a batch with %j, as it is alone", async (part, markers) => {
    const words = `There were ${markers} markers(?) in CQL but ${part.length - 1} bound variables`;
    const refused = { code: 0x2200, message: words };
    expect(await batch(part)).toEqual(refused);
    expect(await batch(part, other)).toEqual(refused);
    expect(await batch(other, part)).toEqual(refused);
    expect(await rows("b")).toEqual(before);
  });

  test.each([[[]], [[5]], [[5, 6, 7]]])("is refused in a text with the values %j", async (values) => {
    const text =
      "BEGIN BATCH UPDATE ks.b SET n = ? WHERE k = 1 IF n = 1; INSERT INTO ks.b (k, n) VALUES (2, ?) IF NOT EXISTS; APPLY BATCH";
    const message = `There were 2 markers(?) in CQL but ${values.length} bound variables`;
    expect(await query(text, values)).toEqual({ code: 0x2200, message });
    expect(await rows("b")).toEqual(before);
    expect(await query(text, [5, 6])).toBe(true);
  });

  test("is told by the name that has no value", async () => {
    const text =
      "BEGIN BATCH UPDATE ks.b SET n = :a WHERE k = 1 IF n = :o; INSERT INTO ks.b (k, n) VALUES (2, :b) IF NOT EXISTS; APPLY BATCH";
    const message = "There is no value for the marker :b";
    expect(await queryWithNames(text, { o: 1, a: 5 })).toEqual({ code: 0x2200, message });
    expect(await rows("b")).toEqual(before);
    expect(await queryWithNames(text, { b: 6, o: 1, a: 5 })).toBe(true);
    expect((await rows("b")).map(([k, n]) => [k, n])).toEqual([
      [1, 5],
      [2, 6],
    ]);
  });
});

test.each([
  "UPDATE ks.b SET n = 7 WHERE k = 1 IF EXISTS AND n = 5",
  "UPDATE ks.b SET n = 7 WHERE k = 3 IF NOT EXISTS",
  "DELETE FROM ks.b WHERE k = 3 IF NOT EXISTS",
  "INSERT INTO ks.b (k, n) VALUES (1, 8) IF EXISTS",
  "INSERT INTO ks.b (k, n) VALUES (1, 8) IF n = 1",
  "UPDATE ks.b SET n = 7 WHERE k = 1 IF n",
])("%s is no CQL in a batch either", async (text) => {
  const alone = await batch([text]);
  expect(alone).toMatchObject({ code: 0x2000 });
  expect(await batch([text], other)).toMatchObject({ code: 0x2000 });
  expect(await batch(other, [text])).toMatchObject({ code: 0x2000 });
  expect(await rows("b")).toEqual(before);
});

test.each(["1", "5"])("what is wrong with another statement is told whether n = %s holds or not", async (n) => {
  const condition: Part = [`UPDATE ks.b SET n = 7 WHERE k = 1 IF n = ${n}`];
  for (const text of [
    "INSERT INTO ks.b (k, nothing) VALUES (2, 8)",
    "INSERT INTO ks.b (k, n) VALUES (2, 'text')",
    "UPDATE ks.b SET n = 1 WHERE k = 3 IF nothing = 1",
  ]) {
    expect(await batch(condition, [text])).toMatchObject({
      code: 0x2200,
      message: expect.stringMatching(/nothing|of type int/),
    });
  }
  expect(await rows("b")).toEqual(before);
});

const row = "INSERT INTO ks.s (p, c, v, s) VALUES (1, 1, 1, 'q')";
const staticOnly = "INSERT INTO ks.s (p, s) VALUES (1, 'q')";

/** Some are refused. */
test.each<[given: string, Part]>([
  [row, ["UPDATE ks.s SET s = 'w' WHERE p = 1 AND c = 1 IF v = 1"]],
  [row, ["UPDATE ks.s SET s = 'w' WHERE p = 1 AND c = 1 IF v = 2"]],
  [row, ["UPDATE ks.s SET s = 'w' WHERE c = ? AND p = ? IF v = ?", 1, 1, 1]],
  [row, ["UPDATE ks.s SET s = ? WHERE p = 1 AND c = 1 IF v = ?", 7, 1]],
  [row, ["UPDATE ks.s SET s = ? WHERE p = 1 AND c = ? IF v = 1", 7, 1]],
  [row, ["UPDATE ks.s SET s = 'w' WHERE p = 1 AND c = 1 IF v = 1 AND s = 'q'"]],
  [row, ["DELETE s FROM ks.s WHERE p = 1 AND c = 1 IF v = 1"]],
  [row, ["DELETE s FROM ks.s WHERE c = ? AND p = ? IF v = ?", 1, 1, 2]],
  [row, ["UPDATE ks.s SET s = 'w' WHERE p = 1 AND c = 1 IF EXISTS"]],
  [staticOnly, ["UPDATE ks.s SET s = 'w' WHERE p = 1 AND c = 1 IF EXISTS"]],
  [staticOnly, ["DELETE s FROM ks.s WHERE p = 1 AND c = 1 IF EXISTS"]],
  [row, ["UPDATE ks.s SET s = 'w' WHERE p = 1 AND c = 2 IF EXISTS"]],
  [row, ["UPDATE ks.s SET s = 'w' WHERE p = 1 IF s = 'q'"]],
  [staticOnly, ["UPDATE ks.s SET s = 'w' WHERE p = 1 IF EXISTS"]],
  [row, ["UPDATE ks.s SET v = 3, s = 'w' WHERE p = 1 AND c = 1 IF v = 1 AND s = 'q'"]],
  [staticOnly, ["UPDATE ks.s SET v = 3 WHERE p = 1 AND c = 1 IF s = 'q'"]],
  [staticOnly, ["UPDATE ks.s SET v = 3 WHERE p = 1 AND c = 1 IF EXISTS"]],
  [staticOnly, ["INSERT INTO ks.s (p, c, s) VALUES (1, 1, 'w') IF NOT EXISTS"]],
  [staticOnly, ["INSERT INTO ks.s (p, s) VALUES (1, 'w') IF NOT EXISTS"]],
  [row, ["DELETE v FROM ks.s WHERE p = 1 AND c = 1 IF v IN (1, 2)"]],
])("after %s, %j does what it does alone", async (given, part) => {
  await client.execute(given);
  const alone = await batch(part);
  const left = await rows("s");
  for (const p of [1, 2]) await client.execute(`DELETE FROM ks.s WHERE p = ${p}`);
  await client.execute(given);
  expect(await batch(part, otherOfS)).toEqual(alone);
  expect((await rows("s")).filter(([p]) => p !== 2)).toEqual(left);
  expect((await rows("s")).some(([p]) => p === 2)).toBe(alone === true);
});

test("values of a static column, its row and its condition are given by name in any order", async () => {
  await client.execute(row);
  const update = "UPDATE ks.s SET s = :s WHERE c = :c AND p = :p IF v = :v";
  const text = `BEGIN BATCH ${update}; ${otherOfS[0]}; APPLY BATCH`;
  expect(await queryWithNames(text, { v: 2, p: 1, s: 7, c: 1 })).toBe(false);
  expect(await queryWithNames(text, { v: 1, p: 1, s: 7, c: 1 })).toBe(true);
  expect(await rows("s")).toEqual([
    [1, 1, "\0\0\0\u0007", 1],
    [2, 2, null, 2],
  ]);
});

test("a function is called by its older name in a condition as elsewhere", async () => {
  const update = "UPDATE ks.b SET n = 7 WHERE k = 1 IF t < dateOf(now()) AND n = ?";
  await client.execute("UPDATE ks.b SET t = dateOf(now()) WHERE k = 1");
  expect(await query(`BEGIN BATCH ${update} APPLY BATCH`, [1])).toBe(true);
  expect(await query(`BEGIN BATCH ${update} ${other[0]} APPLY BATCH`, [7])).toBe(true);
});
