/** What has become of a keyspace, table or type: what drivers that keep the schema have yet to learn. */
export interface SchemaChange {
  readonly change: "CREATED" | "UPDATED" | "DROPPED";
  readonly object: "keyspace" | "table" | "type";
  readonly keyspace: string;
  /** Of the table or type; empty for a keyspace. */
  readonly name: string;
}
