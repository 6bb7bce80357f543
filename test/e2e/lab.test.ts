import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { NOTEBOOK } from "@keyspaces-segmentation/local-support";
import { openWithin, screenshot, startBrowser } from "../support/browser.js";
import { commandsIn } from "../support/command.js";
import { labSettings } from "../support/lab.js";

const { folder, run } = commandsIn("lab-");

test("npm run lab prints an address that opens the notebook with its kernel, and ends with the stack", async () => {
  const before = readFileSync(NOTEBOOK, "utf8");
  const settings = labSettings(folder);
  const configuration = join(folder, "config");
  mkdirSync(configuration, { recursive: true });
  writeFileSync(join(configuration, "jupyter_lab_config.json"), '{ "ServerApp": { "open_browser": false } }');
  const lab = run(["lab"], settings);
  const [address] = await lab.seen(/http:\/\/127\.0\.0\.1:\d+\/lab\/tree\/\S+\?token=\w+/);

  const browser = await startBrowser();
  try {
    const { page, errors, requests } = await openWithin(browser, address, /^(http:\/\/127\.0\.0\.1:|data:|blob:)/);
    await page.waitForFunction('document.querySelector(".jp-KernelName")?.textContent.includes("TypeScript")');
    await page.waitForSelector(".jp-NotebookPanel h1");
    expect(await page.$eval(".jp-NotebookPanel h1", (it) => it.textContent)).toContain("Segment your customers");
    expect(await page.$(".jp-Dialog")).toBeNull();
    expect([errors, requests]).toEqual([[], []]);
    await screenshot(page, "npm-run-lab");
  } finally {
    await browser.close();
  }

  lab.child.kill("SIGINT");
  // Ctrl-C is how one leaves JupyterLab.
  expect(await lab.ended).toBe(0);
  expect(await lab.left()).toEqual([]);
  expect(readFileSync(NOTEBOOK, "utf8")).toBe(before);
});
