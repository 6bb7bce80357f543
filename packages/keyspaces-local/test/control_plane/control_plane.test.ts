import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import { createAuthoriser } from "@keyspaces-segmentation/iam-local";
import type { Gateway } from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import { loadServiceModel, ROOT, temporaryIdentity } from "@keyspaces-segmentation/local-support";
import type { Client } from "cassandra-driver";
import { type Answer, createSdks, type Sdk } from "../python_sdk.js";
import { createKeyspace, createTable, gatewayBench, region, untilTableIs } from "../support.js";
import { javaScriptSdk } from "./javascript_sdk.js";

const identity = temporaryIdentity();
const guest = temporaryIdentity("policies");
const authoriser = createAuthoriser({ region, now: () => new Date() });
const bench = gatewayBench(identity, {
  identities: [identity, guest],
  authoriser,
  activeAfterMs: 300,
  quotas: { keyspaces: 12, tables: 12 },
});
const arn = (path: string) => `arn:aws:cassandra:${region}:${identity.account}:/keyspace/${path}`;

const sdks = createSdks(region);

let gateway: Gateway;
let url: string;
let sdk: Sdk;
let client: Client;

beforeAll(async () => {
  await bench.begin();
  gateway = await bench.gatewayWith();
  url = await bench.serveApis(gateway);
  sdk = sdks.start(url, identity);
  client = await bench.connectTo(gateway);
  await createKeyspace(client, "shop");
});
afterAll(async () => {
  await sdks.end();
  await bench.end();
});

/** Until an operation answers as wanted. */
const until = (operation: string, callArguments: object, isThere: (answer: Answer) => boolean) =>
  waitUntil(
    `${operation} to answer otherwise`,
    async () => {
      const answer = await sdk.call(operation, callArguments);
      const seen = JSON.stringify(answer);
      return isThere(answer) ? { done: true, seen } : { seen };
    },
    { deadlineMs: 30_000, firstDelayMs: 20 },
  );

const schemaDefinition = {
  allColumns: [
    { name: "invoice", type: "text" },
    { name: "line", type: "int" },
    { name: "at", type: "timestamp" },
    { name: "shop", type: "text" },
    { name: "labels", type: "frozen<map<text, text>>" },
  ],
  partitionKeys: [{ name: "invoice" }],
  clusteringKeys: [
    { name: "line", orderBy: "DESC" },
    { name: "at", orderBy: "ASC" },
  ],
  staticColumns: [{ name: "shop" }],
};

