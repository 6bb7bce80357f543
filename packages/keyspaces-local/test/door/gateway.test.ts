import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { makeCertificates } from "@keyspaces-segmentation/keyspaces-local/dist/door/certificates.js";
import type { Gateway } from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import { type Client, types } from "cassandra-driver";
import {
  clientOf,
  createKeyspace,
  createTable,
  gatewayBench,
  region,
  signedBy,
  untilKeyspaceListed,
  untilTableIs,
  withPassword,
} from "../support.js";

const { consistencies } = types;
const identity = temporaryIdentity();
const powerless = temporaryIdentity("none");
const plainUser = { userName: "alice-at-123456789012", password: "s3cret" };

const bench = gatewayBench(identity, {
  identities: [identity, powerless],
  plainUsers: [plainUser],
  activeAfterMs: 150,
});
const { gatewayWith, connectTo } = bench;
let gateway: Gateway;
let client: Client;

beforeAll(async () => {
  await bench.begin();
  gateway = await gatewayWith();
  client = await connectTo(gateway);
  await createKeyspace(client, "shop");
  await createTable(client, "shop", "lines", "(invoice text, line int, price decimal, PRIMARY KEY (invoice, line))");
});

afterAll(() => bench.end());

const insert = "INSERT INTO shop.lines (invoice, line, price) VALUES (?, ?, ?)";
const price = types.BigDecimal.fromString("2.95");

describe("who comes in", () => {
  const refusal = (innerErrors: object) => Object.values(innerErrors)[0] as { code: number; message: string };
  const attempt = async (options: Parameters<typeof connectTo>[1], to = gateway) => {
    const failure = await connectTo(to, options).then(
      () => undefined,
      (error: { innerErrors: object }) => refusal(error.innerErrors),
    );
    return failure && [(failure as { code?: number }).code, failure.message];
  };
  const signature = expect.stringContaining("Authentication failure: Invalid signature");

  test.each<[string, () => Parameters<typeof connectTo>[1]]>([
    ["a wrong secret", () => signedBy({ ...identity, secretAccessKey: "x".repeat(40) })],
    ["another region", () => signedBy(identity, "us-east-1")],
    ["an unknown key", () => signedBy({ ...identity, accessKeyId: "ASIAUNKNOWN" })],
    ["another session token", () => signedBy({ ...identity, sessionToken: "other" })],
    [
      "no session token",
      () => signedBy({ accessKeyId: identity.accessKeyId, secretAccessKey: identity.secretAccessKey }),
    ],
  ])("not who signs with %s", async (_, options) => {
    expect(await attempt(options())).toEqual([undefined, signature]);
  });

  test("not who signed a quarter of an hour ago", async () => {
    const later = await gatewayWith({ now: () => new Date(Date.now() + 16 * 60_000) });
    expect(await attempt(signedBy(identity), later)).toEqual([undefined, signature]);
  });

  test("not who signs for a quarter of an hour later", async () => {
    const earlier = await gatewayWith({ now: () => new Date(Date.now() - 16 * 60_000) });
    expect(await attempt(signedBy(identity), earlier)).toEqual([undefined, signature]);
  });

  test("not whose credentials have expired, but a connection that was open before lives on", async () => {
    let later = 0;
    const now = () => new Date(Date.now() + later);
    const ending = { ...temporaryIdentity(), expires: new Date(Date.now() + 5 * 60_000) };
    const aging = await gatewayWith({ identities: [ending, identity], now });
    const before = await connectTo(aging, signedBy(ending));
    await before.execute(insert, ["before", 1, price], { prepare: true });
    later = 6 * 60_000;
    expect(await attempt(signedBy(ending), aging)).toEqual([undefined, signature]);
    await before.execute(insert, ["after", 1, price], { prepare: true });
    const { rows } = await before.execute("SELECT line FROM shop.lines WHERE invoice IN ('before', 'after')");
    expect(rows).toHaveLength(2);
    // Nobody else is touched.
    expect(await attempt(signedBy(identity), aging)).toBeUndefined();
  });

  test("not who has no permissions", async () => {
    const text = `User ${powerless.arn} has no permissions.`;
    expect(await attempt(signedBy(powerless))).toEqual([0x2100, expect.stringContaining(text)]);
  });

  test("not who has a wrong password, but who has the right one", async () => {
    const text = "Provided username alice-at-123456789012 and/or password are incorrect";
    expect(await attempt(withPassword(plainUser.userName, "wrong"))).toEqual([
      undefined,
      expect.stringContaining(text),
    ]);
    expect(await attempt(withPassword(plainUser.userName, plainUser.password))).toBeUndefined();
  });

  test("not who does not trust the certificate", async () => {
    const strange = await makeCertificates();
    const stranger = clientOf(gateway.port, { ...bench.certificates(), ca: strange.ca }, signedBy(identity));
    await expect(stranger.connect()).rejects.toThrow("All host(s) tried for query failed");
    await stranger.shutdown();
  });
});

