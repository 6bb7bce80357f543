import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import type { KeyspacesLocalOptions } from "@keyspaces-segmentation/keyspaces-local/dist/tool/options.js";
import { givenOptions } from "@keyspaces-segmentation/keyspaces-local/dist/tool/read_options.js";
import type { KeyspacesLocal } from "@keyspaces-segmentation/keyspaces-local/dist/tool/running.js";
import { serve } from "@keyspaces-segmentation/keyspaces-local/dist/tool/serve.js";
import { type Client, type ClientOptions, policies } from "cassandra-driver";
import { borrowedCassandra, clientOf, createKeyspace, createTable, signedBy, withPassword } from "../support.js";

const MURMUR3 = "org.apache.cassandra.dht.Murmur3Partitioner";
let folder: string;
let lent: { port: number };
const open: KeyspacesLocal[] = [];
const clients: Client[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "serve-"));
  lent = await borrowedCassandra();
});
afterAll(async () => {
  for (const client of clients) await client.shutdown();
  for (const running of open) await running.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Tells of the first refusal instead of trying again. */
const retry = new policies.retry.FallthroughRetryPolicy();
const never = new Promise<string>(() => undefined);
/** Before the Cassandra that this suite was lent. */
async function begin(given: Partial<KeyspacesLocalOptions> = {}, said: string[] = []): Promise<KeyspacesLocal> {
  const values = {
    port: 0,
    definitionMs: 30,
    dataDirectory: join(folder, "data"),
    partitioner: "murmur3",
    ...given,
  } as const;
  const { options } = givenOptions(values, { environment: {}, cwd: folder });
  const running = await serve(options, {
    onProgress: (line) => said.push(line),
    database: async () => ({
      name: "Cassandra",
      pid: 0,
      port: lent.port,
      partitioner: MURMUR3,
      ended: never,
      lastLines: () => [],
      stop: async () => undefined,
    }),
  });
  open.push(running);
  return running;
}
async function connectTo(running: KeyspacesLocal, login?: ClientOptions): Promise<Client> {
  const ca = readFileSync(running.caFile, "utf8");
  const options = login ?? signedBy(running.credentials, running.region);
  const client = clientOf(running.port, { ca }, { localDataCenter: running.region, ...options });
  clients.push(client);
  await client.connect();
  return client;
}
const ask = async (running: KeyspacesLocal, path: string, init?: RequestInit) => {
  const response = await fetch(running.adminUrl + path, init);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const put = (running: KeyspacesLocal, faults: unknown) =>
  ask(running, "/faults", { method: "PUT", body: JSON.stringify(faults) });

const select = (resource: string) => ({
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Action: "cassandra:Select", Resource: `arn:aws:cassandra:*:*:/keyspace/system*` },
    { Effect: "Allow", Action: "cassandra:Select", Resource: `arn:aws:cassandra:*:*:/keyspace/${resource}` },
  ],
});

test("users come in with their keys or passwords, and may do what their policies say", async () => {
  const reader = { accessKeyId: "AKIAREADERREADERREAD", secretAccessKey: "reader-secret-key" };
  const users = join(folder, "users.json");
  writeFileSync(
    users,
    JSON.stringify({
      users: [
        { name: "reader", ...reader, password: "reader's own", policies: [select("shop/table/orders")] },
        { name: "writer", password: "writer's own" },
        { name: "nobody", password: "nobody's own", policies: [] },
      ],
    }),
  );
  const running = await begin({ users, dataDirectory: join(folder, "users") });
  const admin = await connectTo(running);
  await createKeyspace(admin, "shop");
  await createTable(admin, "shop", "orders", "(id int PRIMARY KEY, total int)");
  const insert = "INSERT INTO shop.orders (id, total) VALUES (1, 2)";
  const writer = await connectTo(running, withPassword("writer-at-123456789012", "writer's own"));
  await writer.execute(insert);
  for (const login of [signedBy(reader, running.region), withPassword("reader-at-123456789012", "reader's own")]) {
    const client = await connectTo(running, login);
    expect((await client.execute("SELECT total FROM shop.orders")).first().get("total")).toBe(2);
    await expect(client.execute(insert)).rejects.toMatchObject({
      code: 0x2100,
      message: expect.stringContaining(
        "arn:aws:iam::123456789012:user/reader is not authorized to perform: cassandra:Modify",
      ),
    });
  }
  const { userName, password } = running.serviceCredentials;
  await (await connectTo(running, withPassword(userName, password))).execute(insert);
  for (const wrong of [withPassword(userName, "wrong"), withPassword("nobody-at-123456789012", "nobody's own")]) {
    await expect(connectTo(running, wrong)).rejects.toThrow();
  }
});

test("faults are injected from outside, counted, and cleared", async () => {
  const running = await begin({ mode: "lenient", dataDirectory: join(folder, "faults") });
  const client = await connectTo(running);
  await createKeyspace(client, "harmed");
  for (const table of ["one", "other"]) await createTable(client, "harmed", table, "(k int PRIMARY KEY)");
  const insert = (table: string) => client.execute(`INSERT INTO harmed.${table} (k) VALUES (1)`, [], { retry });

  expect(await put(running, { throttle: { "harmed.one": 1 } })).toMatchObject({ status: 200 });
  await expect(insert("one")).rejects.toMatchObject({ code: 0x1100 });
  await insert("other");
  await put(running, { errors: [{ error: "unavailable", rate: 1 }], delayMs: 1 });
  await expect(insert("other")).rejects.toMatchObject({ code: 0x1000 });
  const cleared = await ask(running, "/faults", { method: "DELETE" });
  await insert("one");
  expect(cleared.body.injected).toMatchObject({
    throttled: expect.any(Number),
    errors: { "0x1000": expect.any(Number) },
  });
  const units = await ask(running, "/units");
  expect(units.body).toMatchObject({ "harmed.one": { written: expect.any(Number) } });
});

test("each of them on one table, and not on the others", async () => {
  const running = open.at(-1)!;
  const client = await connectTo(running);
  const insert = (table: string, options = {}) =>
    client.execute(`INSERT INTO harmed.${table} (k) VALUES (2)`, [], { retry, ...options });
  const harm = (fault: object) => put(running, { tables: { "harmed.one": fault } });

  await harm({ throttle: 1 });
  await expect(insert("one")).rejects.toMatchObject({ code: 0x1100 });
  await insert("other");
  await harm({ errors: [{ error: "server", rate: 1 }] });
  await expect(insert("one")).rejects.toMatchObject({ code: 0x0000 });
  const [both, alone] = ["one", "other"].map((table) => `INSERT INTO harmed.${table} (k) VALUES (3)`);
  await expect(client.batch([alone!, both!], { logged: false, retry })).rejects.toMatchObject({ code: 0x0000 });
  await insert("other");
  await harm({ delayMs: 600_000 });
  await expect(insert("one", { readTimeout: 200 })).rejects.toThrow("did not reply before timeout 200 ms");
  await insert("other");
  await harm({ drop: 1 });
  await expect(insert("one")).rejects.toThrow();
  const insertOther = async () => {
    const failure = await insert("other").catch((error: Error) => error);
    return failure instanceof Error ? { seen: failure.message } : { done: true, seen: "stored" };
  };
  await waitUntil("the driver to reconnect", insertOther, { deadlineMs: 60_000, firstDelayMs: 10 });
  const { body } = await ask(running, "/faults", { method: "DELETE" });
  expect(body.injected).toMatchObject({ dropped: 1, delayed: expect.any(Number), errors: { "0x0000": 2 } });
  await insert("one");
});

test.each<[unknown, string]>([
  [[], "Expected `faults` to be an object, got []"],
  [{ explode: true }, 'got "explode"'],
  [{ delayMs: "1" }, "Expected `delayMs` to be milliseconds"],
  [{ dropLogins: 2 }, "Expected `dropLogins` to be a share from 0 to 1, got 2"],
  [{ dropAfterRequests: [3, 2] }, "Expected `dropAfterRequests` to be a whole number"],
  [{ throttle: { orders: 1 } }, "of tables by keyspace.table"],
  [{ tables: { orders: {} } }, "of tables by keyspace.table"],
  [{ tables: { "shop.orders": { drop: 3 } } }, "Expected `drop of shop.orders` to be a share from 0 to 1, got 3"],
  [{ tables: { "shop.orders": { slow: 3 } } }, "of delayMs, errors, throttle, drop"],
  [{ errors: [{ error: "bad", rate: 1 }] }, "Expected `errors: error` to be one of"],
  [{ errors: [{ error: "server", rate: 1, often: 2 }] }, "of error, rate and applied"],
])("faults that are none, %j, are refused and change nothing", async (faults, words) => {
  const running = open.at(-1)!;
  expect(await put(running, faults)).toEqual({ status: 400, body: { error: expect.stringContaining(words) } });
});

test("what web pages send is refused, and so is what there is not", async () => {
  const running = open.at(-1)!;
  const headers = { origin: "http://evil.example" };
  expect(await ask(running, "/faults", { method: "DELETE", headers })).toMatchObject({ status: 403 });
  expect(await ask(running, "/nothing")).toMatchObject({ status: 404 });
  expect(await ask(running, "/faults", { method: "PUT", body: "{" })).toMatchObject({ status: 400 });
});

test("certificate, keys and passwords are those of the first start; a reset makes new ones", async () => {
  const said: string[] = [];
  const first = await begin({}, said);
  await first.stop();
  expect(said[0]).toBe(
    `keeps tables, users, certificate and keys in ${join(folder, "data")}, where only this user can read them; --reset begins anew`,
  );
  const ca = readFileSync(first.caFile, "utf8");
  const second = await begin({}, said);
  expect(said.at(-3)).toMatch(/^goes on with the tables, users, certificate and keys in /);
  expect(second.credentials).toEqual(first.credentials);
  expect(second.serviceCredentials).toEqual(first.serviceCredentials);
  expect(readFileSync(second.caFile, "utf8")).toBe(ca);
  for (const name of ["", "administrator.json", "server.key", "environment.sh"]) {
    expect(statSync(join(folder, "data", name)).mode & 0o077).toBe(0);
  }
  await expect(begin()).rejects.toThrow(`which process ${process.pid} works in`);
  await second.stop();
  const given = { accessKeyId: "AKIAGIVENGIVENGIVENG", secretAccessKey: "given-secret" };
  const third = await begin({ ...given, hostNames: ["db.example"] });
  expect(third.credentials).toEqual(given);
  const renewed = readFileSync(third.caFile, "utf8");
  expect(renewed).not.toBe(ca);
  await third.stop();
  const fourth = await begin({ reset: true });
  expect(fourth.credentials).not.toEqual(given);
  expect(fourth.serviceCredentials.password).not.toBe(first.serviceCredentials.password);
  await fourth.stop();
});

test("somebody's folder is neither used nor cleared", async () => {
  const dataDirectory = mkdtempSync(join(folder, "somebody-"));
  writeFileSync(join(dataDirectory, "thesis.txt"), "mine");
  await expect(begin({ dataDirectory, reset: true })).rejects.toThrow("which has other files");
  expect(readFileSync(join(dataDirectory, "thesis.txt"), "utf8")).toBe("mine");
});

test("strict mode shows several hosts and listens on all of them, lenient mode one", async () => {
  const hostsOf = async (mode: "strict" | "lenient") => {
    const client = await connectTo(await begin({ mode, dataDirectory: join(folder, mode) }));
    return client.hosts
      .values()
      .map(({ address }) => address.split(":")[0])
      .toSorted();
  };
  expect(await hostsOf("strict")).toEqual(["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"]);
  expect(await hostsOf("lenient")).toEqual(["127.0.0.1"]);
});

test("a port that is taken is told of before anything is made", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const dataDirectory = join(folder, "unused");
  await expect(begin({ port, dataDirectory })).rejects.toThrow(
    `Could not listen on 127.0.0.1 port ${port}: another process does. Choose another one, or 0 for a free one`,
  );
  expect(() => statSync(dataDirectory)).toThrow("ENOENT");
  await expect(begin({ address: "192.0.2.1", mode: "lenient" })).rejects.toThrow("is no address of this machine");
  await new Promise((resolve) => server.close(resolve));
});

