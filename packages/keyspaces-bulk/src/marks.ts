import type { Client } from "cassandra-driver";
import { readRows, type TableName } from "./statements.js";

/** Tags of a keyspace or table. */
export type Tags = Readonly<Record<string, string>>;

/** What is made here is known by it from what is somebody else's. */
const mark: Tags = { "made-by": "keyspaces-segmentation" };

/**
 * Tags as CQL writes them. What comes from outside must be of the characters that tags may have, which a quote is not.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/tagging-keyspaces.html
 */
export const tagLiteral = (tags: Tags): string =>
  `{${Object.entries(tags)
    .map(([key, value]) => `'${key}': '${value}'`)
    .join(", ")}}`;

/**
 * The tags that mark a keyspace or table as made here, and further ones, as CQL writes them. Given with its CREATE they come and go
 * with it, which a note kept anywhere else would not.
 */
export const markTags = (further: Tags = {}): string => tagLiteral({ ...mark, ...further });

/** The same for what is made over a connection that has tags of its own. */
export const markTagsOver = (client: Client & { readonly tags?: Tags }, further: Tags = {}): string =>
  markTags({ ...client.tags, ...further });

/**
 * The tags of a keyspace, or of a table in it, that bears the mark; undefined where it has none and so is somebody else's.
 *
 * @throws what the service answers
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/Tagging.Operations.view.table.html
 */
export async function markedTags(
  client: Client,
  { keyspace, table }: { keyspace: string; table?: string },
  signal?: AbortSignal,
): Promise<Tags | undefined> {
  // One of the few conditions that the service takes; a table may be called as its keyspace is.
  const query = `SELECT resource_type, tags FROM system_schema_mcs.tags WHERE keyspace_name = ? AND ${
    table === undefined ? "resource_type" : "resource_name"
  } = ?`;
  const rows = await readRows(client, query, [keyspace, table ?? "keyspace"], { signal });
  const row = rows.find((each) => each.resource_type === (table === undefined ? "keyspace" : "table"));
  const tags = (row?.tags ?? {}) as Tags;
  return Object.entries(mark).every(([key, value]) => tags[key] === value) ? tags : undefined;
}

/** What to do about a table that has no mark. */
export const unmarkedHint = ({ keyspace, table }: TableName): string =>
  "Choose another keyspace or table with the parameters `keyspace` and `table`. If that one is yours and may be written to, and " +
  `dropped with its keyspace, mark it: ALTER TABLE "${keyspace}"."${table}" ADD TAGS ${markTags()}`;
