/** The part of JSONPath that batch transform has. */

/** One step down: members of an object, elements of an array, or a slice of one. Negative ones count from the end. */
type Step =
  | { readonly keys: readonly string[] }
  | { readonly indexes: readonly number[] }
  | { readonly from: number | undefined; readonly to: number | undefined };

export type Path = readonly Step[];

const patterns: readonly [RegExp, (found: readonly string[]) => Step][] = [
  [/^\.([A-Za-z_]\w*)/, ([, key = ""]) => ({ keys: [key] })],
  [
    /^\[('[^']*'(?:\s*,\s*'[^']*')*)\]/,
    ([, keys = ""]) => ({ keys: [...keys.matchAll(/'([^']*)'/g)].map(([, key = ""]) => key) }),
  ],
  [
    /^\[\s*(-?\d*)\s*:\s*(-?\d*)\s*\]/,
    ([, from, to]) => ({ from: from ? Number(from) : undefined, to: to ? Number(to) : undefined }),
  ],
  [/^\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\]/, ([, list = ""]) => ({ indexes: list.split(",").map(Number) })],
];

/**
 * @throws RangeError for what batch transform does not have, or is no path
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform-data-processing.html#data-processing-operators
 */
export function parsePath(text: string): Path {
  if (!text.startsWith("$")) throw new RangeError(`'${text}' does not start with $`);
  const steps: Step[] = [];
  for (let rest = text.slice(1); rest !== ""; ) {
    const found = patterns.map(([pattern, make]) => ({ match: pattern.exec(rest), make })).find(({ match }) => match);
    if (!found?.match) throw new RangeError(`'${text}' is not understood from '${rest}' on`);
    steps.push(found.make(found.match));
    rest = rest.slice(found.match[0].length);
  }
  return steps;
}

function elementAt(array: readonly unknown[], index: number): unknown {
  const at = index < 0 ? array.length + index : index;
  if (at < 0 || at >= array.length) throw new RangeError(`there is no element ${index} among ${array.length}`);
  return array[at];
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) {
    throw new RangeError(`there is no attribute ${key}`);
  }
  return (value as Record<string, unknown>)[key];
}

function go(value: unknown, step: Step): unknown {
  if ("keys" in step) {
    const [key = ""] = step.keys;
    if (step.keys.length === 1) return memberOf(value, key);
    return Object.fromEntries(step.keys.map((each) => [each, memberOf(value, each)]));
  }
  if (!Array.isArray(value)) throw new RangeError("there is no array");
  if ("indexes" in step) {
    const [index = 0] = step.indexes;
    if (step.indexes.length === 1) return elementAt(value, index);
    return step.indexes.map((each) => elementAt(value, each));
  }
  return value.slice(step.from ?? 0, step.to);
}

/** What a path leads to. @throws RangeError where it leads nowhere */
export function select(value: unknown, path: Path): unknown {
  return path.reduce(go, value);
}
