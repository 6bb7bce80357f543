import { readFileSync, statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Browser, Page } from "puppeteer-core";
import { openOffline, paintedPixels, screenshot, startBrowser } from "../support/browser.js";
import { chartsOfNotebook, type Output, textOf } from "../support/notebook.js";
import { sharedRun } from "../support/shared_run.js";

const CHARTS = chartsOfNotebook();

let browser: Browser;
let executed: string;
let html: string;
beforeAll(async () => {
  [browser, { notebook: executed, html }] = await Promise.all([startBrowser(), sharedRun()]);
});
afterAll(() => browser?.close());

describe("the HTML, opened from disk without a network", () => {
  let page: Page;
  let problems: string[][];
  beforeAll(async () => {
    const opened = await openOffline(browser, html);
    ({ page } = opened);
    problems = [opened.errors, opened.complaints, opened.requests];
    await page.waitForFunction(`document.querySelectorAll(".chart.live:has(.main-svg)").length === ${CHARTS}`);
  });

  test("every chart is live, nothing breaks, nothing is fetched", async () => {
    const charts = await page.$$(".chart");
    expect(charts).toHaveLength(CHARTS);
    for (const [index, chart] of charts.entries()) {
      expect(await paintedPixels(page, chart, 500)).toBeGreaterThan(500);
      await screenshot(page, `html-${index}`);
    }
    expect(problems).toEqual([[], [], []]);
  });

  test("the contents at the top lead to each step", async () => {
    const links = await page.$$eval('.jp-MarkdownCell:first-of-type a[href^="#"]', (all) =>
      all.map((link) => decodeURIComponent(link.getAttribute("href") as string).slice(1)),
    );
    expect(links.length).toBeGreaterThan(13);
    const ids = await page.$$eval("h1[id], h2[id]", (all) => all.map(({ id }) => id));
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
  });

  /** The elements that stand out of the page at its right, by the beginning of their text. */
  const sticksOut = `(() => {
    const edge = document.documentElement.clientWidth;
    return [...document.querySelectorAll(".jp-InputArea-editor pre span, .jp-OutputArea-output table, .jp-OutputArea-output pre, .chart img, .chart .main-svg")]
      .filter((it) => it.getBoundingClientRect().right > edge + 1)
      .map((it) => it.textContent.slice(0, 60));
  })()`;

  test("no line of code, table or chart is cut, on the screen or on A4 paper", async () => {
    expect(await page.evaluate(sticksOut)).toEqual([]);
    await page.emulateMediaType("print");
    // A4 at 96 pixels to the inch, less the margins of half an inch.
    await page.setViewport({ width: 794 - 96, height: 1123 - 96 });
    expect(await page.evaluate(sticksOut)).toEqual([]);
    await screenshot(page, "html-print");
  });

  test("on paper each chart is a picture that fits on one page and is not split", async () => {
    await page.emulateMediaType("print");
    const charts = (await page.evaluate(`[...document.querySelectorAll(".chart")].map((chart) => {
      const picture = chart.querySelector(":scope > img");
      return {
        height: picture.clientHeight,
        shown: picture.clientWidth > 300 && chart.querySelector(":scope > div").clientHeight === 0,
        split: getComputedStyle(chart).breakInside,
      };
    })`)) as { height: number; shown: boolean; split: string }[];
    expect(charts).toHaveLength(CHARTS);
    for (const { height, shown, split } of charts) {
      expect({ shown, split }).toEqual({ shown: true, split: "avoid" });
      expect(height).toBeGreaterThan(150);
      expect(height).toBeLessThan(1123 - 96);
    }
    const pdf = Buffer.from(await page.pdf({ format: "A4" })).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(10);
    // The stills are 1260 pixels wide.
    expect(pdf.match(/\/Width 1260\b/g)?.length).toBe(CHARTS);
  });
});

describe("the notebook as a preview shows it: no script, no style, the outputs' own pictures", () => {
  let outputs: Output[];
  beforeAll(() => {
    const { cells } = JSON.parse(readFileSync(executed, "utf8")) as { cells: { outputs?: Output[] }[] };
    outputs = cells.flatMap((cell) => cell.outputs ?? []);
  });

  test("is small enough to be shown, and holds Plotly once", () => {
    // GitHub shows no larger ones.
    expect(statSync(executed).size).toBeLessThan(10_000_000);
    const holders = outputs.filter(({ data }) => textOf(data?.["text/html"]).length > 1_000_000);
    expect(holders).toHaveLength(1);
  });

  test("has a picture and a sentence for every chart", () => {
    const charts = outputs.filter(({ data }) => textOf(data?.["text/html"]).includes('class="chart"'));
    expect(charts).toHaveLength(CHARTS);
    for (const { data } of charts) {
      const png = Buffer.from(textOf(data?.["image/png"]), "base64");
      expect(png.subarray(1, 4).toString()).toBe("PNG");
      expect(png.readUInt32BE(16)).toBe(1260);
      expect(textOf(data?.["text/plain"])).toMatch(/^.+\n.*\d/);
    }
  });

  test("tables stay tables, progress a few plain lines", async () => {
    const bodies = outputs.map(({ data }) => textOf(data?.["text/html"]).replace(/<script[\s\S]*?<\/script>/g, ""));
    const page = await browser.newPage();
    await page.setContent(bodies.join("\n").replace(/ style="[^"]*"/g, ""));
    const tables = await page.$$eval("table", (all) => all.map((table) => table.querySelectorAll("tr").length));
    expect(tables.length).toBeGreaterThan(10);
    for (const rows of tables) expect(rows).toBeGreaterThan(1);
    await page.close();

    const printed = outputs.flatMap(({ name, text }) => (name === "stdout" ? textOf(text).trim().split("\n") : []));
    for (const step of ["Ingest", "Read", "Training job"]) {
      const lines = printed.filter((line) => line.replace("✓ ", "").startsWith(`${step}:`));
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.length).toBeLessThan(10);
      expect(lines.at(-1)).toMatch(/^✓ .*\(\d+\.\d s\)$/);
    }
  });
});
