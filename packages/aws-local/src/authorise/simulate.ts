import { type Authoriser, accountOf, type Decision, requestValues } from "@keyspaces-segmentation/iam-local";
import { AwsError, escapeXml } from "@keyspaces-segmentation/local-support";

/** The values of a list of the query protocol, in order. */
function listAt(parameters: URLSearchParams, name: string): string[] {
  const values: string[] = [];
  for (let index = 1; parameters.has(`${name}.member.${index}`); index++) {
    values.push(parameters.get(`${name}.member.${index}`) ?? "");
  }
  return values;
}

function contextOf(parameters: URLSearchParams): ReturnType<typeof requestValues> {
  const values: Record<string, string | string[]> = {};
  for (let index = 1; ; index++) {
    const entry = `ContextEntries.member.${index}`;
    const name = parameters.get(`${entry}.ContextKeyName`);
    if (name === null) return requestValues(values);
    const given = listAt(parameters, `${entry}.ContextKeyValues`);
    const isList = parameters.get(`${entry}.ContextKeyType`)?.endsWith("List") ?? false;
    values[name] = isList ? given : (given[0] ?? "");
  }
}

const wordOf = (decision: Decision): string =>
  decision.allowed ? "allowed" : decision.explicit ? "explicitDeny" : "implicitDeny";

/**
 * What a role or user could do: SimulatePrincipalPolicy, without the policies of resources.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 *
 * @returns the inside of the result element
 * @throws AwsError for who is not there
 */
export function simulate(authoriser: Authoriser, parameters: URLSearchParams): string {
  const source = parameters.get("PolicySourceArn") ?? "";
  if (!authoriser.knows(source)) throw new AwsError("NoSuchEntity", `The entity ${source} cannot be found.`);
  const caller = { arn: source, account: accountOf(source), permissions: "policies" as const };
  const resources = listAt(parameters, "ResourceArns");
  const values = contextOf(parameters);
  const results = listAt(parameters, "ActionNames").flatMap((action) =>
    (resources.length > 0 ? resources : ["*"]).map((resource) => {
      const decision = authoriser.decide(caller, { action, resource, values });
      return (
        `<member><EvalActionName>${escapeXml(action)}</EvalActionName>` +
        `<EvalResourceName>${escapeXml(resource)}</EvalResourceName><EvalDecision>${wordOf(decision)}</EvalDecision>` +
        "<MatchedStatements/><MissingContextValues/></member>"
      );
    }),
  );
  return `<IsTruncated>false</IsTruncated><EvaluationResults>${results.join("")}</EvaluationResults>`;
}
