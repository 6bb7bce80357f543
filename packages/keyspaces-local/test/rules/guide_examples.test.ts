import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import type { Client, types } from "cassandra-driver";
import { gatewayBench, signedBy } from "../support.js";
import { type GuideOutcome, type GuidePage, guidePages, replicaScaling } from "./guide_examples.js";

const identity = temporaryIdentity();
/** The Region of the examples. */
const region = "us-east-1";
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 5 });
let client: Client;

beforeAll(async () => {
  await bench.begin();
  client = await bench.connectTo(await bench.gatewayWith({ region }), {
    localDataCenter: region,
    ...signedBy(identity, region),
  });
});
afterAll(() => bench.end());

/** What is under way is done: each table is ACTIVE, and each keyspace of a statement there or gone. */
async function settle(statement: string): Promise<void> {
  const [, verb, keyspace = ""] =
    /^\s*(CREATE|ALTER|DROP)\s+KEYSPACE\s+(?:IF EXISTS\s+)?("?\w+"?)/i.exec(statement) ?? [];
  const name = keyspace.replaceAll('"', "");
  const look = async () => {
    const tables = (await client.execute("SELECT table_name, status FROM system_schema_mcs.tables")).rows;
    const busy = tables.filter((row) => row.get("status") !== "ACTIVE");
    const names = (await client.execute("SELECT keyspace_name FROM system_schema_mcs.keyspaces")).rows.map((row) =>
      row.get("keyspace_name"),
    );
    const isThere = verb === undefined || names.includes(name) === (verb.toUpperCase() !== "DROP");
    const regions = await client.execute("SELECT status FROM system_multiregion_info.keyspaces");
    const settled = regions.rows.every((row) => row.get("status") === "Active");
    return busy.length === 0 && isThere && settled ? { done: true, seen: "done" } : { seen: `${busy} ${names}` };
  };
  await waitUntil(`the end of ${statement}`, look, { deadlineMs: 20_000, firstDelayMs: 5 });
}

async function typed(statement: string): Promise<GuideOutcome> {
  try {
    await client.execute(statement);
  } catch (error) {
    const { code, message } = error as { code: number; message: string };
    return [code, message];
  }
  if (/^\s*(CREATE|ALTER|DROP)/i.test(statement)) await settle(statement);
  return "taken";
}

const outcomeOf = (example: GuidePage["examples"][number]): readonly [string, GuideOutcome] =>
  typeof example === "string" ? [example, "taken"] : example;

test.each(guidePages)("the examples of $page", async ({ given, examples }) => {
  for (const name of ["my_keyspace", "mykeyspace", "catalog", '"myGSGKeyspace"']) {
    expect(await typed(`DROP KEYSPACE IF EXISTS ${name}`)).toBe("taken");
  }
  for (const statement of given) expect([statement, await typed(statement)]).toEqual([statement, "taken"]);
  const seen: unknown[] = [];
  for (const [statement] of examples.map(outcomeOf)) seen.push([statement, await typed(statement)]);
  expect(seen).toEqual(
    examples
      .map(outcomeOf)
      .map(([statement, outcome]) => [
        statement,
        outcome === "taken" ? outcome : [outcome[0], expect.stringContaining(outcome[1])],
      ]),
  );
});

const shown = async (columns: string, table: string): Promise<Record<string, unknown>> => {
  const query = `SELECT ${columns} FROM system_schema_mcs.${table} WHERE keyspace_name = 'mykeyspace' AND table_name = 'mytable'`;
  return (await client.execute(query)).first() as unknown as Record<string, unknown>;
};

async function freshTable(options: string, replication = "'class': 'SingleRegionStrategy'"): Promise<void> {
  for (const statement of [
    "DROP KEYSPACE IF EXISTS mykeyspace",
    `CREATE KEYSPACE mykeyspace WITH replication = {${replication}}`,
    `CREATE TABLE mykeyspace.mytable (pk int PRIMARY KEY)${options}`,
  ])
    expect(await typed(statement)).toBe("taken");
}

