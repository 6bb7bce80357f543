import type { AwsSession } from "@keyspaces-segmentation/aws-session";
import { keyArnOf, ownerOf } from "@keyspaces-segmentation/aws-session";
import type { Invoices } from "@keyspaces-segmentation/invoice-store";
import { chooseKeyspace, createRetailTable, encryptionText, keyspaceText } from "@keyspaces-segmentation/invoice-store";
import type { KeyspacesClient, TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import { interruptible, markdown } from "@keyspaces-segmentation/notebook-charts";
import { invoicesOf } from "./retail_data.js";
import type { Settings } from "./settings.js";

/** The table that a run works on, and whose invoices are in it. */
export interface RetailTable extends TableName {
  readonly invoices: Invoices;
}

/**
 * Step 3: finds or makes the keyspace and the table of invoice lines, waits until they can be used, and says which they are,
 * and which keys encrypt what. The parameters `keyspace` and `kmsKey` are set to the keyspace that was chosen, and to the key's ARN.
 *
 * @throws StepError when the service refuses, or the names are taken by somebody else's tables
 */
export async function create(db: KeyspacesClient, session: AwsSession, settings: Settings): Promise<RetailTable> {
  const { parameters } = settings;
  parameters.kmsKey = keyArnOf(session, parameters.kmsKey);
  const invoices = await invoicesOf(session, settings);
  const owner = ownerOf(session);
  const chosen = await interruptible((signal) => chooseKeyspace(db, settings, { invoices, owner, signal }));
  parameters.keyspace = chosen.keyspace;
  const { keyspace, table, kmsKey } = parameters;
  const { created } = await interruptible((signal) => createRetailTable(db, { keyspace, table }, { kmsKey, signal }));
  const how = created ? "is new" : "was there already";
  markdown`${keyspaceText(chosen, parameters)} Table \`${table}\` ${how} and is ACTIVE. ${await encryptionText(db, parameters)}`;
  return { keyspace, table, invoices };
}
