import { StepError } from "@keyspaces-segmentation/common";
import type { Figure } from "../figure.js";
import { plotter } from "./plotter.js";

/** Traces that come out right without a browser; 3-D and WebGL ones fail, or come out blank without a word. */
const QUICK = ["bar", "histogram", "pie", "scatter", "waterfall"];
const DRAWABLE = [...QUICK, "box", "treemap", "violin"];
const WIDTH = 840;
const SCALE = 1.5;

/**
 * A figure as SVG, 840 pixels wide, made without a browser: Plotly draws it in jsdom.
 *
 * @throws StepError for a type of trace that cannot be drawn so (3-D, WebGL, maps): give the chart a flat `still`
 */
export async function drawSvg(figure: Figure): Promise<string> {
  const other = figure.data.find((trace) => !DRAWABLE.includes(trace.type));
  if (other) {
    throw new StepError({
      tried: "draw a still picture",
      got: `a trace of type "${other.type}" needs a browser`,
      hint: `Give the chart a \`still\` figure made of ${DRAWABLE.join(", ")}.`,
    });
  }
  const quick = figure.data.every(({ type }) => QUICK.includes(type));
  const svg = await plotter(quick ? "plotly-finance" : "plotly").svgOf(figure, WIDTH);
  // resvg reads url(#id) only unquoted.
  return svg.replace(/url\((?:'|&quot;)(#[^'&)]+)(?:'|&quot;)\)/g, "url($1)");
}

/**
 * A PNG of a figure, 1260 pixels wide: its SVG, painted by resvg. Fonts are the project's own, so that a picture is the same everywhere.
 *
 * @throws StepError as {@link drawSvg}
 */
export async function renderStill(figure: Figure): Promise<Uint8Array> {
  const svg = await drawSvg(figure);
  const { Resvg } = require("@resvg/resvg-js") as typeof import("@resvg/resvg-js");
  const fonts = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"].map((file) =>
    require.resolve(`dejavu-fonts-ttf/ttf/${file}`),
  );
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: SCALE },
    font: { fontFiles: fonts, loadSystemFonts: false, defaultFontFamily: "DejaVu Sans" },
  });
  return image.render().asPng();
}
