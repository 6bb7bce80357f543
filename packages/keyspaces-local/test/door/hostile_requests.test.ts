import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { type Certificates, makeCertificates } from "@keyspaces-segmentation/keyspaces-local/dist/door/certificates.js";
import { type Gateway, startGateway } from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import { borrowedCassandra, clientOf, createKeyspace, createTable, region, withPassword } from "../support.js";
import { errorOf, frame, logIn, query, type WireClient } from "../wire_client.js";

/** Requests that nobody sends by mistake: each gets one answer, and the gateway goes on. */

const user = { userName: "hostile", password: "test" };
let cassandra: Awaited<ReturnType<typeof borrowedCassandra>>;
let certificates: Certificates;
let gateway: Gateway;
let client: WireClient;

beforeAll(async () => {
  [cassandra, certificates] = await Promise.all([borrowedCassandra(), makeCertificates()]);
  gateway = await startGateway({
    region,
    cassandra,
    identities: [],
    certificate: certificates,
    plainUsers: [user],
    activeAfterMs: 100,
  });
  const driver = clientOf(gateway.port, certificates, withPassword(user.userName, user.password));
  await driver.connect();
  await createKeyspace(driver, "hostile");
  await createTable(driver, "hostile", "t", "(k int, c int, v text, PRIMARY KEY (k, c))");
  await driver.execute("INSERT INTO hostile.t (k, c, v) VALUES (1, 2, 'x')");
  await driver.shutdown();
});
afterAll(async () => {
  await gateway.close();
});
beforeEach(async () => {
  client = await logIn(gateway.port, certificates.ca, user.userName, user.password);
});
afterEach(async () => {
  client.send(query(77, "SELECT v FROM hostile.t WHERE k = 1"));
  const [answer] = await client.receive(1);
  client.socket.destroy();
  expect([answer?.stream, answer?.opcode]).toEqual([77, 0x08]);
});

const int = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const short = (value: number) => Buffer.from([value >> 8, value & 0xff]);
const long = (text: string) => Buffer.concat([int(Buffer.byteLength(text)), Buffer.from(text)]);
const named = (text: string) => Buffer.concat([short(text.length), Buffer.from(text)]);
const value = (bytes: Buffer) => Buffer.concat([int(bytes.length), bytes]);
const listOf = (...items: number[]) => Buffer.concat([int(items.length), ...items.map((item) => value(int(item)))]);

async function answerTo(opcode: number, body: Buffer) {
  client.send(frame(5, opcode, body));
  const [answer] = await client.receive(1);
  expect(answer?.stream).toBe(5);
  return answer!;
}
/** A QUERY at LOCAL_QUORUM with values. */
const withValues = (text: string, ...values: Buffer[]) =>
  answerTo(0x07, Buffer.concat([long(text), short(6), Buffer.from([0x01]), short(values.length), ...values]));
const refusalOf = async (answer: Promise<{ stream: number; opcode: number; body: Buffer }>) => {
  const given = await answer;
  expect(given.opcode).toBe(0);
  return errorOf(given);
};

