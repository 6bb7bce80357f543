import { askKms } from "@keyspaces-segmentation/aws-local";
import { renderPolicy } from "./policies.js";

/** The parameter of the notebook that names the key. */
export const KMS_KEY = "SEGMENTATION_KMS_KEY";

/** What asks for a key to be made: there is none on one machine that could be named. */
export const NEW_KEY = "new";

/** Makes a KMS key with the policy of infra/iam, past the front. @returns its ARN */
export async function makeKey(moto: { region: string; port: number }, account: string): Promise<string> {
  const policy = renderPolicy("key_policy", { "AWS::Partition": "aws", "AWS::AccountId": account });
  const answer = await askKms(moto, "CreateKey", { Policy: JSON.stringify(policy) });
  const { KeyMetadata: key } = (answer ?? {}) as { KeyMetadata?: { Arn?: string } };
  if (key?.Arn === undefined) throw new Error("moto made no KMS key");
  return key.Arn;
}
