import type { AwsSession } from "@keyspaces-segmentation/aws-session";

/** A session with credentials that only a stand-in accepts. */
export function sessionOf(changes: Partial<AwsSession> = {}): AwsSession {
  return {
    region: "us-east-1",
    account: "123456789012",
    arn: "arn:aws:sts::123456789012:assumed-role/LocalDataScientist/local",
    userId: "AROAEXAMPLE:local",
    credentials: async () => ({ accessKeyId: "AKIAEXAMPLE", secretAccessKey: "secret" }),
    ...changes,
  };
}