describe("one schema behind both doors", () => {
  test("a table of the SDK goes through CREATING to ACTIVE by CQL, and is described as it was asked for", async () => {
    const table = { keyspaceName: "shop", tableName: "lines" };
    const created = await sdk.call("create_table", {
      ...table,
      schemaDefinition,
      comment: { message: "it's a table" },
      capacitySpecification: { throughputMode: "PROVISIONED", readCapacityUnits: 10, writeCapacityUnits: 20 },
      pointInTimeRecovery: { status: "ENABLED" },
      ttl: { status: "ENABLED" },
      defaultTimeToLive: 3600,
      clientSideTimestamps: { status: "ENABLED" },
      cdcSpecification: { status: "ENABLED", viewType: "KEYS_ONLY", propagateTags: "TABLE" },
      warmThroughputSpecification: { readUnitsPerSecond: 40_000, writeUnitsPerSecond: 20_000 },
      autoScalingSpecification: {
        readCapacityAutoScaling: {
          minimumUnits: 5,
          maximumUnits: 50,
          scalingPolicy: { targetTrackingScalingPolicyConfiguration: { targetValue: 60 } },
        },
      },
      tags: [{ key: "team", value: "shop" }],
    });
    expect(created).toEqual({ ok: { resourceArn: arn("shop/table/lines") } });
    const query = "SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = 'shop' AND table_name = 'lines'";
    expect((await client.execute(query)).first().get("status")).toBe("CREATING");
    await untilTableIs(client, "shop", "lines", "ACTIVE");
    await client.execute("INSERT INTO shop.lines (invoice, line, at, shop) VALUES ('a', 1, 0, 'b') USING TTL 60");

    const { ok } = await sdk.call("get_table", table);
    expect(Math.abs(ok.creationTimestamp.time - Date.now() / 1000)).toBeLessThan(600);
    const { creationTimestamp, ...described } = ok;
    const columns = Object.fromEntries(schemaDefinition.allColumns.map(({ name, type }) => [name, type]));
    expect(
      Object.fromEntries(
        ok.schemaDefinition.allColumns.map((each: { name: string; type: string }) => [each.name, each.type]),
      ),
    ).toEqual(columns);
    expect(described).toEqual({
      ...table,
      resourceArn: arn("shop/table/lines"),
      status: "ACTIVE",
      schemaDefinition: { ...schemaDefinition, allColumns: expect.any(Array) },
      capacitySpecification: { throughputMode: "PROVISIONED", readCapacityUnits: 10, writeCapacityUnits: 20 },
      encryptionSpecification: { type: "AWS_OWNED_KMS_KEY" },
      pointInTimeRecovery: { status: "ENABLED", earliestRestorableTimestamp: expect.anything() },
      ttl: { status: "ENABLED" },
      defaultTimeToLive: 3600,
      comment: { message: "it's a table" },
      clientSideTimestamps: { status: "ENABLED" },
      cdcSpecification: { status: "ENABLED", viewType: "KEYS_ONLY" },
      latestStreamArn: expect.stringContaining(arn("shop/table/lines/stream/")),
      warmThroughputSpecification: { readUnitsPerSecond: 40_000, writeUnitsPerSecond: 20_000, status: "AVAILABLE" },
    });
    const scaling = "SELECT * FROM system_schema_mcs.autoscaling WHERE keyspace_name = 'shop' AND table_name = 'lines'";
    const row = (await client.execute(scaling)).first();
    expect(JSON.parse(row.get("provisioned_read_capacity_autoscaling_update"))).toEqual({
      minimum_units: 5,
      maximum_units: 50,
      scaling_policy: {
        target_tracking_scaling_policy_configuration: {
          disable_scale_in: false,
          target_value: 60,
          scale_in_cooldown: 0,
          scale_out_cooldown: 0,
        },
      },
    });
    const policy = { disableScaleIn: false, scaleInCooldown: 0, scaleOutCooldown: 0, targetValue: 60 };
    const read = { autoScalingDisabled: false, minimumUnits: 5, maximumUnits: 50 };
    const scalingPolicy = { targetTrackingScalingPolicyConfiguration: policy };
    expect((await sdk.call("get_table_auto_scaling_settings", table)).ok).toEqual({
      ...table,
      resourceArn: arn("shop/table/lines"),
      autoScalingSpecification: { readCapacityAutoScaling: { ...read, scalingPolicy } },
    });
  });

  test("a table of CQL is the SDK's, to change and to delete", async () => {
    await createTable(client, "shop", "plain", "(k int PRIMARY KEY)");
    const table = { keyspaceName: "shop", tableName: "plain" };
    const listed = await sdk.call("list_tables", { keyspaceName: "shop" });
    expect(listed.ok.tables.map((each: { tableName: string }) => each.tableName)).toContain("plain");
    const { ok } = await sdk.call("get_table", table);
    expect(ok).toMatchObject({
      schemaDefinition: {
        allColumns: [{ name: "k", type: "int" }],
        partitionKeys: [{ name: "k" }],
        clusteringKeys: [],
      },
      capacitySpecification: { throughputMode: "PAY_PER_REQUEST" },
      warmThroughputSpecification: { readUnitsPerSecond: 12_000, writeUnitsPerSecond: 4000 },
    });
    expect(await sdk.call("update_table", { ...table, addColumns: [{ name: "v", type: "list<text>" }] })).toEqual({
      ok: { resourceArn: arn("shop/table/plain") },
    });
    await client.execute("INSERT INTO shop.plain (k, v) VALUES (1, ['a'])");
    await sdk.call("update_table", { ...table, ttl: { status: "ENABLED" } });
    await client.execute("INSERT INTO shop.plain (k) VALUES (2) USING TTL 5");
    const both = { ...table, clientSideTimestamps: { status: "ENABLED" }, defaultTimeToLive: 5 };
    expect(await sdk.call("update_table", both)).toMatchObject({ error: "ValidationException" });
    expect(await sdk.call("update_table", table)).toMatchObject({ error: "ValidationException" });
    await untilTableIs(client, "shop", "plain", "ACTIVE");
    expect(await sdk.call("delete_table", table)).toEqual({ ok: {} });
    expect((await sdk.call("get_table", table)).ok.status).toBe("DELETING");
    await untilTableIs(client, "shop", "plain", "gone");
    expect(await sdk.call("get_table", table)).toMatchObject({ error: "ResourceNotFoundException", status: 404 });
  });

  test("tags", async () => {
    await createTable(client, "shop", "tagged", "(k int PRIMARY KEY) WITH TAGS = {'team': 'shop'}");
    for (const [resourceArn, own] of [
      [arn("shop/table/tagged"), [{ key: "team", value: "shop" }]],
      [arn("shop/"), []],
    ] as const) {
      const list = async () => (await sdk.call("list_tags_for_resource", { resourceArn })).ok.tags;
      expect(await list()).toEqual(own);
      const more = [
        { key: "cost", value: "a" },
        { key: "stage", value: "test" },
      ];
      expect(await sdk.call("tag_resource", { resourceArn, tags: more })).toEqual({ ok: {} });
      const row = (
        await client.execute("SELECT tags FROM system_schema_mcs.tags WHERE resource_id = ?", [resourceArn], {
          prepare: true,
        })
      ).first();
      expect(row.get("tags")).toMatchObject({ cost: "a", stage: "test" });
      expect(await sdk.call("untag_resource", { resourceArn, tags: more.slice(1) })).toEqual({ ok: {} });
      expect(await list()).toEqual([{ key: "cost", value: "a" }, ...own]);
    }
    const reserved = { resourceArn: arn("shop/"), tags: [{ key: "aws:x", value: "y" }] };
    expect(await sdk.call("tag_resource", reserved)).toMatchObject({ error: "ValidationException", status: 400 });
    const elsewhere = { resourceArn: arn("nowhere/") };
    expect(await sdk.call("list_tags_for_resource", elsewhere)).toMatchObject({ error: "ResourceNotFoundException" });
  });

  test("keyspaces, in several Regions too", async () => {
    const keyspaceName = "fromsdk";
    const tags = [{ key: "team", value: "shop" }];
    expect(await sdk.call("create_keyspace", { keyspaceName, tags })).toEqual({ ok: { resourceArn: arn("fromsdk/") } });
    await until("get_keyspace", { keyspaceName }, ({ ok }) => ok !== undefined);
    const listed = "SELECT * FROM system_schema_mcs.keyspaces WHERE keyspace_name = 'fromsdk'";
    expect((await client.execute(listed)).rowLength).toBe(1);
    const single = { keyspaceName, resourceArn: arn("fromsdk/"), replicationStrategy: "SINGLE_REGION" };
    expect((await sdk.call("get_keyspace", { keyspaceName })).ok).toEqual(single);
    expect(await sdk.call("create_keyspace", { keyspaceName })).toMatchObject({
      error: "ConflictException",
      status: 409,
    });
    const replicationSpecification = { replicationStrategy: "MULTI_REGION", regionList: [region, "us-east-1"] };
    const change = { keyspaceName, replicationSpecification, clientSideTimestamps: { status: "ENABLED" } };
    expect(await sdk.call("update_keyspace", change)).toEqual({ ok: { resourceArn: arn("fromsdk/") } });
    const early = { keyspaceName, tableName: "early", schemaDefinition };
    expect(await sdk.call("create_table", early)).toMatchObject({ error: "ConflictException" });
    await until(
      "get_keyspace",
      { keyspaceName },
      ({ ok }) => ok.replicationGroupStatuses[0].keyspaceStatus === "ACTIVE",
    );
    expect((await sdk.call("get_keyspace", { keyspaceName })).ok).toMatchObject({
      replicationStrategy: "MULTI_REGION",
      replicationRegions: [region, "us-east-1"],
    });
    expect(await sdk.call("delete_keyspace", { keyspaceName })).toEqual({ ok: {} });
    await until("get_keyspace", { keyspaceName }, ({ error }) => error === "ResourceNotFoundException");
  });

  test("types", async () => {
    const own = { keyspaceName: "shop", typeName: "address" };
    const fieldDefinitions = [
      { name: "street", type: "text" },
      { name: "numbers", type: "list<int>" },
    ];
    const made = { keyspaceArn: arn("shop/"), typeName: "address" };
    expect(await sdk.call("create_type", { ...own, fieldDefinitions })).toEqual({ ok: made });
    await client.execute("CREATE TYPE shop.person (name text, home frozen<address>)");
    await createTable(client, "shop", "people", "(k int PRIMARY KEY, p frozen<person>, a frozen<address>)");
    const { ok } = await sdk.call("get_type", own);
    expect(ok).toMatchObject({
      fieldDefinitions,
      status: "ACTIVE",
      directParentTypes: ["person"],
      directReferringTables: ["people"],
    });
    expect((await sdk.call("list_types", { keyspaceName: "shop" })).ok.types).toEqual(["address", "person"]);
    const shown = "SELECT * FROM system_schema_mcs.types WHERE keyspace_name = 'shop' AND type_name = 'person'";
    const row = (await client.execute(shown)).first();
    expect(row.get("field_types")).toEqual(["text", "frozen<address>"]);
    expect([row.get("max_nesting_depth"), row.get("status")]).toEqual([2, "ACTIVE"]);
    expect(await sdk.call("delete_type", own)).toMatchObject({ error: "ConflictException" });
    expect(await sdk.call("create_type", { ...own, fieldDefinitions })).toMatchObject({ error: "ConflictException" });
    // Written as in CQL, answered as it is then called: cql.ddl.type.html.
    for (const [typeName, formatted] of [
      ["MY_UDT", "my_udt"],
      ['"MY_UDT"', "MY_UDT"],
      ['"1234"', "1234"],
      ['"Special_Ch@r@cters<>!!"', "Special_Ch@r@cters<>!!"],
      ['"nested""""""quotes"', 'nested"""quotes'],
    ] as const) {
      const { ok } = await sdk.call("create_type", { keyspaceName: "shop", typeName, fieldDefinitions });
      expect(ok).toEqual({ keyspaceArn: arn("shop/"), typeName: formatted });
      expect((await sdk.call("get_type", { keyspaceName: "shop", typeName: formatted })).ok.typeName).toBe(formatted);
      await sdk.call("delete_type", { keyspaceName: "shop", typeName: formatted });
    }
    for (const typeName of ["my-addr", "1234", "set", "byte", "select"]) {
      const refused = await sdk.call("create_type", { keyspaceName: "shop", typeName, fieldDefinitions });
      expect([typeName, refused.error]).toEqual([typeName, "ValidationException"]);
    }
    const nothing = { keyspaceName: "shop", typeName: "nothing" };
    for (const operation of ["get_type", "delete_type"]) {
      expect(await sdk.call(operation, nothing)).toMatchObject({ error: "ResourceNotFoundException", status: 404 });
    }
    await client.execute("DROP TABLE shop.people");
    await client.execute("DROP TYPE shop.person");
    expect(await sdk.call("delete_type", own)).toEqual({ ok: made });
  });

  test("by CBOR as by JSON", async () => {
    const cbor = sdks.start(url, identity, "smithy-rpc-v2-cbor");
    const table = { keyspaceName: "shop", tableName: "binary" };
    const answers = [
      await cbor.call("create_table", { ...table, schemaDefinition, comment: { message: "ß".repeat(300) } }),
      await cbor.call("create_table", { ...table, schemaDefinition }),
      await cbor.call("list_tables", { keyspaceName: "shop", maxResults: 1 }),
    ];
    expect(answers).toEqual([
      { ok: { resourceArn: arn("shop/table/binary") } },
      { error: "ConflictException", status: 409, message: expect.stringContaining("already existing table") },
      { ok: { tables: [expect.objectContaining({ keyspaceName: "shop" })], nextToken: expect.any(String) } },
    ]);
    await untilTableIs(client, "shop", "binary", "ACTIVE");
    const described = await cbor.call("get_table", table);
    expect(described.ok.comment.message).toBe("ß".repeat(300));
    expect(described).toEqual(await sdk.call("get_table", table));
  });

  test("lists in pages", async () => {
    const keyspaces = await sdk.pages("list_keyspaces", 2);
    const names = keyspaces.ok.flatMap((page: { keyspaces: { keyspaceName: string }[] }) =>
      page.keyspaces.map(({ keyspaceName }) => keyspaceName),
    );
    expect(keyspaces.ok.length).toBe(Math.ceil(names.length / 2));
    expect(names).toEqual(expect.arrayContaining(["shop", "system", "system_multiregion_info", "system_schema_mcs"]));
    const tables = await sdk.pages("list_tables", 1, { keyspaceName: "system" });
    expect(tables.ok.map((page: { tables: { tableName: string }[] }) => page.tables[0]?.tableName)).toEqual([
      "local",
      "peers",
      "prepared_statements",
      "size_estimates",
    ]);
    expect(await sdk.call("list_keyspaces", { nextToken: "x" })).toMatchObject({ error: "ValidationException" });
  });
});

