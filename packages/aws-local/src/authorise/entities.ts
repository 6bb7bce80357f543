import {
  type AttachedPermissionsBoundary,
  type AttachedPolicy,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  type IAMClient,
  type PolicyDetail,
  paginateGetAccountAuthorizationDetails,
} from "@aws-sdk/client-iam";
import type { Entity, NamedDocument } from "@keyspaces-segmentation/iam-local";

/** In place of a managed policy that moto does not have, as it has none of AWS's own: nobody can tell what it would allow. */
const unknown = { Version: "2012-10-17", Statement: { Effect: "Deny", Action: "*", Resource: "*" } };

/** Documents come encoded as a part of a URL. */
const decoded = (document: string | undefined): string => {
  const text = document ?? "";
  return text.trimStart().startsWith("{") ? text : decodeURIComponent(text);
};

/** The roles and users of the account with all that is attached to them, as IAM has them at the moment. */
export async function readEntities(iam: IAMClient): Promise<Entity[]> {
  const managed = new Map<string, Promise<NamedDocument>>();
  const documentOf = (arn: string): Promise<NamedDocument> => {
    const document = managed.get(arn) ?? readManaged(iam, arn).catch(() => ({ name: arn, document: unknown }));
    managed.set(arn, document);
    return document;
  };
  const entityOf = async (
    arn: string,
    inline: readonly PolicyDetail[] = [],
    attached: readonly AttachedPolicy[] = [],
    boundary?: AttachedPermissionsBoundary,
  ): Promise<Entity> => ({
    arn,
    policies: [
      ...inline.map(({ PolicyName: name = "", PolicyDocument: document }) => ({ name, document: decoded(document) })),
      ...(await Promise.all(attached.map(({ PolicyArn: policy = "" }) => documentOf(policy)))),
    ],
    boundary: boundary?.PermissionsBoundaryArn ? await documentOf(boundary.PermissionsBoundaryArn) : undefined,
  });
  const entities: Entity[] = [];
  const pages = paginateGetAccountAuthorizationDetails({ client: iam }, { Filter: ["Role", "User"] });
  for await (const { RoleDetailList: roles = [], UserDetailList: users = [] } of pages) {
    for (const { Arn = "", RolePolicyList, AttachedManagedPolicies, PermissionsBoundary, ...role } of roles) {
      const entity = await entityOf(Arn, RolePolicyList, AttachedManagedPolicies, PermissionsBoundary);
      entities.push({ ...entity, trust: decoded(role.AssumeRolePolicyDocument) });
    }
    for (const { Arn = "", UserPolicyList, AttachedManagedPolicies, PermissionsBoundary } of users) {
      entities.push(await entityOf(Arn, UserPolicyList, AttachedManagedPolicies, PermissionsBoundary));
    }
  }
  return entities;
}

/** The version of a managed policy that is in force. */
export async function readManaged(iam: IAMClient, arn: string): Promise<NamedDocument> {
  const { Policy: policy } = await iam.send(new GetPolicyCommand({ PolicyArn: arn }));
  const version = { PolicyArn: arn, VersionId: policy?.DefaultVersionId };
  const { PolicyVersion: current } = await iam.send(new GetPolicyVersionCommand(version));
  return { name: arn, document: decoded(current?.Document) };
}
