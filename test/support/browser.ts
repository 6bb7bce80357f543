import { pathToFileURL } from "node:url";
import chromium from "@sparticuz/chromium";
import puppeteer, { type Browser, type Page } from "puppeteer-core";

/** A page that was opened without a network, and what went wrong on it. */
export interface OpenPage {
  page: Page;
  /** Uncaught errors of the page's scripts. */
  errors: string[];
  /** What it asked the network for, in vain. */
  requests: string[];
}

/** A headless Chromium from npm, WebGL in software. */
export async function startBrowser(): Promise<Browser> {
  return puppeteer.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
    headless: "shell",
    defaultViewport: { width: 1200, height: 900 },
  });
}

/** Opens a file from disk; everything else it asks for is refused and noted. */
export async function openOffline(browser: Browser, file: string): Promise<OpenPage> {
  const page = await browser.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("pageerror", (error) => errors.push(error instanceof Error ? error.message : String(error)));
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const local = /^(file|data|blob):/.test(request.url());
    if (!local) requests.push(request.url());
    void (local ? request.continue() : request.abort());
  });
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
  return { page, errors, requests };
}
