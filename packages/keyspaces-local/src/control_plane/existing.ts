import { keyspaceArn, tableArn } from "../schema/arns.js";
import type { TableRecord } from "../schema/records.js";
import { visibleSystemKeyspaces } from "../schema/system_tables.js";
import type { ControlPlaneContext } from "./context.js";
import { notFound } from "./errors.js";

/** What there is of a keyspace, the service's own among them. */
export interface ExistingKeyspace {
  readonly status: string;
  /** Empty for one in this Region alone. */
  readonly regions: readonly string[];
}

/** @throws AwsError for one that is not there, or not yet */
export function requireKeyspace(keyspace: string, context: ControlPlaneContext): ExistingKeyspace {
  if (visibleSystemKeyspaces.includes(keyspace)) return { status: "ACTIVE", regions: [] };
  const found = context.lifecycle.findKeyspace(keyspace);
  if (found && found.status !== "CREATING") return found;
  throw notFound(`Unable to find keyspace ${keyspace}`, keyspaceArn(context, keyspace));
}

/** @throws AwsError for one that is not there */
export function requireTable(keyspace: string, table: string, context: ControlPlaneContext): TableRecord {
  const found = context.lifecycle.findTable(keyspace, table);
  if (found) return found;
  throw notFound(`Unable to find table ${keyspace}.${table}`, tableArn(context, keyspace, table));
}
