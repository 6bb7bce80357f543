import { describe, expect, test } from "@jest/globals";
import { createLoadsTable } from "../../src/keyspaces/loads.js";
import {
  createKeyspace,
  createResultTables,
  createRetailTable,
  dropKeyspace,
  listKeyspaces,
} from "../../src/keyspaces/schema.js";
import { waitUntil } from "../../src/wait.js";
import { withKeyspace } from "../support/keyspaces.js";

const it = withKeyspace();

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
    expect((await dropKeyspace(it.client, name)).sort()).toEqual([
      "Sales",
      "cluster_of_customer",
      "customers_of_cluster",
      "known_clusters",
      "loads",
      "ml_clustering_results",
    ]);
    expect(await listKeyspaces(it.client)).not.toContain(name.keyspace);
    expect(await dropKeyspace(it.client, name)).toEqual([]);
  });

  test("that holds somebody else's table is left whole", async () => {
    const name = { keyspace: `${it.keyspace}_shared`, table: "online_retail" };
    await createKeyspace(it.client, name.keyspace);
    await createRetailTable(it.client, name);
    await createRetailTable(it.client, { ...name, table: "of_a_colleague" });
    await expect(dropKeyspace(it.client, name)).rejects.toThrow(
      `Could not drop the keyspace ${name.keyspace}: it also holds tables that this walkthrough did not make ` +
        "(of_a_colleague), so nothing was dropped.",
    );
    expect(await createRetailTable(it.client, name)).toEqual({ created: false });
    await it.client.execute(`DROP TABLE ${name.keyspace}.of_a_colleague`, [], { prepare: false });
    await dropKeyspace(it.client, name);
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
});
