import { readTags } from "../schema/custom_properties.js";
import type { Resource } from "../schema/schema_store.js";
import type { Stream } from "../schema/stream_store.js";
import { resourceNamed } from "./arns.js";
import type { ControlPlaneContext } from "./context.js";
import { notFound } from "./errors.js";
import { requireKeyspace, requireTable } from "./existing.js";
import { type ListRequest, pageOf } from "./listing.js";
import { mapOfTags, type Tag } from "./tag_list.js";

interface TaggingRequest {
  readonly resourceArn: string;
  readonly tags: readonly Tag[];
}

/** @throws AwsError for what is not there */
function requireResource({ arn, keyspace, table, stream }: Resource, context: ControlPlaneContext): void {
  if (table === undefined) requireKeyspace(keyspace, context);
  else requireTable(keyspace, table, context);
  const isThere = context.streams.streams().some((each) => isOf(each, keyspace, table) && each.label === stream);
  if (stream !== undefined && !isThere) throw notFound(`Unable to find resource ${arn}`, arn);
}

const isOf = (stream: Stream, keyspace: string, table: string | undefined): boolean =>
  stream.keyspace === keyspace && stream.table === table;

/** What an ARN has behind the account. */
const pathOf = ({ arn }: Resource): string => arn.slice(arn.indexOf("/keyspace/"));

export async function tagResource(
  { resourceArn, tags }: TaggingRequest,
  context: ControlPlaneContext,
): Promise<object> {
  const resource = resourceNamed(resourceArn, context);
  const added = readTags(mapOfTags(tags));
  context.access.require([{ action: "TagResource", tags: added, resource: pathOf(resource) }]);
  requireResource(resource, context);
  await context.store.changeTags(resource, added, []);
  return {};
}

export async function untagResource(
  { resourceArn, tags }: TaggingRequest,
  context: ControlPlaneContext,
): Promise<object> {
  const resource = resourceNamed(resourceArn, context);
  const droppedTags = tags.map(({ key }) => key);
  context.access.require([{ action: "UntagResource", droppedTags, resource: pathOf(resource) }]);
  requireResource(resource, context);
  await context.store.changeTags(resource, new Map(), droppedTags);
  return {};
}

export async function listTagsForResource(
  request: ListRequest & { readonly resourceArn: string },
  context: ControlPlaneContext,
): Promise<object> {
  const resource = resourceNamed(request.resourceArn, context);
  context.access.require([{ action: "Select", resource: pathOf(resource) }]);
  requireResource(resource, context);
  const tags = await context.store.tagsOf(resource.arn);
  const { page, nextToken } = pageOf([...tags.keys()], request);
  return { tags: page.map((key) => ({ key, value: tags.get(key) })), nextToken };
}
