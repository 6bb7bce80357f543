import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { end, guard } from "@keyspaces-segmentation/local-support";
import chromium from "@sparticuz/chromium";
import puppeteer, { type Browser, type ElementHandle, type Page } from "puppeteer-core";

/** A page that may reach only so far, and what went wrong on it. */
export interface OpenPage {
  page: Page;
  /** Uncaught errors of the page's scripts. */
  errors: string[];
  /** What was written to the console as an error. */
  complaints: string[];
  /** What it asked for beyond its bounds, in vain. */
  requests: string[];
}

/** A headless Chromium from npm, with WebGL in software or none. */
export async function startBrowser({ webGl = true } = {}): Promise<Browser> {
  const browser = await puppeteer.launch({
    executablePath: await chromium.executablePath(),
    args: webGl ? chromium.args : [...chromium.args, "--disable-3d-apis"],
    headless: "shell",
    // What hangs says which call it was; long work on a page is waited for with waitForFunction.
    protocolTimeout: 120_000,
    defaultViewport: { width: 1200, height: 900 },
  });
  const child = browser.process()!;
  guard(child);
  const close = browser.close.bind(browser);
  // On a busy machine Chromium may hang on its way out, and would stay behind the tests.
  browser.close = async () => {
    await Promise.race([close(), setTimeout(20_000, undefined, { ref: false })]);
    await end(child);
  };
  return browser;
}

/** Opens an address; what does not match `within` is refused and noted. */
export async function openWithin(browser: Browser, address: string, within: RegExp): Promise<OpenPage> {
  const page = await browser.newPage();
  page.setDefaultTimeout(300_000);
  // Looking at every frame, as by default, would have the page draw them all the time.
  const wait = page.waitForFunction.bind(page);
  page.waitForFunction = ((expression: string, options = {}) =>
    wait(expression, { polling: 100, ...options })) as typeof page.waitForFunction;
  const errors: string[] = [];
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on("pageerror", (error) => errors.push(error instanceof Error ? error.message : String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const allowed = within.test(request.url());
    if (!allowed) requests.push(request.url());
    void (allowed ? request.continue() : request.abort());
  });
  await page.goto(address, { waitUntil: "load" });
  return { page, errors, complaints, requests };
}

/** Opens a file from disk; everything else it asks for is refused and noted. */
export function openOffline(browser: Browser, file: string): Promise<OpenPage> {
  return openWithin(browser, pathToFileURL(file).href, /^(file|data|blob):/);
}

/** A page opened from disk as {@link openOffline}, and what has called its `hacked()` or opened a dialog since. */
export async function openHostile(browser: Browser, file: string): Promise<OpenPage & { hacks(): Promise<string[]> }> {
  const opened = await openOffline(browser, "/dev/null");
  const { page } = opened;
  const dialogs: string[] = [];
  page.on("dialog", (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await page.evaluateOnNewDocument("window.hacks = []; window.hacked = (how) => void window.hacks.push(how)");
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
  return { ...opened, hacks: async () => [...((await page.evaluate("window.hacks")) as string[]), ...dialogs] };
}

/**
 * How many pixels of an element are neither white nor grey: what it really shows, WebGL included. A page paints in its
 * own time: it is looked at less and less often until there are more than `enough`, or a minute has passed.
 */
export async function paintedPixels(page: Page, element: ElementHandle, enough: number): Promise<number> {
  const deadline = Date.now() + 60_000;
  for (let pause = 50; ; pause *= 2) {
    const coloured = await colouredPixels(page, element);
    if (coloured > enough || Date.now() + pause > deadline) return coloured;
    await setTimeout(pause);
  }
}

async function colouredPixels(page: Page, element: ElementHandle): Promise<number> {
  await element.scrollIntoView();
  const picture = await element.screenshot({ encoding: "base64" });
  return (await page.evaluate(`(async () => {
    const image = new Image();
    image.src = "data:image/png;base64,${picture}";
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
    const paper = canvas.getContext("2d");
    paper.drawImage(image, 0, 0);
    const { data } = paper.getImageData(0, 0, image.width, image.height);
    let coloured = 0;
    for (let at = 0; at < data.length; at += 4) {
      const [r, g, b] = [data[at], data[at + 1], data[at + 2]];
      if (Math.max(r, g, b) - Math.min(r, g, b) > 60) coloured++;
    }
    return coloured;
  })()`)) as number;
}

/** Keeps a picture of the page in the folder that SCREENSHOTS names, if it does, to be looked at. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) as `${string}.png` });
}
