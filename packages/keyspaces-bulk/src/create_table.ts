import { StepError, waitUntil } from "@keyspaces-segmentation/common";
import { type Client, types } from "cassandra-driver";
import { codeOf, keyspacesFailure } from "./failure.js";
import { markedTags, markTagsOver, unmarkedHint } from "./marks.js";
import { qualified, readRows, runDdl, type TableDefinition, type TableName } from "./statements.js";

export interface SchemaOptions {
  signal?: AbortSignal;
}

export interface NewTableOptions extends SchemaOptions {
  /** ARN of the KMS key to encrypt a new table with; null or none: a key of Keyspaces' own. */
  kmsKey?: string | null;
}

/** Whether a keyspace or table was made just now, or was there already. */
export interface Made {
  created: boolean;
}

/** DDL takes seconds as a rule; AWS's own tools wait this long for it. */
export const ddlDeadlineMs: number = 15 * 60_000;

/** What the service says of a table: "ACTIVE" when it can be used, and whether rows may be given a time to live. */
interface TableState {
  status: string;
  takesTtl: boolean;
}

async function stateOf(
  client: Client,
  { keyspace, table }: TableName,
  signal?: AbortSignal,
): Promise<TableState | undefined> {
  const query =
    "SELECT status, custom_properties FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = ?";
  const [row] = await readRows(client, query, [keyspace, table], { signal });
  const properties = row?.custom_properties as Record<string, Record<string, string>> | null | undefined;
  return row && { status: String(row.status), takesTtl: properties?.ttl?.status === "enabled" };
}

/** Whether there is such a table, anybody's, one that is not about to be gone. @throws what the service answers */
export async function hasTable(client: Client, name: TableName, signal?: AbortSignal): Promise<boolean> {
  const state = await stateOf(client, name, signal);
  return state !== undefined && state.status !== "DELETING";
}

/**
 * The same of a table that the walkthrough has made: somebody else's of that name is none of its business.
 *
 * @throws what the service answers
 */
export async function hasOwnTable(client: Client, name: TableName, signal?: AbortSignal): Promise<boolean> {
  return (await hasTable(client, name, signal)) && (await markedTags(client, name, signal)) !== undefined;
}

async function checkMark(client: Client, name: TableName, signal: AbortSignal | undefined): Promise<void> {
  if ((await markedTags(client, name, signal)) !== undefined) return;
  throw new StepError({
    tried: `use the table ${name.keyspace}.${name.table}`,
    got: "it is there, and this walkthrough has not made it, so nothing is written to it",
    hint: unmarkedHint(name),
  });
}

async function checkColumns(client: Client, name: TableName, expected: TableDefinition): Promise<void> {
  const query = "SELECT column_name, type FROM system_schema.columns WHERE keyspace_name = ? AND table_name = ?";
  const rows = await readRows(client, query, [name.keyspace, name.table]);
  const inWords = (columns: [string, unknown][]) =>
    columns
      .map(([column, type]) => `${column} ${type}`)
      .sort()
      .join(", ");
  const found = inWords(rows.map((row) => [String(row.column_name), row.type]));
  if (found === inWords(Object.entries(expected.columns))) return;
  throw new StepError({
    tried: `use the table ${name.keyspace}.${name.table}`,
    got: `it is there with other columns (${found})`,
    hint: "Choose another keyspace or table, or drop that table if nobody needs it.",
  });
}

const ttlEnabled = "'ttl': {'status': 'enabled'}";

/** @see https://docs.aws.amazon.com/keyspaces/latest/devguide/encryption.customermanaged.html */
const encryptedWith = (arn: string): string =>
  `'encryption_specification': {'encryption_type': 'CUSTOMER_MANAGED_KMS_KEY', 'kms_key_identifier': '${arn.replaceAll("'", "''")}'}`;

