import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { listKeyspaces } from "@keyspaces-segmentation/invoice-store";
import { connectToKeyspaces, type KeyspacesClient } from "@keyspaces-segmentation/keyspaces-bulk";
import { interruptible, showTable } from "@keyspaces-segmentation/notebook-charts";
import type { Settings } from "./settings.js";

/**
 * Step 2: connects to Amazon Keyspaces and shows the keyspaces that are there.
 *
 * @throws StepError naming endpoint, region, identity and the likely cause
 */
export async function connect(session: AwsSession, settings: Settings): Promise<KeyspacesClient> {
  const db = await interruptible((signal) =>
    connectToKeyspaces(session, settings, { signal, traffic: settings.costs.meter }),
  );
  const names = await listKeyspaces(db);
  showTable(
    names.map((keyspace) => ({ keyspace })),
    { caption: "Keyspaces of this account" },
  );
  return db;
}

/** Closes the connections. */
export async function close(db: KeyspacesClient): Promise<void> {
  await db.shutdown();
}
