import { BlockList, isIP } from "node:net";
import type { RequestValues } from "./request.js";
import { compilePattern } from "./wildcards.js";

/** Compares one value of a request with one of a policy, compiled. */
export type Comparison = (value: string, values: RequestValues) => boolean;

/** Makes the comparison with a policy's value; undefined for a value that the operator cannot have. */
type Operator = (wanted: string, options: { readonly variables: boolean }) => Comparison | undefined;

const text =
  (options: { wildcards: boolean; ignoreCase?: boolean }): Operator =>
  (wanted, { variables }) => {
    const pattern = compilePattern(wanted, { ...options, variables });
    return (value, values) => pattern.matches(value, values);
  };

const numberOf = (written: string): number =>
  /^[+-]?\d+(\.\d+)?$/.test(written.trim()) ? Number(written) : Number.NaN;

/** ISO 8601, or seconds since 1970. */
const timeOf = (written: string): number =>
  /^\d+$/.test(written)
    ? Number(written) * 1000
    : /^\d{4}-\d\d-\d\d(T[\d:.]+(Z|[+-]\d\d:?\d\d)?)?$/.test(written)
      ? Date.parse(written)
      : Number.NaN;

/** Of what can be put in order; a value of the request that cannot matches nothing. */
const ordered =
  (read: (written: string) => number, isRight: (value: number, wanted: number) => boolean): Operator =>
  (wanted) => {
    const bound = read(wanted);
    return Number.isNaN(bound) ? undefined : (value) => isRight(read(value), bound);
  };

const bool: Operator = (wanted) => {
  const lower = wanted.toLowerCase();
  return lower === "true" || lower === "false" ? (value) => value.toLowerCase() === lower : undefined;
};

const address: Operator = (wanted) => {
  const [network = "", length] = wanted.split("/");
  const version = isIP(network);
  const bits = version === 6 ? 128 : 32;
  const prefix = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (version === 0 || !(prefix <= bits)) return undefined;
  const list = new BlockList();
  list.addSubnet(network, prefix, version === 6 ? "ipv6" : "ipv4");
  return (value) => isIP(value) !== 0 && list.check(value, isIP(value) === 6 ? "ipv6" : "ipv4");
};

/** The six parts of an ARN, each compared on its own: a star does not reach over a colon. Both operators do the same. */
const arn: Operator = (wanted, { variables }) => {
  const patterns = partsOf(wanted)?.map((part) => compilePattern(part, { wildcards: true, variables }));
  if (!patterns) return wanted === "*" ? () => true : undefined;
  return (value, values) => {
    const parts = partsOf(value);
    return parts !== undefined && patterns.every((pattern, index) => pattern.matches(parts[index]!, values));
  };
};

function partsOf(written: string): string[] | undefined {
  const parts = written.split(":");
  if (parts[0] !== "arn" || parts.length < 6) return undefined;
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

const less = (value: number, wanted: number): boolean => value < wanted;
const atMost = (value: number, wanted: number): boolean => value <= wanted;
const more = (value: number, wanted: number): boolean => value > wanted;
const atLeast = (value: number, wanted: number): boolean => value >= wanted;
const same = (value: number, wanted: number): boolean => value === wanted;

interface KnownOperator {
  readonly compile: Operator;
  /** Whether no value may match, instead of any. */
  readonly negated: boolean;
}

const plain: Readonly<Record<string, Operator>> = {
  StringEquals: text({ wildcards: false }),
  StringEqualsIgnoreCase: text({ wildcards: false, ignoreCase: true }),
  StringLike: text({ wildcards: true }),
  NumericEquals: ordered(numberOf, same),
  NumericLessThan: ordered(numberOf, less),
  NumericLessThanEquals: ordered(numberOf, atMost),
  NumericGreaterThan: ordered(numberOf, more),
  NumericGreaterThanEquals: ordered(numberOf, atLeast),
  DateEquals: ordered(timeOf, same),
  DateLessThan: ordered(timeOf, less),
  DateLessThanEquals: ordered(timeOf, atMost),
  DateGreaterThan: ordered(timeOf, more),
  DateGreaterThanEquals: ordered(timeOf, atLeast),
  Bool: bool,
  BinaryEquals: text({ wildcards: false }),
  IpAddress: address,
  ArnEquals: arn,
  ArnLike: arn,
};

const opposites: Readonly<Record<string, string>> = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike",
  NumericNotEquals: "NumericEquals",
  DateNotEquals: "DateEquals",
  NotIpAddress: "IpAddress",
  ArnNotEquals: "ArnEquals",
  ArnNotLike: "ArnLike",
};

/**
 * An operator by its name without prefix and suffix; undefined if there is none of it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function operatorNamed(name: string): KnownOperator | undefined {
  const opposite = Object.hasOwn(opposites, name) ? opposites[name] : undefined;
  const compile = Object.hasOwn(plain, opposite ?? name) ? plain[opposite ?? name] : undefined;
  return compile && { compile, negated: opposite !== undefined };
}
