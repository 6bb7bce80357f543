import { type Check, pasted, type Statement } from "./check.js";

/** What is known of one action of a statement. */
export type Answer = "allowed" | "not needed" | "unknown" | { readonly denied: string };

/** What was found out about the actions of a statement. */
export type Answers = ReadonlyMap<string, Answer>;

/** A statement that a step needs. */
export interface NeededStatement {
  /** With everything filled in: what is asked about. */
  readonly asked: Statement;
  /** What to paste; may have a star where each run has a name of its own. */
  readonly statement: Statement;
  /** Where a missing one shows. */
  readonly step: string;
}

/** The actions of a statement. */
export const actionsOf = ({ Action }: Statement): readonly string[] => (typeof Action === "string" ? [Action] : Action);

/** The resources of a statement. */
export const resourcesOf = ({ Resource = [] }: Statement): readonly string[] =>
  typeof Resource === "string" ? [Resource] : Resource;

/** Whether it is what the role of a project of Unified Studio, by its name, is kept from by its boundary. */
const isProject = (principal: string, denied: readonly string[]): boolean =>
  /[/]datazone_usr_role_/.test(principal) && denied.some((action) => action.startsWith("cassandra:"));

/** What to do about a refusal, by its words: a statement helps only where it is one that is missing. */
function remedyFor(refusal: string, statement: Statement, principal: string): string {
  const denial = /explicit deny in an? ([a-z -]+?)(?:: (\S+))?$/.exec(refusal) ?? /^a policy denies it/.exec(refusal);
  if (denial) {
    const [, place = "policy", name] = denial;
    const which = `a ${place.replace(/^identity-based /, "")} of ${principal}${name ? `, ${name},` : ""}`;
    return `No statement helps here: ${which} denies it. Take the denial out, or ask whoever has set it.`;
  }
  const [, limit] =
    /no ((?:permissions boundary|session policy|service control policy|VPC endpoint policy)) allows/.exec(refusal) ??
    [];
  if (limit !== undefined) {
    return `Its policies are not enough: the ${limit} of ${principal} has to allow it too. Ask whoever manages that to add: ${pasted(statement)}`;
  }
  return `Add to the policies of ${principal}: ${pasted(statement)}`;
}

/**
 * What the answers about a statement's actions come to: one that is denied is enough for something to do, and only if all are allowed
 * it is ok.
 *
 * @param principal whose policies would have to have it
 */
export function judge({ statement, step }: NeededStatement, answers: Answers, principal: string): Check {
  const actions = actionsOf(statement);
  const by = (wanted: (answer: Answer) => boolean) =>
    actions.filter((action) => wanted(answers.get(action) ?? "unknown"));
  const denied = by((answer) => typeof answer === "object");
  const unknown = by((answer) => answer === "unknown");
  const allowed = by((answer) => answer === "allowed");
  const name = `permission ${statement.Sid}`;
  if (denied.length > 0) {
    const [first] = denied.map((action) => (answers.get(action) as { denied: string }).denied);
    return {
      name,
      state: "to do",
      later: true,
      detail: `${step} needs ${denied.join(", ")}: ${first}`,
      todo: isProject(principal, denied)
        ? `No statement helps here: the boundary of projects of SageMaker Unified Studio denies cassandra:*. Set the parameter accessRole to a role that has it and trusts ${principal}.`
        : remedyFor(first ?? "", statement, principal),
      statement,
    };
  }
  if (unknown.length === 0) {
    const rest = by((answer) => answer === "not needed").map((action) => `; ${action} is not needed`);
    return { name, state: "ok", detail: `${step}: ${allowed.join(", ")}${rest.join("")}` };
  }
  const known = allowed.length > 0 ? `; ${allowed.join(", ")} is allowed` : "";
  return { name, state: "unchecked", detail: `whether ${unknown.join(", ")} is allowed shows in ${step}${known}` };
}
