import { requestValues } from "@keyspaces-segmentation/iam-local";
import { AwsError } from "@keyspaces-segmentation/local-support";
import type { StoreGuard } from "../sagemaker/store.js";
import { type Call, membersOf } from "./call.js";
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
  const service = "sagemaker.amazonaws.com";
  if (gate.trusts(role, service, resourceMade(call), call.account)) return;
  throw new AwsError(
    "ValidationException",
    `Could not assume role ${role}. Please ensure that the role exists and allows principal '${service}' to assume the role.`,
  );
}

/** What SageMaker does in a VPC of one's own as the role that it is handed: https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html */
const inVpc = {
  looking: ["Subnets", "SecurityGroups", "Vpcs", "DhcpOptions", "NetworkInterfaces"].map((what) => `Describe${what}`),
  ofInterfaces: [
    "CreateNetworkInterface",
    "CreateNetworkInterfacePermission",
    "DeleteNetworkInterfacePermission",
    "DeleteNetworkInterface",
  ],
};

/**
 * Where jobs are to run in a VPC, the role has to be allowed what that takes.
 *
 * @throws AwsError
 */
export async function joinVpc(gate: Gate, call: Call): Promise<void> {
  const role = passedRole(call);
  const { VpcConfig: vpc } = membersOf(call.body) as {
    VpcConfig?: { Subnets?: string[]; SecurityGroupIds?: string[] };
  };
  if (role === undefined || vpc === undefined) return;
  const arnOf = (type: string, id: string) => `arn:aws:ec2:${call.region}:${call.account}:${type}/${id}`;
  const own = [arnOf("network-interface", "*")];
  const attached = [
    ...(vpc.Subnets ?? []).map((id) => arnOf("subnet", id)),
    ...(vpc.SecurityGroupIds ?? []).map((id) => arnOf("security-group", id)),
  ];
  const asked = [
    ...inVpc.looking.map((action) => ({ action, resources: ["*"] })),
    ...inVpc.ofInterfaces.map((action) => ({
      action,
      resources: action === "CreateNetworkInterface" ? [...own, ...attached] : own,
    })),
  ];
  for (const { action, resources } of asked) {
    for (const resource of resources) {
      const request = { action: `ec2:${action}`, resource, values: requestValues({}) };
      const refusal = await gate.refusal(serviceSession(role, "SageMaker"), request);
      if (refusal !== undefined)
        throw new AwsError("ValidationException", `Could not join the VPC as ${role}: ${refusal}`);
    }
  }
}

/** What roles may do that a service acts as, in sessions of that name: their own policies decide, and those of bucket and key. */
export function guardOf(gate: Gate, region: string, session: string): StoreGuard {
  const as = (role: string) => serviceSession(role, session);
  return {
    forObject: (role, action, bucket, key) => gate.refusal(as(role), onObject(action, bucket, key ?? "")),
    async forLogs(role, action, group, stream) {
      const own = `arn:aws:logs:${region}:${role.split(":")[4]}:log-group:${group}`;
      const resource = stream === undefined ? own : `${own}:log-stream:${stream}`;
      const request = { action: `logs:${action}`, resource, values: requestValues({}) };
      return (await gate.refusal(as(role), request)) === undefined;
    },
    async forKey(role, action, key) {
      const values = requestValues({ "kms:ViaService": `s3.${region}.amazonaws.com` });
      const resource = await gate.arnOfKey(key);
      const unusable = await unusableKey(gate, key.startsWith("arn:") ? key : resource, region);
      // Whoever uploads the data is told of a key that is not there, where policies decide; elsewhere any name of a key will do.
      if (unusable && unusable.fault !== "keyNotFound") return unusable.message;
      return gate.refusal(as(role), { action: `kms:${action}`, resource, values });
    },
  };
}