test("a table with point-in-time recovery shows since when, as on the page restoretabletopointintime", async () => {
  await freshTable("");
  const recovery = async () =>
    ((await shown("custom_properties", "tables")).custom_properties as Record<string, unknown>).point_in_time_recovery;
  const turn = (status: string) =>
    typed(
      `ALTER TABLE mykeyspace.mytable WITH CUSTOM_PROPERTIES = {'point_in_time_recovery': {'status': '${status}'}}`,
    );
  expect(await recovery()).toEqual({ status: "disabled" });
  await turn("enabled");
  const enabled = await recovery();
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(enabled).toEqual({ status: "enabled", earliest_restorable_timestamp: time });
  await turn("enabled");
  expect(await recovery()).toEqual(enabled);
  await turn("disabled");
  expect(await recovery()).toEqual({ status: "disabled" });
});

test("auto scaling is shown with its numbers and defaults, as on the page autoscaling.viewPolicy", async () => {
  const update = (more: string) => `{'maximum_units': 10, 'minimum_units': 5,
    'scaling_policy': {'target_tracking_scaling_policy_configuration': {'target_value': 50${more}}}}`;
  await freshTable(` WITH CUSTOM_PROPERTIES =
    {'capacity_mode': {'throughput_mode': 'PROVISIONED', 'read_capacity_units': 1, 'write_capacity_units': 1}}
    AND AUTOSCALING_SETTINGS = {'provisioned_write_capacity_autoscaling_update': ${update("")},
    'provisioned_read_capacity_autoscaling_update': ${update(", 'scale_in_cooldown': 60, 'scale_out_cooldown': 60")}}`);
  const row = await shown("*", "autoscaling");
  const policy = { disable_scale_in: false, target_value: 50 };
  const settings = (kind: string) => JSON.parse(row[`provisioned_${kind}_capacity_autoscaling_update`] as string);
  const asShown = (cooldown: number) => ({
    minimum_units: 5,
    maximum_units: 10,
    scaling_policy: {
      target_tracking_scaling_policy_configuration: {
        ...policy,
        scale_in_cooldown: cooldown,
        scale_out_cooldown: cooldown,
      },
    },
  });
  expect([settings("read"), settings("write")]).toEqual([asShown(60), asShown(0)]);
});

test("a Region's own scaling is shown, as on the page tables-mrr-view, and one of another Region refused", async () => {
  const regions = "'class': 'NetworkTopologyStrategy', 'us-east-1': '3', 'eu-west-1': '3'";
  await freshTable(` ${replicaScaling}`, regions);
  const query = "SELECT * FROM system_multiregion_info.autoscaling WHERE keyspace_name = 'mykeyspace'";
  const scaling = (row: types.Row, kind: string) => {
    const json = row.get(`provisioned_${kind}_capacity_autoscaling_update`) as string;
    const { maximum_units: most, scaling_policy: policy } = JSON.parse(json);
    const { target_value: target, scale_in_cooldown: cooldown } = policy.target_tracking_scaling_policy_configuration;
    return [most, target, cooldown];
  };
  const rows = (await client.execute(query)).rows;
  expect(rows.map((row) => [row.get("region"), scaling(row, "read"), scaling(row, "write")])).toEqual([
    ["eu-west-1", [10, 50, 60], [10, 50, 0]],
    ["us-east-1", [20, 70, 60], [10, 50, 0]],
  ]);
  const elsewhere = `ALTER TABLE mykeyspace.mytable ${replicaScaling.replace("'us-east-1'", "'ap-south-1'")}`;
  expect(await typed(elsewhere)).toEqual([0x2200, expect.stringContaining("'ap-south-1' [KL-AUTOSCALING]")]);
  await typed("DROP TABLE mykeyspace.mytable");
  expect((await client.execute(query)).rowLength).toBe(0);
});

test("the scaling of Regions is refused where the keyspace has one only", async () => {
  await freshTable("");
  expect(await typed(`ALTER TABLE mykeyspace.mytable ${replicaScaling}`)).toEqual([
    0x2200,
    "Keyspace mykeyspace is in one Region only: it has no replica_updates [KL-AUTOSCALING]",
  ]);
});
