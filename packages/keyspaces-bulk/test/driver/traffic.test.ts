import { expect, test } from "@jest/globals";
import { statementOf, tellOfBatch, tellOfExecute } from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/traffic.js";

test.each([
  ['SELECT a AS from_b FROM "Shop"."Li""nes" WHERE k = ?', { verb: "select", table: 'Li"nes' }],
  ["insert into shop.lines (a) values (?)", { verb: "insert", table: "lines" }],
  ['UPDATE "lines" SET a = ? WHERE k = ?', { verb: "update", table: "lines" }],
  ["DELETE a FROM shop . lines WHERE k = ?", { verb: "delete", table: "lines" }],
  ["SELECT tags FROM system_schema_mcs.tags", undefined],
  ["SELECT partitioner FROM system.local WHERE key = 'local'", undefined],
  ['CREATE TABLE "shop"."lines" (k text PRIMARY KEY)', undefined],
])("%s", (query, statement) => {
  expect(statementOf(query)).toEqual(statement);
});

type Told = Parameters<Parameters<typeof tellOfBatch>[0]["onWrite"]>[0];
function listen() {
  const told: Told[] = [];
  return { told, traffic: { onWrite: (written: Told) => void told.push(written), onRead: () => undefined } };
}
const valuesOf = ({ rows }: Told) => rows.map(({ slab, start, end }) => slab.toString("hex", start, end));

const header = Buffer.alloc(9);
const item = { query: "INSERT INTO s.t (a, b) VALUES (?, ?)", meta: { columns: [{ name: "a" }, { name: "b" }] } };
/** Two values, "x" and one that is unset. */
const two = Buffer.from("00020000000178fffffffe", "hex");
const values = "0000000178fffffffe";

test("an EXECUTE is told with its values, one that reads is not", () => {
  const { told, traffic } = listen();
  const frame = Buffer.concat([
    header,
    Buffer.from("0002abcd", "hex"),
    Buffer.from("000601", "hex"),
    two,
    Buffer.alloc(8),
  ]);
  tellOfExecute(traffic, item, frame);
  tellOfExecute(traffic, { ...item, query: "SELECT a FROM s.t WHERE a = ? AND b = ?" }, frame);
  expect(told).toMatchObject([{ table: "t", inserts: true, logged: false, columns: ["a", "b"] }]);
  expect(valuesOf(told[0]!)).toEqual([values]);
});

test("a BATCH is told with the rows of each statement, those of one statement together", () => {
  const { told, traffic } = listen();
  const each = Buffer.concat([Buffer.from("010002abcd", "hex"), two]);
  const batch = (type: number) =>
    Buffer.concat([header, Buffer.from([type, 0, 2]), each, each, Buffer.from("000600", "hex")]);
  tellOfBatch(traffic, [item], batch(1));
  tellOfBatch(traffic, [item, { ...item, query: "DELETE FROM s.u WHERE a = ? AND b = ?" }], batch(0));
  expect(told.map(({ table, inserts, logged }) => [table, inserts, logged])).toEqual([
    ["t", true, false],
    ["t", true, true],
    ["u", false, true],
  ]);
  expect(told.map(valuesOf)).toEqual([[values, values], [values], [values]]);
});
