import { type Entity, MalformedPolicyDocument, readPolicy } from "@keyspaces-segmentation/iam-local";
import type { Identity } from "@keyspaces-segmentation/local-support";
import type { PlainUser } from "../door/handshake.js";
import { readJsonOf } from "./given_files.js";
import type { KeyspacesLocalOptions } from "./options.js";
import { UsageError } from "./usage_error.js";

/** A user of the file, as it is written there. */
interface WrittenUser {
  readonly name: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  /** Service-specific credentials; the name is `NAME-at-ACCOUNT` unless given. */
  readonly userName?: string;
  readonly password?: string;
  /** Documents of IAM; without the list the user may do everything. */
  readonly policies?: readonly unknown[];
}

/** Who may come in beside the administrator. */
export interface Users {
  readonly identities: readonly Identity[];
  readonly plainUsers: readonly PlainUser[];
  /** For IAM: those whose policies decide. */
  readonly entities: readonly Entity[];
}

const members = ["name", "accessKeyId", "secretAccessKey", "sessionToken", "userName", "password", "policies"];

/** What tells users from each other. */
const ownKeys = ["name", "accessKeyId", "userName"] as const;

/** Names are told apart without regard to case, as IAM's are; "" where there is none. */
const ownedAs = (key: (typeof ownKeys)[number], value: string | undefined): string =>
  value === undefined ? "" : `${key} ${key === "name" ? value.toLowerCase() : value}`;

type UserOptions = Pick<KeyspacesLocalOptions, "users" | "account" | "accessKeyId">;

/**
 * Reads `{"users": [{"name", "accessKeyId", "secretAccessKey", "userName", "password", "policies": […]}]}`.
 *
 * @throws UsageError that says which user is wrong and how
 */
export function readUsers({ users: file, account, accessKeyId }: UserOptions): Users {
  const written = file === undefined ? [] : usersIn(file);
  const administrator = { name: "administrator", userName: `administrator-at-${account}`, accessKeyId };
  const owners = new Map<string, string>();
  for (const key of ownKeys) owners.set(ownedAs(key, administrator[key]), administrator.name);
  const identities: Identity[] = [];
  const plainUsers: PlainUser[] = [];
  const entities: Entity[] = [];
  for (const [index, user] of written.entries()) {
    const fail = (rule: string): never => {
      throw new UsageError(`Expected user ${user.name ?? index + 1} in ${file} ${rule}`);
    };
    check(user, fail);
    const userName = user.userName ?? `${user.name}-at-${account}`;
    for (const key of ownKeys) {
      const owned = ownedAs(key, { ...user, userName }[key]);
      const owner = owners.get(owned);
      if (owned !== "" && owner !== undefined)
        fail(`to have ${key === "accessKeyId" ? "an" : "a"} ${key} of its own, got that of ${owner}`);
      owners.set(owned, user.name);
    }
    const arn = `arn:aws:iam::${account}:user/${user.name}`;
    const identity: Identity = {
      accessKeyId: user.accessKeyId ?? "",
      secretAccessKey: user.secretAccessKey ?? "",
      ...(user.sessionToken !== undefined && { sessionToken: user.sessionToken }),
      account,
      userId: `AIDA${user.name.toUpperCase()}`,
      arn,
      permissions: user.policies ? "policies" : "all",
    };
    if (user.accessKeyId !== undefined) identities.push(identity);
    if (user.password !== undefined) {
      plainUsers.push({ userName, password: user.password, identity });
    }
    const policies = (user.policies ?? []).map((document, at) => ({ name: `policy ${at + 1}`, document }));
    try {
      for (const { name, document } of policies) readPolicy(document, { kind: "identity", name });
    } catch (error) {
      if (error instanceof MalformedPolicyDocument)
        fail(`to have policies of IAM, got one that is none: ${error.message}`);
      throw error;
    }
    entities.push({ arn, policies });
  }
  return { identities, plainUsers, entities };
}

function usersIn(file: string): WrittenUser[] {
  const content = Object(readJsonOf("--users", file)) as { users?: unknown };
  // An editor's note of what belongs into the file.
  const other = Object.keys(content).find((key) => key !== "users" && key !== "$schema");
  if (other !== undefined)
    throw new UsageError(`Expected ${file} to hold {"users": […]}, got ${JSON.stringify(other)}`);
  const { users } = content;
  if (!Array.isArray(users) || !users.every((user) => typeof user === "object" && user !== null)) {
    throw new UsageError(`Expected ${file} to hold {"users": […]}, got something else`);
  }
  return users as WrittenUser[];
}

function check(user: WrittenUser, fail: (rule: string) => never): void {
  const unknown = Object.keys(user).find((key) => !members.includes(key));
  if (unknown !== undefined) fail(`to have ${members.join(", ")}, got ${JSON.stringify(unknown)}`);
  const texts = { ...user, policies: undefined };
  const wrong = Object.entries(texts).find(
    ([, value]) => value !== undefined && (typeof value !== "string" || value === ""),
  );
  if (wrong) fail(`to have a text as ${wrong[0]}, got ${JSON.stringify(wrong[1])}`);
  if (!/^[\w+=,.@-]{1,64}$/.test(user.name ?? "")) {
    const got = user.name === undefined ? "none" : JSON.stringify(user.name);
    fail(`to have a name of 1 to 64 letters, digits and +=,.@-_, got ${got}`);
  }
  if ((user.accessKeyId === undefined) !== (user.secretAccessKey === undefined)) {
    fail("to have accessKeyId and secretAccessKey, got one of them");
  }
  if (user.accessKeyId === undefined && user.password === undefined) fail("to have a key or a password, got neither");
  if (user.policies !== undefined && !Array.isArray(user.policies))
    fail("to have a list of policies, got something else");
}
