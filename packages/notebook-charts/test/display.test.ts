import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { scriptLiteral } from "@keyspaces-segmentation/notebook-charts/dist/html.js";
import type { Browser } from "puppeteer-core";
import { openOffline, screenshot, startBrowser } from "../../../test/support/browser.js";
import { type Executed, executeCells, type Output, textOf } from "../../../test/support/notebook.js";

const HOSTILE = `</script><script>window.broken=1</script>'"&\u2028`;

/** A notebook that uses every kind of output. The cell that fails is the last: what follows one is skipped. */
const CELLS = [
  `import { moneyOf } from "@keyspaces-segmentation/common";
import { loadCharts, showChart } from "@keyspaces-segmentation/notebook-charts/dist/show_chart";
import { showTable } from "@keyspaces-segmentation/notebook-charts/dist/tables";
import { showChecks } from "@keyspaces-segmentation/notebook-charts/dist/show_checks";
import { progress } from "@keyspaces-segmentation/notebook-charts/dist/progress";
import { customersPerCluster } from "@keyspaces-segmentation/notebook-charts/dist/charts/customers_per_cluster";
import { clusterProfile } from "@keyspaces-segmentation/notebook-charts/dist/charts/cluster_profile";
import { rfmScatter3d } from "@keyspaces-segmentation/notebook-charts/dist/charts/rfm_scatter";
import { featureHistograms } from "@keyspaces-segmentation/notebook-charts/dist/charts/feature_histograms";
import { features, clusteredCustomers } from "../../dist/test/support/clustered_customers";
const money = moneyOf("GBP");
const made = clusteredCustomers(300);
const customers = made.customers.map((each, i) => (i === 0 ? { ...each, country: ${scriptLiteral(HOSTILE)} } : each));
const clusters = made.clusters.map((each, i) => (i === 0 ? { ...each, name: ${scriptLiteral(HOSTILE)} } : each));
const { raw, scaled } = features(customers);
loadCharts();`,
  `await showChart(customersPerCluster(clusters, { money: money }));
await showChart(clusterProfile(clusters, { money: money }));
await showChart(rfmScatter3d(customers, clusters, { money: money }));
await showChart(featureHistograms(raw, scaled, "min_max", { money: money }));`,
  `showTable(customers, {
  caption: "Customers", limit: 3, link: { text: "all of them", href: "customers.csv" },
  columns: [{ key: "customerId", title: "Customer" }, { key: "country", title: "Country" },
            { key: "monetary", title: "Monetary value", unit: "£", digits: 2 }] });`,
  `const load = progress("Loading", (() => { let now = 0; return () => (now += 1000); })());
load.update({ fraction: 0, text: "0 rows" });
load.update({ fraction: 0.5, text: "<50> rows" });
load.done("100 rows stored");`,
  `// @ts-expect-error The kernel's old TypeScript still knows which columns the rows have.
const mistyped = () => showTable(customers, { columns: [{ key: "no such", title: "" }] });
// @ts-expect-error And what a cluster has.
const misspelt = () => customersPerCluster([{ cluster: 0 }], { money: money });`,
  `showChecks([
  { name: "Region", state: "ok", detail: "eu-west-1" },
  { name: "Role", state: "to do", detail: "none found", todo: "Set SEGMENTATION_EXECUTION_ROLE." }]);`,
];

let notebook: Executed;
beforeAll(async () => {
  notebook = await executeCells(CELLS);
});
afterAll(() => notebook?.remove());

function cell(index: number): Output[] {
  return notebook.outputs[index] as Output[];
}

describe("in the kernel", () => {
  test("cells type-check and run without a word on stderr, but for the one that fails", () => {
    expect(notebook.outputs.slice(0, -1).flatMap((outputs) => outputs.filter(({ name }) => name === "stderr"))).toEqual(
      [],
    );
  });

  test("the library comes once, and each chart is one output with page, picture and sentence", () => {
    expect(cell(0).map(({ data }) => Object.keys(data ?? {}).sort())).toEqual([["text/html", "text/plain"]]);
    expect(cell(1)).toHaveLength(4);
    for (const { output_type, data } of cell(1)) {
      expect(output_type).toBe("display_data");
      expect(Object.keys(data ?? {}).sort()).toEqual(["image/png", "text/html", "text/plain"]);
      const png = Buffer.from(textOf(data?.["image/png"]), "base64");
      expect(png.subarray(1, 4).toString()).toBe("PNG");
      expect(textOf(data?.["text/html"])).toContain(`data:image/png;base64,${png.toString("base64")}`);
      expect(textOf(data?.["text/plain"]).split("\n")).toHaveLength(2);
    }
  });

  test("a table is one output, escaped, with numbers to the right", () => {
    const [{ data }] = cell(2) as [Output];
    expect(textOf(data?.["text/html"])).toContain("&lt;/script&gt;&lt;script&gt;");
    expect(textOf(data?.["text/html"])).not.toContain("<script");
    expect(textOf(data?.["text/html"])).toMatch(/text-align:right[^>]*>Monetary value \(£\)/);
    expect(textOf(data?.["text/plain"])).toContain("3 of 300 rows · all of them: customers.csv");
  });

  test("progress is one output that ends as what was said last", () => {
    expect(cell(3)).toHaveLength(1);
    expect(textOf(cell(3)[0]?.data?.["text/plain"])).toMatch(/^✓ Loading: 100 rows stored \(\d+\.0 s\)$/);
  });

  test("a failed check shows the table, then exactly the lines of the error", () => {
    const [table, error] = cell(5) as [Output, Output];
    expect(textOf(table.data?.["text/plain"])).toMatch(/✓ +Region +eu-west-1\n✗ +Role +none found +Set SEGM/);
    expect(error.name).toBe("stderr");
    expect(textOf(error.text)).toBe(
      "Could not start the walkthrough: Role: none found.\nSet SEGMENTATION_EXECUTION_ROLE.\n",
    );
  });
});

