import { messageOf, StepError } from "@keyspaces-segmentation/common";

/** A statement of a policy, or of a trust policy, as IAM takes it. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/** One line of what was looked at. */
export interface Check {
  readonly name: string;
  /** "unchecked": what cannot be known beforehand, or may not be looked at; it stops nothing. */
  readonly state: "ok" | "unchecked" | "to do";
  readonly detail: string;
  /** What to do about it; where it is unchecked, should it turn out wrong. */
  readonly todo?: string;
  /** Present where the first step can go on without: a later one fails, and says so itself. */
  readonly later?: true;
  /** What a policy lacks, ready to paste; it is in `todo` as well. */
  readonly statement?: Statement;
}

/** What a check has found; what it comes to if it is not ok. */
export type Outcome<T> = { readonly value: T } & Pick<Check, "detail"> &
  Partial<Pick<Check, "state" | "todo" | "statement">>;

/** Runs one check and turns its failure into a line. */
export async function attempt<T>(
  checks: Check[],
  name: string,
  otherwise: T,
  check: () => Promise<Outcome<T>>,
): Promise<T> {
  try {
    const { value, state = "ok", detail, todo, statement } = await check();
    checks.push({ name, state, detail, ...(todo !== undefined && { todo }), ...(statement && { statement }) });
    return value;
  } catch (error) {
    const todo = error instanceof StepError ? error.hint : undefined;
    checks.push({ name, state: "to do", detail: messageOf(error), ...(todo !== undefined && { todo }) });
    return otherwise;
  }
}

/** A statement on one line. */
export const pasted = (statement: Statement): string => JSON.stringify(statement);
