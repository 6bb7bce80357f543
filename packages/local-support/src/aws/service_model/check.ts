/** Checks a request against AWS's service model, in the words of AWS's own check, and against what of it is emulated. */
import { AwsError } from "../errors.js";
import { fromJavaRegex } from "./java_regex.js";
import type { ServiceModel, Shape } from "./load.js";

export interface Checked {
  /** The request without what the model does not know, which AWS JSON 1.1 services ignore. */
  readonly request: Record<string, unknown>;
  /** A sentence for every rule that it breaks. */
  readonly violations: readonly string[];
}

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);

/** A value as Java prints it, which is how it stands in the messages. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (Buffer.isBuffer(value)) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  if (!isFields(value)) return String(value);
  return `{${Object.entries(value)
    .map(([name, each]) => `${name}=${shown(each)}`)
    .join(", ")}}`;
}

const broken = (path: string, value: unknown, rule: string): string =>
  `Value '${shown(value)}' at '${path}' failed to satisfy constraint: ${rule}`;

/** Java's name for a token of JSON, as it stands in a SerializationException. */
function tokenOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "TRUE_VALUE" : "FALSE_VALUE";
  return typeof value === "number" ? "NUMBER_VALUE" : "STRING_VALUE";
}

function wrongType(value: unknown, wanted: string): AwsError {
  if (Array.isArray(value)) return new AwsError("SerializationException", "Start of list found where not expected");
  if (typeof value === "object") {
    return new AwsError("SerializationException", "Start of structure or map found where not expected.");
  }
  return new AwsError("SerializationException", `${tokenOf(value)} can not be converted to ${wanted}`);
}

/** The rules of a text, a number, or of the size of a collection. */
function rulesOf({ type, min, max, pattern, enum: allowed }: Shape): [rule: string, holds: (v: unknown) => boolean][] {
  const what = ["string", "list", "map", "blob"].includes(type) ? "length" : "value";
  const size = (value: unknown): number => {
    if (typeof value === "number") return value;
    if (typeof value === "string" || Array.isArray(value) || Buffer.isBuffer(value)) return value.length;
    return Object.keys(value as object).length;
  };
  const rules: [string, (value: unknown) => boolean][] = [];
  if (max !== undefined) rules.push([`have ${what} less than or equal to ${max}`, (value) => size(value) <= max]);
  if (min !== undefined) rules.push([`have ${what} greater than or equal to ${min}`, (value) => size(value) >= min]);
  if (pattern !== undefined) {
    const holds = (value: unknown) => regex(pattern).test(String(value));
    rules.push([`satisfy regular expression pattern: ${pattern}`, holds]);
  }
  if (allowed) {
    rules.push([`satisfy enum value set: [${allowed.join(", ")}]`, (value) => allowed.includes(String(value))]);
  }
  return rules.map(([rule, holds]) => [`Member must ${rule}`, holds]);
}

const compiled = new Map<string, RegExp>();
function regex(pattern: string): RegExp {
  const found = compiled.get(pattern) ?? fromJavaRegex(pattern);
  compiled.set(pattern, found);
  return found;
}

const broke = (shape: Shape, value: unknown): string[] =>
  rulesOf(shape)
    .filter(([, holds]) => !holds(value))
    .map(([rule]) => rule);

const isScalar = ({ type }: Shape): boolean => !["structure", "list", "map"].includes(type);
const allRules = (shape: Shape): string =>
  `[${rulesOf(shape)
    .map(([rule]) => rule)
    .join(", ")}]`;

class Check {
  readonly violations: string[] = [];
  readonly #model: ServiceModel;

  constructor(model: ServiceModel) {
    this.#model = model;
  }

  /** The value without what the model does not know. */
  value(name: string, value: unknown, path: string): unknown {
    const shape = this.#shape(name);
    switch (shape.type) {
      case "structure":
        return this.#structure(shape, value, path);
      case "list":
        return this.#list(shape, value, path);
      case "map":
        return this.#map(shape, value, path);
      default:
        this.#requireType(shape, value);
        this.#report(path, value, broke(shape, value));
        return value;
    }
  }

