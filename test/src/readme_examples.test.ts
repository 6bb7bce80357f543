import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { runReadmeExample } from "../support/readme_example.js";

test.each(["aws-jobs", "common", "glue-features", "invoices", "local-support", "notebook-charts", "table-files"])(
  "the example in the README of %s gives what it says",
  async (part) => {
    const { logged, stated } = await runReadmeExample(part);
    expect(stated.length).toBeGreaterThan(0);
    expect(logged).toEqual(stated);
  },
);

test("the example in the README of invoice-files gives what it says", async () => {
  const folder = await mkdtemp(join(tmpdir(), "readme-"));
  const { logged, stated } = await runReadmeExample("invoice-files", {
    '"rechnungen.csv"': JSON.stringify(join(folder, "rechnungen.csv")),
  }).finally(() => rm(folder, { recursive: true }));
  expect(stated.length).toBeGreaterThan(0);
  expect(logged).toEqual(stated);
});
