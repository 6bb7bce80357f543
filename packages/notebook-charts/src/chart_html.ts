import type { Chart } from "./figure.js";
import { escapeHtml, scriptLiteral } from "./html.js";

/**
 * A chart is drawn out of sight, in its place and size; once it is live it hides its picture. On paper the picture takes its place: it fits
 * the page, and a chart drawn for a screen does not.
 */
const STYLE = `<style>
.chart { break-inside: avoid; position: relative; }
.chart > div { position: absolute; top: 0; left: 0; width: 100%; visibility: hidden; }
.chart.live > div { position: static; visibility: visible; }
.chart.live > img { display: none; }
@media print {
  .chart { min-height: 0 !important; }
  .chart.live > img { display: block; }
  .chart > div, .chart.live > div { display: none; }
}
</style>`;

/**
 * Few buttons, so that they stand beside a headline and not on it. None of them sends the chart anywhere: Plotly's
 * button for that, on by default, would take customers' data to Plotly's cloud.
 */
const CONFIG = {
  responsive: true,
  displaylogo: false,
  showSendToCloud: false,
  modeBarButtonsToRemove: [
    ...["select2d", "lasso2d", "zoomIn2d", "zoomOut2d", "autoScale2d"],
    ...["pan3d", "tableRotation", "resetCameraLastSave3d"],
  ],
};

/** Told to the page once Plotly is there, for charts that were drawn before it. */
const READY = "plotly-ready";

/**
 * The HTML that gives the page its one Plotly, from the library's source, and the rules for charts on screen and paper.
 * The page's loaders (`define`, `module`, `exports`) are hidden from it: the library is to be a global, whatever they are.
 */
export function libraryHtml(source: string): string {
  // In a script only strings and patterns can contain "</script" and "<!--"; there the backslash changes nothing.
  const inert = source.replace(/<\/(script)/gi, "<\\/$1").replace(/<!--/g, "<\\!--");
  return [
    STYLE,
    "<script>",
    "if (!window.Plotly) {",
    "(function (define, module, exports) {",
    inert,
    "}).call(window);",
    "}",
    `window.dispatchEvent(new Event(${scriptLiteral(READY)}));`,
    "</script>",
    '<div style="font-size:85%;opacity:.75">Charts on this page are live: hover, zoom, rotate.</div>',
  ].join("\n");
}

/**
 * A chart as HTML: the still picture, which an inline script covers with the live chart as soon as the page has Plotly and it is drawn.
 * Where scripts do not run (a notebook that is not trusted, a preview), where Plotly fails, and where it draws a sentence for want of
 * WebGL, the picture stays.
 *
 * @param png the still picture
 * @param id unique on the page
 */
export function chartHtml(chart: Chart, png: Uint8Array, id: string): string {
  const picture = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
  const alt = escapeHtml(`${chart.title}. ${chart.summary}`);
  const { data, layout } = chart.figure;
  return `<div id="${id}" class="chart" style="width:100%;max-width:1000px;min-height:${layout.height}px;background:#fff">
<img src="${picture}" alt="${alt}" style="width:100%;max-width:840px;height:auto">
</div>
<script>
(function () {
  var figure = ${scriptLiteral({ data, layout })};
  function draw() {
    var box = document.getElementById(${scriptLiteral(id)});
    if (!box || !window.Plotly) return false;
    if (box.begun) return true;
    box.begun = true;
    var plot = box.appendChild(document.createElement("div"));
    new Promise(function (drawn) {
      drawn(window.Plotly.newPlot(plot, figure.data, figure.layout, ${scriptLiteral(CONFIG)}));
    }).then(function () {
      // Plotly puts this sentence where it has no WebGL, and calls that drawn.
      if (plot.querySelector(".no-webgl")) throw new Error("no WebGL");
      box.classList.add("live");
    }).catch(function () {
      if (plot.parentNode) plot.parentNode.removeChild(plot);
    });
    return true;
  }
  // A notebook may run this before it has put the box on the page, or before the library.
  if (!draw()) {
    window.requestAnimationFrame(draw);
    window.addEventListener(${scriptLiteral(READY)}, draw, { once: true });
  }
})();
</script>`;
}
