import { readFileSync } from "node:fs";
import { type Context, Script } from "node:vm";
import type { Figure } from "../figure.js";
import { dropOffCanvas } from "./off_canvas.js";
import { boundingBox, pageBox, pathLength, pointAtLength, type SvgElement, textWidth } from "./svg_geometry.js";

/** What is used of Plotly (https://plotly.com/javascript/plotlyjs-function-reference/). */
interface Plotly {
  toImage(figure: object, options: { format: "svg"; width: number; height: number }): Promise<string>;
}

/** Plotly in a window without a screen. */
interface Plotter {
  svgOf(figure: Figure, width: number): Promise<string>;
}

/** Plotly as a whole, or the quarter of it that draws bars, points, lines, pies and waterfalls and loads a second sooner. */
export type Bundle = "plotly" | "plotly-finance";

type Measured = { prototype: object };

type SvgRoot = Parameters<typeof dropOffCanvas>[0];

/**
 * What is used of jsdom (https://github.com/jsdom/jsdom#readme). Its published types bring the browser's with them, half a second of
 * type checking for every notebook, whether it draws pictures or not.
 */
interface Jsdom {
  readonly JSDOM: new (
    html: string,
    options: { runScripts: "outside-only"; pretendToBeVisual: boolean; virtualConsole: object },
  ) => { readonly window: PageWindow; getInternalVMContext(): Context };
  readonly VirtualConsole: new () => object;
}

interface PageWindow {
  readonly URL: { createObjectURL: () => string };
  readonly SVGElement: Measured;
  readonly DOMParser: new () => { parseFromString(text: string, type: string): { documentElement: SvgRoot } };
  readonly XMLSerializer: new () => { serializeToString(root: SvgRoot): string };
}

/** jsdom lays nothing out, so it knows no sizes; Plotly places its labels by these. */
function teachSizes(window: { SVGElement: Measured }): void {
  const pathOf = (element: SvgElement) => element.getAttribute("d") ?? "";
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: SvgElement) {
      return boundingBox(this);
    },
    getComputedTextLength(this: SvgElement) {
      return textWidth(this);
    },
    getBoundingClientRect(this: SvgElement) {
      const { x, y, width, height } = pageBox(this);
      return { x, y, width, height, left: x, top: y, right: x + width, bottom: y + height };
    },
    getTotalLength(this: SvgElement) {
      return pathLength(pathOf(this));
    },
    getPointAtLength(this: SvgElement, length: number) {
      return pointAtLength(pathOf(this), length);
    },
  });
}

function startPlotter(bundle: Bundle): Plotter {
  // Loaded with the first picture: half a second that a run without pictures need not spend.
  const { JSDOM, VirtualConsole } = require("jsdom") as Jsdom;
  const dom = new JSDOM("<!DOCTYPE html><body></body>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
    virtualConsole: new VirtualConsole(),
  });
  const { window } = dom;
  // Plotly makes a worker's URL as it loads, which only maps ever use.
  window.URL.createObjectURL = () => "";
  teachSizes(window);
  const filename = require.resolve(`plotly.js/dist/${bundle}.min.js`);
  new Script(readFileSync(filename, "utf8"), { filename }).runInContext(dom.getInternalVMContext());
  const { Plotly } = window as unknown as { Plotly: Plotly };
  return {
    async svgOf({ data, layout }, width) {
      const { height } = layout;
      // A copy: Plotly writes its defaults into what it is given.
      const copy = structuredClone({ data, layout: { ...layout, width } });
      const uri = await Plotly.toImage({ ...copy, config: { staticPlot: true } }, { format: "svg", width, height });
      const { documentElement: svg } = new window.DOMParser().parseFromString(
        decodeURIComponent(uri.slice(uri.indexOf(",") + 1)),
        "image/svg+xml",
      );
      dropOffCanvas(svg, { width, height });
      return new window.XMLSerializer().serializeToString(svg);
    },
  };
}

const started = new Map<Bundle, Plotter>();

/** The plotter of this process with one of Plotly's bundles; made once, since Plotly takes most of a second to load. */
export function plotter(bundle: Bundle): Plotter {
  const plotter = started.get(bundle) ?? startPlotter(bundle);
  started.set(bundle, plotter);
  return plotter;
}