function createStatement(
  client: Client,
  name: TableName,
  definition: TableDefinition,
  { withTtl, kmsKey }: { withTtl: boolean; kmsKey: string | null },
): string {
  const { columns, primaryKey } = definition;
  const parts = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
  const create = `CREATE TABLE IF NOT EXISTS ${qualified(name)} (${[...parts, `PRIMARY KEY (${primaryKey})`].join(", ")})`;
  const properties = [...(withTtl ? [ttlEnabled] : []), ...(kmsKey === null ? [] : [encryptedWith(kmsKey)])];
  const custom = properties.length > 0 ? ` AND CUSTOM_PROPERTIES = {${properties.join(", ")}}` : "";
  return `${create} WITH TAGS = ${markTagsOver(client)}${custom}`;
}

/**
 * Keyspaces cannot use the key of a table, which no waiting helps: the key is disabled, gone, or its grant was revoked.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/APIReference/API_GetTable.html
 */
class KeyOutOfReach extends Error {
  constructor({ keyspace, table }: TableName) {
    super(`the KMS key of ${keyspace}.${table} cannot be used: INACCESSIBLE_ENCRYPTION_CREDENTIALS`);
  }
}

async function untilActive(
  client: Client,
  name: TableName,
  { withTtl = false, withMark = false }: { withTtl?: boolean; withMark?: boolean },
  signal?: AbortSignal,
): Promise<void> {
  await waitUntil(
    `table ${name.keyspace}.${name.table} to become ACTIVE`,
    async () => {
      const state = await stateOf(client, name, signal);
      if (state?.status === "INACCESSIBLE_ENCRYPTION_CREDENTIALS") throw new KeyOutOfReach(name);
      const isReady = state?.status === "ACTIVE" && (state.takesTtl || !withTtl);
      if (!isReady) return { seen: state?.status ?? "not there yet" };
      const isMarked = !withMark || (await markedTags(client, name, signal)) !== undefined;
      return isMarked ? { done: true, seen: state.status } : { seen: `${state.status}, without its tags` };
    },
    { deadlineMs: ddlDeadlineMs, signal },
  );
}

export interface CreateTableOptions extends NewTableOptions {
  /** Whether rows may be given a time to live. It cannot be taken back, and changes nothing for rows without one. */
  withTtl?: boolean;
}

/** What to look at when a table with a key of one's own is refused; in which words that is done is not documented. */
const keyHint = (arn: string): string =>
  `Look at the KMS key ${arn}: it has to be enabled, in the Region of the table, and yours to use for Keyspaces, which the statements ` +
  "KeyForTables and DescribeKey of infra/iam/key_use_policy.json allow.";

/**
 * Creates a table, marks it as the walkthrough's and waits until it can be used. One that exists and is marked is left as it is,
 * except that it learns about times to live where that is asked for; it keeps its key.
 *
 * @throws StepError also when a table of that name is somebody else's, or has other columns
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/TTL-how-it-works.html
 */
export async function createTable(
  client: Client,
  name: TableName,
  definition: TableDefinition,
  { withTtl = false, kmsKey = null, signal }: CreateTableOptions = {},
): Promise<Made & { ttlEnabled: boolean }> {
  try {
    const before = await stateOf(client, name, signal);
    if (before === undefined) {
      await runDdl(client, createStatement(client, name, definition, { withTtl, kmsKey }), signal);
    } else await checkMark(client, name, signal);
    await untilActive(client, name, { withMark: before === undefined }, signal);
    await checkColumns(client, name, definition);
    const enable = withTtl && before?.takesTtl === false;
    if (enable) await runDdl(client, `ALTER TABLE ${qualified(name)} WITH CUSTOM_PROPERTIES = {${ttlEnabled}}`, signal);
    if (withTtl) await untilActive(client, name, { withTtl }, signal);
    return { created: before === undefined, ttlEnabled: enable };
  } catch (error) {
    signal?.throwIfAborted();
    const failure = keyspacesFailure(`create the table ${name.keyspace}.${name.table}`, error);
    if (error instanceof KeyOutOfReach) throw failure.withHint(keyHint(kmsKey ?? "that it was made with"));
    if (kmsKey === null || codeOf(error) !== types.responseErrorCodes.invalid) throw failure;
    throw failure.withHint(keyHint(kmsKey));
  }
}
