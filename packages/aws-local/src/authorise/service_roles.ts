import { requestValues } from "@keyspaces-segmentation/iam-local";
import type { StoreGuard } from "../sagemaker/store.js";
import type { Call } from "./call.js";
import { onObject } from "./describe_s3.js";
import { passedRole, resourceMade } from "./describe_sagemaker.js";
import { type Gate, serviceSession } from "./gate.js";
import { unusableKey } from "./key_use.js";

/**
 * SageMaker has to be trusted by the role that it is handed.
 *
 * @throws AwsError
 */
export function trustSageMaker(gate: Gate, call: Call): void {
  const role = passedRole(call);
  if (role === undefined) return;
  gate.assumeForService(role, resourceMade(call), call.account);
}

/** What roles may do that SageMaker acts as: their own policies decide, and those of bucket and key. */
export function guardOf(gate: Gate, region: string): StoreGuard {
  return {
    forObject: (role, action, bucket, key) => gate.refusal(serviceSession(role), onObject(action, bucket, key ?? "")),
    async forLogs(role, action, group, stream) {
      const own = `arn:aws:logs:${region}:${role.split(":")[4]}:log-group:${group}`;
      const resource = stream === undefined ? own : `${own}:log-stream:${stream}`;
      const request = { action: `logs:${action}`, resource, values: requestValues({}) };
      return (await gate.refusal(serviceSession(role), request)) === undefined;
    },
    async forKey(role, action, key) {
      const values = requestValues({ "kms:ViaService": `s3.${region}.amazonaws.com` });
      const resource = await gate.arnOfKey(key);
      const unusable = await unusableKey(gate, key.startsWith("arn:") ? key : resource, region);
      // Whoever uploads the data is told of a key that is not there, where policies decide; elsewhere any name of a key will do.
      if (unusable && unusable.fault !== "keyNotFound") return unusable.message;
      return gate.refusal(serviceSession(role), { action: `kms:${action}`, resource, values });
    },
  };
}
