import assert from "node:assert/strict";
import { type Client, mapping, type types } from "cassandra-driver";
import { type Cases, passes } from "./case.js";
import { decimal, keyspace, type World } from "./world.js";

const { q } = mapping;

interface Line {
  invoice: string;
  line: number;
  unitPrice?: types.BigDecimal;
}
interface Thing {
  id: number;
  name?: string | null;
  tags?: string[];
}

/** With the tables' own names but for one column. */
function mappersOf(client: Client) {
  const mapper = new mapping.Mapper(client, {
    models: {
      Line: { tables: ["lines"], keyspace, columns: { price: "unitPrice" } },
      Thing: { tables: ["things"], keyspace },
      Expiring: { tables: ["expiring"], keyspace },
      Hit: { tables: ["hits"], keyspace },
    },
  });
  return {
    mapper,
    lines: mapper.forModel<Line>("Line"),
    things: mapper.forModel<Thing>("Thing"),
    expiring: mapper.forModel<Thing>("Expiring"),
    hits: mapper.forModel<{ id: number; seen: types.Long }>("Hit"),
  };
}
type Mappers = ReturnType<typeof mappersOf>;
const withMappers = (run: (mappers: Mappers, world: World) => Promise<void>) =>
  passes((world) => run(mappersOf(world.client), world));

async function linesStored(lines: Mappers["lines"], invoice: string, count = 5): Promise<void> {
  for (let line = 0; line < count; line++) await lines.insert({ invoice, line, unitPrice: decimal(`${line}.50`) });
}
const numbers = (result: mapping.Result<Line>) => result.toArray().map(({ line }) => line);

export const mapper: Cases = {
  "insert and get": withMappers(async ({ lines }, { newKey }) => {
    const invoice = `mapped ${newKey()}`;
    await linesStored(lines, invoice, 2);
    const line = await lines.get({ invoice, line: 1 });
    assert.deepEqual([line?.line, String(line?.unitPrice)], [1, "1.50"]);
    assert.equal(await lines.get({ invoice, line: 7 }), null);
  }),
  "find, with operators, order, fields and limit": withMappers(async ({ lines }, { newKey }) => {
    const invoice = `found ${newKey()}`;
    await linesStored(lines, invoice);
    assert.deepEqual(numbers(await lines.find({ invoice })), [4, 3, 2, 1, 0]);
    assert.deepEqual(numbers(await lines.find({ invoice }, { orderBy: { line: "asc" }, limit: 2 })), [0, 1]);
    assert.deepEqual(numbers(await lines.find({ invoice, line: q.and(q.gt(0), q.lte(3)) })), [3, 2, 1]);
    assert.deepEqual(numbers(await lines.find({ invoice, line: q.in_([1, 4]) })).sort(), [1, 4]);
    const [one] = (await lines.find({ invoice }, { fields: ["unitPrice"] })).toArray();
    assert.deepEqual(Object.keys(one!), ["unitPrice"]);
  }),
  findAll: withMappers(async ({ things }, { newKey }) => {
    const id = newKey();
    await things.insert({ id, name: "one of all" });
    const found = (await things.findAll()).toArray();
    assert.ok(found.some((thing) => thing.id === id && thing.name === "one of all"));
  }),
  "update, of some fields": withMappers(async ({ things }, { newKey }) => {
    const id = newKey();
    await things.insert({ id, name: "before", tags: ["a"] });
    await things.update(
      { id, name: "after", tags: q.append(["b"]) as unknown as string[] },
      { fields: ["id", "name", "tags"] },
    );
    const thing = await things.get({ id });
    assert.deepEqual([thing?.name, thing?.tags], ["after", ["a", "b"]]);
  }),
  "remove, of a row and of columns": withMappers(async ({ things }, { newKey }) => {
    const id = newKey();
    await things.insert({ id, name: "x" });
    await things.remove({ id, name: null }, { fields: ["id", "name"], deleteOnlyColumns: true });
    assert.equal((await things.get({ id }))?.name, null);
    await things.remove({ id });
    assert.equal(await things.get({ id }), null);
  }),
  "ifNotExists, when and ifExists": withMappers(async ({ things }, { newKey }) => {
    const id = newKey();
    const applied = [
      await things.insert({ id, name: "first" }, { ifNotExists: true }),
      await things.insert({ id, name: "second" }, { ifNotExists: true }),
      await things.update({ id, name: "changed" }, { when: { name: "second" } }),
      await things.update({ id, name: "changed" }, { when: { name: "first" } }),
      await things.remove({ id }, { ifExists: true }),
    ];
    assert.deepEqual(
      applied.map((result) => result.wasApplied()),
      [true, false, false, true, true],
    );
    assert.equal(applied[1]?.first()?.name, "first");
  }),
  ttl: withMappers(async ({ expiring }, { client, newKey }) => {
    const id = newKey();
    await expiring.insert({ id, name: "for a while" }, { ttl: 1000 });
    const left = (await client.execute(`SELECT ttl(name) FROM expiring WHERE id = ${id}`)).first().get(0);
    assert.ok(left > 900 && left <= 1000);
  }),
  "counters by incr and decr": withMappers(async ({ hits }, { newKey }) => {
    const id = newKey();
    await hits.update({ id, seen: q.incr(5) });
    await hits.update({ id, seen: q.decr(2) });
    assert.equal(String((await hits.get({ id }))?.seen), "3");
  }),
  "a batch of several models": withMappers(async ({ mapper, lines, things }, { newKey }) => {
    const [id, invoice] = [newKey(), `batched ${newKey()}`];
    await linesStored(lines, invoice, 1);
    await mapper.batch([
      things.batching.insert({ id, name: "batched" }),
      lines.batching.update({ invoice, line: 1, unitPrice: decimal("1") }),
      lines.batching.remove({ invoice, line: 0 }),
    ]);
    assert.equal((await things.get({ id }))?.name, "batched");
    assert.deepEqual(numbers(await lines.find({ invoice })), [1]);
  }),
  mapWithQuery: withMappers(async ({ lines }, { newKey }) => {
    const invoice = `asked ${newKey()}`;
    await linesStored(lines, invoice);
    const query = "SELECT * FROM lines WHERE invoice = ? AND line >= ?";
    const from = lines.mapWithQuery(query, (doc: Line) => [doc.invoice, doc.line]);
    assert.deepEqual(numbers(await from({ invoice, line: 3 })), [4, 3]);
  }),
};