describe("the system tables", () => {
  test("show one node of Amazon Keyspaces in the region", async () => {
    const local = (await client.execute("SELECT * FROM system.local WHERE key = 'local'")).first();
    expect(local.get("cluster_name")).toBe("Amazon Keyspaces");
    expect(local.get("data_center")).toBe(region);
    expect(local.get("release_version")).toBe("3.11.2");
    expect((await client.execute("SELECT * FROM system.peers")).rowLength).toBe(0);
    const prepared = await client.execute("SELECT data_center FROM system.local WHERE key = ?", ["local"], {
      prepare: true,
    });
    expect(prepared.first().get("data_center")).toBe(region);
  });

  test("list the user's keyspaces and none of the gateway's", async () => {
    const listed = await client.execute("SELECT * FROM system_schema.keyspaces");
    expect(listed.rows.map((row) => row.get("keyspace_name")).filter((name) => name !== "later")).toEqual(
      expect.arrayContaining(["shop", "system", "system_schema", "system_schema_mcs"]),
    );
    expect(listed.rows.map((row) => row.get("keyspace_name"))).not.toContain("system_gateway");
    expect(listed.rows.find((row) => row.get("keyspace_name") === "shop")?.get("replication")).toEqual({
      class: "org.apache.cassandra.locator.SimpleStrategy",
      replication_factor: "3",
    });
  });

  test("list the tables and columns of the user and of the service, and nothing of the gateway's or Cassandra's", async () => {
    for (const table of ["tables", "columns"]) {
      const { rows } = await client.execute(`SELECT * FROM system_schema.${table}`);
      const listed = new Set(rows.map((row) => `${row.get("keyspace_name")}.${row.get("table_name")}`));
      expect(listed).toContain("shop.lines");
      const system = [...listed].filter((path) => path.startsWith("system"));
      expect(system).toEqual(
        expect.arrayContaining(["system.local", "system.peers", "system_schema.tables", "system_schema_mcs.tables"]),
      );
      // Each of them can be read, which none of Cassandra's other ones can.
      for (const path of system) await client.execute(`SELECT * FROM ${path} LIMIT 1`);
    }
    const local =
      "SELECT column_name FROM system_schema.columns WHERE keyspace_name = 'system' AND table_name = 'local'";
    const shown = (await client.execute("SELECT * FROM system.local")).columns.map(({ name }) => name);
    expect((await client.execute(local)).rows.map((row) => row.get("column_name")).sort()).toEqual(shown.sort());
    const query = "SELECT comment FROM system_schema.tables WHERE keyspace_name = 'shop' AND table_name = 'lines'";
    expect((await client.execute(query)).rowLength).toBe(1);
  });

  test("let the driver read a table's metadata", async () => {
    const table = await (await connectTo(gateway)).metadata.getTable("shop", "lines");
    expect(table?.partitionKeys.map(({ name }) => name)).toEqual(["invoice"]);
    expect(table?.clusteringKeys.map(({ name }) => name)).toEqual(["line"]);
  });

  test("tell a table's columns", async () => {
    const query =
      "SELECT column_name, kind FROM system_schema_mcs.columns WHERE keyspace_name = 'shop' AND table_name = 'lines'";
    const columns = (await client.execute(query)).rows.map((row) => [row.get("column_name"), row.get("kind")]);
    expect(columns).toEqual([
      ["invoice", "partition_key"],
      ["line", "clustering"],
      ["price", "regular"],
    ]);
  });
});

