import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { chartHtml, libraryHtml } from "./chart_html.js";
import { showLive } from "./display.js";
import type { Chart } from "./figure.js";
import { renderStill } from "./still/still.js";

/**
 * Gives the notebook's page its one copy of Plotly (4.8 MB, inline, since a network may be closed): run it once, near
 * the top. Without it every chart stays a picture.
 */
export function loadCharts(): void {
  const source = readFileSync(require.resolve("plotly.js/dist/plotly.min.js"), "utf8");
  showLive({ "text/plain": "Charts are ready.", "text/html": libraryHtml(source) });
}

/**
 * Shows a chart as one output: live where the page has Plotly, a picture everywhere else, a sentence where there are
 * no pictures.
 *
 * @throws StepError when the chart cannot be drawn without a browser and has no `still`
 */
export async function showChart(chart: Chart): Promise<void> {
  const png = await renderStill(chart.still ?? chart.figure);
  showLive({
    "text/plain": `${chart.title}\n${chart.summary}`,
    "text/html": chartHtml(chart, png, `chart-${randomUUID()}`),
    "image/png": Buffer.from(png).toString("base64"),
  });
}
