import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createResultTables } from "@keyspaces-segmentation/cluster-store/dist/result_tables.js";
import { dropKeyspace, tablesOf } from "@keyspaces-segmentation/invoice-store/dist/drop_keyspace.js";
import { createKeyspace, createRetailTable, listKeyspaces } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import { temporaryIdentity } from "@keyspaces-segmentation/local-support";
import type { Client } from "cassandra-driver";
import { gatewayBench } from "../../keyspaces-local/test/support.js";

const identity = temporaryIdentity();
const bench = gatewayBench(identity, { identities: [identity], activeAfterMs: 100 });
let client: Client;
beforeAll(async () => {
  await bench.begin();
  // One row on a page of the system's tables, and every other page empty: the first, too.
  client = await bench.connectTo(await bench.gatewayWith({ pages: { systemRows: 1, emptyFilteredPages: 1 } }));
});
afterAll(() => bench.end());

test("what the service lists in many pages is seen whole, so that nothing of somebody else's is overlooked", async () => {
  const name = { keyspace: "shop", table: "online_retail" };
  expect(await createKeyspace(client, name.keyspace)).toEqual({ created: true });
  expect(await createKeyspace(client, name.keyspace)).toEqual({ created: false });
  expect(await listKeyspaces(client)).toEqual([
    ...["shop", "system", "system_multiregion_info", "system_schema", "system_schema_mcs"],
  ]);
  expect(await createRetailTable(client, name)).toEqual({ created: true });
  expect(await createRetailTable(client, name)).toEqual({ created: false });
  await createResultTables(client, name);
  await client.execute("CREATE TABLE shop.zz_of_a_colleague (k text PRIMARY KEY)", [], { prepare: false });
  expect([...(await tablesOf(client, "shop")).keys()]).toEqual([
    "cluster_of_customer",
    "customers_of_cluster",
    "known_clusters",
    "ml_clustering_results",
    "online_retail",
    "zz_of_a_colleague",
  ]);
  expect(await dropKeyspace(client, name)).toMatchObject({
    foreign: ["table zz_of_a_colleague"],
    keyspace: "shared",
    tables: expect.arrayContaining(["online_retail", "known_clusters"]),
  });
  expect([...(await tablesOf(client, "shop")).keys()]).toEqual(["zz_of_a_colleague"]);
});
