import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { waitUntil } from "@keyspaces-segmentation/common";
import { LOCAL, NOTEBOOK } from "@keyspaces-segmentation/local-support";
import type { Browser } from "puppeteer-core";
import { checkExecuted } from "../../local/notebook/check_executed.js";
import { type OpenPage, openWithin, paintedPixels, screenshot, startBrowser } from "../support/browser.js";
import { type Lab, startLab } from "../support/lab.js";
import { chartsOfNotebook } from "../support/notebook.js";

const CHARTS = chartsOfNotebook();
/** The open notebook, as JupyterLab's own scripts know it. */
const PANEL = "window.jupyterapp.shell.currentWidget";

let directory: string;
let folder: string;
let lab: Lab;
let browser: Browser;
let opened: OpenPage;
beforeAll(async () => {
  // Below the checkout, where the kernel finds the package; a copy, because JupyterLab saves what it runs.
  mkdirSync(LOCAL, { recursive: true });
  directory = mkdtempSync(join(LOCAL, "lab-"));
  folder = join(directory, "notebooks");
  mkdirSync(folder);
  copyFileSync(NOTEBOOK, join(folder, "walkthrough.ipynb"));
  await startLabHere();
  opened = await openPatiently("walkthrough.ipynb");
});
afterAll(async () => {
  await browser?.close();
  await lab?.stop();
  if (directory) rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
});

async function startLabHere(): Promise<void> {
  lab = await startLab(directory, folder, {
    SEGMENTATION_KEYSPACE: "in_lab",
    SEGMENTATION_PREFIX: "in_lab",
    SEGMENTATION_OUTPUT_DIRECTORY: join(directory, "out"),
    TMPDIR: directory,
  });
}

/**
 * Opens a notebook in a browser of its own. Now and then, where all has just been installed or much else runs, JupyterLab does not get
 * to its kernel or a page stands still; a person would start both once more.
 */
async function openPatiently(notebook: string): Promise<OpenPage> {
  browser = await startBrowser();
  return open(notebook).catch(async (error: Error) => {
    console.warn(error.message);
    await browser.close();
    await lab.stop();
    await startLabHere();
    browser = await startBrowser();
    return open(notebook);
  });
}

async function open(notebook: string): Promise<OpenPage> {
  const opened = await openWithin(browser, lab.addressOf(notebook), /^(http:\/\/127\.0\.0\.1:|data:|blob:)/);
  const { page, complaints } = opened;
  const kernel = `${PANEL}?.sessionContext?.session?.kernel`;
  const until = async (wanted: (state: LabState) => boolean, what: string): Promise<void> => {
    const look = async () => {
      const state = (await page.evaluate(`window.jupyterapp && {
        open: ${PANEL}?.title.label,
        isReady: ${PANEL}?.context?.isReady,
        connection: ${kernel}?.connectionStatus,
        status: ${PANEL}?.sessionContext?.kernelDisplayStatus,
        dialog: document.querySelector(".jp-Dialog")?.textContent,
      }`)) as LabState | undefined;
      const seen = JSON.stringify({ state, complaints, log: lab.lastLines() });
      return state !== undefined && wanted(state) ? { done: true, seen } : { seen };
    };
    await waitUntil(what, look, { deadlineMs: 90_000, firstDelayMs: 100, maxDelayMs: 1000 });
  };
  await until(
    ({ isReady, connection }) => isReady === true && connection === "connected",
    "JupyterLab to connect a kernel",
  );
  // A status that a kernel sends before the page listens is lost; one more answer of its ends in a status, too.
  await page.evaluate(`void ${kernel}.requestKernelInfo()`);
  await until(({ status }) => status === "idle", "the kernel in JupyterLab to be idle");
  return opened;
}

/** What is seen of a notebook that is being opened. */
interface LabState {
  readonly open?: string;
  readonly isReady?: boolean;
  readonly connection?: string;
  readonly status?: string;
  readonly dialog?: string;
}

test("the notebook opens with its kernel, without a question", async () => {
  const { page } = opened;
  expect(await page.evaluate(`${PANEL}.sessionContext.session.kernel.name`)).toBe("tslab");
  expect(await page.$eval(".jp-KernelName", (it) => it.textContent)).toContain("TypeScript");
  expect(await page.$(".jp-Dialog")).toBeNull();
  await screenshot(page, "opened");
});

