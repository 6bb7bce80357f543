/** Request shapes as data, and one engine that checks a request against them in AWS's words. */
import { AwsError } from "../errors.js";

interface Common {
  readonly required?: true;
}
interface Text extends Common {
  readonly type: "string";
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly oneOf?: readonly string[];
}
interface Whole extends Common {
  readonly type: "integer";
  readonly min?: number;
  readonly max?: number;
}
interface Plain extends Common {
  readonly type: "boolean" | "timestamp";
}
interface List extends Common {
  readonly type: "list";
  readonly of: Shape;
  readonly min?: number;
  readonly max?: number;
}
interface TextMap extends Common {
  readonly type: "map";
  readonly max: number;
  readonly key: Text;
  readonly value: Text;
}
export interface Structure extends Common {
  readonly type: "structure";
  readonly members: Readonly<Record<string, Shape>>;
}
export type Shape = Text | Whole | Plain | List | TextMap | Structure;

/** Finds what breaks the shape's rules; throws at once what cannot be read at all. */
type Check<S> = (shape: S, value: unknown, path: string) => string[];

const expected = (path: string, type: string, value: unknown): AwsError =>
  new AwsError("SerializationException", `${JSON.stringify(value)} at '${path}' can not be converted to ${type}`);

const shown = (value: unknown): string => (typeof value === "object" ? JSON.stringify(value) : String(value));
const broken = (path: string, value: unknown, rule: string): string =>
  `Value '${shown(value)}' at '${path}' failed to satisfy constraint: Member must ${rule}`;

function bounds(shape: { min?: number; max?: number }, size: number, what: "length" | "value"): string[] {
  const { min, max } = shape;
  if (min !== undefined && size < min) return [`have ${what} greater than or equal to ${min}`];
  if (max !== undefined && size > max) return [`have ${what} less than or equal to ${max}`];
  return [];
}

const checkText: Check<Text> = (shape, value, path) => {
  if (typeof value !== "string") throw expected(path, "a String", value);
  const rules = bounds(shape, value.length, "length");
  if (shape.pattern && !new RegExp(`^(?:${shape.pattern})$`, "u").test(value)) {
    rules.push(`satisfy regular expression pattern: ${shape.pattern}`);
  }
  if (shape.oneOf && !shape.oneOf.includes(value)) rules.push(`satisfy enum value set: [${shape.oneOf.join(", ")}]`);
  return rules.map((rule) => broken(path, value, rule));
};

const checkWhole: Check<Whole> = (shape, value, path) => {
  if (!Number.isInteger(value)) throw expected(path, "an Integer", value);
  return bounds(shape, value as number, "value").map((rule) => broken(path, value, rule));
};

const checkList: Check<List> = (shape, value, path) => {
  if (!Array.isArray(value)) throw expected(path, "a List", value);
  const rules = bounds(shape, value.length, "length").map((rule) => broken(path, value, rule));
  return [...rules, ...value.flatMap((each, i) => check(shape.of, each, `${path}.${i + 1}.member`))];
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const checkMap: Check<TextMap> = (shape, value, path) => {
  if (!isObject(value)) throw expected(path, "a Map", value);
  const rules = bounds(shape, Object.keys(value).length, "length").map((rule) => broken(path, value, rule));
  const entries = Object.entries(value).flatMap(([key, text]) => [
    ...check(shape.key, key, `${path}.key`),
    ...check(shape.value, text, `${path}.${key}.value`),
  ]);
  return [...rules, ...entries];
};

const checkStructure: Check<Structure> = (shape, value, path) => {
  if (!isObject(value)) throw expected(path, "a Structure", value);
  const prefix = path ? `${path}.` : "";
  for (const name of Object.keys(value)) {
    if (!(name in shape.members)) throw new AwsError("notEmulated", `Member '${prefix}${name}' is not emulated.`);
  }
  return Object.entries(shape.members).flatMap(([name, member]) => {
    const memberPath = prefix + name.charAt(0).toLowerCase() + name.slice(1);
    const given = value[name];
    if (given !== undefined && given !== null) return check(member, given, memberPath);
    return member.required
      ? [`Value null at '${memberPath}' failed to satisfy constraint: Member must not be null`]
      : [];
  });
};

function check(shape: Shape, value: unknown, path: string): string[] {
  switch (shape.type) {
    case "string":
      return checkText(shape, value, path);
    case "integer":
      return checkWhole(shape, value, path);
    case "list":
      return checkList(shape, value, path);
    case "map":
      return checkMap(shape, value, path);
    case "structure":
      return checkStructure(shape, value, path);
    case "boolean":
      if (typeof value !== "boolean") throw expected(path, "a Boolean", value);
      return [];
    case "timestamp":
      if (typeof value !== "number") throw expected(path, "a Timestamp", value);
      return [];
  }
}

/**
 * The request, known to have the shape.
 *
 * @throws AwsError `ValidationException` naming every rule that it breaks, `SerializationException` for a value of
 *   another type, `notEmulated` for a member that the shape does not list
 */
export function checkRequest<T>(shape: Structure, request: unknown): T {
  const violations = check(shape, request, "");
  if (violations.length === 0) return request as T;
  const count = `${violations.length} validation error${violations.length === 1 ? "" : "s"} detected`;
  throw new AwsError("ValidationException", `${count}: ${violations.join("; ")}`);
}
