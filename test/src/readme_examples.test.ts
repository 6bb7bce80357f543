import { expect, test } from "@jest/globals";
import { runReadmeExample } from "../support/readme_example.js";

test.each(["common", "invoice-files", "invoices", "local-support", "notebook-charts"])(
  "the example in the README of %s gives what it says",
  async (part) => {
    const { logged, stated } = await runReadmeExample(part);
    expect(stated.length).toBeGreaterThan(0);
    expect(logged).toEqual(stated);
  },
);