test("the SDK for JavaScript makes, changes, tags and deletes a keyspace with its type and table", async () => {
  const js = javaScriptSdk(url, region, identity);
  const untilStatus = async (keyspaceName: string, tableName: string, status: string) =>
    waitUntil(
      `${tableName} to be ${status}`,
      async () => {
        const seen = await js.send("GetTable", { keyspaceName, tableName }).then(
          (table) => table.status as string,
          (error: Error) => error.name,
        );
        return seen === status ? { done: true, seen } : { seen };
      },
      { deadlineMs: 30_000, firstDelayMs: 20 },
    );
  try {
    const keyspaceName = "javascript";
    const tags = [{ key: "team", value: "shop" }];
    const { resourceArn } = await js.send("CreateKeyspace", { keyspaceName, tags });
    expect(resourceArn).toBe(arn("javascript/"));
    await until("get_keyspace", { keyspaceName }, ({ ok }) => ok !== undefined);
    const fieldDefinitions = [{ name: "street", type: "text" }];
    await js.send("CreateType", { keyspaceName, typeName: "address", fieldDefinitions });
    expect(await js.send("GetType", { keyspaceName, typeName: "address" })).toMatchObject({
      fieldDefinitions,
      status: "ACTIVE",
    });
    const table = { keyspaceName, tableName: "orders" };
    const schemaDefinition = {
      allColumns: [
        { name: "id", type: "int" },
        { name: "home", type: "frozen<address>" },
      ],
      partitionKeys: [{ name: "id" }],
    };
    await js.send("CreateTable", { ...table, schemaDefinition, ttl: { status: "ENABLED" } });
    await expect(js.send("CreateTable", { ...table, schemaDefinition })).rejects.toMatchObject({
      name: "ConflictException",
    });
    await untilStatus(keyspaceName, "orders", "ACTIVE");
    await client.execute("INSERT INTO javascript.orders (id, home) VALUES (1, {street: 'Main'}) USING TTL 60");
    await js.send("UpdateTable", { ...table, addColumns: [{ name: "total", type: "decimal" }] });
    await untilStatus(keyspaceName, "orders", "ACTIVE");
    const described = await js.send("GetTable", table);
    expect(described).toMatchObject({ ...table, resourceArn: arn("javascript/table/orders"), status: "ACTIVE" });
    expect(described.creationTimestamp).toBeInstanceOf(Date);
    expect(described.schemaDefinition.allColumns).toContainEqual({ name: "total", type: "decimal" });

    await js.send("TagResource", { resourceArn: described.resourceArn, tags });
    expect((await js.send("ListTagsForResource", { resourceArn: described.resourceArn })).tags).toEqual(tags);
    await js.send("UntagResource", { resourceArn: described.resourceArn, tags });
    expect((await js.send("ListTagsForResource", { resourceArn: described.resourceArn })).tags).toEqual([]);
    expect((await js.send("ListTables", { keyspaceName })).tables).toHaveLength(1);

    await js.send("DeleteTable", table);
    await untilStatus(keyspaceName, "orders", "ResourceNotFoundException");
    await js.send("DeleteType", { keyspaceName, typeName: "address" });
    await js.send("DeleteKeyspace", { keyspaceName });
    await expect(js.send("CreateKeyspace", { keyspaceName: "no-name" })).rejects.toMatchObject({
      name: "ValidationException",
    });
    const restore = { sourceKeyspaceName: "a", sourceTableName: "b", targetKeyspaceName: "c", targetTableName: "d" };
    await expect(js.send("RestoreTable", restore)).rejects.toThrow("RestoreTable is not emulated");
  } finally {
    js.end();
  }
});