describe("definitions", () => {
  test("take effect a while later, also over a restart in between", async () => {
    const slow = await gatewayWith({ activeAfterMs: 600_000 });
    const early = await connectTo(slow);
    await early.execute("CREATE KEYSPACE later WITH replication = {'class': 'SingleRegionStrategy'}");
    await expect(early.execute("USE later")).rejects.toThrow("unconfigured keyspace later");
    await expect(early.execute("CREATE TABLE later.t (a int PRIMARY KEY)")).rejects.toThrow(
      "unconfigured keyspace later",
    );
    await early.execute(
      "CREATE TABLE shop.waiting (a int PRIMARY KEY) WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}} AND TAGS = {'team': 'shop'}",
    );
    const query =
      "SELECT status, custom_properties FROM system_schema_mcs.tables WHERE keyspace_name = 'shop' AND table_name = 'waiting'";
    const row = (await early.execute(query)).first();
    expect(row.get("status")).toBe("CREATING");
    expect(row.get("custom_properties")).toEqual({
      capacity_mode: {
        throughput_mode: "PAY_PER_REQUEST",
        last_update_to_pay_per_request_timestamp: expect.stringMatching(/^\d{13}$/),
      },
      encryption_specification: { encryption_type: "AWS_OWNED_KMS_KEY" },
      point_in_time_recovery: { status: "disabled" },
      ttl: { status: "enabled" },
    });
    const tags = "SELECT tags FROM system_schema_mcs.tags WHERE resource_id = ?";
    const arn = `arn:aws:cassandra:${region}:${identity.account}:/keyspace/shop/table/waiting`;
    expect((await early.execute(tags, [arn], { prepare: true })).first().get("tags")).toEqual({ team: "shop" });
    for (const statement of ["SELECT * FROM shop.waiting", "INSERT INTO shop.waiting (a) VALUES (1)"]) {
      await expect(early.execute(statement)).rejects.toThrow("unconfigured table shop.waiting");
    }
    await expect(early.execute("CREATE TABLE shop.waiting (a int PRIMARY KEY)")).rejects.toMatchObject({
      code: 0x2400,
    });
    await early.shutdown();
    await slow.close();

    const restarted = await connectTo(await gatewayWith());
    await untilKeyspaceListed(restarted, "later");
    await untilTableIs(restarted, "shop", "waiting", "ACTIVE");
    await restarted.execute("INSERT INTO shop.waiting (a) VALUES (1) USING TTL 60");
    expect((await restarted.execute("SELECT a FROM shop.waiting")).rowLength).toBe(1);
  });

  test("drop a table, and then a keyspace with all its tables", async () => {
    await createKeyspace(client, "gone");
    await createTable(client, "gone", "t", "(a int PRIMARY KEY)");
    await createTable(client, "gone", "u", "(a int PRIMARY KEY)");
    await client.execute("SELECT * FROM gone.t WHERE a = ?", [1], { prepare: true });
    await client.execute("DROP TABLE gone.t");
    for (const prepare of [true, false]) {
      await expect(client.execute("SELECT * FROM gone.t WHERE a = ?", [1], { prepare })).rejects.toMatchObject({
        code: 0x2200,
        message: "unconfigured table gone.t [KL-UNCONFIGURED]",
      });
    }
    await untilTableIs(client, "gone", "t", "gone");
    await client.execute("DROP KEYSPACE gone");
    await expect(client.execute("SELECT * FROM gone.u")).rejects.toThrow("unconfigured table gone.u");
    await untilTableIs(client, "gone", "u", "gone");
    await client.execute("DROP TABLE IF EXISTS shop.never");
    await client.execute("DROP KEYSPACE IF EXISTS never");
  });

  test("do not promise a keyspace that is being dropped", async () => {
    // So slow that it is still being dropped when the statements below come.
    const unhurried = await connectTo(await gatewayWith({ activeAfterMs: 6000 }));
    await createKeyspace(unhurried, "leaving");
    await unhurried.execute("DROP KEYSPACE leaving");
    const create = "CREATE KEYSPACE IF NOT EXISTS leaving WITH replication = {'class': 'SingleRegionStrategy'}";
    await expect(unhurried.execute(create)).rejects.toMatchObject({ code: 0x2400 });
    await expect(unhurried.execute(create.replace("IF NOT EXISTS", ""))).rejects.toMatchObject({ code: 0x2400 });
  });

  test("take a table's tags along when they drop its keyspace, and no others", async () => {
    const withTags = "WITH TAGS = {'team': 'shop'}";
    await createKeyspace(client, "tagged");
    await createKeyspace(client, "tagged2");
    for (const path of ["tagged.t", "tagged.t2", "tagged2.t"]) {
      await createTable(client, ...(path.split(".") as [string, string]), `(a int PRIMARY KEY) ${withTags}`);
    }
    const resources = async () =>
      (await client.execute("SELECT resource_id FROM system_schema_mcs.tags")).rows
        .map((row) => String(row.get("resource_id")).replace(/^.*:/, ""))
        .filter((resource) => resource.startsWith("/keyspace/tagged"))
        .toSorted();
    await client.execute("DROP TABLE tagged.t");
    expect(await resources()).toEqual(["/keyspace/tagged/table/t2", "/keyspace/tagged2/table/t"]);
    await client.execute("DROP KEYSPACE tagged");
    expect(await resources()).toEqual(["/keyspace/tagged2/table/t"]);
  });

  test("show a resource's tags to each condition that the service takes, of its own kind only", async () => {
    await createKeyspace(client, "labels");
    const tags = "{'team': 'shop', 'cost centre': 'a+b=c:/_.@'}";
    // A table may be called as its keyspace is.
    for (const table of ["labels", "other"])
      await createTable(client, "labels", table, `(a int PRIMARY KEY) WITH TAGS = ${tags}`);
    await client.execute("ALTER KEYSPACE labels ADD TAGS {'team': 'all', 'gone': 'soon'}");
    await client.execute("ALTER KEYSPACE labels DROP TAGS {'gone': 'soon'}");
    const found = async (where: string, values: string[], prepare: boolean) => {
      const query = `SELECT * FROM system_schema_mcs.tags WHERE ${where}${prepare ? "" : "; "}`;
      return (await client.execute(query, values, { prepare })).rows.map((row) => ({ ...row }));
    };
    const keyspaceRow = {
      resource_id: `arn:aws:cassandra:${region}:${identity.account}:/keyspace/labels/`,
      keyspace_name: "labels",
      resource_name: "labels",
      resource_type: "keyspace",
      tags: { team: "all" },
    };
    const tableRow = (name: string) => ({
      ...keyspaceRow,
      resource_id: `${keyspaceRow.resource_id}table/${name}`,
      resource_name: name,
      resource_type: "table",
      tags: { team: "shop", "cost centre": "a+b=c:/_.@" },
    });
    for (const prepare of [true, false]) {
      const byType = "keyspace_name = ? AND resource_type = ?";
      expect(await found(byType, ["labels", "keyspace"], prepare)).toEqual([keyspaceRow]);
      const byName = "keyspace_name = ? AND resource_name = ?";
      expect(await found(byName, ["labels", "other"], prepare)).toEqual([tableRow("other")]);
      expect(await found(byName, ["labels", "labels"], prepare)).toHaveLength(2);
      expect(await found("resource_id = ?", [tableRow("labels").resource_id], prepare)).toEqual([tableRow("labels")]);
      expect(await found(byName, ["labels", "none"], prepare)).toEqual([]);
    }
  });

  test("list what there is in several pages, also empty ones, where a test asks for that", async () => {
    const slow = await connectTo(await gatewayWith({ pages: { systemRows: 2, emptyFilteredPages: 1 } }));
    const query = "SELECT keyspace_name FROM system_schema_mcs.keyspaces";
    const pages: string[][] = [];
    let pageState: string | undefined;
    do {
      const page = await slow.execute(query, [], { prepare: true, ...(pageState !== undefined && { pageState }) });
      pages.push(page.rows.map((row) => String(row.get("keyspace_name"))));
      pageState = page.pageState ?? undefined;
    } while (pageState !== undefined);
    expect(pages.filter((page) => page.length === 0).length).toBeGreaterThan(1);
    expect(Math.max(...pages.map((page) => page.length))).toBe(2);
    const all = (await client.execute(query, [], { prepare: true })).rows.map((row) =>
      String(row.get("keyspace_name")),
    );
    expect(pages.flat()).toEqual(all);
    const tables = "SELECT table_name FROM system_schema_mcs.tables WHERE keyspace_name = ?";
    const first = await slow.execute(tables, ["shop"], { prepare: true });
    expect([first.rowLength, first.pageState]).toEqual([0, expect.any(String)]);
    // A client that does not ask for pages, as drivers do for their own look at the schema, gets all at once.
    const atOnce = await slow.execute(query, [], { fetchSize: 0 });
    expect(atOnce.rows.map((row) => String(row.get("keyspace_name")))).toEqual(all);
  });

  test("add columns and properties to a table in use", async () => {
    await createTable(client, "shop", "growing", "(a int PRIMARY KEY) WITH cdc = true");
    await expect(client.execute("INSERT INTO shop.growing (a) VALUES (1) USING TTL 5")).rejects.toThrow(
      "TTL is not yet supported.",
    );
    await client.execute("ALTER TABLE shop.growing ADD b text");
    await client.execute("INSERT INTO shop.growing (a, b) VALUES (1, 'x')");
    await client.execute("ALTER TABLE shop.growing WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'enabled'}}");
    await client.execute("INSERT INTO shop.growing (a, b) VALUES (1, 'x') USING TTL 5");
    const off = "ALTER TABLE shop.growing WITH CUSTOM_PROPERTIES = {'ttl': {'status': 'disabled'}}";
    await expect(client.execute(off)).rejects.toThrow("cannot be disabled");
    await untilTableIs(client, "shop", "growing", "ACTIVE");
    const cdc = "SELECT cdc FROM system_schema_mcs.tables WHERE keyspace_name = 'shop' AND table_name = 'growing'";
    expect((await client.execute(cdc)).first().get("cdc")).toBe(true);
  });

  test("read back what is there when the gateway starts again", async () => {
    const again = await connectTo(await gatewayWith());
    await again.execute(insert, ["restart", 1, price], { prepare: true });
    const { rows } = await again.execute("SELECT price FROM shop.lines WHERE invoice = 'restart'");
    expect(String(rows[0]?.get("price"))).toBe("2.95");
  });
});

