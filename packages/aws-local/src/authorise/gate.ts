import { GetRoleCommand } from "@aws-sdk/client-iam";
import {
  type AccessRequest,
  type Authoriser,
  type Caller,
  type Denied,
  MalformedPolicyDocument,
  readPolicy,
  refusalOf,
  requestValues,
} from "@keyspaces-segmentation/iam-local";
import { AwsError, type Identity } from "@keyspaces-segmentation/local-support";
import { type Call, type Describe, membersOf } from "./call.js";
import { describeGlue } from "./describe_glue.js";
import { describeIam, describeKms, describeLogs, describeSts, parametersOf } from "./describe_others.js";
import { describeS3 } from "./describe_s3.js";
import { describeSageMaker, type TagsAt } from "./describe_sagemaker.js";
import { readEntities, readManaged } from "./entities.js";
import { motoClients } from "./moto_client.js";
import { createResourcePolicies } from "./resource_policies.js";
import { tagsOfResource } from "./resource_tags.js";

/** Stands between a call whose signature was verified and the service that carries it out. */
export interface Gate {
  /**
   * Lets a call pass, or not.
   *
   * @throws AwsError in AWS's words, as soon as one thing that it wants to do is not allowed
   */
  authorise(service: string, call: Call, caller: Caller): Promise<void>;
  /** Whether somebody may do something. @returns why not; undefined if they may */
  refusal(caller: Caller, request: AccessRequest): Promise<string | undefined>;
  /** Takes in what a call has changed, of policies and of who has them. */
  changed(service: string, operation: string): Promise<void>;
  /** Whether a service, such as `sagemaker.amazonaws.com`, may act as a role, for a resource of its own. */
  trusts(roleArn: string, service: string, sourceArn: string, account: string): boolean;
  /** The ARN of a role by its name; undefined where there is none. */
  arnOfRole(name: string): string | undefined;
  /** How long sessions of a role may last, in seconds, and its id. */
  role(arn: string): Promise<{ maxSeconds: number; id: string } | undefined>;
  /** The document of a managed policy. */
  managedPolicy(arn: string): Promise<string>;
  /** The key that something is encrypted with, as conditions and policies name it. */
  arnOfKey(key: string): Promise<string>;
  /** What KMS says of a key: "Enabled" if it can be used; undefined if there is none. */
  stateOfKey(key: string): Promise<string | undefined>;
  close(): void;
}

/** The session in which a service acts as a role: SageMaker's is called so, Glue's `GlueJobRunnerSession`. */
export function serviceSession(roleArn: string, session: string): Caller {
  const account = roleArn.split(":")[4] ?? "";
  const name = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  return { arn: `arn:aws:sts::${account}:assumed-role/${name}/${session}`, account, permissions: "policies" };
}

/** What operations of IAM change nobody's permissions. */
const onlyReads = /^(Get|List|Simulate)/;

/** Documents that have to be policies before moto may have them. */
function checkDocuments(service: string, { operation, body }: Call): void {
  const check = (document: unknown, kind: "identity" | "resource" | "trust") => {
    if (typeof document === "string") readPolicy(document, { kind, name: operation });
  };
  if (service === "iam") {
    const parameters = parametersOf(body);
    check(parameters.get("PolicyDocument"), operation === "UpdateAssumeRolePolicy" ? "trust" : "identity");
    check(parameters.get("AssumeRolePolicyDocument"), "trust");
  }
  if (service === "kms") check(membersOf(body).Policy, "resource");
  if (service === "s3" && operation === "PUT policy") check(body.toString("utf8"), "resource");
}

