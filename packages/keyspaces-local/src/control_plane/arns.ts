import { baseArn, keyspaceArn, type Owner, streamArn, tableArn } from "../schema/arns.js";
import type { Resource } from "../schema/schema_store.js";
import { notFound } from "./errors.js";

/** What an ARN names. @throws AwsError for one that is none of this account's and Region's */
export function resourceNamed(arn: string, owner: Owner): Resource {
  const named = /^\/keyspace\/(\w+)\/?(?:table\/(\w+)(?:\/stream\/([\w:.-]+))?)?$/;
  const [, keyspace, table, stream] = named.exec(arn.slice(baseArn(owner).length)) ?? [];
  if (!arn.startsWith(baseArn(owner)) || keyspace === undefined) {
    throw notFound(`Unable to find resource ${arn}`, arn);
  }
  if (table !== undefined && stream !== undefined)
    return { arn: streamArn(owner, keyspace, table, stream), keyspace, table, stream };
  return table === undefined
    ? { arn: keyspaceArn(owner, keyspace), keyspace, table }
    : { arn: tableArn(owner, keyspace, table), keyspace, table };
}
