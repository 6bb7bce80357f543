import { ListRoleTagsCommand, ListUserTagsCommand } from "@aws-sdk/client-iam";
import { GetObjectTaggingCommand } from "@aws-sdk/client-s3";
import {
  type AccessRequest,
  type RequestValues,
  requestValues,
  resourceTagValues,
} from "@keyspaces-segmentation/iam-local";
import type { MotoClients } from "./moto_client.js";

type Pairs = readonly (readonly [key: string, value: string])[];

const pairsOf = (tags: readonly { Key?: string | undefined; Value?: string | undefined }[] = []): Pairs =>
  tags.map(({ Key = "", Value = "" }) => [Key, Value]);

/** Of what is not there, or not yet, none. */
const noneIfMissing = (error: unknown): Pairs => {
  if (error instanceof Error && /^(NoSuch|NotFound|MethodNotAllowed)/.test(error.name)) return [];
  throw error;
};

/** The actions on objects that s3:ExistingObjectTag is a key of, by the service authorization reference. */
const ofExistingObjects = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObjectTagging"];

/**
 * Reads the tags of what a request is about, as moto has them.
 *
 * @returns values for its conditions; undefined where AWS decides nothing by them, or they are not known here: of buckets; of a role that
 *   is passed, which its tags say nothing about
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
 */
export async function tagsOfResource(
  { iam, s3, kms }: MotoClients,
  { action, resource, values }: AccessRequest,
): Promise<RequestValues | undefined> {
  const [service = ""] = action.split(":");
  const found = async (): Promise<Pairs | undefined> => {
    const [, kind, name] = /^arn:[\w-]+:iam::\d{12}:(role|user)\/(?:.*\/)?([^/]+)$/.exec(resource) ?? [];
    if (name !== undefined && action !== "iam:PassRole") {
      const send = async () =>
        kind === "role"
          ? (await iam.send(new ListRoleTagsCommand({ RoleName: name }))).Tags
          : (await iam.send(new ListUserTagsCommand({ UserName: name }))).Tags;
      return send().then(pairsOf, noneIfMissing);
    }
    if (/^arn:[\w-]+:kms:[^:]*:\d*:key\//.test(resource)) {
      const answer = await kms("ListResourceTags", { KeyId: resource });
      const tags = (answer?.Tags ?? []) as { TagKey?: string; TagValue?: string }[];
      return tags.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]);
    }
    const [, Bucket, Key] = /^arn:[\w-]+:s3:::([^/]+)\/(.+)$/s.exec(resource) ?? [];
    if (Key === undefined || !ofExistingObjects.includes(action)) return undefined;
    const version = values.get("s3:versionid");
    const VersionId = typeof version === "string" ? version : undefined;
    const request = new GetObjectTaggingCommand({ Bucket, Key, ...(VersionId !== undefined && { VersionId }) });
    return s3.send(request).then(({ TagSet }) => pairsOf(TagSet), noneIfMissing);
  };
  const tags = await found();
  return tags && requestValues(resourceTagValues(tags, service));
}