  #shape(name: string): Shape {
    const shape = this.#model.shapes[name];
    if (!shape) throw new Error(`the service model has no shape ${name}`);
    return shape;
  }

  #report(path: string, value: unknown, rules: readonly string[]): void {
    for (const rule of rules) this.violations.push(broken(path, value, rule));
  }

  #requireType({ type }: Shape, value: unknown): void {
    const is = (fits: boolean, wanted: string) => {
      if (!fits) throw wrongType(value, wanted);
    };
    if (type === "string") is(typeof value === "string", "a String");
    else if (type === "boolean") is(typeof value === "boolean", "a Boolean");
    else if (type === "integer") is(Number.isInteger(value), "an Integer");
    else if (type === "long") is(Number.isInteger(value), "a Long");
    else if (type === "blob") is(Buffer.isBuffer(value), "a ByteBuffer");
    else if (type === "timestamp") is(typeof value === "number", "milliseconds since epoch");
    else is(typeof value === "number", type === "float" ? "a Float" : "a Double");
  }

  #structure({ members = {}, required = [], union }: Shape, value: unknown, path: string): Fields {
    if (!isFields(value)) throw wrongType(value, "a structure");
    const known: Fields = {};
    for (const [name, { shape }] of Object.entries(members)) {
      const given = Object.hasOwn(value, name) ? value[name] : undefined;
      const memberPath = `${path ? `${path}.` : ""}${name.charAt(0).toLowerCase()}${name.slice(1)}`;
      if (given !== undefined && given !== null) known[name] = this.value(shape, given, memberPath);
      else if (required.includes(name)) {
        this.violations.push(`Value null at '${memberPath}' failed to satisfy constraint: Member must not be null`);
      }
    }
    if (union && Object.keys(known).length !== 1) {
      this.#report(path, known, ["Member must have exactly one of its members set"]);
    }
    return known;
  }

  #list(shape: Shape, value: unknown, path: string): unknown[] {
    if (!Array.isArray(value)) throw wrongType(value, "a list");
    this.#report(path, value, broke(shape, value));
    const name = shape.member?.shape ?? "";
    const member = this.#shape(name);
    if (!isScalar(member)) return value.map((each, i) => this.value(name, each, `${path}.${i + 1}.member`));
    for (const each of value) this.#requireType(member, each);
    if (value.some((each) => broke(member, each).length > 0)) {
      this.#report(path, value, [`Member must satisfy constraint: ${allRules(member)}`]);
    }
    return value;
  }

  #map(shape: Shape, value: unknown, path: string): Fields {
    if (!isFields(value)) throw wrongType(value, "a map");
    this.#report(path, value, broke(shape, value));
    const key = this.#shape(shape.key?.shape ?? "");
    const name = shape.value?.shape ?? "";
    const member = this.#shape(name);
    if (Object.keys(value).some((each) => broke(key, each).length > 0)) {
      this.#report(path, value, [`Map keys must satisfy constraint: ${allRules(key)}`]);
    }
    if (!isScalar(member)) {
      return Object.fromEntries(
        Object.entries(value).map(([each, inside]) => [each, this.value(name, inside, `${path}.${each}.member`)]),
      );
    }
    for (const each of Object.values(value)) this.#requireType(member, each);
    if (Object.values(value).some((each) => broke(member, each).length > 0)) {
      this.#report(path, value, [`Map value must satisfy constraint: ${allRules(member)}`]);
    }
    return value;
  }
}

/**
 * Checks a request's types, required members, lengths, ranges, patterns and enumerations.
 *
 * @throws AwsError `SerializationException` for a value of another type, as the service gives up at the first
 */
export function checkAgainst(model: ServiceModel, operation: string, input: unknown): Checked {
  const check = new Check(model);
  const name = model.operations[operation]?.input?.shape;
  if (!name) throw new Error(`the service model has no input for ${operation}`);
  const request = check.value(name, input, "") as Fields;
  return { request, violations: check.violations };
}

/** AWS's sentence for what a request breaks. */
export function sentenceOf(violations: readonly string[]): string {
  const count = `${violations.length} validation error${violations.length === 1 ? "" : "s"} detected`;
  return `${count}: ${violations.join("; ")}`;
}

/** `false` and empty collections ask for nothing. */
const asksNothing = (value: unknown): boolean =>
  value === undefined || value === null || value === false || (typeof value === "object" && !Object.keys(value).length);

/**
 * Refuses by name what AWS can do and the stand-in cannot.
 *
 * @param emulated paths of the members that are emulated (`InputDataConfig.ChannelName`), each with all that is below
 * @throws AwsError `notEmulated`
 */
export function refuseBeyond(emulated: readonly string[], request: object, path = ""): void {
  if (Array.isArray(request)) {
    for (const each of request) if (typeof each === "object") refuseBeyond(emulated, each, path);
    return;
  }
  for (const [name, value] of Object.entries(request)) {
    const here = path ? `${path}.${name}` : name;
    if (asksNothing(value) || emulated.includes(here)) continue;
    const goesOn = emulated.some((each) => each.startsWith(`${here}.`));
    if (!goesOn) throw new AwsError("notEmulated", `Member '${here}' is not emulated.`);
    refuseBeyond(emulated, value, here);
  }
}
