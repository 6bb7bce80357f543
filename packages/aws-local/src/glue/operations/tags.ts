import { AwsError } from "@keyspaces-segmentation/local-support";
import type { GlueContext } from "../context.js";

function tagsAt(arn: string, { tags }: GlueContext): Map<string, string> {
  const found = tags.get(arn);
  if (!found) throw new AwsError("EntityNotFoundException", `Entity not found: ${arn}`);
  return found;
}

export function tagResource(input: unknown, context: GlueContext): object {
  const request = context.check<{ ResourceArn: string; TagsToAdd: Record<string, string> }>("TagResource", input);
  const tags = tagsAt(request.ResourceArn, context);
  for (const [key, value] of Object.entries(request.TagsToAdd)) tags.set(key, value);
  return {};
}

export function untagResource(input: unknown, context: GlueContext): object {
  const request = context.check<{ ResourceArn: string; TagsToRemove: string[] }>("UntagResource", input);
  const tags = tagsAt(request.ResourceArn, context);
  for (const key of request.TagsToRemove) tags.delete(key);
  return {};
}

export function getTags(input: unknown, context: GlueContext): object {
  const { ResourceArn } = context.check<{ ResourceArn: string }>("GetTags", input);
  return { Tags: Object.fromEntries(tagsAt(ResourceArn, context)) };
}
