import type { Client } from "cassandra-driver";
import { readRows } from "./read_rows.js";
import type { TableName } from "./tables.js";

/** Whose invoices a keyspace was made for: the reader's own, or the sample, which includes generated ones. */
export type Invoices = "own" | "sample";

/** What the walkthrough has noted about a keyspace or table when it made it. */
export interface Mark {
  /** Of a keyspace; undefined for a table. */
  invoices: Invoices | undefined;
  /** Of a keyspace, who has made it, as {@link ownerOf} words it; undefined where that was not noted, and for a table. */
  owner: string | undefined;
}

const [madeBy, walkthrough, invoicesKey, ownerKey] = ["made-by", "keyspaces-segmentation", "invoices", "made-for"];

/**
 * Who somebody is from one run to the next, in the characters of a tag: their ARN. Of a role's session the name is left out where a
 * tool has made it up anew for each run, as a long number in it tells.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/tagging-keyspaces.html
 */
export function ownerOf({ arn }: { arn: string }): string {
  const lasting = arn.replace(/^(arn:[\w-]+:sts::\d+:assumed-role\/[^/]+)\/.*(\d{8}|[\da-f]{16}).*$/, "$1");
  return lasting.replace(/[^\p{L}\p{N}_.:/=+\-@]/gu, "_").slice(0, 256);
}

const literal = (tags: Record<string, string>): string =>
  `{${Object.entries(tags)
    .map(([key, value]) => `'${key}': '${value}'`)
    .join(", ")}}`;

/**
 * The tags that mark a keyspace or table as the walkthrough's, as CQL writes them. Given with its CREATE they come and go with it,
 * which a note kept anywhere else would not.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/tagging-keyspaces.html
 */
export const markTags = ({ invoices, owner }: { invoices?: Invoices; owner?: string | undefined } = {}): string =>
  literal({
    [madeBy]: walkthrough,
    ...(invoices && { [invoicesKey]: invoices }),
    ...(owner && { [ownerKey]: owner }),
  });

/** The tag that says whose invoices a keyspace holds, as CQL writes it. */
export const invoicesTag = (invoices: Invoices): string => literal({ [invoicesKey]: invoices });

/**
 * The mark of a keyspace, or of a table in it; undefined where it has none and so is somebody else's.
 *
 * @throws what the service answers
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/Tagging.Operations.view.table.html
 */
export async function markOf(
  client: Client,
  { keyspace, table }: { keyspace: string; table?: string },
  signal?: AbortSignal,
): Promise<Mark | undefined> {
  // One of the few conditions that the service takes; a table may be called as its keyspace is.
  const query = `SELECT resource_type, tags FROM system_schema_mcs.tags WHERE keyspace_name = ? AND ${
    table === undefined ? "resource_type" : "resource_name"
  } = ?`;
  const rows = await readRows(client, query, [keyspace, table ?? "keyspace"], { signal });
  const row = rows.find((each) => each.resource_type === (table === undefined ? "keyspace" : "table"));
  const tags = (row?.tags ?? {}) as Record<string, string>;
  if (tags[madeBy] !== walkthrough) return undefined;
  const invoices = tags[invoicesKey];
  if (table !== undefined) return { invoices: undefined, owner: undefined };
  return { invoices: invoices === "sample" ? "sample" : "own", owner: tags[ownerKey] };
}

/** What to do about a table that has no mark. */
export const unmarkedHint = ({ keyspace, table }: TableName): string =>
  "Choose another keyspace or table with the parameters `keyspace` and `table`. If that one is yours and may be written to, and " +
  `dropped in the last step, mark it: ALTER TABLE "${keyspace}"."${table}" ADD TAGS ${markTags()}`;
