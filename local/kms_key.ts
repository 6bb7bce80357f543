import { renderPolicy } from "./policies.js";

/** The parameter of the notebook that names the key. */
export const KMS_KEY = "SEGMENTATION_KMS_KEY";

/** What asks for a key to be made: there is none on one machine that could be named. */
export const NEW_KEY = "new";

/** Makes a KMS key with the policy of infra/iam, past the front. @returns its ARN */
export async function makeKey(
  { region, port }: { region: string; port: number },
  account: string,
  signal: AbortSignal,
): Promise<string> {
  const policy = renderPolicy("key_policy", { "AWS::Partition": "aws", "AWS::AccountId": account });
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "TrentService.CreateKey",
      authorization: `AWS4-HMAC-SHA256 Credential=stand-in/20200101/${region}/kms/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify({ Policy: JSON.stringify(policy) }),
    signal,
  });
  const { KeyMetadata: key } = (await answer.json()) as { KeyMetadata?: { Arn?: string } };
  if (key?.Arn === undefined) throw new Error(`moto made no KMS key: ${answer.status}`);
  return key.Arn;
}
