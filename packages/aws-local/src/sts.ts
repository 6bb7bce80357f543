import type { ServerResponse } from "node:http";
import { MalformedPolicyDocument, readPolicy } from "@keyspaces-segmentation/iam-local";
import {
  AwsError,
  escapeXml,
  type Identity,
  temporaryKeys,
  writeQueryResult,
} from "@keyspaces-segmentation/local-support";

/** What roles STS hands out sessions of. */
export interface Sessions {
  /** How long a session of a role may last, in seconds, and the id of the role. */
  role(arn: string): Promise<{ maxSeconds: number; id: string } | undefined>;
  /** The document of a managed policy. */
  managedPolicy(arn: string): Promise<string>;
  /** Makes an identity known: from then on its signatures are believed. */
  add(identity: Identity): void;
  readonly now: () => Date;
}

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";
const HOUR = 3600;
const invalid = (message: string): AwsError => new AwsError("ValidationError", message);

/**
 * STS: who am I, and being somebody else. Any authenticated principal may ask the first, as on AWS.
 *
 * @param sessions undefined where no roles are emulated
 * @throws AwsError
 */
export async function answerSts(
  response: ServerResponse,
  identity: Identity,
  action: string,
  parameters: URLSearchParams,
  sessions: Sessions | undefined,
): Promise<void> {
  if (action === "AssumeRole" && sessions) {
    writeQueryResult(response, NAMESPACE, action, await assumeRole(parameters, identity, sessions));
    return;
  }
  if (action !== "GetCallerIdentity") throw new AwsError("notEmulated", `STS ${action} is not emulated.`);
  const result = elements({ Arn: identity.arn, UserId: identity.userId, Account: identity.account });
  writeQueryResult(response, NAMESPACE, action, result);
}

const elements = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
    .join("");

/**
 * A session of a role that the caller was found to be allowed to assume.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
async function assumeRole(parameters: URLSearchParams, caller: Identity, sessions: Sessions): Promise<string> {
  const roleArn = parameters.get("RoleArn") ?? "";
  const name = parameters.get("RoleSessionName") ?? "";
  if (!/^[\w+=,.@-]{2,64}$/.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
    );
  }
  const role = await sessions.role(roleArn);
  const seconds = Number(parameters.get("DurationSeconds") ?? HOUR);
  if (!Number.isInteger(seconds) || seconds < 900 || seconds > 43_200) {
    throw invalid(`1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint`);
  }
  if (seconds > HOUR && caller.arn.includes(":assumed-role/")) {
    throw invalid("The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining");
  }
  if (!role || seconds > role.maxSeconds) {
    throw invalid("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
  }
  const sessionPolicies = await sessionPoliciesOf(parameters, sessions);
  const account = roleArn.split(":")[4] ?? "";
  const keys = temporaryKeys();
  const expires = new Date(sessions.now().getTime() + seconds * 1000);
  const roleName = roleArn.slice(roleArn.lastIndexOf("/") + 1);
  const identity: Identity = {
    ...keys,
    account,
    expires,
    userId: `${role.id}:${name}`,
    arn: `arn:aws:sts::${account}:assumed-role/${roleName}/${name}`,
    permissions: "policies",
    ...(sessionPolicies.length > 0 && { sessionPolicies }),
  };
  sessions.add(identity);
  const credentials = elements({
    AccessKeyId: keys.accessKeyId,
    SecretAccessKey: keys.secretAccessKey,
    SessionToken: keys.sessionToken,
    Expiration: expires.toISOString(),
  });
  const user = elements({ AssumedRoleId: identity.userId, Arn: identity.arn });
  return `<Credentials>${credentials}</Credentials><AssumedRoleUser>${user}</AssumedRoleUser>`;
}

async function sessionPoliciesOf(parameters: URLSearchParams, sessions: Sessions): Promise<string[]> {
  const documents: string[] = [];
  const given = parameters.get("Policy");
  if (given !== null) documents.push(given);
  for (const [name, arn] of parameters) {
    if (/^PolicyArns\.member\.\d+\.arn$/.test(name)) documents.push(await sessions.managedPolicy(arn));
  }
  try {
    for (const document of documents) readPolicy(document, { kind: "identity", name: "session" });
  } catch (error) {
    if (!(error instanceof MalformedPolicyDocument)) throw error;
    throw new AwsError("MalformedPolicyDocument", error.message);
  }
  return documents;
}