test("the contents at the top lead to each step", async () => {
  const { page } = opened;
  const links = `[...${PANEL}.content.widgets[0].node.querySelectorAll('a[href^="#"]:not(.jp-InternalAnchorLink)')]`;
  const hashes = (await page.evaluate(`${links}.map((link) => link.hash.slice(1))`)) as string[];
  expect(hashes.length).toBeGreaterThan(13);
  const missed: string[] = [];
  for (const [index, hash] of hashes.entries()) {
    const title = decodeURIComponent(hash).replaceAll("-", " ");
    const inView = `[...${PANEL}.content.node.querySelectorAll("h1, h2")].some((heading) => {
      const { top, height } = heading.getBoundingClientRect();
      return heading.textContent.replaceAll("-", " ").startsWith(${JSON.stringify(title)}) && height > 0 && top > 0 && top < innerHeight;
    })`;
    // JupyterLab goes by the heights that cells will have; one that it draws on the way may push the step out again.
    let isThere = false;
    for (let clicks = 0; clicks < 5 && !isThere; clicks++) {
      await page.evaluate(`${links}[${index}].click()`);
      const look = page.waitForFunction(inView, { timeout: 5000 });
      isThere = await look.then(
        () => true,
        () => false,
      );
    }
    if (!isThere) missed.push(title);
  }
  expect(missed).toEqual([]);
});

test("every cell runs, and progress changes in its place", async () => {
  const { page, errors, requests } = opened;
  await page.evaluate(`
    window.changes = new Map();
    const outputsAt = (node) => {
      const around = (node.closest ? node : node.parentElement)?.closest(".jp-OutputArea-child");
      return around ? [around] : [...(node.querySelectorAll?.(".jp-OutputArea-child") ?? [])];
    };
    new MutationObserver((mutations) => {
      const touched = new Set(mutations.flatMap(({ target, addedNodes }) => [target, ...addedNodes]).flatMap(outputsAt));
      for (const output of touched) {
        const text = output.textContent.trim();
        if (!/^(✓ )?(Ingest|Read|Training job):/.test(text)) continue;
        const texts = window.changes.get(output) ?? [];
        if (texts.at(-1) !== text) window.changes.set(output, [...texts, text]);
      }
    }).observe(${PANEL}.content.node, { subtree: true, childList: true, characterData: true });
    window.jupyterapp.commands.execute("notebook:run-all-cells").then(() => "done", String).then((how) => {
      window.ended = how;
    });
    undefined;
  `);
  await page.waitForFunction("window.ended");
  expect(await page.evaluate("window.ended")).toBe("done");
  await page.evaluate(`${PANEL}.context.save()`);
  expect(checkExecuted(join(folder, "walkthrough.ipynb"))).toEqual([]);

  const changes = (await page.evaluate("[...window.changes.values()]")) as string[][];
  for (const step of ["Ingest", "Read", "Training job"]) {
    const outputs = changes.filter(([first]) => first?.startsWith(step));
    expect(outputs.map((texts) => ({ changed: texts.length > 1, last: texts.at(-1) }))).toEqual([
      { changed: true, last: expect.stringMatching(/^✓ .*\(\d+\.\d s\)$/) },
    ]);
  }
  expect(errors).toEqual([]);
  expect(requests).toEqual([]);
});

/** The charts of the open notebook that show something, and how much. */
async function chartsOn({ page }: OpenPage, selector: string): Promise<number[]> {
  await page.waitForFunction(`${PANEL}.content.node.querySelectorAll(".chart").length === ${CHARTS}`);
  const drawn: number[] = [];
  for (const [index, chart] of (await page.$$(".jp-NotebookPanel:not(.lm-mod-hidden) .chart")).entries()) {
    await chart.scrollIntoView();
    await page.waitForFunction(
      `${PANEL}.content.node.querySelectorAll(".chart")[${index}].querySelector("${selector}")`,
    );
    drawn.push(await paintedPixels(page, chart, 500));
    await screenshot(page, `${selector.replace(/\W/g, "")}-${index}`);
  }
  return drawn;
}

test("every chart is drawn live", async () => {
  const drawn = await chartsOn(opened, ".main-svg");
  expect(drawn).toHaveLength(CHARTS);
  for (const pixels of drawn) expect(pixels).toBeGreaterThan(500);
  expect(await opened.page.$$eval(".chart canvas", (canvases) => canvases.length)).toBeGreaterThan(0);
  expect(opened.errors).toEqual([]);
});

test("a colleague who does not trust it sees the pictures and runs no script; once it is trusted, charts are live", async () => {
  // Another content, so another signature: for JupyterLab somebody else's notebook.
  const text = readFileSync(join(folder, "walkthrough.ipynb"), "utf8");
  writeFileSync(join(folder, "shared.ipynb"), text.replace("Segment your customers", "Segment our customers"));
  await browser.close();
  const shared = await openPatiently("shared.ipynb");
  const { page, errors } = shared;
  const pictures = await chartsOn(shared, "img");
  for (const pixels of pictures) expect(pixels).toBeGreaterThan(500);
  expect(await page.evaluate("typeof window.Plotly")).toBe("undefined");

  await page.evaluate('void window.jupyterapp.commands.execute("notebook:trust")');
  await (await page.waitForSelector(".jp-Dialog .jp-mod-accept, .jp-Dialog .jp-mod-warn"))?.click();
  await page.waitForFunction(
    `${PANEL}.content.node.querySelectorAll(".chart.live:has(.main-svg)").length === ${CHARTS}`,
  );
  await screenshot(page, "trusted");
  expect(errors).toEqual([]);
});