describe("rows", () => {
  test("come back as they went in, page by page and by token range", async () => {
    await createTable(client, "shop", "pages", "(k text, c int, v text, PRIMARY KEY (k, c))");
    const query = "INSERT INTO shop.pages (k, c, v) VALUES (?, ?, ?)";
    for (let batch = 0; batch < 10; batch++) {
      const queries = Array.from({ length: 30 }, (_, c) => ({ query, params: [`k${batch}`, c, "v".repeat(500)] }));
      await client.batch(queries, { prepare: true, logged: false });
    }
    const seen = new Set<string>();
    const scan = "SELECT k, c FROM shop.pages WHERE token(k) > ? AND token(k) <= ?";
    for (const [after, until] of [
      ["-9223372036854775808", "0"],
      ["0", "9223372036854775807"],
    ] as const) {
      const range = [types.Long.fromString(after), types.Long.fromString(until)];
      let pageState: string | undefined;
      do {
        const page = await client.execute(scan, range, {
          prepare: true,
          fetchSize: 7,
          ...(pageState && { pageState }),
        });
        for (const row of page.rows) seen.add(`${row.get("k")} ${row.get("c")}`);
        pageState = page.pageState;
      } while (pageState);
    }
    expect(seen.size).toBe(300);
  });

  test("use the keyspace of the connection", async () => {
    const inside = clientOf(gateway.port, bench.certificates(), { ...signedBy(identity), keyspace: "shop" });
    await inside.connect();
    await inside.execute("INSERT INTO lines (invoice, line) VALUES (?, ?)", ["inside", 1], { prepare: true });
    expect((await inside.execute("SELECT * FROM lines WHERE invoice = 'inside'")).rowLength).toBe(1);
    await inside.shutdown();
  });
});

