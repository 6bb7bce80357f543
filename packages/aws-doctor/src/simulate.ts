import {
  type ContextEntry,
  type EvaluationResult,
  GetRoleCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { type AwsSession, principalOf } from "@keyspaces-segmentation/aws-session";
import { iamOf } from "./clients.js";
import type { Needs } from "./needs.js";
import { type Answers, actionsOf, type NeededStatement, resourcesOf } from "./permissions.js";

/** The role or user of a session, with the path that is in a role's ARN, where IAM tells. */
export async function principalNamed(aws: AwsSession): Promise<string> {
  const guess = principalOf(aws.arn);
  if (!guess.includes(":role/")) return guess;
  try {
    const { Role: role } = await iamOf(aws).send(new GetRoleCommand({ RoleName: guess.split("/").at(-1) }));
    return role?.Arn ?? guess;
  } catch {
    return guess;
  }
}

const entry = (name: string, type: ContextEntry["ContextKeyType"], value: string): ContextEntry => ({
  ContextKeyName: name,
  ContextKeyType: type,
  ContextKeyValues: [value],
});

/** What conditions of policies are told of the requests that a run sends. */
function contextFor({ region }: AwsSession, { instanceType }: Needs, sid: string): ContextEntry[] {
  const through = sid === "KeyForTables" ? "cassandra" : "s3";
  return [
    entry("sagemaker:InstanceTypes", "stringList", instanceType),
    entry("sagemaker:MaxRuntimeInSeconds", "numeric", "3600"),
    entry("sagemaker:ServerlessMemorySize", "numeric", "2048"),
    entry("aws:RequestTag/made-by", "string", "keyspaces-segmentation"),
    entry("iam:PassedToService", "string", "sagemaker.amazonaws.com"),
    entry("kms:ViaService", "string", `${through}.${region}.amazonaws.com`),
    entry("kms:GrantIsForAWSResource", "boolean", "true"),
  ];
}

/** Why it is refused; words that `judge` knows. */
function reasonOf({
  EvalDecision: decision,
  EvalResourceName: resource,
  PermissionsBoundaryDecisionDetail: boundary,
  OrganizationsDecisionDetail: organization,
}: EvaluationResult): string {
  if (decision === "explicitDeny") return `a policy denies it on ${resource}`;
  if (organization?.AllowedByOrganizations === false) return `no service control policy allows it on ${resource}`;
  if (boundary?.AllowedByPermissionsBoundary === false) return `no permissions boundary allows it on ${resource}`;
  return `no policy allows it on ${resource}`;
}

/**
 * What IAM says that a principal's own policies and boundary allow, and what its organization's do, of one statement. Policies of sessions
 * and buckets have no say in it.
 *
 * @param principal ARN of a role or user
 * @throws what the SDK throws, for one that may not ask
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 */
export async function simulated(
  aws: AwsSession,
  needs: Needs,
  principal: string,
  { asked }: NeededStatement,
): Promise<Answers> {
  const { EvaluationResults: results = [] } = await iamOf(aws).send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: principal,
      ActionNames: [...actionsOf(asked)],
      ResourceArns: [...resourcesOf(asked)],
      ContextEntries: contextFor(aws, needs, asked.Sid),
    }),
  );
  const refused = new Map(
    results
      .filter(({ EvalDecision: decision }) => decision !== "allowed")
      .map((result) => [result.EvalActionName ?? "", reasonOf(result)]),
  );
  return new Map(
    actionsOf(asked).map((action) => {
      const denied = refused.get(action);
      return [action, denied === undefined ? "allowed" : { denied }] as const;
    }),
  );
}
