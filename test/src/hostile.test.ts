import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { scriptLiteral } from "@keyspaces-segmentation/notebook-charts/dist/html.js";
import type { Browser, Page } from "puppeteer-core";
import { openHostile, screenshot, startBrowser } from "../support/browser.js";
import { HOSTILE, strangers, UNSEEN } from "../support/hostile.js";
import { type Executed, executeCells, type Output, textOf } from "../support/notebook.js";

/** Every way to show something, each with every hostile text at every place that takes a text. */
const CELLS = [
  `import { HOSTILE, strangers, UNSEEN } from "../../dist/test/support/hostile";
import { clusteredCustomers } from "../../dist/test/support/clustered_customers";
import { summaryOf } from "../../dist/test/support/summary";
import { markdown, text, warn, progress, showTable, showFrame, toFrame, showChecks, loadCharts, showChart } from "@keyspaces-segmentation/notebook-charts";
import { linkToResult } from "@keyspaces-segmentation/notebook-charts";
import { describeIdentities, movements, membershipsOf } from "@keyspaces-segmentation/customer-clusters";
import { movementFinding, movementRows } from "@keyspaces-segmentation/notebook-charts";
import { customersPerCluster, clusterProfile, customerMargins, rfGrid, rfmScatter3d, movementMatrix, backtestCard } from "@keyspaces-segmentation/notebook-charts";
import { plotter } from "@keyspaces-segmentation/notebook-charts/dist/still/plotter";
import { handOut } from "@keyspaces-segmentation/notebook-charts/dist/hand_out";
import { moneyOf } from "@keyspaces-segmentation/common";
import { writeFileSync } from "node:fs";
const words = Object.values(HOSTILE);
const money = moneyOf("GBP");
loadCharts();`,
  `for (const value of words) {
  markdown\`A \${value}, **a \${value}** and \\\`a \${value}\\\`.\`;
  warn({ message: value, hint: value });
  const step = progress(value);
  step.update({ fraction: 0.5, text: value });
  step.done(text\`\${value}\`);
}`,
  `for (const value of words) {
  showTable([{ [value]: value, other: value }], { caption: value, link: { text: value, href: value } });
  showTable([{ a: 1 }], { link: linkToResult("customers.csv", { outputDirectory: value.slice(0, 200) }) });
  showFrame(toFrame([{ [value]: value }]), { caption: value });
}
showChecks(words.map((value) => ({ name: value, state: "ok" as const, detail: value, todo: value })));`,
  // Names of a length that a registered cluster may have, one in each of the clusters.
  `const sized = words.map((word) => word.slice(0, 200));
const ids = sized.map((_, i) => i);
const named = sized.map((name, cluster) => ({ ...clusteredCustomers(40).clusters[0], cluster, name, customers: 5, revenueShare: 1 / words.length }));
const customers = clusteredCustomers(80).customers.map((each, i) => {
  const word = words[i % words.length];
  return { ...each, customerId: word + i, country: word, segment: word, cluster: i % words.length, clusterName: sized[i % words.length] };
});
const memberships = membershipsOf(customers);
const moved = memberships.map((membership, i) => ({ ...membership, cluster: memberships[(i + 1) % words.length].cluster }));
const share = { share: 0.5, low: 0.4, high: 0.6 };
const segments = words.map((segment) => ({ segment, customers: 5, returned: 2, returnRate: share, revenue: 5, revenueShare: share }));
const tested = { segments, newcomers: { customers: 1, revenue: 1, revenueShare: 0.1 }, segmentedAt: words[0], until: words[1] };
const charts = [
  customersPerCluster(named, { money: money }), clusterProfile(named, { money: money }), customerMargins(customers.map(() => 0.04), customers.map((each) => each.cluster), named, 0.1),
  rfGrid(customers, named), rfmScatter3d(customers, named, { money: money }), movementMatrix(movements(memberships, moved), { money: money }), backtestCard(tested as never, { money: money })];
for (const chart of charts) await showChart(chart);`,
  `const svgs: string[] = [];
for (const chart of charts) svgs.push(await plotter("plotly").svgOf(chart.still ?? chart.figure, 840));
writeFileSync("stills.json", JSON.stringify(svgs));`,
  `showTable(movementRows(movements(memberships, moved), { money: money }), { limit: 99 });
markdown\`\${movementFinding(movements(memberships, moved), { money: money })} \${movementFinding(null, { money: money, lastRun: words[0] })}\`;
const identities = { clusters: sized.map((name, id) => ({ id, name, relation: "split" as const, origin: { id, name } })), gone: sized.map((name, id) => ({ id, name })) };
markdown\`\${describeIdentities(identities, { runId: words[0] })}\`;
const summary = summaryOf({
  dataset: { uri: "s3://b/" + words.join(" "), lines: 1, generated: true, reading: [] },
  parameters: { analysisDate: words[0], preparation: "net", currency: "GBP" }, clusters: named,
  identity: { lastRun: words[0], ...identities }, movement: movements(memberships, moved) });
writeFileSync("segments.html", handOut(summary));`,
  `import { display } from "tslab";
display.html("<p id=raw>raw</p><script>hacked('raw script')</script><img src=x onerror=\\"hacked('raw image')\\"><a id=run href=\\"javascript:hacked('raw link')\\">a</a>");`,
  `import { StepError } from "@keyspaces-segmentation/common";
throw new StepError({ tried: "read " + words.join(" "), got: words.join(" "), hint: words.join(" ") });`,
];