describe("consistency levels", () => {
  const refused = (level: string, supported: string, code: string) => ({
    code: 0x2200,
    message: `Consistency level ${level} is not supported for this operation. Supported consistency levels are: ${supported} [${code}]`,
  });
  const params = ["consistency", 1, price];

  test.each(["one", "localOne", "quorum", "all", "eachQuorum"] as const)("%s is refused for writes", async (level) => {
    const name = level.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
    const options = { consistency: consistencies[level] };
    const failure = refused(name, "LOCAL_QUORUM", "KL-WRITE-CONSISTENCY");
    await expect(client.execute(insert, params, { ...options, prepare: true })).rejects.toMatchObject(failure);
    await expect(
      client.execute(insert, params, { ...options, hints: ["text", "int", "decimal"] }),
    ).rejects.toMatchObject(failure);
    const batch = [{ query: insert, params }];
    await expect(client.batch(batch, { ...options, logged: false, prepare: true })).rejects.toMatchObject(failure);
  });

  test.each(["quorum", "all", "two", "serial"] as const)("%s is refused for reads and USE", async (level) => {
    const failure = refused(level.toUpperCase(), "ONE, LOCAL_QUORUM, LOCAL_ONE", "KL-READ-CONSISTENCY");
    const options = { consistency: consistencies[level] };
    for (const query of ["SELECT * FROM shop.lines", "SELECT * FROM system.local", "USE shop"]) {
      await expect(client.execute(query, [], options)).rejects.toMatchObject(failure);
    }
  });

  test.each(["one", "localOne", "localQuorum"] as const)("%s is accepted for reads", async (level) => {
    await client.execute("SELECT * FROM shop.lines", [], { consistency: consistencies[level], prepare: true });
  });
});

