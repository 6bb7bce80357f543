import { randomBytes } from "node:crypto";
import { afterAll, beforeAll } from "@jest/globals";
import { signIn } from "@keyspaces-segmentation/aws-session";
import { dropKeyspace } from "@keyspaces-segmentation/invoice-store/dist/drop_keyspace.js";
import { createKeyspace } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
import type { KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
import { readSettings } from "../../src/settings.js";

export interface TestKeyspace {
  client: KeyspacesClient;
  /** A keyspace of this test file's own. */
  keyspace: string;
  table: string;
}

/** Connects to the Keyspaces that the environment names and makes a keyspace, dropped after the last test. */
export function withKeyspace(): TestKeyspace {
  const it = { keyspace: `test_${randomBytes(6).toString("hex")}`, table: "online_retail" } as TestKeyspace;
  beforeAll(async () => {
    const settings = readSettings({ dataBucket: "data-bucket", dataKey: "data.csv" });
    it.client = await connectToKeyspaces(await signIn(settings), settings);
    await createKeyspace(it.client, it.keyspace);
  });
  afterAll(async () => {
    // Whatever the tests have made in it; dropKeyspace itself spares tables without the mark.
    const query = "SELECT table_name FROM system_schema_mcs.tables WHERE keyspace_name = ?";
    for (const { table_name: table } of (await it.client.execute(query, [it.keyspace])).rows) {
      await it.client.execute(`DROP TABLE ${it.keyspace}."${table}"`, [], { prepare: false });
    }
    await dropKeyspace(it.client, it);
    await it.client.shutdown();
  });
  return it;
}
