import { quoteString, textLiteral } from "../cql/properties.js";
import type { Backend } from "../protocol/backend.js";
import { type Owner, streamArn } from "./arns.js";
import { textOf } from "./cells.js";
import { viewOf, withStreamShown } from "./custom_properties.js";
import { readCustomPropertiesCell } from "./load_schema.js";
import { MCS_KEYSPACE } from "./system_tables.js";

/** Where streams were kept, one for each table, when they ended with their table's cdc. */
const [KEYSPACE, TABLE] = ["system_gateway", "streams"];

/**
 * Takes over the streams of a directory that an earlier version has made, under the names that they have, and shows their tables as they
 * are shown now. To be done before either is read.
 *
 * @param streams the table that they go to
 */
export async function adoptEarlierStreams(backend: Backend, streams: string, owner: Owner): Promise<void> {
  const known = "SELECT table_name FROM system_schema.tables";
  const kept = await backend.query(`${known} WHERE keyspace_name = '${KEYSPACE}' AND table_name = '${TABLE}'`);
  if (kept.length === 0) return;
  for (const row of await backend.query(`SELECT * FROM ${KEYSPACE}.${TABLE}`)) {
    const [keyspace, table, label] = [textOf(row, "keyspace_name"), textOf(row, "table_name"), textOf(row, "label")];
    const ofTable = `WHERE keyspace_name = ${quoteString(keyspace)} AND table_name = ${quoteString(table)}`;
    const [note] = await backend.query(`SELECT * FROM ${MCS_KEYSPACE}.tables ${ofTable}`);
    if (!note) continue;
    const properties = readCustomPropertiesCell(note);
    const names = [keyspace, table, label, viewOf(properties)].map(quoteString).join(", ");
    await backend.query(
      `INSERT INTO ${streams} (keyspace_name, table_name, label, view_type, created) VALUES (${names}, ?)`,
      [row.get("created") ?? null],
    );
    const arn = streamArn(owner, keyspace, table, label);
    const shown = textLiteral(withStreamShown(properties, arn));
    await backend.query(`UPDATE ${MCS_KEYSPACE}.tables SET custom_properties = ${shown} ${ofTable}`);
  }
  await backend.query(`DROP TABLE ${KEYSPACE}.${TABLE}`);
}
