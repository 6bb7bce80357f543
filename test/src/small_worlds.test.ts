import { describe, expect, test } from "@jest/globals";
import { clustersCsv, customersCsv } from "@keyspaces-segmentation/cluster-store/dist/result_csv.js";
import { moneyOf } from "@keyspaces-segmentation/common";
import {
  clustersToRegister,
  describeIdentities,
  describeSeparation,
  identifyClusters,
  membershipsOf,
  movements,
  profileClusters,
  withClusters,
} from "@keyspaces-segmentation/customer-clusters";
import { quarterBefore } from "@keyspaces-segmentation/invoices";
import { assignClusters, kMeans, seededRandom } from "@keyspaces-segmentation/kmeans";
import {
  backtestCard,
  type Chart,
  clusterProfile,
  customerMargins,
  customersPerCluster,
  featureHistograms,
  kQuality,
  movementMatrix,
  rfGrid,
  rfmScatter3d,
  segmentTreemap,
  showFrame,
} from "@keyspaces-segmentation/notebook-charts";
import { showActions, showClusters, showCustomers } from "../../src/ask.js";
import type { Clustering } from "../../src/assign.js";
import {
  backtest,
  chooseK,
  compare,
  gauge,
  showCutoffs,
  showFence,
  showMovement,
  showPreparations,
} from "../../src/going_further.js";
import {
  addClusters,
  addScores,
  customersFrame,
  describeFrame,
  groupMeans,
  remarkOnScores,
  scaleFeatures,
  scoredCustomers,
} from "../../src/prepare.js";
import { scoreHere } from "../../src/score.js";
import { readSettings } from "../../src/settings.js";
import type { Trained } from "../../src/train.js";
import { usePrinted } from "../support/printed.js";
import { foldLines } from "../support/retail.js";
import { type SmallWorld, smallWorlds } from "../support/small_worlds.js";

const loaded = { money: moneyOf("GBP") };
/** What no reader can make anything of. */
const NONSENSE = /(\bNaN\b|\bnull\b|\bundefined\b|Infinity|(?<![\w.\d])[-−][£]?0(?:\.0+)?(?![\d.,\w])).{0,30}/;

const printed = usePrinted();

/** A chart has something in it, and every number and word of it makes sense. */
function expectSense({ title, summary, figure, still }: Chart): void {
  printed.push(title, summary);
  for (const { data, layout } of [figure, ...(still ? [still] : [])]) {
    const drawn = data.flatMap((trace) => [...((trace.x ?? trace.values) as Iterable<unknown>)]);
    expect([title, drawn.filter((value) => value !== null).length]).not.toEqual([title, 0]);
    // A trace without points keeps its place in the legend by one that is nowhere.
    const text = JSON.stringify({ data, layout }, (_, value) => (Object.is(value, -0) ? "−0" : value));
    expect(text.replace(/"[xyz]":\[null\]/g, "")).not.toMatch(NONSENSE);
  }
}

type Options = Readonly<Record<"preparation" | "scaling", string>>;

