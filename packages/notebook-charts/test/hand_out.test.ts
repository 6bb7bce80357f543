import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { membershipsOf, movements } from "@keyspaces-segmentation/customer-clusters";
import { clusterMark } from "@keyspaces-segmentation/notebook-charts";
import { handOut } from "@keyspaces-segmentation/notebook-charts/dist/hand_out.js";
import { HAND_OUT_STYLE } from "@keyspaces-segmentation/notebook-charts/dist/hand_out_style.js";
import type { Browser } from "puppeteer-core";
import type { Summary } from "../../../src/summary.js";
import { openOffline, startBrowser } from "../../../test/support/browser.js";
import { clusteredCustomers } from "../../../test/support/clustered_customers.js";
import { summaryOf } from "../../../test/support/summary.js";

const HOSTILE = `</style><script>alert(1)</script>"'&`;

/** A later run, in which one cluster was split off, one is gone, and customers have moved. */
function laterRun(): Summary {
  const { customers, clusters: profiles } = clusteredCustomers(157, [0, 2, 3, 5, 6, 11]);
  const names = ["Very recent, very frequent, very high spend (2)", "Long gone, occasional, very low spend"];
  const clusters = profiles.map((profile, i) => ({
    ...profile,
    name: `${names[i % 2]} ${i}`,
    action: "Make it a habit: an offer for the next order within weeks",
  }));
  const nameOf = (id: number) => clusters.find(({ cluster }) => cluster === id)!.name;
  const after = membershipsOf(customers.map((of) => ({ ...of, clusterName: nameOf(of.cluster) })));
  const before = after.slice(3).map((place, i) => {
    const id = [2, 0, 5, 3][Math.floor(i / 9) % 4]!;
    return i % 9 === 0 ? { ...place, cluster: { id, name: nameOf(id) } } : place;
  });
  return summaryOf({
    clusters,
    identity: {
      lastRun: "kmeans-0",
      clusters: clusters.map(({ cluster: id, name }) =>
        id === 11
          ? { id, name, relation: "split", origin: { id: 5, name: nameOf(5) } }
          : { id, name, relation: "kept", origin: { id, name } },
      ),
      gone: [{ id: 4, name: "Fading" }],
    },
    movement: movements(before, after),
  });
}

const textOf = (html: string) =>
  html
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\s+/g, " ");

describe("the page", () => {
  const summary = summaryOf();
  const html = handOut(summary);
  const text = textOf(html);

  test("says what it is about, and as of when", () => {
    expect(text).toContain("As of 2010-12-09, from online_retail.csv");
    expect(text).not.toContain("Generated data");
    const generated = handOut(summaryOf({ dataset: { ...summary.dataset, generated: true } }));
    expect(textOf(generated)).toContain("Generated data: no real customer is in it");
  });

  test("has a card for each cluster with its colour, figures and average customer, for an empty one too", () => {
    const cards = html.match(/<article[\s\S]*?<\/article>/g)!;
    expect(cards).toHaveLength(6);
    summary.clusters.forEach(({ cluster, name, customers }, i) => {
      expect(cards[i]).toContain(clusterMark(cluster).color);
      expect(textOf(cards[i]!)).toContain(`${cluster} ${name}`);
      if (customers > 0)
        expect(textOf(cards[i]!)).toMatch(/last purchase \d+ days? ago, [\d.,]+ invoices?, £[\d,]+ spent/);
      else expect(textOf(cards[i]!)).toContain("No customer is in it");
    });
  });

  test("has every line of the file and its money to the penny, and their sums", () => {
    expect(text).toContain("Rejected: … is not a date 7 £15.00");
    expect(text).toContain("Cancelled or returned 262 −£9,841.20");
    expect(text).toContain("Postage, fees, not a product 108 £2,740.08");
    expect(text).toContain("All lines 14,269 £356,220.43");
    expect(text).not.toContain("earlier files");
    const more = handOut(summaryOf({ ledger: { ...summary.ledger, earlier: 12 } }));
    expect(textOf(more)).toContain("12 lines of earlier files");
  });

  test("says what is typical, and the mean beside it", () => {
    const { monetaryMedian, monetaryMean } = summary.clusters[0]!;
    const money = (value: number) => `£${Math.round(value).toLocaleString("en-US")}`;
    expect(text).toContain(`${money(monetaryMedian)} spent (mean ${money(monetaryMean)})`);
  });

  test("names a cluster by both its names where the old one is not true any more", () => {
    const [first, ...rest] = laterRun().identity.clusters;
    const origin = { id: first!.id, name: "Very high <spend>" };
    const html = handOut({
      ...laterRun(),
      identity: { ...laterRun().identity, clusters: [{ ...first!, origin }, ...rest] },
    });
    expect(textOf(html)).toContain("In the last run “Very high &lt;spend&gt;”");
  });

  test("of a first run says so", () => {
    expect(text).toContain("This is the first run");
    expect(text).not.toContain("Split off");
  });

  test("of a later run says who moved, which cluster was split off and which is gone", () => {
    const later = textOf(handOut(laterRun()));
    expect(later).toMatch(/\d+ of 154 customers moved; the largest move/);
    expect(later).toContain("3 customers (£");
    expect(later).toContain("Split off from 5 · ");
    expect(later).toContain("Gone: 4 “Fading”");
    expect(later).toContain("The largest moves");
  });

  test("says how returns count", () => {
    const of = (preparation: "net" | "sales") =>
      textOf(handOut(summaryOf({ parameters: { ...summary.parameters, preparation } })));
    expect(of("net")).toContain("returns taken off");
    expect(of("sales")).toContain("returns left out");
  });

  test("shows every text literally", () => {
    const named = summary.clusters.map((profile) => ({ ...profile, name: HOSTILE, action: HOSTILE }));
    const { ledger, dataset, parameters } = summary;
    const hostile = handOut({
      ...laterRun(),
      clusters: named,
      parameters: { ...parameters, analysisDate: HOSTILE },
      dataset: { ...dataset, uri: `s3://x/${HOSTILE}` },
      ledger: { ...ledger, file: { ...ledger.file, rejects: [{ reason: HOSTILE, lines: 1, amount: "1" }] } },
      movement: [{ from: { id: 1, name: HOSTILE }, to: { id: 2, name: HOSTILE }, customers: 1, monetary: 1 }],
      identity: { lastRun: HOSTILE, clusters: [], gone: [{ id: 1, name: HOSTILE }] },
    });
    expect(hostile).not.toMatch(/<script|<\/style>[\s\S]*<\/style>/);
    // The same tags as without it.
    expect(new Set(hostile.match(/<\/?[a-z]\w*/g))).toEqual(new Set(handOut(laterRun()).match(/<\/?[a-z]\w*/g)));
  });
});

