/** The part of AWS's plugin that we use; it ships no types. */
declare module "aws-sigv4-auth-cassandra-plugin/lib/sigv4-auth-signature.js" {
  /** What a client answers the challenge of Amazon Keyspaces with. */
  export function computeSigV4SignatureCassandraRequest(signer: {
    region: string;
    nonce: string;
    date: Date;
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string | undefined;
  }): string;
}
