/**
 * How AWS decides: explicit denials first, then what allows, within what limits. One account, or two.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
import { wantsTags } from "./condition_keys.js";
import type { Policy, Statement } from "./policy_document.js";
import type { Naming, Principal } from "./principals.js";
import type { AccessRequest } from "./request.js";

/** What holds of a principal. */
export interface Holdings {
  readonly identity: readonly Policy[];
  /** The permissions boundary. */
  readonly boundary?: Policy | undefined;
  /** The session policies; undefined for a session without. */
  readonly session?: readonly Policy[] | undefined;
}

/** The policy on what a request is about. */
export interface ResourcePolicy {
  readonly policy: Policy;
  /** The account that it belongs to. */
  readonly account: string;
  /** For KMS keys and the trust policies of roles, which have to allow whatever identity policies say. */
  readonly hasToAllow: boolean;
}

/** The kinds of policies, in the words of refusals. */
export type PolicyPlace =
  | "identity-based policy"
  | "resource-based policy"
  | "permissions boundary"
  | "session policy"
  | "role trust policy";

export interface Allowed {
  readonly allowed: true;
  /** The statement that allows: the policy's name, and the statement's Sid. */
  readonly by: { readonly policy: string; readonly sid: string | undefined };
  /** Whether the same will hold of each request for the same action and resource, whatever else is in it. */
  readonly always: boolean;
  /** Whether a condition asks for the tags of the resource, which the request did not tell: with them it may be decided otherwise. */
  readonly lacksTags?: true;
}

export interface Denied {
  readonly allowed: false;
  readonly explicit: boolean;
  /** Where the denial is, or where an allowance is missing. */
  readonly place: PolicyPlace;
  /** Of an explicit denial. */
  readonly policy?: string;
  readonly sid?: string | undefined;
  readonly always: boolean;
  readonly lacksTags?: true;
}

export type Decision = Allowed | Denied;

/** What some policies say of a request. */
interface Verdict {
  readonly denied?: Found;
  readonly allowed?: Found & { readonly naming: Naming };
  /** Whether a statement with conditions or variables had a say. */
  readonly varies: boolean;
  /** Whether a condition asks for tags that are not told. */
  readonly lacksTags: boolean;
}

interface Found {
  readonly policy: string;
  readonly sid: string | undefined;
}

/**
 * Where conditions on tags are not enforced.
 * https://docs.aws.amazon.com/keyspaces/latest/devguide/security_iam_id-based-policy-examples.html
 */
const systemTables = /^arn:[\w-]+:cassandra:[^:]*:\d*:\/keyspace\/system/;
const isResourceTag = (key: string): boolean => key.startsWith("aws:resourcetag/");

const closest: readonly Naming[] = ["itself", "role", "account", "everyone"];

/**
 * What policies say of a request. What cannot be told of a condition goes against the request: it neither allows, nor spares from a denial.
 *
 * @param naming how the statements of a policy on a resource name the principal; undefined for those that do not concern it
 */
function ask(
  policies: readonly Policy[],
  { action, resource, values }: AccessRequest,
  naming: (statement: Statement) => Naming | undefined,
): Verdict {
  const lower = action.toLowerCase();
  const ignoresTags = systemTables.test(resource);
  let denied: Found | undefined;
  let allowed: Verdict["allowed"];
  let varies = false;
  let lacksTags = false;
  for (const { name: policy, statements } of policies) {
    for (const statement of statements) {
      if (!statement.speaksOf(lower)) continue;
      const named = naming(statement);
      if (named === undefined) continue;
      varies ||= statement.varies;
      if (!statement.covers(resource, values)) continue;
      const outcomes = statement.conditions.map(({ key, holds }) =>
        ignoresTags && isResourceTag(key) ? true : holds(values),
      );
      if (outcomes.includes(false)) continue;
      lacksTags ||= !ignoresTags && statement.conditions.some(({ key }) => wantsTags(key, values));
      const { sid } = statement;
      if (statement.effect === "Deny") denied ??= { policy, sid };
      else if (!outcomes.includes("unknown")) {
        if (!allowed || closest.indexOf(named) < closest.indexOf(allowed.naming))
          allowed = { policy, sid, naming: named };
      }
    }
  }
  return { varies, lacksTags, ...(denied && { denied }), ...(allowed && { allowed }) };
}

/**
 * Decides on a request.
 *
 * @param resource the policy on what the request is about, if there is one
 */
export function evaluate(
  request: AccessRequest,
  principal: Principal,
  { identity, boundary, session }: Holdings,
  resource?: ResourcePolicy,
): Decision {
  const own = (): Naming => "itself";
  const asked: [PolicyPlace, Verdict][] = [["identity-based policy", ask(identity, request, own)]];
  if (boundary) asked.push(["permissions boundary", ask([boundary], request, own)]);
  if (session) asked.push(["session policy", ask(session, request, own)]);
  const onResource = resource && ask([resource.policy], request, (statement) => statement.names(principal));
  const placeOfResource: PolicyPlace =
    request.action === "sts:AssumeRole" ? "role trust policy" : "resource-based policy";
  if (onResource) asked.push([placeOfResource, onResource]);
  const about = {
    always: asked.every(([, { varies }]) => !varies),
    ...(asked.some(([, { lacksTags }]) => lacksTags) && { lacksTags: true as const }),
  };

  for (const [place, { denied }] of asked)
    if (denied) return { allowed: false, explicit: true, place, ...denied, ...about };
  const refuse = (place: PolicyPlace): Denied => ({ allowed: false, explicit: false, place, ...about });

  const granted = onResource?.allowed;
  // A service belongs to no account, and holds no policies of its own.
  const isInside = resource === undefined || resource.account === principal.account || principal.service !== undefined;
  if ((resource?.hasToAllow || !isInside) && !granted) return refuse(placeOfResource);
  // A policy that names an account leaves it to that account's own policies whom it lets in.
  const grants = granted && granted.naming !== "account" && isInside;
  // Whoever is named in person is not held by what is merely missing elsewhere.
  if (grants && granted.naming === "itself") return { allowed: true, by: granted, ...about };
  for (const [place, { allowed }] of asked) {
    if (place === placeOfResource || (place === "identity-based policy" && grants)) continue;
    if (!allowed) return refuse(place);
  }
  const by = asked[0]![1].allowed ?? granted;
  return by ? { allowed: true, by, ...about } : refuse("identity-based policy");
}