describe("batches", () => {
  const statements = (count: number, query = insert) =>
    Array.from({ length: count }, (_, line) => ({ query, params: ["batch", line, price] }));

  test("30 statements unlogged, prepared or not", async () => {
    await client.batch(statements(30), { logged: false, prepare: true });
    await client.batch(statements(30), { logged: false, hints: statements(30).map(() => ["text", "int", "decimal"]) });
    await expect(client.batch(statements(31), { logged: false, prepare: true })).rejects.toThrow("at most 30");
  });

  test("up to 100 statements logged, unless that is refused by setting", async () => {
    const text = "Only UNLOGGED Batches are supported at this time.";
    const strict = await connectTo(await gatewayWith({ loggedBatches: "refuse" }));
    await expect(strict.batch(statements(2), { prepare: true })).rejects.toThrow(text);
    await expect(
      strict.execute("BEGIN BATCH DELETE FROM shop.lines WHERE invoice = 'x' AND line = 1 APPLY BATCH"),
    ).rejects.toThrow(text);
    await client.batch(statements(100), { prepare: true });
    await expect(client.batch(statements(101), { prepare: true })).rejects.toThrow("at most 100");
  });

  test("no conditions in an unlogged one", async () => {
    const conditional = statements(1, `${insert} IF NOT EXISTS`);
    await expect(client.batch(conditional, { logged: false, prepare: true })).rejects.toThrow("Conditional statements");
    await client.execute(`${insert} IF NOT EXISTS`, ["once", 1, price], { prepare: true });
  });

  test("nothing but writes in it", async () => {
    const query = "SELECT * FROM shop.lines";
    await expect(client.batch([{ query }], { logged: false })).rejects.toThrow("only UPDATE, INSERT and DELETE");
    await expect(client.batch([{ query: "DROP TABLE shop.lines" }], { logged: false })).rejects.toThrow("only UPDATE");
  });
});

