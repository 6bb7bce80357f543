import { type Caller, requestValues } from "@keyspaces-segmentation/iam-local";
import type { Gate } from "./gate.js";

/** Why a key cannot be used by anybody: a name as KMS has it, and its words. */
export interface UnusableKey {
  readonly fault: "keyNotFound" | "keyDisabled" | "keyInvalidState";
  readonly message: string;
}

/** @returns undefined for a key that is enabled */
export async function unusableKey(gate: Gate, arn: string, region: string): Promise<UnusableKey | undefined> {
  const [, , service, keyRegion] = arn.split(":");
  if (service === "kms" && keyRegion !== region) return { fault: "keyNotFound", message: `Invalid arn ${keyRegion}` };
  const state = await gate.stateOfKey(arn);
  if (state === undefined) return { fault: "keyNotFound", message: `Key '${arn}' does not exist` };
  if (state === "Disabled") return { fault: "keyDisabled", message: `${arn} is disabled.` };
  if (state === "PendingDeletion") return { fault: "keyInvalidState", message: `${arn} is pending deletion.` };
  return undefined;
}

/** What whoever encrypts a table with a key has to be allowed on it. https://docs.aws.amazon.com/keyspaces/latest/devguide/encryption.customermanaged.html */
const forTables = [
  ...["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo"],
  ...["GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "DescribeKey", "CreateGrant"],
];

/** Whether Keyspaces may use a key on behalf of a caller. @returns why not; undefined if it may */
export async function tableKeyRefusal(
  gate: Gate,
  { arn, region }: { arn: string; region: string },
  caller: Caller,
): Promise<string | undefined> {
  const unusable = await unusableKey(gate, arn, region);
  if (unusable) return unusable.message;
  const values = requestValues({
    "kms:ViaService": `cassandra.${region}.amazonaws.com`,
    "kms:CallerAccount": caller.account,
  });
  for (const action of forTables) {
    const refusal = await gate.refusal(caller, { action: `kms:${action}`, resource: arn, values });
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}