test("a data directory that cannot be made or written is told of by its name", async () => {
  writeFileSync(join(folder, "a-file"), "");
  for (const name of ["a-file", join("a-file", "data")]) {
    const dataDirectory = join(folder, name);
    const words = `Expected \`--data-directory\` to be a folder that can be made and written, got ${JSON.stringify(dataDirectory)}`;
    await expect(begin({ dataDirectory })).rejects.toThrow(words);
  }
});

test("the last of all ports leaves a free one for health", async () => {
  const running = await begin({ port: 65_535, mode: "lenient", dataDirectory: join(folder, "last-port") });
  expect(await ask(running, "/health")).toMatchObject({ status: 200 });
});

const keys = { accessKeyId: "AKIAREADERREADERREAD", secretAccessKey: "reader-secret-key" };

test.each<[unknown, string]>([
  [{}, 'to hold {"users": […]}'],
  [{ users: [], more: 1 }, 'to hold {"users": […]}, got "more"'],
  [{ $schema: "users.schema.json", users: [{ name: "a" }] }, "Expected user a"],
  [{ users: [{ name: "a b", password: "x" }] }, 'letters, digits and +=,.@-_, got "a b"'],
  [{ users: [{ password: "x" }] }, "letters, digits and +=,.@-_, got none"],
  [
    {
      users: [
        { name: "a", password: "x" },
        { name: "A", password: "y" },
      ],
    },
    "to have a name of its own, got that of a",
  ],
  [{ users: [{ name: "administrator", password: "x" }] }, "to have a name of its own, got that of administrator"],
  [
    {
      users: [
        { name: "a", ...keys },
        { name: "b", ...keys },
      ],
    },
    "to have an accessKeyId of its own, got that of a",
  ],
  [
    {
      users: [
        { name: "a", password: "x" },
        { name: "b", userName: "a-at-123456789012", password: "y" },
      ],
    },
    "to have a userName of its own, got that of a",
  ],
  [{ users: [{ name: "a" }] }, "to have a key or a password, got neither"],
  [{ users: [{ name: "a", password: 1 }] }, "to have a text as password, got 1"],
  [{ users: [{ name: "a", secret: "x" }] }, 'got "secret"'],
  [{ users: [{ name: "a", password: "x", policies: [{ Statement: [{ Effect: "Maybe" }] }] }] }, "got one that is none"],
])("users that are none, %j, are refused", async (content, words) => {
  const users = join(folder, "wrong.json");
  writeFileSync(users, JSON.stringify(content));
  await expect(begin({ users, dataDirectory: join(folder, "wrong") })).rejects.toThrow(words);
  await expect(begin({ users, dataDirectory: join(folder, "wrong") })).rejects.toThrow(/^[^\n]+$/);
});
