import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { awsFailure } from "./failure.js";
import { type AwsAccess, type AwsCredentials, clientOf } from "./sdk_client.js";
import { lastingName } from "./session_name.js";

/** Whom a role is assumed by. */
interface Base extends AwsAccess {
  readonly arn: string;
}

/** Credentials with less time left than that are renewed while they are still good. Milliseconds. */
const renewBeforeMs = 5 * 60_000;

/** What role a session is one of, as trust policies and administrators write it; of a user its own ARN. */
export function principalOf(arn: string): string {
  const [, partition, account, name = ""] = /^arn:([\w-]+):sts::(\d+):assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (name === "") return arn;
  // The session's ARN leaves out the path; these are the paths of the roles that SageMaker makes.
  const path = /^AmazonSageMaker-?\w*ExecutionRole/.test(name) ? "service-role/" : "";
  return `arn:${partition}:iam::${account}:role/${path}${name}`;
}

/**
 * What CloudTrail shows as the session: the program and who runs it. What a tool has made up for one run is left out, so that
 * the same person is the same session in the next.
 *
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html RoleSessionName
 */
export function sessionNameFor(arn: string): string {
  const who = arn.slice(arn.lastIndexOf("/") + 1).replace(/[^\w+=,.@-]/g, "-");
  const lasting = arn.endsWith(":root") ? "" : lastingName(who);
  return ["keyspaces-segmentation", lasting].filter(Boolean).join("-").slice(0, 64);
}

const statement = (Sid: string, more: object): string =>
  JSON.stringify({ Sid, Effect: "Allow", ...more, Action: "sts:AssumeRole" });

/** What both sides have to say: the role's trust policy, and the policies of whoever assumes it. */
function bothStatements(roleArn: string, arn: string): string {
  const principal = principalOf(arn);
  const trust = statement("ProjectRole", { Principal: { AWS: principal } });
  const policy = statement("AssumeAccessRole", { Resource: roleArn });
  return `Add to the trust policy of ${roleArn}: ${trust}, and, where nothing allows it yet, to the policies of ${principal}: ${policy}`;
}

/** @throws StepError when STS does not hand them out */
async function assume(base: Base, roleArn: string): Promise<AwsCredentials> {
  const sts = clientOf(base, (common) => new STSClient(common));
  const request = { RoleArn: roleArn, RoleSessionName: sessionNameFor(base.arn) };
  try {
    const { Credentials: given } = await sts.send(new AssumeRoleCommand(request));
    return {
      accessKeyId: given?.AccessKeyId ?? "",
      secretAccessKey: given?.SecretAccessKey ?? "",
      ...(given?.SessionToken !== undefined && { sessionToken: given.SessionToken }),
      ...(given?.Expiration && { expiration: given.Expiration }),
    };
  } catch (error) {
    const hint = bothStatements(roleArn, base.arn);
    throw awsFailure(`assume the role ${roleArn} as ${base.arn}`, error, { AccessDenied: hint });
  } finally {
    sts.destroy();
  }
}

/**
 * Credentials of a role, assumed by another identity: renewed before they end, with what the other's credentials then are, in the way
 * that {@link AwsAccess} describes. With `forceRefresh` the other's are resolved anew as well.
 *
 * @param base who assumes it
 * @returns a function that rejects with a StepError, which names both statements that may be missing
 */
export function assumedCredentials(
  base: Base,
  roleArn: string,
  { now = Date.now }: { now?: () => number } = {},
): AwsAccess["credentials"] {
  let known: AwsCredentials | undefined;
  let underWay: Promise<AwsCredentials> | undefined;
  const renew = (forceRefresh: boolean): Promise<AwsCredentials> => {
    underWay ??= (async () => {
      if (forceRefresh) await base.credentials({ forceRefresh });
      known = await assume(base, roleArn);
      return known;
    })().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
  return async ({ forceRefresh = false } = {}) => {
    const leftMs = known ? (known.expiration?.getTime() ?? Number.POSITIVE_INFINITY) - now() : 0;
    if (!known || leftMs <= 0 || forceRefresh) return renew(forceRefresh);
    if (leftMs < renewBeforeMs) renew(false).catch(() => undefined);
    return known;
  };
}
