import { isKnownKey } from "./condition_keys.js";
import { type Comparison, operatorNamed } from "./condition_operators.js";
import { MalformedPolicyDocument } from "./malformed.js";
import type { RequestValues } from "./request.js";

/** What a condition says of a request: "unknown" where it asks for what is not emulated. */
export type Outcome = boolean | "unknown";

export interface Condition {
  /** In lower case. */
  readonly key: string;
  holds(values: RequestValues): Outcome;
}

const operatorName = /^(?:(ForAllValues|ForAnyValue):)?([A-Za-z]+?)(IfExists)?$/;

/**
 * Compiles the Condition block of a statement; operators and keys are joined by AND, values by OR, those of negated operators by NOR.
 *
 * @throws MalformedPolicyDocument
 */
export function compileConditions(block: unknown, options: { readonly variables: boolean }): Condition[] {
  if (block === undefined) return [];
  const conditions: Condition[] = [];
  for (const [name, tests] of entriesOf(block, "Condition")) {
    for (const [key, wanted] of entriesOf(tests, name)) {
      conditions.push(compileCondition(name, key, valuesOf(wanted, key), options));
    }
  }
  return conditions;
}

function entriesOf(value: unknown, where: string): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MalformedPolicyDocument(`Syntax errors in policy. (${where} is no object)`);
  }
  return Object.entries(value);
}

function valuesOf(wanted: unknown, key: string): string[] {
  const list: unknown[] = Array.isArray(wanted) ? wanted : [wanted];
  return list.map((value) => {
    if (!["string", "number", "boolean"].includes(typeof value)) {
      throw new MalformedPolicyDocument(`Syntax errors in policy. (a value of ${key} is no text)`);
    }
    return String(value);
  });
}

function compileCondition(
  name: string,
  key: string,
  wanted: readonly string[],
  options: { readonly variables: boolean },
): Condition {
  const [, sets, base = "", ifExists] = operatorName.exec(name) ?? [];
  const lower = key.toLowerCase();
  const invalid = new MalformedPolicyDocument(`Invalid Condition type : ${name}.`);
  if (!/^[a-z0-9-]+:.+$/i.test(key)) throw new MalformedPolicyDocument(`Condition key ${key} has no service prefix.`);
  if (base === "Null") {
    if (sets ?? ifExists) throw invalid;
    if (!wanted.every((value) => /^(true|false)$/i.test(value)))
      throw new MalformedPolicyDocument("Invalid value for Null.");
    const accepted = wanted.map((value) => value.toLowerCase() === "true");
    return {
      key: lower,
      holds: (values) => (isKnownKey(lower, values) ? accepted.includes(!values.has(lower)) : "unknown"),
    };
  }
  const operator = operatorNamed(base);
  if (!operator) throw invalid;
  const comparisons = wanted.map((value) => {
    const comparison = operator.compile(value, options);
    if (!comparison) throw new MalformedPolicyDocument(`Invalid value ${value} for ${name}.`);
    return comparison;
  });
  const decide = quantified(sets, operator.negated, comparisons);
  const holds: Condition["holds"] = (values) => {
    if (!isKnownKey(lower, values)) return "unknown";
    const value = values.get(lower);
    const given = value === undefined ? [] : typeof value === "string" ? [value] : value;
    if (given.length === 0) {
      // A set of nothing: all of it matches, and none.
      if (sets !== undefined) return sets === "ForAllValues";
      return ifExists !== undefined || operator.negated;
    }
    return decide(given, values);
  };
  return { key: lower, holds };
}

/** How the values of a request are taken together. */
function quantified(
  sets: string | undefined,
  negated: boolean,
  comparisons: readonly Comparison[],
): (given: readonly string[], values: RequestValues) => boolean {
  const matches = (value: string, values: RequestValues): boolean =>
    comparisons.some((comparison) => comparison(value, values)) !== negated;
  if (sets === "ForAllValues") return (given, values) => given.every((value) => matches(value, values));
  if (sets === "ForAnyValue") return (given, values) => given.some((value) => matches(value, values));
  // Without a quantifier a key has one value; of several, none may be left out where none may match.
  return (given, values) =>
    negated ? given.every((value) => matches(value, values)) : given.some((value) => matches(value, values));
}
