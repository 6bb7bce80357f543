import { randomBytes } from "node:crypto";
import { afterAll, beforeAll } from "@jest/globals";
import { signIn } from "@keyspaces-segmentation/aws-session";
import { waitUntil } from "@keyspaces-segmentation/common";
import { createKeyspace, listKeyspaces } from "@keyspaces-segmentation/invoice-store/dist/schema.js";
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
    await it.client.execute(`DROP KEYSPACE IF EXISTS ${it.keyspace}`, [], { prepare: false });
    await it.client.shutdown();
  });
  return it;
}

/** Makes a keyspace as an administrator does, without the tags of what is made here. */
export async function makeKeyspaceByHand(client: KeyspacesClient, keyspace: string): Promise<void> {
  const statement = `CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SingleRegionStrategy'}`;
  await client.execute(statement, [], { prepare: false });
  await waitUntil(
    "the keyspace to be there",
    async () =>
      (await listKeyspaces(client)).includes(keyspace) ? { done: true, seen: "there" } : { seen: "not yet" },
    { deadlineMs: 60_000 },
  );
}
