import { type AccessRequest, actionNamed, requestValues, resourceTagValues } from "@keyspaces-segmentation/iam-local";
import { type Call, type Describe, membersOf } from "./call.js";

/** The member that names what an operation is about, and the type of that in ARNs. */
const named: Readonly<Record<string, readonly [member: string, type: string]>> = {
  TrainingJob: ["TrainingJobName", "training-job"],
  TransformJob: ["TransformJobName", "transform-job"],
  Model: ["ModelName", "model"],
  Endpoint: ["EndpointName", "endpoint"],
  EndpointConfig: ["EndpointConfigName", "endpoint-config"],
  NotebookInstance: ["NotebookInstanceName", "notebook-instance"],
  Domain: ["DomainId", "domain"],
};

type Members = Readonly<Record<string, unknown>>;

/** A member of a member, however deep; undefined where there is none. */
function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === "object" && inner !== null ? (inner as Members)[name] : undefined),
    value,
  );
}

const textAt = (value: unknown, ...path: string[]): string | undefined => {
  const found = at(value, ...path);
  return found === undefined || found === null || typeof found === "object" ? undefined : String(found);
};

function listAt(value: unknown, ...path: string[]): string[] | undefined {
  const found = at(value, ...path);
  return Array.isArray(found) ? found.map(String) : undefined;
}

const each = (value: unknown, list: string, ...path: string[]): string[] | undefined => {
  const items = at(value, list);
  const found = Array.isArray(items) ? items.flatMap((item) => textAt(item, ...path) ?? []) : [];
  return found.length > 0 ? found : undefined;
};

/** The largest of several numbers, which is the one that a limit has to hold for. */
const most = (numbers: string[] | undefined): string | undefined => numbers && String(Math.max(...numbers.map(Number)));

/** Keys are named by ARN in conditions; by their id they are the account's. */
const keyArn = (key: string | undefined, { region, account }: Call): string | undefined =>
  key === undefined || key.startsWith("arn:")
    ? key
    : `arn:aws:kms:${region}:${account}:${key.startsWith("alias/") ? key : `key/${key}`}`;

