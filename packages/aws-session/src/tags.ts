import { type AwsSession, ownerOf } from "./session.js";

/** The key of the tag that names the run which has made something. */
const runTag = "keyspaces-segmentation:run";

const mark = { "made-by": "keyspaces-segmentation" } as const;

/** Who has made something, and in which run, as far as that was noted. */
export interface Origin {
  readonly run: string | undefined;
  /** As `ownerOf` words it. */
  readonly owner: string | undefined;
}

/**
 * The tags of whatever a session makes: that it was made here, for whom, and in which run.
 *
 * @see https://docs.aws.amazon.com/whitepapers/latest/tagging-best-practices/tagging-best-practices.html
 */
export function tagsOf(aws: Pick<AwsSession, "arn" | "run">): Readonly<Record<string, string>> {
  return { ...mark, "made-for": ownerOf(aws), ...(aws.run !== undefined && { [runTag]: aws.run }) };
}

/** Reads such tags; undefined where they are not of something that was made here. */
export function originOf(tags: Readonly<Record<string, string>>): Origin | undefined {
  if (tags["made-by"] !== mark["made-by"]) return undefined;
  return { run: tags[runTag], owner: tags["made-for"] };
}

/** The same as metadata of an object in S3, whose names take no colon and which, unlike its tags, cost nothing and need no permission. */
export function objectMetadata(aws: Pick<AwsSession, "arn" | "run">): Record<string, string> {
  return { ...mark, "made-for": ownerOf(aws), ...(aws.run !== undefined && { run: aws.run }) };
}

/** Reads such metadata; undefined where the object was not made here. */
export function originOfObject(metadata: Readonly<Record<string, string>>): Origin | undefined {
  if (metadata["made-by"] !== mark["made-by"]) return undefined;
  return { run: metadata.run, owner: metadata["made-for"] };
}
