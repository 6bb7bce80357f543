import { describe, expect, test } from "@jest/globals";
import { createResultTables } from "@keyspaces-segmentation/cluster-store/dist/result_tables.js";
import { waitUntil } from "@keyspaces-segmentation/common";
import { dropKeyspace } from "@keyspaces-segmentation/invoice-store/dist/drop_keyspace.js";
import { loadsOf } from "@keyspaces-segmentation/invoice-store/dist/load_journal.js";
import { createLoadsTable } from "@keyspaces-segmentation/invoice-store/dist/loads.js";
import { createKeyspace, createRetailTable, listKeyspaces } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { retailTable } from "@keyspaces-segmentation/invoices/dist/retail_table.js";
import { qualified, type TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import { withKeyspace } from "../support/keyspaces.js";

const it = withKeyspace();

/** What somebody else makes, with CQL of their own: without the walkthrough's tags. */
async function createByHand(statement: string, name: TableName | { keyspace: string; table?: undefined }) {
  await it.client.execute(statement, [], { prepare: false });
  const where = name.table === undefined ? "keyspaces WHERE keyspace_name = ?" : "tables WHERE keyspace_name = ?";
  await waitUntil(
    statement,
    async () => {
      const { rows } = await it.client.execute(`SELECT * FROM system_schema_mcs.${where}`, [name.keyspace]);
      const found = rows.some(
        (row) => name.table === undefined || (row.table_name === name.table && row.status === "ACTIVE"),
      );
      return found ? { done: true, seen: "there" } : { seen: "not there" };
    },
    { deadlineMs: 60_000 },
  );
}
const keyspaceByHand = (keyspace: string) =>
  createByHand(`CREATE KEYSPACE "${keyspace}" WITH replication = {'class': 'SingleRegionStrategy'}`, { keyspace });
const columnsOf = Object.entries(retailTable.columns).map(([column, type]) => `${column} ${type}`);
const retailByHand = (name: TableName) =>
  createByHand(
    `CREATE TABLE ${qualified(name)} (${columnsOf.join(", ")}, PRIMARY KEY (${retailTable.primaryKey}))`,
    name,
  );
const tablesIn = async (keyspace: string) => {
  const query = "SELECT table_name FROM system_schema_mcs.tables WHERE keyspace_name = ?";
  return (await it.client.execute(query, [keyspace])).rows.map((row) => String(row.table_name)).sort();
};

describe("a keyspace", () => {
  test("that is there is kept, and the caller told so", async () => {
    expect(await listKeyspaces(it.client)).toContain(it.keyspace);
    expect(await createKeyspace(it.client, it.keyspace)).toEqual({ created: false });
  });

  test("is created, with capitals, and dropped with its tables", async () => {
    const name = { keyspace: `${it.keyspace}_Own`, table: "Sales" };
    expect(await createKeyspace(it.client, name.keyspace)).toEqual({ created: true });
    await createRetailTable(it.client, name);
    await createResultTables(it.client, name);
    await createLoadsTable(it.client, name);
    const dropped = await dropKeyspace(it.client, name);
    expect(dropped).toMatchObject({ keyspace: "dropped", foreign: [] });
    expect(dropped.tables.sort()).toEqual([
      "Sales",
      "cluster_of_customer",
      "customers_of_cluster",
      "known_clusters",
      "loads",
      "ml_clustering_results",
    ]);
    expect(await listKeyspaces(it.client)).not.toContain(name.keyspace);
    expect(await dropKeyspace(it.client, name)).toEqual({ tables: [], foreign: [], keyspace: "absent" });
  });

  test("that holds something of somebody else's stays, without the walkthrough's own tables", async () => {
    const name = { keyspace: `${it.keyspace}_shared`, table: "online_retail" };
    await createKeyspace(it.client, name.keyspace);
    await createRetailTable(it.client, name);
    await createRetailTable(it.client, { ...name, table: "of_an_earlier_run" });
    // Look-alikes: of the walkthrough's names, and one with its columns.
    await createByHand(`CREATE TABLE ${name.keyspace}.loads (k text PRIMARY KEY)`, { ...name, table: "loads" });
    await retailByHand({ ...name, table: "sales" });
    await it.client.execute(`CREATE TYPE ${name.keyspace}.address (street text)`, [], { prepare: false });
    const dropped = await dropKeyspace(it.client, name);
    expect(dropped.tables.sort()).toEqual(["of_an_earlier_run", "online_retail"]);
    expect(dropped.keyspace).toBe("shared");
    expect(dropped.foreign.sort()).toEqual(["table loads", "table sales", "type address"]);
    expect(await tablesIn(name.keyspace)).toEqual(["loads", "sales"]);
    for (const what of ["TABLE loads", "TABLE sales", "TYPE address"]) {
      const [kind, of] = what.split(" ");
      await it.client.execute(`DROP ${kind} ${name.keyspace}.${of}`, [], { prepare: false });
    }
    expect(await dropKeyspace(it.client, name)).toEqual({ tables: [], foreign: [], keyspace: "dropped" });
  });

  test("that somebody has made by hand stays, also when nothing else is in it", async () => {
    const name = { keyspace: `${it.keyspace}_byhand`, table: "online_retail" };
    await keyspaceByHand(name.keyspace);
    expect(await createKeyspace(it.client, name.keyspace)).toEqual({ created: false });
    await createRetailTable(it.client, name);
    const dropped = { tables: ["online_retail"], foreign: [], keyspace: "unmarked" };
    expect(await dropKeyspace(it.client, name)).toEqual(dropped);
    expect(await listKeyspaces(it.client)).toContain(name.keyspace);
    await it.client.execute(`DROP KEYSPACE ${name.keyspace}`, [], { prepare: false });
  });

  test("that holds the reader's own invoices is not dropped by a run on the sample", async () => {
    const name = { keyspace: `${it.keyspace}_own_data`, table: "online_retail" };
    await createKeyspace(it.client, name.keyspace, { invoices: "own" });
    await createRetailTable(it.client, name);
    expect(await dropKeyspace(it.client, name, { invoices: "sample" })).toMatchObject({ keyspace: "others" });
    expect(await tablesIn(name.keyspace)).toEqual(["online_retail"]);
    expect(await dropKeyspace(it.client, name)).toMatchObject({ keyspace: "dropped" });
  });
});

describe("a table", () => {
  test("is created once and can be used at once", async () => {
    expect(await createRetailTable(it.client, it)).toEqual({ created: true });
    expect(await createRetailTable(it.client, it)).toEqual({ created: false });
    const { rows } = await it.client.execute(`SELECT * FROM ${it.keyspace}.${it.table}`);
    expect(rows).toEqual([]);
    expect(await createResultTables(it.client, it)).toEqual({ created: true, ttlEnabled: false });
    expect(await createResultTables(it.client, it)).toEqual({ created: false, ttlEnabled: false });
  });

  test("of results lets rows expire only where that is asked for, also one that was there before", async () => {
    const expiring = async (keyspace: string) => {
      const query = "SELECT table_name, custom_properties FROM system_schema_mcs.tables WHERE keyspace_name = ?";
      const { rows } = await it.client.execute(query, [keyspace]);
      return rows.filter((row) => row.custom_properties?.ttl?.status === "enabled").map((row) => row.table_name);
    };
    const three = ["cluster_of_customer", "customers_of_cluster", "ml_clustering_results"];
    await createResultTables(it.client, it);
    expect(await expiring(it.keyspace)).toEqual([]);
    const days = { keyspace: it.keyspace, resultsTtlDays: 30 };
    expect(await createResultTables(it.client, days)).toEqual({ created: false, ttlEnabled: true });
    expect((await expiring(it.keyspace)).sort()).toEqual(three);
    expect(await createResultTables(it.client, days)).toEqual({ created: false, ttlEnabled: false });

    const name = { keyspace: `${it.keyspace}_ttl`, table: "unused" };
    await createKeyspace(it.client, name.keyspace);
    const made = await createResultTables(it.client, { ...name, resultsTtlDays: 30 });
    expect(made).toEqual({ created: true, ttlEnabled: false });
    expect((await expiring(name.keyspace)).sort()).toEqual(three);
    await dropKeyspace(it.client, name);
  });

  test("of somebody else is not changed to let rows expire", async () => {
    const name = { keyspace: `${it.keyspace}_theirs`, table: "cluster_of_customer" };
    await createKeyspace(it.client, name.keyspace);
    await createRetailTable(it.client, name);
    await expect(createResultTables(it.client, { ...name, resultsTtlDays: 1 })).rejects.toThrow("with other columns");
    const query =
      "SELECT custom_properties FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = 'cluster_of_customer'";
    const [row] = (await it.client.execute(query, [name.keyspace])).rows;
    expect(row?.custom_properties).not.toHaveProperty("ttl");
    await waitUntil(
      "the other tables to be there",
      async () => {
        const of = "SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = ?";
        const states = (await it.client.execute(of, [name.keyspace])).rows.map(({ status }) => status);
        return states.length === 4 && states.every((state) => state === "ACTIVE")
          ? { done: true, seen: "" }
          : { seen: states.join() };
      },
      { deadlineMs: 60_000 },
    );
    await dropKeyspace(it.client, name);
  });

  test("of that name with other columns is not written to", async () => {
    const name = { ...it, table: "cluster_of_customer" };
    await createResultTables(it.client, it);
    await expect(createRetailTable(it.client, name)).rejects.toMatchObject({
      message: expect.stringMatching(
        /^Could not use the table \S+\.cluster_of_customer: it is there with other columns \(cluster int, cluster_name text, /,
      ),
      hint: expect.stringContaining("Choose another keyspace or table"),
    });
  });

  test("of somebody else is neither written to nor asked, although it has the columns", async () => {
    const name = { keyspace: `${it.keyspace}_mixed`, table: "online_retail" };
    await keyspaceByHand(name.keyspace);
    await retailByHand(name);
    await expect(createRetailTable(it.client, name)).rejects.toMatchObject({
      message: expect.stringContaining("this walkthrough has not made it, so nothing is written to it"),
      hint: expect.stringContaining(`ALTER TABLE "${name.keyspace}"."online_retail" ADD TAGS {'made-by':`),
    });
    // A record of loads that is not the walkthrough's, in a table of its columns' names.
    const loads = { ...name, table: "loads" };
    await createByHand(`CREATE TABLE ${qualified(loads)} (data_table text PRIMARY KEY, note text)`, loads);
    const insert = `INSERT INTO ${qualified(loads)} (data_table, note) VALUES ('sales', 'keep')`;
    await it.client.execute(insert, [], { prepare: true });
    await createRetailTable(it.client, { ...name, table: "sales" });
    expect(await loadsOf(it.client, { ...name, table: "sales" })).toEqual([]);
    await expect(createLoadsTable(it.client, name)).rejects.toThrow("this walkthrough has not made it");
    const { rows } = await it.client.execute(`SELECT note FROM ${qualified(loads)} WHERE data_table = 'sales'`);
    expect(rows.map(({ note }) => note)).toEqual(["keep"]);
    // The hint does what it says.
    const adopt = `ALTER TABLE ${qualified(name)} ADD TAGS {'made-by': 'keyspaces-segmentation'}`;
    await it.client.execute(adopt, [], { prepare: false });
    expect(await createRetailTable(it.client, name)).toEqual({ created: false });
    await it.client.execute(`DROP KEYSPACE ${name.keyspace}`, [], { prepare: false });
  });
});
