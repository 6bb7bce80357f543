import { MalformedPolicyDocument } from "./malformed.js";

/** Who makes a request. */
export interface Principal {
  /** Of the user, or of the session of a role; of a service, its name: `sagemaker.amazonaws.com`. */
  readonly arn: string;
  /** Of the role whose session it is. */
  readonly roleArn?: string | undefined;
  readonly account: string;
  /** A service that acts for itself. */
  readonly service?: string | undefined;
}

/** How close a policy on a resource comes to naming somebody. */
export type Naming = "itself" | "role" | "account" | "everyone";

/** Who is meant by the Principal element of a policy on a resource. */
export type PrincipalElement = (principal: Principal) => Naming | undefined;

const kinds = ["AWS", "Service", "Federated", "CanonicalUser"];

/**
 * Compiles a Principal element.
 *
 * @throws MalformedPolicyDocument
 */
export function compilePrincipals(element: unknown): PrincipalElement {
  if (element === "*") return () => "everyone";
  if (typeof element !== "object" || element === null || Array.isArray(element)) throw invalid(element);
  const named = new Map<string, string[]>();
  for (const [kind, listed] of Object.entries(element)) {
    const values: unknown[] = Array.isArray(listed) ? listed : [listed];
    if (!kinds.includes(kind) || !values.every((value) => typeof value === "string")) throw invalid(element);
    named.set(kind, values as string[]);
  }
  if (named.size === 0) throw invalid(element);
  const matchers = (named.get("AWS") ?? []).map(compileAws);
  const services = new Set(named.get("Service") ?? []);
  return (principal) => {
    if (principal.service !== undefined) return services.has(principal.service) ? "itself" : undefined;
    const namings = matchers.map((matcher) => matcher(principal));
    return (["itself", "role", "account", "everyone"] as const).find((naming) => namings.includes(naming));
  };
}

const invalid = (element: unknown): MalformedPolicyDocument =>
  new MalformedPolicyDocument(`Invalid principal in policy: ${JSON.stringify(element)}`);

function compileAws(value: string): PrincipalElement {
  if (value === "*") return () => "everyone";
  const [, account] = /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(value) ?? [];
  if (account !== undefined) return (principal) => (principal.account === account ? "account" : undefined);
  // No wildcard: a principal is named in full.
  if (!/^arn:[\w-]+:(iam|sts)::\d{12}:(role|user|assumed-role|federated-user)\/[^*?]+$/.test(value))
    throw invalid(value);
  return ({ arn, roleArn }) => (value === arn ? "itself" : value === roleArn ? "role" : undefined);
}
