import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { prepareFeatures } from "@keyspaces-segmentation/invoices";
import { aggregateLines, generatedCsv, inTwo, parseGenerated } from "../support/retail.js";
import { segment } from "../support/segment.js";

const clusterOf = ({ customers }: { customers: string[][] }) =>
  new Map(customers.map((row) => [row[0]!, { id: Number(row[9]), name: row[10]!.replaceAll('"', "") }]));

test("new invoices change what they touch, and the same file twice changes nothing", async () => {
  const [autumn, winter] = inTwo(generatedCsv(), 0.8);
  const stay = { SEGMENTATION_KEYSPACE: "increment", SEGMENTATION_CLEAN_UP: "false", SEGMENTATION_K: "4" };
  const first = await segment("autumn", autumn, stay);
  const second = await segment("winter", winter, stay);
  const again = await segment("winter-again", winter, stay);

  expect(readFileSync(first.notebook, "utf8")).toContain("left in place");
  // The table has both files; ledger and features are those of both.
  expect(first.summary.movement).toBeNull();
  expect(second.summary.ledger.earlier).toBe(first.summary.ledger.stored);
  expect(second.summary.ledger.overlap).toMatchObject({ invoices: 1, same: { lines: 0 } });
  expect(second.summary.ledger.overlap.further.lines).toBeGreaterThan(0);
  const whole = aggregateLines((await parseGenerated()).lines);
  const features = prepareFeatures(whole, { preparation: "net" }).customers;
  const found = second.customers.map((row) => [row[0], ...row.slice(2, 5).map(Number)]);
  const byId = (a: unknown[], b: unknown[]) => (String(a[0]) < String(b[0]) ? -1 : 1);
  expect(found.sort(byId)).toEqual(
    features.map((of) => [of.customerId, of.recencyDays, of.frequency, of.monetary]).sort(byId),
  );

  // Who moved is what the two lists of customers say.
  expect(second.summary.identity.lastRun).toBe(first.summary.run);
  const [before, after] = [clusterOf(first), clusterOf(second)];
  for (const { from, to, customers } of second.summary.movement!) {
    const went = [...new Set([...before.keys(), ...after.keys()])].filter(
      (id) => before.get(id)?.id === from?.id && after.get(id)?.id === to?.id,
    );
    expect(went).toHaveLength(customers);
  }
  const counted = second.summary.movement!.reduce((sum, { to, customers }) => sum + (to ? customers : 0), 0);
  expect(counted).toBe(second.customers.length);
  // A cluster that was found again keeps its name.
  const kept = second.summary.identity.clusters.filter(({ relation }) => relation === "kept");
  expect(kept.length).toBeGreaterThan(0);
  for (const { id, name } of kept) expect([...before.values()]).toContainEqual({ id, name });

  // What was read: all of it, as an invoice goes on in the second file; then nothing, as nothing came.
  expect(readFileSync(second.notebook, "utf8")).toMatch(
    /The whole table was read, as .*winter.* to invoices that were there/,
  );
  const nothingNew = readFileSync(again.notebook, "utf8");
  expect(nothingNew).toContain("Only what changed was read: 0 invoices that have come since the last read");
  expect(nothingNew).not.toContain("a backtest needs the invoices before its cut");

  // The same file once more: not a write, the same training job, the same answers, and nobody moves.
  expect(readFileSync(again.notebook, "utf8")).toContain("was there already");
  expect(again.summary.requests.ingest).toBe(0);
  expect(again.summary.training.job).toBe(second.summary.training.job);
  expect(again.summary.ledger).toEqual(second.summary.ledger);
  expect(again.summary.clusters).toEqual(second.summary.clusters);
  expect(again.customers).toEqual(second.customers);
  expect(again.rejects).toEqual(second.rejects);
  expect(again.summary.run).toBe(second.summary.run);

  // Another day to look from: with min-max scaling the same features and so the same training, but not the same run.
  const day = new Date(Date.parse(second.summary.parameters.analysisDate) + 86_400_000).toISOString().slice(0, 10);
  const dayLater = await segment("winter-later", winter, { ...stay, SEGMENTATION_ANALYSIS_DATE: day });
  expect(dayLater.summary.training.job).toBe(second.summary.training.job);
  expect(dayLater.summary.run).not.toBe(second.summary.run);
  expect(dayLater.summary.identity.lastRun).toBe(second.summary.run);
});