describe("the list of `IN ?`", () => {
  const select = "SELECT v FROM hostile.t WHERE k IN ?";
  const enough = "Not enough bytes to read a list";

  test.each<[string, Buffer, string]>([
    ["a negative count", int(-1), "A list cannot have -1 elements"],
    ["the most negative count", int(-(2 ** 31)), "A list cannot have -2147483648 elements"],
    ["a huge count", int(2 ** 31 - 1), enough],
    ["a count of one more than there are", Buffer.concat([int(3), listOf(1, 2).subarray(4)]), enough],
    ["half a count", Buffer.from([0, 0]), enough],
    ["no count", Buffer.alloc(0), enough],
    ["half an element", listOf(1, 2).subarray(0, -1), enough],
    ["an element of more bytes than there are", Buffer.concat([int(1), int(2 ** 31 - 1)]), enough],
    ["something behind it", Buffer.concat([listOf(1), int(0)]), "Unexpected extraneous bytes after list value"],
    ["101 elements", listOf(...Array(101).keys()), "The IN lists of this SELECT make 101 subqueries"],
  ])("with %s is refused as invalid", async (_, list, message) => {
    expect(await refusalOf(withValues(select, value(list)))).toEqual({
      code: 0x2200,
      message: expect.stringContaining(message),
    });
  });

  test("with a length beyond the request is a protocol error", async () => {
    expect(await refusalOf(withValues(select, Buffer.concat([int(2 ** 31 - 1), int(1)])))).toMatchObject({
      code: 0x0a,
    });
  });

  test("that is right, empty, null or of null elements is Cassandra's to answer", async () => {
    expect((await withValues(select, value(listOf(1)))).opcode).toBe(0x08);
    expect((await withValues(select, value(listOf()))).opcode).toBe(0x08);
    expect((await refusalOf(withValues(select, int(-1)))).code).toBe(0x2200);
    expect((await refusalOf(withValues(select, value(Buffer.concat([int(1), int(-1)]))))).code).toBe(0x2200);
  });

  test("makes no request free, and gives none back", async () => {
    // Were these counted by their list, the connection could ask on.
    const strict = await startGateway({
      region,
      cassandra,
      identities: [],
      certificate: certificates,
      plainUsers: [user],
      throughput: { requestsPerConnection: 5, now: () => 0 },
    });
    const asking = await logIn(strict.port, certificates.ca, user.userName, user.password);
    const empty = Buffer.concat([long(select), short(6), Buffer.from([0x01]), short(1), value(listOf())]);
    for (let stream = 0; stream < 6; stream++) {
      asking.send(frame(stream, 0x07, empty));
      const [answer] = await asking.receive(1);
      expect([stream, answer?.opcode]).toEqual([stream, stream < 5 ? 0x08 : 0x00]);
      if (stream === 5) expect(errorOf(answer!).code).toBe(0x1200);
    }
    asking.socket.destroy();
    await strict.close();
  });

  test("and many lists of which one is empty, whose product is no number", async () => {
    const hundred = Array.from({ length: 99 }, (_, item) => item).join(", ");
    const lists = Array.from({ length: 160 }, () => `k IN (${hundred})`).join(" AND ");
    const refused = await refusalOf(
      answerTo(
        0x07,
        Buffer.concat([long(`SELECT v FROM hostile.t WHERE k IN () AND ${lists}`), short(6), Buffer.from([0])]),
      ),
    );
    // Cassandra's own word on it.
    expect(refused.code).toBe(0x2200);
  });
});

describe("a batch", () => {
  const batch = (type: number, count: number, statement: string, consistency = 6) => {
    const entry = Buffer.concat([Buffer.from([0]), long(statement), short(0)]);
    return Buffer.concat([
      Buffer.from([type]),
      short(count),
      ...Array(count).fill(entry),
      short(consistency),
      Buffer.from([0]),
    ]);
  };

  test("of 65,535 statements is counted before any is read", async () => {
    // Each would be refused for itself.
    for (const statement of ["INSERT INTO hostile.nowhere (k) VALUES (1)", "SELECT", "("]) {
      expect(await refusalOf(answerTo(0x0d, batch(1, 65_535, statement)))).toEqual({
        code: 0x2200,
        message: "Batch has 65535 statements; at most 30 are supported [KL-UNLOGGED-SIZE]",
      });
    }
    expect(await refusalOf(answerTo(0x0d, batch(0, 65_535, "(")))).toEqual({
      code: 0x2200,
      message: "Batch has 65535 statements; at most 100 are supported [KL-LOGGED-SIZE]",
    });
  });

  test("given as text is counted before its tables are looked for", async () => {
    const text = `BEGIN UNLOGGED BATCH ${"INSERT INTO hostile.nowhere (k) VALUES (1);".repeat(31)} APPLY BATCH`;
    client.send(query(5, text));
    expect(errorOf((await client.receive(1))[0]!)).toEqual({
      code: 0x2200,
      message: "Batch has 31 statements; at most 30 are supported [KL-UNLOGGED-SIZE]",
    });
  });
});

