/** As much of an SVG element as is looked at. */
export interface SvgElement {
  readonly tagName: string;
  readonly textContent: string | null;
  readonly parentElement: SvgElement | null;
  readonly children: Iterable<SvgElement>;
  readonly style?: { getPropertyValue(property: string): string };
  getAttribute(name: string): string | null;
  querySelectorAll(selectors: string): Iterable<SvgElement>;
}

/** A rectangle in user units. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** An affine transform as SVG writes it: x' = a·x + c·y + e, y' = b·x + d·y + f. */
type Transform = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

const NOTHING: Box = { x: 0, y: 0, width: 0, height: 0 };
const IDENTITY: Transform = [1, 0, 0, 1, 0, 0];
/** Mean advance of a character, line height and ascent of DejaVu Sans, in font sizes. */
const ADVANCE = 0.58;
const LINE_HEIGHT = 1.16;
const ASCENT = 0.93;

function numberOf(element: SvgElement, attribute: string): number {
  return Number.parseFloat(element.getAttribute(attribute) ?? "") || 0;
}

function inherited(element: SvgElement, property: string): string {
  for (let at: SvgElement | null = element; at; at = at.parentElement) {
    const style = at.style?.getPropertyValue(property);
    const value = style || at.getAttribute(property);
    if (value) return value;
  }
  return "";
}

function fontSize(element: SvgElement): number {
  return Number.parseFloat(inherited(element, "font-size")) || 12;
}

/** Width of a text, estimated from the number of its characters. */
export function textWidth(element: SvgElement): number {
  const lines = [...element.querySelectorAll("tspan.line")];
  const texts = lines.length > 0 ? lines : [element];
  return Math.max(...texts.map((line) => [...(line.textContent ?? "")].length)) * fontSize(element) * ADVANCE;
}

function textBox(element: SvgElement): Box {
  const size = fontSize(element);
  const width = textWidth(element);
  const lines = Math.max(1, [...element.querySelectorAll("tspan.line")].length);
  const anchor = inherited(element, "text-anchor");
  const shift = anchor === "middle" ? width / 2 : anchor === "end" ? width : 0;
  return {
    x: numberOf(element, "x") - shift,
    y: numberOf(element, "y") - ASCENT * size,
    width,
    height: LINE_HEIGHT * size + (lines - 1) * 1.3 * size,
  };
}

const NUMBERS_PER_STEP: Record<string, number> = { H: 1, V: 1, M: 2, L: 2, T: 2, S: 4, Q: 4, C: 6, A: 7 };

/** The points a path passes through; of curves and arcs the ends, which is near enough to measure by. */
function pathPoints(path: string): [x: number, y: number][] {
  const points: [number, number][] = [];
  let [x, y] = [0, 0];
  for (const [, command = "", rest = ""] of path.matchAll(/([A-Za-z])([^A-Za-z]*)/g)) {
    const kind = command.toUpperCase();
    const size = NUMBERS_PER_STEP[kind];
    if (size === undefined) continue;
    const relative = command !== kind;
    const numbers = (rest.match(/-?\d*\.?\d+/g) ?? []).map(Number);
    for (let at = 0; at + size <= numbers.length; at += size) {
      const step = numbers.slice(at, at + size);
      const last = step.at(-1) as number;
      if (kind !== "V") x = (relative ? x : 0) + (kind === "H" ? last : (step.at(-2) as number));
      if (kind !== "H") y = (relative ? y : 0) + last;
      points.push([x, y]);
    }
  }
  return points;
}

function around(points: readonly (readonly [number, number])[]): Box {
  if (points.length === 0) return NOTHING;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

function corners({ x, y, width, height }: Box): [number, number][] {
  return [
    [x, y],
    [x + width, y],
    [x, y + height],
    [x + width, y + height],
  ];
}

/** The bounding box of an element in its own coordinates. */
export function boundingBox(element: SvgElement): Box {
  switch (element.tagName) {
    case "text":
    case "tspan":
      return element.textContent ? textBox(element) : NOTHING;
    case "rect":
    case "image":
      return {
        x: numberOf(element, "x"),
        y: numberOf(element, "y"),
        width: numberOf(element, "width"),
        height: numberOf(element, "height"),
      };
    case "circle": {
      const r = numberOf(element, "r");
      return { x: numberOf(element, "cx") - r, y: numberOf(element, "cy") - r, width: 2 * r, height: 2 * r };
    }
    case "path":
      return around(pathPoints(element.getAttribute("d") ?? ""));
    default:
      return around(
        [...element.children].flatMap((child) => {
          const box = boundingBox(child);
          return box === NOTHING ? [] : corners(box).map((point) => apply(transformOf(child), point));
        }),
      );
  }
}

function apply([a, b, c, d, e, f]: Transform, [x, y]: readonly [number, number]): [number, number] {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** The transform that applies `inner` first. */
function compose(outer: Transform, inner: Transform): Transform {
  const [a, b, c, d] = outer;
  const [p, q, r, s, e, f] = inner;
  const [x, y] = apply(outer, [e, f]);
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, x, y];
}

function transformOf(element: SvgElement): Transform {
  let whole = IDENTITY;
  for (const [, name, list = ""] of (element.getAttribute("transform") ?? "").matchAll(/(\w+)\(([^)]*)\)/g)) {
    const [p = 0, q, r = 0] = list.split(/[\s,]+/).map(Number);
    if (name === "translate") whole = compose(whole, [1, 0, 0, 1, p, q ?? 0]);
    else if (name === "scale") whole = compose(whole, [p, 0, 0, q ?? p, 0, 0]);
    else if (name === "rotate") {
      const [cos, sin] = [Math.cos((p * Math.PI) / 180), Math.sin((p * Math.PI) / 180)];
      const [cx, cy] = [q ?? 0, r];
      whole = compose(whole, [cos, sin, -sin, cos, cx - cos * cx + sin * cy, cy - sin * cx - cos * cy]);
    }
  }
  return whole;
}

/** The bounding box of an element on the page: its own, through its transform and those of its ancestors. */
export function pageBox(element: SvgElement): Box {
  let points = corners(boundingBox(element));
  for (let at: SvgElement | null = element; at && at.tagName !== "svg"; at = at.parentElement) {
    const transform = transformOf(at);
    points = points.map((point) => apply(transform, point));
  }
  return around(points);
}

/** Length of a path, straight from point to point. */
export function pathLength(path: string): number {
  const points = pathPoints(path);
  return points.slice(1).reduce((sum, point, at) => sum + distance(points[at] as [number, number], point), 0);
}

/** The point of a path at `length` from its start. */
export function pointAtLength(path: string, length: number): { x: number; y: number } {
  const points = pathPoints(path);
  let left = Math.max(0, length);
  let [from = [0, 0]] = points;
  for (const to of points.slice(1)) {
    const step = distance(from, to);
    if (left < step)
      return { x: from[0] + (left / step) * (to[0] - from[0]), y: from[1] + (left / step) * (to[1] - from[1]) };
    left -= step;
    from = to;
  }
  return { x: from[0], y: from[1] };
}

function distance([fromX, fromY]: [number, number], [x, y]: [number, number]): number {
  return Math.hypot(x - fromX, y - fromY);
}
