import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromNodeProviderChain } from "@aws-sdk/credential-providers";
import { messageOf, StepError, within } from "@keyspaces-segmentation/common";
import { assumedCredentials } from "./access_role.js";
import { awsFailure } from "./failure.js";
import { type AwsAccess, answerWithin, clientOf } from "./sdk_client.js";
import { lastingName } from "./session_name.js";

/** Who we are and where: everything else in `aws/` and `keyspaces/` starts from one of these. */
export interface AwsSession extends AwsAccess {
  /** Twelve digits. */
  readonly account: string;
  readonly arn: string;
  readonly userId: string;
  /** The run that works with it; what is made with it is tagged so. */
  readonly run?: string | undefined;
}

const credentialsHint =
  "Sign in (aws sso login, or aws configure), set AWS_PROFILE, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; " +
  "on one machine, source what `npm run local` prints. Then restart the kernel.";

/** The SDK finds the region of a profile only for a client, so ask one. */
async function regionOfProfile(): Promise<string> {
  try {
    return await new STSClient({}).config.region();
  } catch (cause) {
    throw new StepError({
      tried: "find out the AWS region",
      got: messageOf(cause),
      hint: "Set AWS_REGION, for example to us-east-1, or a region in the profile that AWS_PROFILE names.",
      cause,
    });
  }
}

/** A provider may have the reader sign in with a browser; one that never answers would hold up every request for ever. Milliseconds. */
const credentialsWithinMs = 120_000;

/** Words credentials that could not be had. */
function noCredentials(cause: unknown): StepError {
  const tried = "find AWS credentials";
  const got = messageOf(cause);
  const profile = process.env.AWS_PROFILE;
  if (/aws sso login/i.test(got)) {
    const ended = "the sign-in with IAM Identity Center (SSO) has expired or was never made";
    const hint = `Run \`aws sso login${profile ? ` --profile ${profile}` : ""}\` in a terminal, then run this again.`;
    return new StepError({ tried, got: ended, hint, cause });
  }
  if (profile && /multi-factor|MFA/.test(got)) {
    const exported = `eval "$(aws configure export-credentials --profile ${profile} --format env)"`;
    const hint = `The profile ${profile} wants a code of an MFA device, which nobody is asked for here. Run \`${exported}\` in a terminal, which asks for it, and \`unset AWS_PROFILE\`; then run this again from there.`;
    return new StepError({ tried, got, hint, cause });
  }
  const named = profile
    ? `AWS_PROFILE is ${profile}: look whether ~/.aws has a profile of that name; where it has a credential_process, run that by hand and see what it says. Or: `
    : "";
  return new StepError({ tried, got, hint: named + credentialsHint, cause });
}

/** @throws StepError */
async function whoIs(access: AwsAccess): Promise<Omit<AwsSession, keyof AwsAccess>> {
  const sts = clientOf(access, (common) => new STSClient(common));
  try {
    const {
      Account: account = "",
      Arn: arn = "",
      UserId: userId = "",
    } = await sts.send(new GetCallerIdentityCommand());
    return { account, arn, userId };
  } catch (error) {
    throw awsFailure(`sign in to AWS in ${access.region}`, error);
  } finally {
    sts.destroy();
  }
}

/** Where to sign in, and as what. */
export interface SignInSettings {
  /** null: that of the environment or the profile. */
  readonly region: string | null;
  /** ARN of a role to assume and to be from then on; null: whoever the credentials are of. */
  readonly accessRole?: string | null;
  /** See {@link AwsSession.run}. */
  readonly run?: string;
}

/**
 * Finds credentials the way every AWS tool does (environment, profile, SSO, container, instance) and asks STS whose they are; where a
 * role is to be assumed, the session is one of that role.
 *
 * @param options.patienceMs how long credentials may take, each time that they are resolved
 * @param options.onRequest is told of the requests of this session's clients
 * @throws StepError when there is no region, there are no credentials, STS does not accept or answer, or the role may not be assumed
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export async function signIn(
  settings: SignInSettings,
  { patienceMs = credentialsWithinMs, onRequest }: { patienceMs?: number; onRequest?: AwsAccess["onRequest"] } = {},
): Promise<AwsSession> {
  const region = settings.region ?? (await regionOfProfile());
  // Files are read anew each time: whoever signs in again while a job runs writes them.
  const chain = fromNodeProviderChain({ clientConfig: { region, requestHandler: answerWithin }, ignoreCache: true });
  const found = { region, credentials: (options?: object) => within(patienceMs, chain(options)) };
  try {
    await found.credentials();
  } catch (cause) {
    throw noCredentials(cause);
  }
  const caller = await whoIs(found);
  const { accessRole = null, run } = settings;
  if (accessRole === null) return sessionOf(found, caller, { run, onRequest });
  const credentials = assumedCredentials({ region, credentials: found.credentials, arn: caller.arn }, accessRole);
  const assumed = { region, credentials };
  return sessionOf(assumed, await whoIs(assumed), { run, onRequest });
}

const sessionOf = (
  { region, credentials }: AwsAccess,
  { account, arn, userId }: Omit<AwsSession, keyof AwsAccess>,
  { run, onRequest }: Pick<AwsSession, "run" | "onRequest">,
): AwsSession => ({ region, account, arn, userId, run, credentials, onRequest });

/**
 * Who somebody is from one run to the next, in the characters of a tag: their ARN, of a role's session with what lasts of its name.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/tagging-keyspaces.html
 */
export function ownerOf({ arn }: Pick<AwsSession, "arn">): string {
  const [, role, name = ""] = /^(arn:[\w-]+:sts::\d+:assumed-role\/[^/]+)\/(.*)$/.exec(arn) ?? [];
  const lasting = role === undefined ? arn : [role, lastingName(name)].filter(Boolean).join("/");
  return lasting.replace(/[^\p{L}\p{N}_.:/=+\-@]/gu, "_").slice(0, 256);
}

/** Whether endpoints are to be those whose cryptography is validated by FIPS 140, as the environment or the profile says. */
export async function usesFips({ region }: Pick<AwsSession, "region">): Promise<boolean> {
  return new STSClient({ region }).config.useFipsEndpoint();
}
