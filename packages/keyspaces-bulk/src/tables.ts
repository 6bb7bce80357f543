/** A table and the keyspace it is in, as the reader spells them. */
export interface TableName {
  keyspace: string;
  table: string;
}

/** What a table is made of: columns in order with their CQL types, and the primary key as CQL writes it. */
export interface TableDefinition {
  columns: Readonly<Record<string, string>>;
  primaryKey: string;
}

/** In quotes, capitals count and no name is a reserved word. */
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const qualified = ({ keyspace, table }: TableName): string => `${quoted(keyspace)}.${quoted(table)}`;

/**
 * `INSERT` of all columns of a table, in the order of its definition.
 *
 * @param options.withTtl whether the seconds that the row lives are bound behind its values
 */
export function insertInto(
  name: TableName,
  { columns }: TableDefinition,
  { withTtl = false }: { withTtl?: boolean } = {},
): string {
  const names = Object.keys(columns);
  const insert = `INSERT INTO ${qualified(name)} (${names.join(", ")}) VALUES (${names.map(() => "?").join(", ")})`;
  return withTtl ? `${insert} USING TTL ?` : insert;
}

/**
 * The lines of the invoices. `line` counts the repeats of a stock code on an invoice: without it in the key, repeated lines would
 * overwrite each other. Money is decimal, and the moment of sale keeps its time.
 */
export const retailTable: TableDefinition = {
  columns: {
    invoice: "text",
    stock_code: "text",
    line: "int",
    description: "text",
    quantity: "int",
    invoice_date: "timestamp",
    price: "decimal",
    customer_id: "text",
    country: "text",
  },
  primaryKey: "invoice, stock_code, line",
};

/** The files that were loaded into a table, by their fingerprint. */
export const loadsTable: TableDefinition = {
  columns: {
    data_table: "text",
    fingerprint: "text",
    uri: "text",
    loaded_at: "timestamp",
    lines: "int",
    stored: "int",
    rejected: "int",
    refused: "int",
    amount: "decimal",
    first_invoice: "text",
    last_invoice: "text",
    account: "text",
  },
  primaryKey: "data_table, fingerprint",
};