/** Knows at once the roles and users that moto has. */
export async function createGate(
  authoriser: Authoriser,
  { region, account, motoPort, tagsAt }: { region: string; account: string; motoPort: number; tagsAt: TagsAt },
): Promise<Gate> {
  const clients = motoClients(region, motoPort);
  const policies = createResourcePolicies(clients, { region, account });
  let roles = new Map<string, string>();
  async function load(): Promise<void> {
    const entities = await readEntities(clients.iam);
    authoriser.setEntities(entities);
    roles = new Map(
      entities.flatMap(({ arn }) => (arn.includes(":role/") ? [[arn.slice(arn.lastIndexOf("/") + 1), arn]] : [])),
    );
  }
  await load();
  const keys = new Map<string, string>();
  const describers: Readonly<Record<string, Describe>> = {
    s3: describeS3,
    sagemaker: describeSageMaker(tagsAt),
    glue: describeGlue((name) => roles.get(name)),
    iam: describeIam((name) => roles.get(name)),
    sts: describeSts,
    kms: describeKms((key) => keys.get(key) ?? key),
    logs: describeLogs,
  };

  const decide = async (caller: Caller, request: AccessRequest): Promise<Denied | undefined> => {
    const policy =
      request.action === "sts:AssumeRole" ? authoriser.trustOf(request.resource) : await policies.of(request.resource);
    let decision = authoriser.decide(caller, request, policy);
    if (decision.lacksTags) {
      // They are read where a condition asks for them, and only there.
      const tags = await tagsOfResource(clients, request);
      const known = tags && { ...request, values: new Map([...request.values, ...tags]) };
      if (known) decision = authoriser.decide(caller, known, policy);
    }
    return decision.allowed ? undefined : decision;
  };
  const wordsOf = (caller: Caller, request: AccessRequest, denied: Denied): string =>
    refusalOf(caller.arn, request, denied, { quoted: request.action.startsWith("s3:") });

  return {
    async authorise(service, call, caller) {
      try {
        checkDocuments(service, call);
      } catch (error) {
        if (!(error instanceof MalformedPolicyDocument)) throw error;
        throw new AwsError("MalformedPolicyDocument", error.message);
      }
      // A role decides by its trust policy whom it lets in, whatever they may do.
      if (caller.permissions === "all" && call.operation !== "AssumeRole") return;
      if (service === "kms") {
        const { KeyId: key, TargetKeyId: target } = membersOf(call.body);
        for (const each of [key, target]) if (typeof each === "string") keys.set(each, await policies.arnOfKey(each));
      }
      const requests = Object.hasOwn(describers, service) ? describers[service]!(call) : undefined;
      if (!requests) {
        const action = `${service}:${call.operation}`;
        throw new AwsError(
          "denied",
          `User: ${caller.arn} is not authorized to perform: ${action} on resource: * because the stand-in knows no permission for it`,
        );
      }
      for (const request of requests) {
        const denied = await decide(caller, request);
        if (denied) throw new AwsError("denied", wordsOf(caller, request, denied));
      }
    },
    async refusal(caller, request) {
      const denied = await decide(caller, request);
      return denied && wordsOf(caller, request, denied);
    },
    async changed(service, operation) {
      if (service === "iam" && !onlyReads.test(operation)) await load();
      if (service === "kms" || service === "s3") policies.forget();
    },
    arnOfRole: (name) => roles.get(name),
    trusts(roleArn, service, sourceArn, account) {
      const caller: Caller = { arn: service, account: "", permissions: "policies", service };
      const values = requestValues({ "aws:SourceAccount": account, "aws:SourceArn": sourceArn });
      const trust = authoriser.trustOf(roleArn);
      const request = { action: "sts:AssumeRole", resource: roleArn, values };
      return trust !== undefined && authoriser.decide(caller, request, trust).allowed;
    },
    async role(arn) {
      if (!authoriser.trustOf(arn)) return undefined;
      const named = new GetRoleCommand({ RoleName: arn.slice(arn.lastIndexOf("/") + 1) });
      const { Role: role } = await clients.iam.send(named);
      return role && { maxSeconds: role.MaxSessionDuration ?? 3600, id: role.RoleId ?? "" };
    },
    managedPolicy: async (arn) => String((await readManaged(clients.iam, arn)).document),
    arnOfKey: (key) => policies.arnOfKey(key),
    stateOfKey: (key) => policies.stateOfKey(key),
    close: () => clients.close(),
  };
}

/**
 * Refuses what comes from an identity that may do nothing, or for which only a gate could decide.
 *
 * @throws AwsError in AWS's words
 */
export function checkPermission(identity: Identity, service: string, operation: string, gate: Gate | undefined): void {
  if (identity.permissions === "all" || (gate && identity.permissions === "policies")) return;
  const action = `${service}:${operation}`;
  throw new AwsError(
    "denied",
    `User: ${identity.arn} is not authorized to perform: ${action} on resource: * ` +
      `because no identity-based policy allows the ${action} action`,
  );
}
