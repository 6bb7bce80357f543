import type { AddTagsInput, DeleteTagsInput, ListTagsInput, Tag } from "@aws-sdk/client-sagemaker";
import { AwsError } from "@keyspaces-segmentation/local-support";
import type { SageMakerContext } from "../context.js";
import type { Tags } from "../records.js";

const LIMIT = 50;

/** Keys compare as they are written; the last of equal ones counts. */
const tagsOf = (list: readonly Tag[]): Tags => new Map(list.map(({ Key = "", Value = "" }) => [Key, Value]));

/** Remembers the tags that a resource was made with. */
export function setTags({ tags }: SageMakerContext, arn: string, list: readonly Tag[] = []): void {
  tags.set(arn, tagsOf(list));
}

function tagsAt(arn: string, { tags }: SageMakerContext): Tags {
  const found = tags.get(arn.toLowerCase());
  if (!found) throw new AwsError("ValidationException", `Could not find resource "${arn}".`);
  return found;
}

const listed = (tags: Tags): Tag[] => [...tags].map(([Key, Value]) => ({ Key, Value }));

/** Adds tags, in place of those with the same keys. */
export function addTags(input: unknown, context: SageMakerContext): object {
  const { ResourceArn, Tags } = context.check<Required<AddTagsInput>>("AddTags", input);
  const tags = tagsAt(ResourceArn ?? "", context);
  const merged = new Map([...tags, ...tagsOf(Tags ?? [])]);
  if (merged.size > LIMIT) {
    throw new AwsError("ResourceLimitExceeded", `A resource cannot have more than ${LIMIT} tags.`);
  }
  for (const [key, value] of merged) tags.set(key, value);
  return { Tags: listed(tags) };
}

/** All tags of a resource; there is never a second page. */
export function listTags(input: unknown, context: SageMakerContext): object {
  const { ResourceArn = "" } = context.check<ListTagsInput>("ListTags", input);
  return { Tags: listed(tagsAt(ResourceArn, context)) };
}

/** Removes tags; those that are not there are no fault. */
export function deleteTags(input: unknown, context: SageMakerContext): object {
  const { ResourceArn = "", TagKeys = [] } = context.check<DeleteTagsInput>("DeleteTags", input);
  const tags = tagsAt(ResourceArn, context);
  for (const key of TagKeys) tags.delete(key);
  return {};
}
