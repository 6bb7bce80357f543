import { keysOfTables, type TableName } from "@keyspaces-segmentation/keyspaces-bulk";
import type { Client } from "cassandra-driver";
import { ownTables } from "./schema.js";

/** What a run encrypts, and with which key. */
export interface EncryptedRun extends TableName {
  /** ARN of the parameter's key; null: each service's default. */
  kmsKey: string | null;
}

/**
 * Says with which key each thing of a run is encrypted, and which tables were there already with another one: those keep it.
 *
 * @throws StepError
 */
export async function encryptionText(
  client: Client,
  { keyspace, table, kmsKey }: EncryptedRun,
  { signal }: { signal?: AbortSignal } = {},
): Promise<string> {
  const keys = await keysOfTables(client, keyspace, { signal });
  const own = [table, ...Object.keys(ownTables)].filter((name) => keys.has(name));
  const others = own
    .filter((name) => keys.get(name) !== kmsKey)
    .map((name) => `${name} (${keys.get(name) ?? "a key of Keyspaces' own"})`);
  const all =
    kmsKey === null
      ? "All is encrypted with each service's default: the tables with a key of Keyspaces' own, the objects as their bucket has it, SageMaker's disks with a key of its own."
      : `The key ${kmsKey} encrypts the tables, the objects in S3, and the disks and results of training and batch transform; disks that an instance type brings along, and a serverless endpoint, take no key.`;
  const kept = others.length === 0 ? "" : ` There already with another key, which they keep: ${others.join(", ")}.`;
  return all + kept;
}
