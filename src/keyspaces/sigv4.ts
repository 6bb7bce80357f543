import { SigV4AuthProvider } from "aws-sigv4-auth-cassandra-plugin";
import type { auth } from "cassandra-driver";
import type { AwsSession } from "../aws/session.js";
import { StepError } from "../errors.js";

// The plugin loads version 2 of the SDK, whose notice about itself would stand in the notebook. It looks here a tick later.
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE ??= "1";

type TokenCallback = (error: Error | null, token?: Buffer) => void;

const unusable = (cause?: unknown): StepError =>
  new StepError({
    tried: "sign the challenge of Amazon Keyspaces",
    got: "the AWS credentials could not be resolved any more",
    hint: "Sign in anew (aws sso login) and connect again.",
    cause,
  });

/**
 * Authenticates connections with AWS's own SigV4 plugin, and keeps it away from what it does badly.
 *
 * The plugin's credential chain never answers when it finds nothing, and credentials given to it once stay after they expire.
 * So each connection gets a plugin of its own, made with credentials that the session has already resolved.
 */
export function sigV4AuthProvider({
  region,
  credentials,
}: Pick<AwsSession, "region" | "credentials">): auth.AuthProvider {
  const newAuthenticator = (): auth.Authenticator => ({
    initialResponse: (callback: TokenCallback) => callback(null, Buffer.from("SigV4\0\0")),
    evaluateChallenge: (challenge: Buffer, callback: TokenCallback) => {
      credentials().then(
        ({ accessKeyId, secretAccessKey, sessionToken }) => {
          // Without a key the plugin would fall back to its own chain.
          if (!accessKeyId || !secretAccessKey) return callback(unusable());
          const plugin = new SigV4AuthProvider({ region, accessKeyId, secretAccessKey, sessionToken });
          plugin.newAuthenticator().evaluateChallenge(challenge, callback);
        },
        (cause: unknown) => callback(unusable(cause)),
      );
    },
    onAuthenticationSuccess: () => undefined,
  });
  // The driver insists on an instance of its own class, which the plugin's provider is.
  return Object.assign(new SigV4AuthProvider({ region }), { newAuthenticator });
}