test.each([
  ["ink", "paper"],
  ["ink", "card"],
  ["quiet", "paper"],
  ["quiet", "card"],
  ["link", "paper"],
  ["warn", "warn-paper"],
])("%s on %s can be read, light, dark and on paper", (front, back) => {
  const luminance = (colour: string) =>
    [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
      const value = Number.parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16) / 255;
      return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    }, 0);
  const valuesOf = (name: string) =>
    [...HAND_OUT_STYLE.matchAll(new RegExp(`--${name}: (#\\w{6})`, "g"))].map(([, hex]) => luminance(hex!));
  const [fronts, backs] = [valuesOf(front), valuesOf(back)];
  expect(fronts).toHaveLength(3);
  fronts.forEach((a, i) => {
    const b = backs[i]!;
    expect((Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)).toBeGreaterThan(4.5);
  });
});

describe("in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "hand-out-"));
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("it needs nothing from elsewhere, fits a telephone, and is one sheet of paper", async () => {
    const file = join(folder, "segments.html");
    writeFileSync(file, handOut(laterRun()));
    const { page, errors, requests } = await openOffline(browser, file);
    expect([errors, requests]).toEqual([[], []]);
    const pdf = Buffer.from(await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    await page.setViewport({ width: 390, height: 800 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    const links = (await page.evaluate("[...document.links].map((link) => link.getAttribute('href'))")) as string[];
    expect(links).toEqual(["customers.csv", "clusters.csv", "rejects.csv"]);
  });

  test.each([
    ["seven digits", 1_234_567],
    ["eight digits", 12_345_678],
    ["ten digits, below zero", -1_234_567_890],
  ])("its cards hold amounts of %s, on a screen, a telephone and paper", async (_, revenue) => {
    const file = join(folder, `large-${revenue}.html`);
    const run = laterRun();
    const clusters = run.clusters.map((profile) => ({
      ...profile,
      customers: 12_345,
      monetaryMean: revenue / 12_345,
      monetaryMedian: revenue / 2,
      name: "Bought 230–290 days ago, very frequent, £1,100,000–1,400,000 spent",
    }));
    writeFileSync(file, handOut({ ...run, clusters }));
    const { page } = await openOffline(browser, file);
    const cut = `[...document.querySelectorAll("article")].flatMap((card) => {
      const inside = card.getBoundingClientRect();
      return [...card.querySelectorAll("h3, p, dt, dd, span")]
        .filter((part) => part.getBoundingClientRect().right > inside.right || part.scrollWidth > part.clientWidth + 1 && part.clientWidth > 0)
        .map((part) => part.textContent);
    })`;
    for (const [width, media] of [
      [1200, "screen"],
      [800, "screen"],
      [320, "screen"],
      // A sheet of A4 less its margins.
      [703, "print"],
    ] as const) {
      await page.setViewport({ width, height: 900 });
      await page.emulateMediaType(media);
      expect({ width, cut: await page.evaluate(cut) }).toEqual({ width, cut: [] });
    }
  });
});
