import assert from "node:assert/strict";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { types } from "cassandra-driver";
import { type Cases, otherwise, passes } from "./case.js";
import { failureOf, linesOf, prepared, scanned, type World } from "./world.js";

/** Of a table with several partitions, by a filter: every other page is empty. */
const filtered = "SELECT invoice, line FROM scans WHERE line < 1000 ALLOW FILTERING";
const all = Array.from({ length: scanned }, (_, line) => line);
const paged = { ...prepared, fetchSize: 7 };

/** Pages by `eachRow`: what comes at the end of each, and the rows. */
async function eachRowOf(
  { client }: World,
  options: object,
): Promise<{ rows: types.Row[]; last: types.ResultSet; pages: number }> {
  const rows: types.Row[] = [];
  let pages = 0;
  const last = await new Promise<types.ResultSet>((resolve, reject) => {
    client.eachRow(
      filtered,
      [],
      { ...paged, ...options },
      (_, row) => rows.push(row),
      (error, result) => {
        pages++;
        if (error) reject(error);
        else if (result.nextPage) result.nextPage();
        else resolve(result);
      },
    );
  });
  return { rows, last, pages };
}

export const paging: Cases = {
  "eachRow with autoPage": passes(async (world) => {
    const { rows, last, pages } = await eachRowOf(world, { autoPage: true });
    assert.deepEqual([linesOf(rows), last.rowLength, pages], [all, scanned, 1]);
  }),
  "eachRow and nextPage": passes(async (world) => {
    const { rows, last, pages } = await eachRowOf(world, {});
    assert.deepEqual([linesOf(rows), last.rowLength], [all, scanned]);
    assert.ok(pages > scanned / 7);
  }),
  "stream with autoPage": passes(async ({ client }) => {
    const rows: types.Row[] = [];
    const stream = client.stream(filtered, [], { ...paged, autoPage: true }) as Readable;
    for await (const row of stream) rows.push(row);
    assert.deepEqual(linesOf(rows), all);
  }),
  "stream waits for its reader": passes(async ({ client }) => {
    const stream = client.stream(filtered, [], { ...paged, autoPage: true }) as Readable & { buffer: unknown[] };
    await once(stream, "readable");
    const rows: types.Row[] = [];
    for (let row = stream.read(); rows.length < scanned; row = stream.read()) {
      assert.ok(stream.buffer.length <= 7);
      if (row === null) await once(stream, "readable");
      else rows.push(row);
    }
    assert.deepEqual(linesOf(rows), all);
  }),
  "stream of no rows, and of an error": passes(async ({ client }) => {
    const none = client.stream("SELECT * FROM things WHERE id = -1", [], prepared) as Readable;
    for await (const row of none) assert.fail(`a row: ${row}`);
    const [error] = await once((client.stream("SELECT * FROM nothing") as Readable).resume(), "error");
    assert.equal(error.code, types.responseErrorCodes.invalid);
  }),
  "asynchronous iteration over full pages": passes(async ({ client, newKey }) => {
    const invoice = `iterated ${newKey()}`;
    const insert = "INSERT INTO lines (invoice, line, price) VALUES (?, ?, 1)";
    for (let line = 0; line < 20; line++) await client.execute(insert, [invoice, line], prepared);
    const result = await client.execute("SELECT line FROM lines WHERE invoice = ?", [invoice], {
      ...prepared,
      fetchSize: 6,
    });
    const seen: number[] = [];
    for await (const row of result) seen.push(row.get("line"));
    assert.deepEqual(
      seen,
      Array.from({ length: 20 }, (_, index) => 19 - index),
    );
    assert.equal((result as unknown as { isPaged(): boolean }).isPaged(), true);
  }),
  "asynchronous iteration over empty pages": otherwise(
    "the driver ends at the first empty page, and says nothing (NODEJS-668): `KL-EMPTY-PAGES`",
    async ({ client }) => {
      const seen: types.Row[] = [];
      for await (const row of await client.execute(filtered, [], paged)) seen.push(row);
      assert.ok(seen.length < scanned);
    },
  ),
  "pageState from one request to the next, also of another client": passes(async ({ client, connect }) => {
    const other = await connect({ keyspace: client.keyspace });
    const rows: types.Row[] = [];
    let pageState: string | undefined;
    for (const by of Array.from({ length: 4 * scanned }, (_, index) => (index % 2 ? other : client))) {
      const page = await by.execute(filtered, [], pageState === undefined ? paged : { ...paged, pageState });
      rows.push(...page.rows);
      pageState = page.pageState;
      if (!pageState) break;
    }
    assert.deepEqual(linesOf(rows), all);
  }),
  "pageState of another statement": passes(async ({ client }) => {
    const { pageState } = await client.execute(filtered, [], paged);
    const failure = await failureOf(client.execute("SELECT * FROM scans", [], { ...paged, pageState }));
    assert.equal(failure.code, types.responseErrorCodes.protocolError);
  }),
  "pages of no more rows than fetchSize": passes(async ({ client }) => {
    for (const fetchSize of [1, 3, 10]) {
      const { rows } = await client.execute("SELECT * FROM scans WHERE invoice = 'invoice1'", [], {
        ...prepared,
        fetchSize,
      });
      assert.ok(rows.length <= fetchSize);
    }
  }),
  "a page after the service has forgotten where it was": passes(async ({ client, setFaults }) => {
    const { pageState } = await client.execute(filtered, [], paged);
    await setFaults({ forgetPagingStates: true });
    const failure = await failureOf(client.execute(filtered, [], { ...paged, pageState }));
    assert.equal(failure.code, types.responseErrorCodes.invalid);
  }),
};
