import { randomBytes } from "node:crypto";

/** A principal that the stand-in knows: its key pair and who it is. */
export interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Temporary credentials carry one; a request without it, or with another, is refused. */
  readonly sessionToken?: string;
  /** When temporary credentials end; they do not unless it is given. */
  readonly expires?: Date;
  readonly account: string;
  readonly userId: string;
  readonly arn: string;
  /**
   * `none`: known, but with no permission on anything, as a principal without a policy is; `policies`: those that the role or user has
   * in IAM.
   */
  readonly permissions: "all" | "none" | "policies";
  /** Policies, as JSON, that the session was cut down to when it began. */
  readonly sessionPolicies?: readonly string[];
}

/** moto's own account number, so that its ARNs and ours agree. */
const ACCOUNT = "123456789012";

/** The IAM role that the stand-in's temporary credentials belong to and that its training jobs run as. */
export const ROLE_NAME = "LocalDataScientist";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const randomId = (prefix: string): string =>
  prefix + Array.from(randomBytes(16), (byte) => letters[byte % letters.length]).join("");

/** A key pair that nobody else has, with its token. */
export function temporaryKeys(): Required<Pick<Identity, "accessKeyId" | "secretAccessKey" | "sessionToken">> {
  return {
    accessKeyId: randomId("ASIA"),
    secretAccessKey: randomBytes(30).toString("base64"),
    sessionToken: randomBytes(96).toString("base64"),
  };
}

/** Fresh temporary credentials of the role, as STS AssumeRole would hand them out. */
export function temporaryIdentity(permissions: Identity["permissions"] = "all"): Identity {
  return {
    ...temporaryKeys(),
    account: ACCOUNT,
    userId: `${randomId("AROA")}:local`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${ROLE_NAME}/local`,
    permissions,
  };
}
