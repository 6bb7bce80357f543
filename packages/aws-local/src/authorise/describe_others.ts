/** What requests to IAM, STS, KMS and CloudWatch Logs want to do. */
import { actionNamed, requestValues } from "@keyspaces-segmentation/iam-local";
import { type Call, type Describe, membersOf } from "./call.js";

/** The values of a request of the query protocol. */
export const parametersOf = (body: Buffer): URLSearchParams => new URLSearchParams(body.toString("utf8"));

const nothing = requestValues({});

/** @param arnOfRole the ARN of a role by its name, with the path that is in it */
export const describeIam =
  (arnOfRole: (name: string) => string | undefined): Describe =>
  ({ operation, body, account }) => {
    const action = `iam:${operation}`;
    if (!actionNamed(action)) return undefined;
    const parameters = parametersOf(body);
    const at = (name: string) => parameters.get(name) ?? undefined;
    const path = at("Path") ?? "/";
    const own = `arn:aws:iam::${account}:`;
    const role = at("RoleName");
    const policy = at("PolicyName");
    const resource =
      operation === "CreatePolicy"
        ? `${own}policy${path}${policy}`
        : role !== undefined
          ? ((operation === "CreateRole" ? undefined : arnOfRole(role)) ?? `${own}role${path}${role}`)
          : (at("PolicySourceArn") ?? at("PolicyArn") ?? (operation === "ListRoles" ? `${own}role/` : undefined));
    if (resource !== undefined) return [{ action, resource, values: nothing }];
    return operation === "SimulateCustomPolicy" ? [{ action, resource: "*", values: nothing }] : undefined;
  };

/** GetCallerIdentity, which needs nothing, and AssumeRole, which the role's trust policy decides on too. */
export const describeSts: Describe = ({ operation, body }) => {
  if (operation === "GetCallerIdentity") return [];
  if (operation !== "AssumeRole") return undefined;
  const parameters = parametersOf(body);
  const values = requestValues({
    "sts:RoleSessionName": parameters.get("RoleSessionName") ?? undefined,
    "sts:ExternalId": parameters.get("ExternalId") ?? undefined,
  });
  return [{ action: "sts:AssumeRole", resource: parameters.get("RoleArn") ?? "", values }];
};

/** @param arnOfKey the ARN of a key by its id, ARN or alias */
export const describeKms =
  (arnOfKey: (key: string) => string): Describe =>
  ({ operation, body, account, region }) => {
    const action = `kms:${operation}`;
    const known = actionNamed(action);
    if (!known) return undefined;
    const { KeyId: key, TargetKeyId: target, AliasName: alias } = membersOf(body);
    const values = requestValues({ "kms:CallerAccount": account });
    if (Object.keys(known.resources).length === 0) return [{ action, resource: "*", values }];
    const requests = [key, target].flatMap((each) =>
      typeof each === "string" ? [{ action, resource: arnOfKey(each), values }] : [],
    );
    if (typeof alias === "string")
      requests.push({ action, resource: `arn:aws:kms:${region}:${account}:${alias}`, values });
    return requests.length > 0 ? requests : undefined;
  };

export const describeLogs: Describe = ({ operation, body, account, region }: Call) => {
  const action = `logs:${operation}`;
  const known = actionNamed(action);
  if (!known) return undefined;
  const { logGroupName: group, logStreamName: stream } = membersOf(body);
  const own = `arn:aws:logs:${region}:${account}:log-group:`;
  if (typeof group !== "string")
    return operation === "DescribeLogGroups" ? [{ action, resource: `${own}*`, values: nothing }] : undefined;
  const ofStream = "log-stream" in known.resources && typeof stream === "string";
  return [{ action, resource: `${own}${group}${ofStream ? `:log-stream:${stream}` : ""}`, values: nothing }];
};
