/** The part of AWS's plugin that we use; it ships no types. */
declare module "aws-sigv4-auth-cassandra-plugin" {
  import type { auth } from "cassandra-driver";

  export class SigV4AuthProvider implements auth.AuthProvider {
    constructor(options: {
      region: string;
      accessKeyId?: string;
      secretAccessKey?: string;
      sessionToken?: string | undefined;
    });
    newAuthenticator(): auth.Authenticator;
  }
}
