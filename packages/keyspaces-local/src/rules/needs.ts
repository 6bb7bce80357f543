/**
 * What a statement has to be allowed. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonkeyspacesforapachecassandra.html
 */
import type { Caller } from "@keyspaces-segmentation/iam-local";
import type { SchemaChange } from "../protocol/schema_change.js";
import type { Definition } from "../schema/ddl.js";
import { MCS_KEYSPACE } from "../schema/system_tables.js";

/** A permission: an action of Keyspaces on a resource. */
export interface Need {
  readonly action:
    | "Select"
    | "Modify"
    | "Create"
    | "Alter"
    | "Drop"
    | "TagResource"
    | "UntagResource"
    | "UpdatePartitioner"
    | "ListStreams"
    | "GetStream"
    | "GetShardIterator"
    | "GetRecords";
  /** What an ARN has behind the account; `*` for what is about no resource. */
  readonly resource: string;
  /** The tags that are given. */
  readonly tags?: ReadonlyMap<string, string>;
  readonly droppedTags?: readonly string[];
}

/** What one connection may do. */
export interface Access {
  /** Undefined for whoever may do everything. */
  readonly caller?: Caller;
  /** @throws Refusal in IAM's words for the first that is not allowed */
  require(needs: readonly Need[]): void;
}

const onTable = (keyspace: string, table: string): string => `/keyspace/${keyspace}/table/${table}`;

/** Of a statement that reads or writes rows; a condition reads what it is on. */
export function needsOfRows(
  { writes, conditional }: { readonly writes: boolean; readonly conditional: boolean },
  keyspace: string,
  table: string,
): Need[] {
  const resource = onTable(keyspace, table);
  const read: Need = { action: "Select", resource };
  if (!writes) return [read];
  return [{ action: "Modify", resource }, ...(conditional ? [read] : [])];
}

/** To choose the account's partitioner: `UPDATE system.local SET partitioner = …`. */
export const partitionerNeed: Need = { action: "UpdatePartitioner", resource: onTable("system", "local") };

/** To hear of a change of the schema: what it takes to read there what has changed. */
export const needsToKnow = ({ object }: SchemaChange): Need[] => [
  { action: "Select", resource: onTable(MCS_KEYSPACE, `${object}s`) },
];

/** For what goes without saying where it is not. */
export function isAllowed(access: Access, needs: readonly Need[]): boolean {
  try {
    access.require(needs);
    return true;
  } catch {
    return false;
  }
}

const actions = { create: "Create", alter: "Alter", drop: "Drop" } as const;

/** Of a definition; a type has no resource of its own, and is its keyspace's. */
export function needsOfDefinition(definition: Definition): Need[] {
  const { kind, object, keyspace, name, tags, droppedTags, streamTags, droppedStreamTags } = definition;
  const resource = object === "table" ? onTable(keyspace, name) : `/keyspace/${keyspace}/`;
  const tagged = { resource, tags };
  // Its label is not known before it begins.
  const stream = `${resource}/stream/*`;
  return [
    { action: actions[kind], ...tagged },
    ...(tags.size > 0 ? [{ action: "TagResource" as const, ...tagged }] : []),
    ...(droppedTags.length > 0 ? [{ action: "UntagResource" as const, resource, droppedTags }] : []),
    ...(streamTags.size > 0 ? [{ action: "TagResource" as const, resource: stream, tags: streamTags }] : []),
    ...(droppedStreamTags.length > 0
      ? [{ action: "UntagResource" as const, resource: stream, droppedTags: droppedStreamTags }]
      : []),
  ];
}
