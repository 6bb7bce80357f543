import type { AwsCredentials, AwsSession } from "@keyspaces-segmentation/aws-session";
import { messageOf, StepError, within } from "@keyspaces-segmentation/common";
import type { auth } from "cassandra-driver";

/** Loaded when it is needed: it brings version 2 of the SDK, which takes longer to load than everything else here. */
function plugin(): typeof import("aws-sigv4-auth-cassandra-plugin") {
  // That SDK's notice about itself would stand in the notebook. It looks here a tick later.
  process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE ??= "1";
  return require("aws-sigv4-auth-cassandra-plugin");
}

type TokenCallback = (error: Error | null, token?: Buffer) => void;

const unusable = (got: string, cause?: unknown): StepError =>
  new StepError({
    tried: "sign the challenge of Amazon Keyspaces",
    got,
    hint: "Sign in anew (aws sso login, say) and run the cell again; if that does not help, restart the kernel.",
    cause,
  });

const hasEnded = ({ expiration }: AwsCredentials): boolean => expiration !== undefined && +expiration <= Date.now();

/**
 * @param renew whether to resolve them anew, because the last ones were refused
 * @throws StepError when there are none, or only some that cannot convince the service any more
 */
async function usable(
  credentials: AwsSession["credentials"],
  renew: boolean,
  patienceMs: number,
): Promise<AwsCredentials> {
  let found: AwsCredentials;
  try {
    found = await within(patienceMs, credentials({ forceRefresh: renew }));
    if (hasEnded(found)) found = await within(patienceMs, credentials({ forceRefresh: true }));
  } catch (cause) {
    throw unusable(`the AWS credentials could not be resolved any more (${messageOf(cause)})`, cause);
  }
  // Without a key the plugin would fall back to its own chain.
  if (!found.accessKeyId || !found.secretAccessKey) throw unusable("the AWS credentials are empty");
  if (hasEnded(found)) throw unusable(`the AWS credentials expired at ${found.expiration?.toISOString()}`);
  return found;
}

/**
 * Authenticates connections with AWS's own SigV4 plugin, and keeps it away from what it does badly.
 *
 * The plugin's credential chain never answers when it finds nothing, and credentials given to it once stay after they expire.
 * So each connection gets a plugin of its own, made with credentials that the session has already resolved.
 *
 * @param loggedIn called after each log-in that worked
 * @param patienceMs how long credentials may take: a provider may ask the user for a code, but the driver would wait for ever
 * @param wasRefused whether the last log-in was refused: then the credentials are resolved anew
 */
export function sigV4AuthProvider(
  { region, credentials }: Pick<AwsSession, "region" | "credentials">,
  loggedIn: () => void = () => undefined,
  patienceMs: number = 30_000,
  wasRefused: () => boolean = () => false,
): auth.AuthProvider {
  const { SigV4AuthProvider } = plugin();
  const newAuthenticator = (): auth.Authenticator => ({
    initialResponse: (callback: TokenCallback) => callback(null, Buffer.from("SigV4\0\0")),
    evaluateChallenge: (challenge: Buffer, callback: TokenCallback) => {
      usable(credentials, wasRefused(), patienceMs).then(({ accessKeyId, secretAccessKey, sessionToken }) => {
        const plugin = new SigV4AuthProvider({ region, accessKeyId, secretAccessKey, sessionToken });
        plugin.newAuthenticator().evaluateChallenge(challenge, callback);
      }, callback);
    },
    onAuthenticationSuccess: loggedIn,
  });
  // The driver insists on an instance of its own class, which the plugin's provider is.
  return Object.assign(new SigV4AuthProvider({ region }), { newAuthenticator });
}
