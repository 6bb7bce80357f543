import type { Authoriser } from "@keyspaces-segmentation/iam-local";
import type { Identity } from "@keyspaces-segmentation/local-support";
import { badCredentials, unauthorized } from "../protocol/refusal.js";
import type { Access } from "../rules/needs.js";
import { fullAccess, openAccess } from "./access.js";
import { equal, parseAnswer, verifyAnswer } from "./sigv4.js";

/** A user with service-specific credentials: the other way into Keyspaces, a plain user name and password. */
export interface PlainUser {
  readonly userName: string;
  readonly password: string;
  /** Whose they are, who may do what its permissions say; without it, everything. */
  readonly identity?: Identity | undefined;
}

/** The class that the live service names. */
export const AUTHENTICATOR = "com.amazon.helenus.auth.HelenusAuthenticator";

export interface Door {
  readonly region: string;
  readonly identities: readonly Identity[];
  readonly plainUsers: readonly PlainUser[];
  /** Whose keyspaces they are. */
  readonly account: string;
  /** Decides, by the policies that IAM holds, what identities may do that have those permissions; without it they may do nothing. */
  readonly authoriser?: Authoriser | undefined;
  /** The tags of a keyspace or table, by its ARN. */
  readonly tagsAt: (arn: string) => ReadonlyMap<string, string>;
  readonly now: () => Date;
  /** 32 characters, new for every challenge. */
  readonly newNonce: () => string;
}

export type HandshakeStep = { readonly challenge: Buffer; readonly nonce: string } | { readonly access: Access };

/**
 * The first token of a SASL exchange says which of the two mechanisms it is.
 *
 * @throws Refusal for a wrong password
 */
export function beginHandshake(token: Buffer, door: Door): HandshakeStep {
  const parts = token.toString("utf8").split("\0");
  if (parts.length === 3 && parts[0] === "SigV4") {
    const nonce = door.newNonce();
    return { challenge: Buffer.from(`nonce=${nonce}`, "ascii"), nonce };
  }
  // SASL PLAIN: [authorization id] NUL user NUL password.
  const [, userName = "", password = ""] = parts;
  const known = door.plainUsers.find((user) => user.userName === userName && equal(user.password, password));
  if (!known) throw badCredentials(`Provided username ${userName} and/or password are incorrect`, "KL-PASSWORD");
  return { access: known.identity ? accessOf(known.identity, door) : fullAccess };
}

/**
 * The answer to the challenge.
 *
 * @returns what they may do
 * @throws Refusal if the signature is not right, or the principal may do nothing
 */
export function finishHandshake(token: Buffer, nonce: string, door: Door): Access {
  const { region, identities } = door;
  const identity = verifyAnswer(parseAnswer(token.toString("utf8")), identities, { nonce, region, now: door.now() });
  if (!identity) throw badCredentials("Authentication failure: Invalid signature", "KL-SIGNATURE");
  return accessOf(identity, door);
}

/** @throws Refusal if they may do nothing */
function accessOf(identity: Identity, { region, account, authoriser, tagsAt }: Door): Access {
  if (identity.permissions === "all") return fullAccess;
  if (identity.permissions === "policies" && authoriser) {
    return openAccess(identity, { authoriser, region, account, tagsAt });
  }
  throw unauthorized(`User ${identity.arn} has no permissions.`, "KL-NO-PERMISSIONS");
}