let notebook: Executed;
let browser: Browser;
beforeAll(async () => {
  [browser, notebook] = await Promise.all([startBrowser(), executeCells(CELLS)]);
});
afterAll(async () => {
  await browser?.close();
  await notebook?.remove();
});

const outputsOf = (index: number): Output[] => notebook.outputs[index] as Output[];

describe("in the notebook", () => {
  test("every cell runs, but for the one that fails", () => {
    const errors = notebook.outputs.slice(0, -1).flat();
    expect(errors.filter(({ name }) => name === "stderr").map(({ text }) => textOf(text))).toEqual([]);
    expect(outputsOf(3)).toHaveLength(7);
  });

  test("no output is Markdown, and none holds what a terminal or a page acts on", () => {
    for (const { data = {}, text } of notebook.outputs.flat()) {
      expect(Object.keys(data).filter((type) => !/^text\/(plain|html)$|^image\/png$/.test(type))).toEqual([]);
      expect(`${textOf(data["text/plain"])}${textOf(text)}`).not.toMatch(UNSEEN);
    }
  });

  test("only charts say that they have a script", () => {
    const live = notebook.outputs.map((outputs) => outputs.filter(({ metadata }) => metadata?.live === true).length);
    expect(live).toEqual([1, 0, 0, 7, 0, 0, 0, 0]);
  });

  test("an error is its two lines, whatever is in them", () => {
    const [error] = outputsOf(7);
    expect(textOf(error?.text).trimEnd().split("\n")).toHaveLength(2);
    expect(textOf(error?.text)).toContain(HOSTILE.script);
  });
});

/** The hostile texts that a page does not show to the letter. */
const missingFrom = (page: Page, selector: string): Promise<string[]> =>
  page.evaluate(
    `(() => {
      const shown = [...document.querySelectorAll(${JSON.stringify(selector)})].map((it) => it.textContent).join("\\n").replace(/\\s+/g, " ");
      const seen = (text) => text.slice(0, 150).replace(/\\s+/g, " ").replace(/[\\p{Cc}\\u202e\\u2066\\u200f]/gu, "\\ufffd");
      return Object.entries(${scriptLiteral(HOSTILE)}).filter(([, text]) => !shown.includes(seen(text))).map(([name]) => name);
    })()`,
  ) as Promise<string[]>;

