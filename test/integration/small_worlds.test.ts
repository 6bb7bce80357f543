import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { segment } from "../support/segment.js";
import { csvOf, smallWorlds } from "../support/small_worlds.js";

/** What the cells of an executed notebook show, without pictures and the charts' code. */
function shownIn(notebook: string): string {
  const { cells } = JSON.parse(readFileSync(notebook, "utf8")) as {
    cells: { outputs?: { data?: Record<string, string | string[]> }[] }[];
  };
  const texts = cells.flatMap(({ outputs = [] }) =>
    outputs.map(({ data }) => [data?.["text/plain"] ?? ""].flat().join("")),
  );
  return texts.join("\n");
}

const fileOf = (world: string) => csvOf(smallWorlds[world]!.lines);

test("three kinds of customers in six clusters, in another currency: at most three have customers, and it is said", async () => {
  const { summary, clusters, customers, notebook } = await segment("three_kinds", fileOf("three kinds"), {
    SEGMENTATION_CURRENCY: "USD",
  });
  expect(summary.parameters.currency).toBe("USD");
  expect(clusters.filter((row) => Number(row[2]) > 0).length).toBeLessThanOrEqual(3);
  expect(customers).toHaveLength(18);
  const shown = shownIn(notebook);
  expect(shown).toContain("There are only 3 different customers");
  expect(shown).toContain("$1,989");
  expect(shown).not.toMatch(/£|\bNaN\b|\bundefined\b|Infinity/);
});

test("one customer in one cluster, on a logarithmic scale", async () => {
  const { customers, clusters, notebook } = await segment("one_customer", fileOf("one customer with one invoice"), {
    SEGMENTATION_K: "1",
    SEGMENTATION_SCALING: "log_standard",
  });
  expect([customers.length, clusters.length]).toEqual([1, 1]);
  expect(shownIn(notebook)).not.toMatch(/£|\bNaN\b|\bundefined\b|Infinity/);
});

test("fewer customers than clusters: refused before a training job, with what k can be", async () => {
  const run = segment("five_customers", fileOf("as many customers as clusters"), { SEGMENTATION_K: "6" });
  await expect(run).rejects.toThrow(
    /Step "7\. Train a clustering model": .*there are 5 customers, so k can be 1 to 5\.\s[\s\S]*--param k=3/,
  );
});
