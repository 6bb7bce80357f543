import { type Box, pageBox, type SvgElement } from "./svg_geometry.js";

const SHAPES = "path, rect, circle, text, image";

/** Whether two boxes have nothing in common; of a box without sensible numbers nobody knows. */
function apart(a: Box, b: Box): boolean {
  return a.x > b.x + b.width || a.y > b.y + b.height || b.x > a.x + a.width || b.y > a.y + a.height;
}

/**
 * Takes out of an SVG what lies more than a picture's size outside of the picture, where nobody sees it.
 * resvg 2.6.2 must not get it: it ends the process over a clipped or translucent shape that lies more than two
 * pictures away (an `unwrap` in its geom.rs), which no `catch` holds up.
 *
 * @param root the `<svg>` element
 */
export function dropOffCanvas(
  root: { querySelectorAll(selectors: string): Iterable<SvgElement & { remove(): void }> },
  { width, height }: { width: number; height: number },
): void {
  const seen: Box = { x: -width, y: -height, width: 3 * width, height: 3 * height };
  for (const shape of root.querySelectorAll(SHAPES)) {
    if (apart(pageBox(shape), seen)) shape.remove();
  }
}
