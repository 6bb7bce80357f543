import { StepError, shellWord } from "@keyspaces-segmentation/common";
import { partitionOf } from "./partition.js";
import type { AwsSession } from "./session.js";

/**
 * The ARN of a KMS key, which Keyspaces wants: that of an id is of this account and region.
 *
 * @param key null: none
 * @throws StepError for an alias, and for a key of another region
 */
export function keyArnOf(
  { region, account }: Pick<AwsSession, "region" | "account">,
  key: string | null,
): string | null {
  if (key === null) return null;
  const refuse = (got: string, hint: string) => new StepError({ tried: `encrypt with the KMS key ${key}`, got, hint });
  if (/(^|:)alias\//.test(key)) {
    const hint = `Set the parameter kmsKey to the ARN that \`aws kms describe-key --key-id ${shellWord(key)} --query KeyMetadata.Arn\` prints.`;
    throw refuse("it is an alias, and Keyspaces takes the ARN of a key only", hint);
  }
  if (!key.includes(":"))
    return `arn:${partitionOf(region).id}:kms:${region}:${account}:key/${key.replace(/^key\//, "")}`;
  const [, keyRegion] = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[\w-]+$/.exec(key) ?? [];
  if (keyRegion === region) return key;
  const got =
    keyRegion === undefined ? "that is no ARN of a KMS key" : `it is in ${keyRegion}, and this run in ${region}`;
  throw refuse(got, `Set the parameter kmsKey to the id or ARN of a key in ${region}.`);
}
