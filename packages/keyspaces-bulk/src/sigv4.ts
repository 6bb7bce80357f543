import type { AwsCredentials, AwsSession } from "@keyspaces-segmentation/aws-session";
import { messageOf, StepError, within } from "@keyspaces-segmentation/common";
import { computeSigV4SignatureCassandraRequest } from "aws-sigv4-auth-cassandra-plugin/lib/sigv4-auth-signature.js";
import { auth } from "cassandra-driver";

/** The driver insists on an instance of it, and declares it as an interface. */
const { AuthProvider } = auth as unknown as { AuthProvider: new () => auth.AuthProvider };

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
  if (!found.accessKeyId || !found.secretAccessKey) throw unusable("the AWS credentials are empty");
  if (hasEnded(found)) throw unusable(`the AWS credentials expired at ${found.expiration?.toISOString()}`);
  return found;
}

/** @throws StepError for a challenge without a nonce */
function nonceIn(challenge: Buffer): string {
  const nonce = /nonce=([^,]+)/.exec(challenge.toString())?.[1];
  if (nonce === undefined) throw unusable(`there is no nonce in it: ${JSON.stringify(challenge.toString())}`);
  return nonce;
}

/**
 * Authenticates connections with the signature of AWS's own SigV4 plugin.
 *
 * The plugin's provider is left out: its credential chain never answers when it finds nothing, credentials given to it once stay after
 * they expire, and it loads all of version 2 of the SDK. Each connection signs with what the session has resolved at that moment.
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
  const answerTo = async (challenge: Buffer): Promise<Buffer> => {
    const nonce = nonceIn(challenge);
    const { accessKeyId, secretAccessKey, sessionToken } = await usable(credentials, wasRefused(), patienceMs);
    const signer = { region, nonce, date: new Date(), accessKeyId, secretAccessKey, sessionToken };
    return Buffer.from(computeSigV4SignatureCassandraRequest(signer));
  };
  const newAuthenticator = (): auth.Authenticator => ({
    initialResponse: (callback: TokenCallback) => callback(null, Buffer.from("SigV4\0\0")),
    evaluateChallenge: (challenge: Buffer, callback: TokenCallback) => {
      answerTo(challenge).then((token) => callback(null, token), callback);
    },
    onAuthenticationSuccess: loggedIn,
  });
  return Object.assign(new AuthProvider(), { newAuthenticator });
}
