import type { Client } from "cassandra-driver";

/** All rows of a table as JSON, in an order that says nothing but is the same each time. */
export async function tableContents(
  client: Client,
  { keyspace, table }: { keyspace: string; table: string },
): Promise<string[]> {
  const rows: string[] = [];
  let pageState: string | undefined;
  do {
    const page = await client.execute(`SELECT * FROM ${keyspace}.${table}`, [], {
      prepare: true,
      ...(pageState && { pageState }),
    });
    for (const row of page.rows) rows.push(JSON.stringify(row));
    pageState = page.pageState ?? undefined;
  } while (pageState !== undefined);
  return rows.sort();
}
