import { type Decision, evaluate, type Holdings, type ResourcePolicy } from "./evaluate.js";
import { type Policy, readPolicy } from "./policy_document.js";
import type { Principal } from "./principals.js";
import { type AccessRequest, type RequestValues, requestValues } from "./request.js";

/** A policy as IAM keeps it. */
export interface NamedDocument {
  /** The name of an inline policy, the ARN of a managed one. */
  readonly name: string;
  /** JSON, or what was read from it. */
  readonly document: unknown;
}

/** A role or a user, with all that is attached to it. */
export interface Entity {
  readonly arn: string;
  readonly policies: readonly NamedDocument[];
  readonly boundary?: NamedDocument | undefined;
  /** Of a role: who may assume it. */
  readonly trust?: unknown;
}

/** Who asks: a user, the session of a role, or a service. */
export interface Caller {
  readonly arn: string;
  readonly account: string;
  readonly userId?: string;
  /** `policies`: those of the user or role that it is. */
  readonly permissions: "all" | "none" | "policies";
  /** Documents that a session was cut down to when it began. */
  readonly sessionPolicies?: readonly unknown[] | undefined;
  /** A service that acts for itself, by its principal: `sagemaker.amazonaws.com`. */
  readonly service?: string;
}

/** What was asked, and what became of it. */
export interface Asked {
  readonly caller: Caller;
  readonly request: AccessRequest;
  readonly decision: Decision;
}

export interface AuthoriserOptions {
  readonly region: string;
  readonly now: () => Date;
  /** Told of every request that is decided; of those that are always allowed, each time as well. */
  readonly onDecision?: ((asked: Asked) => void) | undefined;
}

export interface Authoriser {
  /**
   * Puts roles and users in the place of those that were known. All that was decided is decided anew.
   *
   * @throws MalformedPolicyDocument; those that were known stay
   */
  setEntities(entities: readonly Entity[]): void;
  /** @param resource the policy on what the request is about, if it has one */
  decide(caller: Caller, request: AccessRequest, resource?: ResourcePolicy): Decision;
  /** Whether there is a role or user of that ARN. */
  knows(arn: string): boolean;
  /** The trust policy of a role; undefined if there is no such role. */
  trustOf(roleArn: string): ResourcePolicy | undefined;
  /** Changes whenever what was decided may not hold any more. */
  readonly version: number;
}

interface Known {
  readonly holdings: Holdings;
  readonly trust: Policy | undefined;
}

const allowAll: Decision = { allowed: true, by: { policy: "all", sid: undefined }, always: true };
const allowNone: Decision = { allowed: false, explicit: false, place: "identity-based policy", always: true };

const everything = readPolicy(
  { Version: "2012-10-17", Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
  { kind: "identity", name: "all" },
);

/** `arn:aws:sts::A:assumed-role/ROLE/SESSION` */
const session = /^arn:([\w-]+):sts::(\d{12}):assumed-role\/([^/]+)\/(.+)$/;

/** The account of an ARN. */
export const accountOf = (arn: string): string => arn.split(":")[4] ?? "";

/** Knows roles, users and their policies, and decides. */
export function createAuthoriser({ region, now, onDecision }: AuthoriserOptions): Authoriser {
  let known = new Map<string, Known>();
  /** Roles are found by name too: the ARN of a session leaves out the path of its role. */
  let byName = new Map<string, string>();
  let decided = new WeakMap<Caller, Map<string, Decision>>();
  const sessions = new WeakMap<Caller, readonly Policy[]>();
  let version = 0;

  const principalOf = (caller: Caller): Principal => {
    const { arn, account, service } = caller;
    const [, , , role] = session.exec(arn) ?? [];
    return { arn, account, service, roleArn: role === undefined ? undefined : byName.get(`${account}/${role}`) };
  };
  const sessionOf = (caller: Caller): readonly Policy[] | undefined => {
    const { sessionPolicies } = caller;
    if (!sessionPolicies || sessionPolicies.length === 0) return undefined;
    let policies = sessions.get(caller);
    policies ??= sessionPolicies.map((document) => readPolicy(document, { kind: "identity", name: "session" }));
    sessions.set(caller, policies);
    return policies;
  };
  const holdingsOf = (caller: Caller, { arn, roleArn }: Principal): Holdings => {
    if (caller.permissions === "all") return { identity: [everything] };
    const { holdings } = known.get(roleArn ?? arn) ?? { holdings: { identity: [] } };
    return { ...holdings, session: sessionOf(caller) };
  };
  const decideAnew = (caller: Caller, request: AccessRequest, resource: ResourcePolicy | undefined): Decision => {
    const { action } = request;
    // Nobody can be kept from asking who they are.
    if (action === "sts:GetCallerIdentity" || (caller.permissions === "all" && !resource?.hasToAllow)) return allowAll;
    if (caller.permissions === "none") return allowNone;
    const principal = principalOf(caller);
    const values = new Map([...valuesOf(caller, principal), ...request.values]);
    return evaluate({ ...request, values }, principal, holdingsOf(caller, principal), resource);
  };
  const valuesOf = (caller: Caller, { roleArn, service }: Principal): RequestValues => {
    const { arn, account, userId } = caller;
    const time = now();
    const [, user] = /:user\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
    return requestValues({
      "aws:CurrentTime": time.toISOString(),
      "aws:EpochTime": Math.floor(time.getTime() / 1000),
      "aws:PrincipalArn": service === undefined ? (roleArn ?? arn) : undefined,
      "aws:PrincipalAccount": service === undefined ? account : undefined,
      "aws:PrincipalIsAWSService": service !== undefined,
      "aws:PrincipalServiceName": service,
      "aws:PrincipalType": roleArn === undefined ? user && "User" : "AssumedRole",
      "aws:RequestedRegion": region,
      "aws:ResourceAccount": account,
      "aws:SecureTransport": true,
      "aws:SourceIp": "127.0.0.1",
      "aws:userid": userId,
      "aws:username": user,
      "aws:ViaAWSService": false,
    });
  };

  return {
    get version() {
      return version;
    },
    setEntities(entities) {
      const next = new Map(entities.map((entity) => [entity.arn, read(entity)]));
      known = next;
      byName = new Map(entities.map(({ arn }) => [`${accountOf(arn)}/${arn.slice(arn.lastIndexOf("/") + 1)}`, arn]));
      decided = new WeakMap();
      version++;
    },
    decide(caller, request, resource) {
      const key = `${request.action}\n${request.resource}`;
      let decision = resource ? undefined : decided.get(caller)?.get(key);
      if (!decision) {
        decision = decideAnew(caller, request, resource);
        if (decision.always && !resource) {
          const own = decided.get(caller) ?? new Map<string, Decision>();
          decided.set(caller, own.set(key, decision));
        }
      }
      onDecision?.({ caller, request, decision });
      return decision;
    },
    knows: (arn) => known.has(arn),
    trustOf(roleArn) {
      const trust = known.get(roleArn)?.trust;
      return trust && { policy: trust, account: accountOf(roleArn), hasToAllow: true };
    },
  };
}

function read({ arn, policies, boundary, trust }: Entity): Known {
  const identity = policies.map(({ name, document }) => readPolicy(document, { kind: "identity", name }));
  const limit = boundary && readPolicy(boundary.document, { kind: "identity", name: boundary.name });
  return {
    holdings: { identity, boundary: limit },
    trust: trust === undefined ? undefined : readPolicy(trust, { kind: "trust", name: arn }),
  };
}
