import { type Condition, compileConditions } from "./conditions.js";
import { MalformedPolicyDocument } from "./malformed.js";
import { compilePrincipals, type Naming, type Principal, type PrincipalElement } from "./principals.js";
import type { RequestValues } from "./request.js";
import { compilePattern, type Pattern } from "./wildcards.js";

/** Where a policy is put, which decides what it has to say and may not. */
export type PolicyKind = "identity" | "resource" | "trust";

/** A statement that is ready to be compared with requests. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: "Allow" | "Deny";
  readonly conditions: readonly Condition[];
  /** Whether an action, in lower case, is one that it speaks of. */
  speaksOf(action: string): boolean;
  /** Whether a resource is one that it covers. */
  covers(resource: string, values: RequestValues): boolean;
  /** Whether what it covers depends on more of the request than its action and resource. */
  readonly varies: boolean;
  /** Of a policy on a resource: whether it names somebody, and how. */
  names(principal: Principal): Naming | undefined;
}

/** A policy that was read and found to be in order. */
export interface Policy {
  /** Its name, or the ARN of a managed one, for refusals. */
  readonly name: string;
  readonly statements: readonly Statement[];
}

const versions = ["2012-10-17", "2008-10-17"];
const policyElements = ["Version", "Id", "Statement"];
const elements = ["Sid", "Effect", "Action", "NotAction", "Condition"];
const ofResources = ["Resource", "NotResource"];
const ofPrincipals = ["Principal", "NotPrincipal"];

type Written = Readonly<Record<string, unknown>>;

/**
 * Reads a policy and checks all of it: what is not understood is no policy.
 *
 * @param document JSON, or what was read from it
 * @param options.name its name, or the ARN of a managed one
 * @throws MalformedPolicyDocument
 */
export function readPolicy(document: unknown, { kind, name }: { kind: PolicyKind; name: string }): Policy {
  const written = objectOf(typeof document === "string" ? parse(document) : document, "the policy");
  refuseOthers(written, policyElements);
  const version = written.Version ?? "2008-10-17";
  if (!versions.includes(String(version))) throw syntaxError(`Version ${String(version)}`);
  const list = (Array.isArray(written.Statement) ? written.Statement : [written.Statement]) as unknown[];
  if (list.length === 0) throw new MalformedPolicyDocument("Policy statement must contain resources.");
  const variables = version === "2012-10-17";
  const statements = list.map((statement) => readStatement(objectOf(statement, "a statement"), kind, variables));
  const sids = statements.flatMap(({ sid }) => sid ?? []);
  if (new Set(sids).size < sids.length) {
    throw new MalformedPolicyDocument("Statement IDs (SID) in a single policy must be unique.");
  }
  return { name, statements };
}

const syntaxError = (what: string): MalformedPolicyDocument =>
  new MalformedPolicyDocument(`Syntax errors in policy. (${what})`);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw syntaxError("it is no JSON");
  }
}

function objectOf(value: unknown, what: string): Written {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw syntaxError(`${what} is no object`);
  return value as Written;
}

function refuseOthers(written: Written, known: readonly string[]): void {
  const other = Object.keys(written).find((name) => !known.includes(name));
  if (other !== undefined) throw syntaxError(`element ${other}`);
}

/** The one of two elements that exclude each other. */
function eitherOf(written: Written, [plain, negated]: readonly string[]): { value: unknown; isNegated: boolean } {
  const given = [plain!, negated!].filter((name) => written[name] !== undefined);
  if (given.length !== 1) throw syntaxError(`exactly one of ${plain} and ${negated} is needed`);
  return { value: written[given[0]!], isNegated: given[0] === negated };
}

function textsOf(value: unknown, what: string): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.length === 0 || !list.every((text) => typeof text === "string" && text !== "")) throw syntaxError(what);
  return list as string[];
}

function readStatement(written: Written, kind: PolicyKind, variables: boolean): Statement {
  const withResources = kind !== "trust";
  const withPrincipals = kind !== "identity";
  refuseOthers(written, [...elements, ...(withResources ? ofResources : []), ...(withPrincipals ? ofPrincipals : [])]);
  const { Sid: sid, Effect: effect } = written;
  if (sid !== undefined && !(typeof sid === "string" && (withPrincipals || /^[A-Za-z0-9]*$/.test(sid)))) {
    throw new MalformedPolicyDocument("Statement IDs (SID) must be alpha-numeric.");
  }
  if (effect !== "Allow" && effect !== "Deny") throw syntaxError(`Effect ${String(effect)}`);
  const speaksOf = readActions(written);
  const resources = withResources ? readResources(written, variables) : undefined;
  const conditions = compileConditions(written.Condition, { variables });
  return {
    sid: sid === "" ? undefined : (sid as string | undefined),
    effect,
    conditions,
    speaksOf,
    covers: resources?.covers ?? (() => true),
    varies: conditions.length > 0 || resources?.varies === true,
    names: withPrincipals ? readPrincipals(written) : () => undefined,
  };
}

function readActions(written: Written): Statement["speaksOf"] {
  const { value, isNegated } = eitherOf(written, ["Action", "NotAction"]);
  const texts = textsOf(value, "Action");
  const wrong = texts.find((text) => text !== "*" && !/^[\w*?-]+:[\w*?-]+$/.test(text));
  if (wrong !== undefined)
    throw new MalformedPolicyDocument(`Actions/Conditions must be prefaced by a vendor, not ${wrong}.`);
  const patterns = texts.map((text) => compilePattern(text, { wildcards: true, variables: false, ignoreCase: true }));
  const none = new Map<string, string>();
  return (action) => patterns.some((pattern) => pattern.matches(action, none)) !== isNegated;
}

function readResources(written: Written, variables: boolean): Pick<Statement, "covers" | "varies"> {
  const { value, isNegated } = eitherOf(written, ofResources);
  const texts = textsOf(value, "Resource");
  const wrong = texts.find((text) => text !== "*" && !(text.startsWith("arn:") && text.split(":").length >= 6));
  if (wrong !== undefined) throw new MalformedPolicyDocument(`Resource ${wrong} must be in ARN format or "*".`);
  const patterns: Pattern[] = texts.map((text) => compilePattern(text, { wildcards: true, variables }));
  return {
    covers: (resource, values) => patterns.some((pattern) => pattern.matches(resource, values)) !== isNegated,
    varies: patterns.some(({ hasVariables }) => hasVariables),
  };
}

function readPrincipals(written: Written): PrincipalElement {
  const { value, isNegated } = eitherOf(written, ofPrincipals);
  const named = compilePrincipals(value);
  return isNegated ? (principal) => (named(principal) === undefined ? "everyone" : undefined) : named;
}
