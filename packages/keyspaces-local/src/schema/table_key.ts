import type { Caller } from "@keyspaces-segmentation/iam-local";
import { invalid } from "../protocol/refusal.js";
import type { Definition } from "./ddl.js";

/**
 * Asks KMS for a key that tables are to be encrypted with.
 *
 * @returns why the caller cannot have it used; undefined if they can
 */
export type KeyLookup = (arn: string, caller: Caller) => Promise<string | undefined>;

const keyArn = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[\w-]+$/;

/**
 * A table's key has to be one of its Region that whoever defines the table may use. The documentation says that it is an Invalid Request
 * otherwise, not in which words.
 *
 * @param caller undefined for whoever may do everything, keys included
 * @throws Refusal
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/encryption.customermanaged.html
 */
export async function checkTableKey(
  { customProperties }: Pick<Definition, "customProperties">,
  { region, keys }: { readonly region: string; readonly keys?: KeyLookup | undefined },
  caller: Caller | undefined,
): Promise<void> {
  const arn = customProperties.get("encryption_specification")?.get("kms_key_identifier");
  if (arn === undefined) return;
  const [, keyRegion] = keyArn.exec(arn) ?? [];
  if (keyRegion === undefined)
    throw invalid(`The kms_key_identifier has to be the ARN of a KMS key, got '${arn}'`, "KL-KEY");
  if (keyRegion !== region) throw invalid(`The KMS key ${arn} is not in the Region of the table, ${region}`, "KL-KEY");
  const reason = caller && (await keys?.(arn, caller));
  if (reason !== undefined) throw invalid(`The KMS key of the table cannot be used: ${reason}`, "KL-KEY");
}