describe("a statement", () => {
  const deep = 20_000;
  test.each<[string, string]>([
    ["in(in(…", `SELECT v FROM hostile.t WHERE k ${"in(".repeat(deep)}1${")".repeat(deep)}`],
    ["((…", `SELECT v FROM hostile.t WHERE k = ${"(".repeat(deep)}1${")".repeat(deep)}`],
    ["[[…", `INSERT INTO hostile.t (k, c, v) VALUES (1, 1, ${"[".repeat(deep)}${"]".repeat(deep)})`],
    ["cast(cast(…", `SELECT ${"cast(".repeat(deep)}k${" as int)".repeat(deep)} FROM hostile.t`],
    ["{1: {1: …", `UPDATE hostile.t SET v = ${"{1: ".repeat(deep)}1${"}".repeat(deep)} WHERE k = 1 AND c = 1`],
    ["list<list<…", `CREATE TABLE hostile.deep (k int PRIMARY KEY, l ${"list<".repeat(deep)}int${">".repeat(deep)})`],
    ["maps of maps", `ALTER TABLE hostile.t WITH CUSTOM_PROPERTIES = ${"{'a': ".repeat(deep)}'b'${"}".repeat(deep)}`],
  ])("of %s is refused", async (_, text) => {
    client.send(query(5, text));
    const [answer] = await client.receive(1);
    expect(answer?.opcode).toBe(0);
    expect(errorOf(answer!).message).not.toContain("Internal error");
  });

  test.each<[string, string]>([
    ["SELECT ((…", `SELECT ${"(".repeat(200)}k${")".repeat(200)} FROM hostile.t`],
    ["SELECT cast(cast(…", `SELECT ${"cast(".repeat(200)}k${" as int)".repeat(200)} FROM hostile.t`],
    ["SELECT (int)(int) k", `SELECT (${"int)(".repeat(199)}int) k FROM hostile.t`],
    ["SELECT [[…", `SELECT ${"[".repeat(200)}k${"]".repeat(200)} FROM hostile.t`],
    ["SELECT {1: {1: …", `SELECT ${"{1: ".repeat(200)}k${"}".repeat(200)} FROM hostile.t`],
    ["SELECT token(token(…", `SELECT ${"token(".repeat(200)}k${")".repeat(200)} FROM hostile.t`],
  ])("of %s never reaches Cassandra, whose parser would take for ever", async (_, text) => {
    for (const [opcode, body] of [
      [0x07, Buffer.concat([long(text), short(6), Buffer.from([0])])],
      [0x09, long(text)],
    ] as const) {
      expect(await refusalOf(answerTo(opcode, body))).toEqual({
        code: 0x2200,
        message: expect.stringMatching(/^Brackets are nested 20[01] deep; at most 10 are taken \[KL-BRACKETS\]$/),
      });
    }
  });

  test("of more than a million tokens is refused, and of more markers than values can be given", async () => {
    client.send(query(5, `SELECT ${"(".repeat(2 ** 20)}`));
    expect(errorOf((await client.receive(1))[0]!)).toMatchObject({
      code: 0x2000,
      message: expect.stringContaining("1048576 tokens"),
    });
    const markers = `INSERT INTO hostile.t (k, c, v) VALUES (${"?, ".repeat(65_535)}?)`;
    client.send(frame(6, 0x09, long(markers)));
    expect(errorOf((await client.receive(1))[0]!)).toMatchObject({
      code: 0x2200,
      message: "Too many markers(?). 65536 markers exceed the allowed maximum of 65535 [KL-MARKERS]",
    });
  });

  test("with one large value for ten thousand markers of one name is not copied ten thousand times", async () => {
    const megabyte = Buffer.alloc(2 ** 20, "x");
    const items = Array(10_000).fill(":v").join(", ");
    const text = `INSERT INTO hostile.t (k, c, v) VALUES (1, 1, [${items}])`;
    const before = process.memoryUsage().arrayBuffers;
    const body = [long(text), short(6), Buffer.from([0x41]), short(1), named("v"), value(megabyte)];
    const refused = await refusalOf(answerTo(0x07, Buffer.concat(body)));
    expect(refused).toMatchObject({ code: 0x2200, message: expect.stringContaining("The row has 1048") });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 28);
  });
});