describe("statements that are refused", () => {
  const twenty = Array.from({ length: 101 }, (_, index) => index).join(", ");
  test.each([
    ["SELECT count(*) FROM shop.lines", "countRows is not yet supported"],
    ["SELECT max(line) FROM shop.lines", "max is not yet supported"],
    ["SELECT map_keys(price) FROM shop.lines", "Function map_keys is not supported"],
    ["SELECT invoice FROM shop.lines GROUP BY invoice", "GROUP BY is not yet supported"],
    ["SELECT writetime(price) FROM shop.lines", "Client-side timestamps are not enabled"],
    ["INSERT INTO shop.lines (invoice, line) VALUES ('a', 1) USING TTL 5", "TTL is not yet supported."],
    ["UPDATE shop.lines USING TIMESTAMP 5 SET price = 1 WHERE invoice = 'a' AND line = 1", "Client-side timestamps"],
    ["DELETE FROM shop.lines WHERE invoice IN ('a', 'b')", "IN is not supported in DELETE"],
    ["UPDATE shop.lines SET price = 1 WHERE invoice = 'a' AND line IN (1, 2)", "IN is not supported in UPDATE"],
    [`SELECT * FROM shop.lines WHERE invoice = 'a' AND line IN (${twenty})`, "101 subqueries"],
    ["SELECT * FROM shop.lines WHERE invoice IN ? AND line IN (1, 2)", "102 subqueries"],
    ["CREATE INDEX ON shop.lines (price)", "CREATE INDEX is not yet supported"],
    ["CREATE CUSTOM INDEX ON shop.lines (price) USING 'x'", "CREATE CUSTOM INDEX is not yet supported"],
    ["CREATE MATERIALIZED VIEW shop.v AS SELECT * FROM shop.lines", "CREATE MATERIALIZED VIEW is not yet supported"],
    ["CREATE TRIGGER t ON shop.lines USING 'x'", "CREATE TRIGGER is not yet supported"],
    [
      "CREATE FUNCTION shop.f (a int) CALLED ON NULL INPUT RETURNS int LANGUAGE java AS 'x'",
      "CREATE FUNCTION is not yet",
    ],
    ["CREATE AGGREGATE shop.a (int) SFUNC f STYPE int", "CREATE AGGREGATE is not yet supported"],
    ["DROP INDEX shop.i", "DROP INDEX is not yet supported"],
    ["TRUNCATE shop.lines", "TRUNCATE is not yet supported"],
    ["ALTER TYPE shop.x ADD a int", "ALTER TYPE is not yet supported"],
    ["GRANT ALL ON KEYSPACE shop TO alice", "GRANT is not yet supported"],
    ["LIST ROLES", "LIST is not yet supported"],
    ["DESCRIBE KEYSPACES", "DESCRIBE is not supported"],
    ["CREATE KEYSPACE s WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}", "SimpleStrategy"],
    ["SELECT * FROM shop.nothing", "unconfigured table shop.nothing"],
    ["SELECT * FROM system.peers_v2", "unconfigured table system.peers_v2"],
    ["SELECT * FROM system_gateway.local", "unconfigured table system_gateway.local"],
    ["SELECT * FROM system_auth.roles", "unconfigured table system_auth.roles"],
    ["USE system_gateway", "unconfigured keyspace system_gateway"],
    ["SELECT * FROM lines", "No keyspace has been specified"],
  ])("%s", async (query, message) => {
    const params = query.includes("?") ? [Array.from({ length: 51 }, String)] : [];
    const failure = { code: 0x2200, message: expect.stringContaining(message) };
    await expect(client.execute(query, params, { prepare: params.length > 0 })).rejects.toMatchObject(failure);
  });

  test.each([
    "INSERT INTO system_schema_mcs.tags (resource_id) VALUES ('x')",
    "DROP KEYSPACE system_gateway",
    "DROP TABLE system.local",
  ])("%s, for it is the service's own", async (query) => {
    await expect(client.execute(query)).rejects.toMatchObject({
      code: 0x2100,
      message: expect.stringContaining("not user-modifiable"),
    });
  });

  test("definitions and USE, if prepared", async () => {
    for (const query of ["CREATE TABLE shop.p (a int PRIMARY KEY)", "DROP TABLE shop.lines", "USE shop"]) {
      await expect(client.execute(query, [], { prepare: true })).rejects.toMatchObject({ code: 0x2200 });
    }
  });

  test("two statements in one", async () => {
    const query = "SELECT * FROM shop.lines; DROP TABLE shop.lines";
    await expect(client.execute(query)).rejects.toMatchObject({ code: 0x2000 });
    await client.execute("SELECT * FROM shop.lines;");
  });

  test("leave Cassandra's own refusals in its words", async () => {
    await expect(client.execute("SELECT nothing FROM shop.lines")).rejects.toThrow("Undefined column name nothing");
  });
});