describe("in the page made of it", () => {
  let page: Page;
  let hacks: () => Promise<unknown>;
  beforeAll(async () => {
    ({ page, hacks } = await openHostile(browser, notebook.htmlFile));
    await page.waitForFunction("document.querySelectorAll('.chart.live .main-svg').length >= 7");
  });

  test("nothing of it runs, and nothing of it is an element", async () => {
    for (const [index, part] of (await page.$$(".chart, #hostile-words, caption")).entries()) {
      if (index % 8 !== 0 && index < 30) continue;
      await part.scrollIntoView();
      await screenshot(page, `hostile-${index}`);
    }
    expect(await page.evaluate(strangers("raw"))).toEqual([]);
    expect(await hacks()).toEqual([]);
  });

  test("each text is there to be read, in sentences, tables and legends", async () => {
    for (const selector of [
      ".jp-RenderedHTML p",
      ".jp-RenderedHTML td",
      ".jp-RenderedHTML th",
      "caption",
      ".jp-RenderedText",
    ]) {
      expect([selector, await missingFrom(page, selector)]).toEqual([selector, []]);
    }
    const labels = await page.$$eval(".chart svg text", (all) => all.map(({ textContent }) => textContent).join("\n"));
    for (const piece of ["onerror=", "%{customdata}", "<sup>s</sup><extra>", "&lt;img", "$\\href{javascript:"]) {
      expect(labels.replace(/\s+/g, " ")).toContain(piece);
    }
    expect(labels).not.toMatch(UNSEEN);
  });

  test("a link that would run something is text, one to a folder of any name leads there", async () => {
    const links = await page.$$eval(".jp-RenderedHTML a", (all) => all.map((link) => link.getAttribute("href")));
    expect(links).toContain("javascript%3Ahacked('address')/customers.csv");
    expect(links.filter((href) => href !== null && /^\s*javascript:/i.test(href))).toEqual([
      "javascript:hacked('raw link')",
    ]);
  });

  test("a hover shows it to the letter too", async () => {
    const hovers = (await page.evaluate(`(async () => {
      const texts = [];
      for (const plot of document.querySelectorAll(".chart .js-plotly-plot")) {
        if (plot.data.some(({ type }) => type === "scatter3d")) continue;
        for (const [curveNumber, { y }] of plot.data.entries()) {
          for (let pointNumber = 0; pointNumber < Math.min(16, y.length); pointNumber++) {
            // Without this, a hover soon after another one waits.
            Plotly.Fx.unhover(plot);
            try { Plotly.Fx.hover(plot, [{ curveNumber, pointNumber }]); } catch { continue; }
            texts.push(plot.querySelector(".hoverlayer").textContent);
            if (plot.querySelector(".hoverlayer a")) texts.push("A LINK");
          }
        }
      }
      return texts;
    })()`)) as string[];
    expect(hovers.length).toBeGreaterThan(20);
    expect(hovers).not.toContain("A LINK");
    expect(hovers.join("\n")).toContain("%{customdata} %{meta[0]}");
    for (const piece of ["<script>hacked('script')</script>", "<sup>s</sup><extra>", "&lt;img", "onerror="]) {
      expect(hovers.join("\n")).toContain(piece);
    }
  });

  test("not even raw HTML of a cell runs: only the scripts of the charts may", async () => {
    expect(await page.$eval("#raw", ({ textContent }) => textContent)).toBe("raw");
    await page.$eval("#run", (link) => (link as unknown as { click(): void }).click());
    expect(await hacks()).toEqual([]);
  });
});

test("the pictures hold it as letters", () => {
  const svgs = JSON.parse(readFileSync(notebook.pathOf("stills.json"), "utf8")) as string[];
  expect(svgs).toHaveLength(7);
  for (const svg of svgs) {
    expect(svg).not.toMatch(/<(script|a|image|foreignObject|iframe)[\s>/]|<[^>]*\son\w+=/i);
    expect(svg).not.toMatch(UNSEEN);
    expect(svg).toContain("&lt;script&gt;");
  }
});

test("the page to hand out shows it to the letter, and runs nothing", async () => {
  const { page, hacks } = await openHostile(browser, notebook.pathOf("segments.html"));
  expect(await page.evaluate(strangers())).toEqual([]);
  expect(await hacks()).toEqual([]);
  await screenshot(page, "hostile-page");
  expect(await page.$$("body script")).toHaveLength(0);
  expect(await missingFrom(page, "body")).toEqual([]);
  await page.close();
});