describe("is refused:", () => {
  const table = (columns: object[]) => ({
    keyspaceName: "shop",
    tableName: "bad",
    schemaDefinition: { allColumns: columns, partitionKeys: [{ name: "k" }] },
  });

  test.each<[what: string, operation: string, given: object, error: string, status: number, words: string]>([
    [
      "what breaks the model",
      "create_keyspace",
      { keyspaceName: "a b" },
      "ValidationException",
      400,
      "Value 'a b' at 'keyspaceName' failed",
    ],
    [
      "a member that is missing",
      "get_table",
      { keyspaceName: "shop" },
      "ValidationException",
      400,
      "Member must not be null",
    ],
    [
      "what CQL refuses, with its code",
      "create_table",
      table([{ name: "k", type: "duration" }]),
      "ValidationException",
      400,
      "[KL-TYPE]",
    ],
    [
      "a type that is more than one",
      "create_table",
      table([{ name: "k", type: "int) WITH cdc = TRUE --" }]),
      "ValidationException",
      400,
      "Invalid type",
    ],
    ["a key that is no column", "create_table", table([{ name: "v", type: "int" }]), "ValidationException", 400, "k"],
    [
      "RestoreTable",
      "restore_table",
      { sourceKeyspaceName: "shop", sourceTableName: "a", targetKeyspaceName: "shop", targetTableName: "b" },
      "NotEmulatedException",
      501,
      "[KL-RESTORE]",
    ],
    [
      "the scaling of a table that there is none of",
      "get_table_auto_scaling_settings",
      { keyspaceName: "shop", tableName: "none" },
      "ResourceNotFoundException",
      404,
      "none",
    ],
    [
      "replicas of a table",
      "create_table",
      { ...table([{ name: "k", type: "int" }]), replicaSpecifications: [{ region: "us-east-1" }] },
      "NotEmulatedException",
      501,
      "replicaSpecifications",
    ],
    [
      "a system keyspace's end",
      "delete_keyspace",
      { keyspaceName: "system_schema" },
      "AccessDeniedException",
      403,
      "not user-modifiable",
    ],
    [
      "a table of no keyspace",
      "create_table",
      { ...table([{ name: "k", type: "int" }]), keyspaceName: "nowhere" },
      "ResourceNotFoundException",
      404,
      "unconfigured keyspace nowhere",
    ],
  ])("%s", async (_, operation, given, error, status, words) => {
    expect(await sdk.call(operation, given)).toEqual({ error, status, message: expect.stringContaining(words) });
  });

  test("more keyspaces than the quota allows", async () => {
    let answer: Answer = {};
    for (let made = 0; made <= 12 && !answer.error; made++) {
      answer = await sdk.call("create_keyspace", { keyspaceName: `many${made}` });
    }
    expect(answer).toMatchObject({ error: "ServiceQuotaExceededException", status: 402 });
  });

  test("who signs with a wrong key, and who may not", async () => {
    const stranger = sdks.start(url, { ...identity, secretAccessKey: "x".repeat(40) });
    expect(await stranger.call("list_keyspaces")).toMatchObject({ error: "InvalidSignatureException" });
    const allow = (Action: string[], Resource: string[]) => ({ Effect: "Allow", Action, Resource });
    const may = (...statements: object[]) =>
      authoriser.setEntities([
        {
          arn: roleOf(guest.arn),
          policies: [{ name: "guest", document: { Version: "2012-10-17", Statement: statements } }],
        },
      ]);
    const limited = sdks.start(url, guest);
    const create = { keyspaceName: "shop", tableName: "guests", schemaDefinition, tags: [{ key: "team", value: "a" }] };
    may(allow(["cassandra:Select"], [arn("shop/*")]));
    expect((await limited.call("get_keyspace", { keyspaceName: "shop" })).ok).toBeDefined();
    expect(await limited.call("create_table", create)).toEqual({
      error: "AccessDeniedException",
      status: 403,
      message: expect.stringContaining(
        `not authorized to perform: cassandra:Create on resource: ${arn("shop/table/guests")}`,
      ),
    });
    may(allow(["cassandra:Create"], [arn("shop/table/guests")]));
    expect((await limited.call("create_table", create)).message).toContain("cassandra:TagResource");
    expect((await limited.call("list_keyspaces")).error).toBe("AccessDeniedException");
  });
});

/** The role of an assumed one. */
const roleOf = (session: string): string =>
  session
    .replace(":sts:", ":iam:")
    .replace(":assumed-role/", ":role/")
    .replace(/\/[^/]*$/, "");

test("requests are checked against botocore's own models", () => {
  for (const [service, version, file] of [
    ["keyspaces", "2022-02-10", "service_model.json"],
    ["keyspacesstreams", "2024-09-09", "streams_service_model.json"],
  ] as const) {
    const model = loadServiceModel(service, version);
    const own = JSON.parse(readFileSync(join(ROOT, "packages/keyspaces-local/data", file), "utf8"));
    expect(Object.keys(own.operations).toSorted()).toEqual(Object.keys(model.operations).toSorted());
    for (const [name, shape] of Object.entries(own.shapes as Record<string, object>)) {
      expect(model.shapes[name]).toMatchObject(shape);
    }
  }
});
