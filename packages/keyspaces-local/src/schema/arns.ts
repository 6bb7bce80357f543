/** Whose keyspaces they are. */
export interface Owner {
  readonly region: string;
  readonly account: string;
}

/** What the ARNs of all that is an account's in a Region begin with. */
export const baseArn = ({ region, account }: Owner): string => `arn:aws:cassandra:${region}:${account}:`;
export const keyspaceArn = (owner: Owner, keyspace: string): string => `${baseArn(owner)}/keyspace/${keyspace}/`;
export const tableArn = (owner: Owner, keyspace: string, table: string): string =>
  `${keyspaceArn(owner, keyspace)}table/${table}`;
/** @param label when it began, as its name has it */
export const streamArn = (owner: Owner, keyspace: string, table: string, label: string): string =>
  `${tableArn(owner, keyspace, table)}/stream/${label}`;