/** The page with this script run once Plotly is there; with "undefined", without Plotly. */
function spoiled({ htmlFile, pathOf }: Executed, script: string): string {
  if (script === "") return htmlFile;
  const html = readFileSync(htmlFile, "utf8");
  const [, nonce] = /script-src 'nonce-([^']+)'/.exec(html) as unknown as [string, string];
  const library = /<script[^>]*>\s*if \(!window\.Plotly\) \{[\s\S]*?<\/script>/;
  const [found] = library.exec(html) as unknown as [string];
  const file = pathOf("spoiled.html");
  const hook = `<script nonce="${nonce}">${script}</script>`;
  writeFileSync(
    file,
    html.replace(found, () => (script === "undefined" ? "" : `${found}${hook}`)),
  );
  return file;
}

describe("the notebook as a page, opened from disk without a network", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  test("every chart becomes live, nothing breaks, nothing is fetched", async () => {
    const { page, errors, requests } = await openOffline(browser, notebook.htmlFile);
    await page.waitForFunction("document.querySelectorAll('.js-plotly-plot .main-svg').length >= 4");
    await page.waitForFunction("document.querySelector('.js-plotly-plot canvas')");
    if (process.env.SCREENSHOT)
      await page.screenshot({ path: process.env.SCREENSHOT as `${string}.png`, fullPage: true });
    expect(
      await page.$$eval("[id^=chart-] > img", (pictures) => pictures.map((picture) => picture.clientHeight)),
    ).toEqual([0, 0, 0, 0]);
    expect(await page.evaluate("window.broken")).toBeUndefined();
    expect(errors).toEqual([]);
    expect(requests).toEqual([]);
  });

  test.each([
    ["without WebGL", ""],
    ["where Plotly throws", "Plotly.newPlot = () => { throw new Error('no chart') }"],
    ["where Plotly gives up later", "Plotly.newPlot = () => Promise.reject(new Error('no chart'))"],
    ["where Plotly does not come", "undefined"],
  ])("%s the picture of a chart stays, of its size and alone", async (how, spoil) => {
    const used = spoil === "" ? await startBrowser({ webGl: false }) : browser;
    try {
      const { page, errors } = await openOffline(used, spoiled(notebook, spoil));
      if (spoil === "") {
        await page.waitForFunction("document.querySelectorAll('.chart.live').length >= 3");
        expect(await page.evaluate("document.createElement('canvas').getContext('webgl')")).toBeNull();
      }
      const charts = (await page.evaluate(`[...document.querySelectorAll(".chart")].map((chart) => {
        const { clientHeight, clientWidth } = chart.querySelector("img");
        const live = chart.classList.contains("live");
        const drawn = chart.querySelectorAll(":scope > div").length;
        return live ? "live" : { seen: clientHeight > 200 && clientWidth > 300, drawn, words: chart.innerText.trim() };
      })`)) as unknown[];
      const still = { seen: true, drawn: 0, words: "" };
      expect(charts).toEqual(spoil === "" ? ["live", "live", still, "live"] : [still, still, still, still]);
      expect(errors).toEqual([]);
      await (await page.$$(".chart"))[2]?.scrollIntoView();
      await screenshot(page, `still-${how.replaceAll(" ", "-")}`);
      await page.close();
    } finally {
      if (used !== browser) await used.close();
    }
  });

  test("where scripts do not run the pictures stay, with their sentence", async () => {
    const { page } = await openOffline(browser, notebook.htmlFile);
    await page.setJavaScriptEnabled(false);
    await page.reload();
    const pictures = await page.$$eval("[id^=chart-] img", (images) =>
      images.map((image) => ({
        width: (image as { naturalWidth: number }).naturalWidth,
        alt: image.getAttribute("alt"),
      })),
    );
    expect(pictures.map(({ width }) => width)).toEqual([1260, 1260, 1260, 1260]);
    for (const { alt } of pictures) expect(alt).toMatch(/^(Cluster|Scaling) .*\d.*\.$/s);
    await page.close();
  });
});
