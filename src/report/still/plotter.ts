import { readFileSync } from "node:fs";
import { Script } from "node:vm";
import type { Figure } from "../figure.js";
import { boundingBox, pageBox, pathLength, pointAtLength, type SvgElement, textWidth } from "./svg_geometry.js";

/** What is used of Plotly (https://plotly.com/javascript/plotlyjs-function-reference/). */
interface Plotly {
  newPlot(box: HTMLElement, figure: object): Promise<unknown>;
  toImage(box: HTMLElement, options: { format: "svg"; width: number; height: number }): Promise<string>;
  purge(box: HTMLElement): void;
}

/** Plotly in a window without a screen. */
interface Plotter {
  svgOf(figure: Figure, width: number): Promise<string>;
}

type Measured = { prototype: object };

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

function startPlotter(): Plotter {
  // Loaded with the first picture: half a second that a run without pictures need not spend.
  const { JSDOM, VirtualConsole } = require("jsdom") as typeof import("jsdom");
  const dom = new JSDOM("<!DOCTYPE html><body></body>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
    virtualConsole: new VirtualConsole(),
  });
  const { window } = dom;
  // Plotly makes a worker's URL as it loads, which only maps ever use.
  window.URL.createObjectURL = () => "";
  teachSizes(window as unknown as { SVGElement: Measured });
  const bundle = require.resolve("plotly.js/dist/plotly.min.js");
  new Script(readFileSync(bundle, "utf8"), { filename: bundle }).runInContext(dom.getInternalVMContext());
  const { Plotly } = window as unknown as { Plotly: Plotly };
  return {
    async svgOf({ data, layout }, width) {
      const box = window.document.createElement("div");
      window.document.body.append(box);
      try {
        // A copy: Plotly writes its defaults into what it is given.
        const copy = structuredClone({ data, layout: { ...layout, width } });
        await Plotly.newPlot(box, { ...copy, config: { staticPlot: true } });
        const uri = await Plotly.toImage(box, { format: "svg", width, height: layout.height });
        return decodeURIComponent(uri.slice(uri.indexOf(",") + 1));
      } finally {
        Plotly.purge(box);
        box.remove();
      }
    },
  };
}

let started: Plotter | undefined;

/** The plotter of this process; made once, since Plotly takes most of a second to load. */
export function plotter(): Plotter {
  started ??= startPlotter();
  return started;
}