/** Everything that the notebook does with customers once they are read, but for what AWS does. */
async function goThrough({ lines, k }: SmallWorld, options: Options, { inFull }: { inFull: boolean }): Promise<string> {
  const settings = readSettings({ dataBucket: "bucket", dataKey: "key", ...(options as object), k }, {});
  const { parameters } = settings;
  const last = lines.reduce((a, b) => (b.invoiceDate > a.invoiceDate ? b : a)).invoiceDate;
  const totals = foldLines(lines, { cut: quarterBefore(last) });
  const { customers, analysisDate } = customersFrame(totals.aggregate, parameters);
  const scored = addScores(customers, parameters);
  remarkOnScores(scored);
  for (const frame of [customers, scored, describeFrame(scored), groupMeans(scored, "segment")])
    showFrame(frame, loaded);
  const rows = scoredCustomers(scored);
  expectSense(segmentTreemap(rows, loaded));
  const scaled = scaleFeatures(scored, parameters.scaling);
  showFrame(scaled.frame);
  expectSense(featureHistograms(scaled.features, scaled.scaled, parameters.scaling, loaded));

  const { centroids } = kMeans(scaled.scaled, { k, random: seededRandom(1) });
  const assignment = assignClusters(scaled.scaled, centroids);
  const found = { customers: rows, clusters: assignment.clusters, scaler: scaled.scaler, centroids };
  const identities = identifyClusters(found, null, loaded);
  const clusters = profileClusters(rows, assignment.clusters, identities.clusters);
  const clustered = withClusters(rows, assignment, identities.clusters);
  printed.push(describeIdentities(identities, null));
  printed.push(describeSeparation(found, identities.clusters, { random: seededRandom(5) }));
  printed.push(...customersCsv(clustered), clustersCsv(clusters));
  const clustering = {
    inputs: { settings, loaded, scaled },
    customers: clustered,
    clusters,
    assignment,
    found,
    identities,
    lastRun: null,
    moved: null,
    everybody: { customers: clustered.length },
  } as unknown as Clustering;
  showCustomers(addClusters(scored, clustered), clustering);
  expectSense(customersPerCluster(clusters, loaded));
  expectSense(rfmScatter3d(clustered, clusters, loaded));
  expectSense(clusterProfile(clusters, loaded));
  expectSense(rfGrid(clustered, clusters));
  showCutoffs(rows, loaded);
  showPreparations({ ...totals } as never, analysisDate, settings, loaded);
  const tested = backtest(totals as never, settings, loaded);
  if (tested !== null) expectSense(backtestCard(tested, loaded));
  showClusters(clustering);
  showActions(clustering);
  scoreHere([{ customerId: "new", country: "Spain", recencyDays: 30, frequency: 12, monetary: 9000 }], clustering);

  const known = clustersToRegister("run-1", found, identities);
  const again = identifyClusters(found, known, loaded);
  expect(again.clusters.filter(({ relation }) => relation === "kept")).toHaveLength(known.clusters.length);
  const moved = movements(membershipsOf(clustered), membershipsOf(withClusters(rows, assignment, again.clusters)));
  printed.push(describeIdentities(again, known));
  showMovement({ ...clustering, lastRun: known, moved });
  expectSense(movementMatrix(moved, loaded));

  if (inFull) {
    const choice = await chooseK(scaled);
    expectSense(kQuality(choice.sweep, choice.suggestion, k));
    const trust = await gauge(scaled, { centroids } as Trained);
    const ids = clustered.map(({ cluster }) => cluster);
    expectSense(customerMargins(trust.margins, ids, clusters, trust.fence));
    showFence(trust, clustering);
    await compare(scaled);
  }
  return printed.join("\n");
}

const worlds = Object.entries(smallWorlds);

describe.each(worlds.filter(([, { withoutPurchase }]) => !withoutPurchase))("%s", (_, world) => {
  test.each([
    { preparation: "net", scaling: "min_max", inFull: true },
    { preparation: "sales", scaling: "log_standard", inFull: false },
    { preparation: "as_published", scaling: "log_standard", inFull: false },
  ])("$preparation, $scaling: every table, chart and sentence makes sense", async ({ inFull, ...options }) => {
    expect(await goThrough(world, options, { inFull })).not.toMatch(NONSENSE);
  });
});

describe.each(worlds.filter(([, { withoutPurchase }]) => withoutPurchase))("%s", (_, world) => {
  test("has no customers where purchases count, which is said; as published it has", async () => {
    const options = { preparation: "net", scaling: "min_max" };
    await expect(goThrough(world, options, { inFull: false })).rejects.toMatchObject({
      message: expect.stringMatching(/^Could not prepare the customers' features: no customer has a line that counts/),
      hint: expect.stringContaining('"as_published" counts them all'),
    });
    const published = { preparation: "as_published", scaling: "log_standard" };
    expect(await goThrough(world, published, { inFull: false })).not.toMatch(NONSENSE);
  });
});

test("of three kinds of customers, the choice of their number says so", async () => {
  const text = await goThrough(
    smallWorlds["three kinds"]!,
    { preparation: "net", scaling: "min_max" },
    { inFull: true },
  );
  expect(text).toContain("the suggestion is 3 clusters");
  expect(text).toContain("There are only 3 different customers: at most 3 clusters have customers in them");
  expect(text).toContain("3 empty");
});

test("of one customer, there is nothing to choose", async () => {
  const one = smallWorlds["one customer with one invoice"]!;
  const text = await goThrough(one, { preparation: "net", scaling: "min_max" }, { inFull: true });
  expect(text).toContain("All are alike: one cluster holds them");
  expect(text).toContain("New Customers");
});
