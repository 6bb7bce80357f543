/** Whether SageMaker may run as a role, and in words why, where it may not or that cannot be told. */
export type Trust =
  | { readonly mayAssume: true }
  | { readonly mayAssume: false; readonly why: string }
  | { readonly mayAssume: "unknown"; readonly why: string };

const service = "sagemaker.amazonaws.com";
const action = "sts:AssumeRole";

interface Statement {
  Effect?: unknown;
  Principal?: unknown;
  NotPrincipal?: unknown;
  Action?: unknown;
  NotAction?: unknown;
  Condition?: unknown;
}

type Applies = boolean | "unknown";

/** For whom SageMaker would assume the role. */
export interface TrustedFor {
  readonly account: string;
  readonly region: string;
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]);

/** Actions may hold wildcards, and capitals do not count. */
function matchesAction(pattern: unknown): boolean {
  const expression = String(pattern).replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${expression.replaceAll("*", ".*").replaceAll("?", ".")}$`, "i").test(action);
}

const coversAction = ({ Action, NotAction }: Statement): boolean =>
  NotAction === undefined ? listOf(Action).some(matchesAction) : !listOf(NotAction).some(matchesAction);

/** Names of services are compared as they are written; one for a region or another partition may mean SageMaker as well. */
function coversService({ Principal, NotPrincipal }: Statement): Applies {
  if (NotPrincipal !== undefined) return "unknown";
  if (Principal === "*") return true;
  const { Service, AWS } = Object(Principal) as { Service?: unknown; AWS?: unknown };
  const services = listOf(Service);
  if (services.includes(service) || services.includes("*") || listOf(AWS).includes("*")) return true;
  return services.some((name) => /^sagemaker\./i.test(String(name))) ? "unknown" : false;
}

/** Whether a pattern of an ARN lets all of SageMaker's resources of an account and region in. */
function matchesSource(pattern: unknown, { account, region }: TrustedFor): boolean {
  const [arn, , service, where, whose, ...rest] = String(pattern).split(":");
  const of = (part: string | undefined, value: string) => part === "*" || part === value;
  return arn === "arn" && of(service, "sagemaker") && of(where, region) && of(whose, account) && rest.join(":") === "*";
}

/** The conditions against a confused deputy, which AWS advises; no others are evaluated. */
function holds(condition: unknown, trustedFor: TrustedFor): boolean {
  return Object.entries(Object(condition)).every(([operator, keys]) =>
    Object.entries(Object(keys)).every(([key, values]) => {
      if (/^String(Equals|Like)$/.test(operator) && key.toLowerCase() === "aws:sourceaccount") {
        return listOf(values).includes(trustedFor.account);
      }
      const ofSource = /^(ArnLike|StringLike)$/.test(operator) && key.toLowerCase() === "aws:sourcearn";
      return ofSource && listOf(values).some((pattern) => matchesSource(pattern, trustedFor));
    }),
  );
}

/** Whether a statement is about SageMaker assuming the role. */
function applies(statement: Statement, trustedFor: TrustedFor): Applies {
  if (!coversAction(statement)) return false;
  const covers = coversService(statement);
  return covers === true && !holds(statement.Condition, trustedFor) ? "unknown" : covers;
}

/**
 * Reads a role's trust policy: whether it lets SageMaker assume the role, for a training job to run as it.
 *
 * @param document as IAM gives it: JSON, URL-encoded
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function trustOf(document: string, trustedFor: TrustedFor): Trust {
  let statements: Statement[];
  try {
    const text = document.trimStart().startsWith("{") ? document : decodeURIComponent(document);
    statements = listOf((JSON.parse(text) as { Statement?: unknown }).Statement).map((each) => Object(each));
  } catch {
    return { mayAssume: "unknown", why: "its trust policy cannot be read" };
  }
  const of = (effect: string) =>
    statements.filter(({ Effect }) => Effect === effect).map((each) => applies(each, trustedFor));
  const [denied, allowed] = [of("Deny"), of("Allow")];
  if (denied.includes(true)) return { mayAssume: false, why: `its trust policy denies ${service}` };
  if (!allowed.some(Boolean)) return { mayAssume: false, why: `its trust policy does not name ${service}` };
  if (denied.includes("unknown") || !allowed.includes(true)) {
    return {
      mayAssume: "unknown",
      why: `its trust policy lets ${service} in under conditions, which are not evaluated here`,
    };
  }
  return { mayAssume: true };
}
