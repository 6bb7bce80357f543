import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { describeRun } from "../../../local/notebook/describe_run.js";
import { HOSTILE } from "../../support/hostile.js";
import { summaryOf } from "../../support/summary.js";

const folder = mkdtempSync(join(tmpdir(), "describe-run-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function describeSummary(changes: Parameters<typeof summaryOf>[0]): string {
  writeFileSync(join(folder, "summary.json"), JSON.stringify(summaryOf(changes)));
  return describeRun(folder, join(folder, "a.ipynb"), join(folder, "a.html"));
}

test("numbers are worded for a reader", () => {
  const { ledger } = summaryOf();
  const text = describeSummary({
    dataset: { uri: "s3://shop/invoices.csv", lines: 541_909, generated: false, reading: [] },
    ledger: { ...ledger, stored: 541_902, rejected: 7, earlier: 12_345 },
    customers: 4_338,
  });
  expect(text).toContain("s3://shop/invoices.csv: 541,909 lines, 541,902 stored, 7 rejected\n");
  expect(text).toContain("12,345 rows of other files");
  expect(text).toContain("\n4,338 customers in 6 clusters");
});

test("nothing that came from outside tells the terminal anything, or makes a line of its own", () => {
  const [profile] = summaryOf().clusters;
  const words = Object.values(HOSTILE);
  const name = "x\n✓ All is well\u001b[2J\u202e";
  const text = describeSummary({
    dataset: { uri: `s3://b/${words.join(" ")}\r\n${name}`, lines: 1, generated: false, reading: [] },
    clusters: [...words, name].map((each, cluster) => ({ ...profile!, cluster, name: each })),
  });
  expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202e\u2066\u200f]/u);
  // An empty line, the file, the customers, the clusters, an empty line, and where to look.
  expect(text.split("\n")).toHaveLength(5 + words.length + 1);
});