/** What conditions on a Create… can ask for. */
function valuesOf(members: Members, call: Call): ReturnType<typeof requestValues> {
  const one = (...path: string[]) => textAt(members, ...path);
  const single = one("ResourceConfig", "InstanceType") ?? one("TransformResources", "InstanceType");
  const models = each(members, "ProductionVariants", "ModelName") ?? listOf(one("ModelName"));
  const tags = at(members, "Tags");
  const pairs = Array.isArray(tags)
    ? tags.map((tag) => [textAt(tag, "Key") ?? "", textAt(tag, "Value") ?? ""] as const)
    : [];
  return requestValues({
    "sagemaker:InstanceTypes": listOf(single) ?? each(members, "ProductionVariants", "InstanceType"),
    "sagemaker:MaxRuntimeInSeconds": one("StoppingCondition", "MaxRuntimeInSeconds"),
    "sagemaker:NetworkIsolation": one("EnableNetworkIsolation"),
    "sagemaker:InterContainerTrafficEncryption": one("EnableInterContainerTrafficEncryption"),
    "sagemaker:ModelArn": models?.[0] && arnOf("model", models[0], call),
    "sagemaker:OutputKmsKeyArn": keyArn(
      one("OutputDataConfig", "KmsKeyId") ?? one("TransformOutput", "KmsKeyId"),
      call,
    ),
    "sagemaker:VolumeKmsKeyArn": keyArn(
      one("ResourceConfig", "VolumeKmsKeyId") ?? one("TransformResources", "VolumeKmsKeyId") ?? one("KmsKeyId"),
      call,
    ),
    "sagemaker:ServerlessMemorySize": most(each(members, "ProductionVariants", "ServerlessConfig", "MemorySizeInMB")),
    "sagemaker:ServerlessMaxConcurrency": most(
      each(members, "ProductionVariants", "ServerlessConfig", "MaxConcurrency"),
    ),
    "sagemaker:VpcSecurityGroupIds": listAt(members, "VpcConfig", "SecurityGroupIds"),
    "sagemaker:VpcSubnets": listAt(members, "VpcConfig", "Subnets"),
    ...Object.fromEntries(pairs.map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    "aws:TagKeys": pairs.length > 0 ? pairs.map(([key]) => key) : undefined,
  });
}

const listOf = (value: string | undefined): string[] | undefined => (value === undefined ? undefined : [value]);

/** SageMaker writes names in ARNs in lower case. */
const arnOf = (type: string, name: string, { region, account }: Call): string =>
  `arn:aws:sagemaker:${region}:${account}:${type}/${name.toLowerCase()}`;

/** The role that an operation hands to SageMaker, and what it is for. */
export function passedRole({ operation, body }: Pick<Call, "operation" | "body">): string | undefined {
  const members = membersOf(body);
  if (operation === "CreateTrainingJob") return textAt(members, "RoleArn");
  return operation === "CreateModel" ? textAt(members, "ExecutionRoleArn") : undefined;
}

/** The tags of what SageMaker has, by its ARN; none of what is not there. */
export type TagsAt = (arn: string) => Iterable<readonly [key: string, value: string]>;

/** What a request to SageMaker, or SageMaker Runtime, wants to do, with the tags of what it wants to do it to. */
export const describeSageMaker =
  (tagsAt: TagsAt): Describe =>
  (call) =>
    described(call)?.map((request) => {
      if (!request.action.startsWith("sagemaker:")) return request;
      const tags = requestValues(resourceTagValues(tagsAt(request.resource), "sagemaker"));
      return { ...request, values: new Map([...request.values, ...tags]) };
    });

/** The ARN of what a request makes. */
export const resourceMade = (call: Call): string => described(call)?.[0]?.resource ?? "";

const described: Describe = (call) => {
  const { operation, body, wire } = call;
  const action = `sagemaker:${operation}`;
  const known = actionNamed(action);
  if (!known) return undefined;
  if (operation === "InvokeEndpoint") {
    const [, name = ""] = /^\/endpoints\/([^/]+)\//.exec(wire.target) ?? [];
    return [{ action, resource: arnOf("endpoint", name, call), values: requestValues({}) }];
  }
  const members = membersOf(body);
  const values = valuesOf(members, call);
  const resource = resourceOf(operation, members, call);
  if (resource === undefined)
    return Object.keys(known.resources).length === 0 ? [{ action, resource: "*", values }] : undefined;
  const requests: AccessRequest[] = [{ action, resource, values }];
  if (operation === "CreateEndpoint") {
    const config = textAt(members, "EndpointConfigName") ?? "";
    requests.push({ action, resource: arnOf("endpoint-config", config, call), values });
  }
  if (operation.startsWith("Create") && values.has("aws:tagkeys")) {
    requests.push({ action: "sagemaker:AddTags", resource, values });
  }
  const role = passedRole(call);
  if (role !== undefined) {
    const passing = requestValues({
      "iam:PassedToService": "sagemaker.amazonaws.com",
      "iam:AssociatedResourceArn": resource,
    });
    requests.push({ action: "iam:PassRole", resource: role, values: passing });
  }
  const volumeKey = values.get("sagemaker:volumekmskeyarn");
  if (operation.startsWith("Create") && typeof volumeKey === "string") {
    const granting = requestValues({ "kms:GrantIsForAWSResource": true, "kms:CallerAccount": call.account });
    requests.push({ action: "kms:CreateGrant", resource: volumeKey, values: granting });
  }
  return requests;
};

function resourceOf(operation: string, members: Members, call: Call): string | undefined {
  if (/Tags$/.test(operation)) return textAt(members, "ResourceArn") ?? "";
  if (operation === "DescribeUserProfile") {
    return arnOf("user-profile", `${textAt(members, "DomainId")}/${textAt(members, "UserProfileName")}`, call);
  }
  const [, object = ""] = /^(?:Create|Describe|Stop|Delete)(\w+)$/.exec(operation) ?? [];
  const [member, type] = named[object] ?? [];
  return member === undefined || type === undefined ? undefined : arnOf(type, textAt(members, member) ?? "", call);
}
