import type { Resource } from "../schema/schema_store.js";
import { notFound } from "./errors.js";

/** Whose keyspaces they are. */
export interface Owner {
  readonly region: string;
  readonly account: string;
}

const baseOf = ({ region, account }: Owner): string => `arn:aws:cassandra:${region}:${account}:`;

export const keyspaceArn = (owner: Owner, keyspace: string): string => `${baseOf(owner)}/keyspace/${keyspace}/`;
export const tableArn = (owner: Owner, keyspace: string, table: string): string =>
  `${keyspaceArn(owner, keyspace)}table/${table}`;

/** What an ARN names. @throws AwsError for one that is none of this account's and Region's */
export function resourceNamed(arn: string, owner: Owner): Resource {
  const [, keyspace, table] = /^\/keyspace\/(\w+)\/?(?:table\/(\w+))?$/.exec(arn.slice(baseOf(owner).length)) ?? [];
  if (!arn.startsWith(baseOf(owner)) || keyspace === undefined) {
    throw notFound(`Unable to find resource ${arn}`, arn);
  }
  return table === undefined
    ? { arn: keyspaceArn(owner, keyspace), keyspace, table }
    : { arn: tableArn(owner, keyspace, table), keyspace, table };
}
