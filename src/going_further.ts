/** Part 2 of the notebook: how many clusters, how far to trust them, other preparations and settings, who moved, what came of segments. */
import { formatPlural } from "@keyspaces-segmentation/common";
import { compareSettings, describeTrust, describeVariety } from "@keyspaces-segmentation/customer-clusters";
import type { CustomerScan } from "@keyspaces-segmentation/invoice-store";
import {
  backtestSegments,
  comparePreparations,
  cutoffsOf,
  mostDifferent,
  type PreparationRow,
  type ScoredCustomer,
  type SegmentBacktest,
  scoreRemarks,
} from "@keyspaces-segmentation/invoices";
import {
  gaugeTrust,
  type KSweepRow,
  ksFor,
  type SuggestedK,
  seededRandom,
  suggestK,
  sweepK,
  sweepRows,
  type TrustGauge,
} from "@keyspaces-segmentation/kmeans";
import {
  backtestRows,
  markdown,
  movementFinding,
  movementRows,
  showTable,
  text,
} from "@keyspaces-segmentation/notebook-charts";
import type { Clustering } from "./assign.js";
import type { Worded } from "./load.js";
import { cutsOf, type ScaledFeatures } from "./prepare.js";
import type { Settings } from "./settings.js";
import { runStep } from "./step.js";
import type { Trained } from "./train.js";

/** The measures for each number of clusters, and which number they speak for. */
export interface ChoiceOfK {
  readonly sweep: readonly KSweepRow[];
  readonly suggestion: SuggestedK;
}

/** Tries 2 to 10 clusters, as far as there are customers, on this machine, 50 starts each, and says which number the measures speak for. */
export async function chooseK({ scaled }: ScaledFeatures): Promise<ChoiceOfK> {
  const ks = ksFor(scaled);
  const most = ks.at(-1)!;
  const choice = await runStep(
    most < 3 ? `Trying ${formatPlural(most, "cluster")}` : text`Trying 2 to ${most} clusters`,
    async ({ signal, update }) => {
      const onProgress = (done: number, total: number) =>
        update({ fraction: done / total, text: text`${done} of ${total} fits` });
      const sweep = await sweepK(scaled, { ks, random: seededRandom(1), signal, onProgress });
      return { sweep, suggestion: suggestK(sweep) };
    },
    ({ suggestion }) => `the suggestion is ${formatPlural(suggestion.k, "cluster")}`,
  );
  if (scaled.rows > sweepRows)
    markdown`Tried on ${sweepRows} of the ${scaled.rows} customers, drawn at random, as are the measures below.`;
  markdown`${choice.suggestion.reason}`;
  const variety = describeVariety(scaled, most);
  if (variety !== null) markdown`${variety}`;
  return choice;
}

/** Asks how far these clusters can be trusted: found again by other starts, by other samples, and who is on the fence. */
export async function gauge({ scaled }: ScaledFeatures, { centroids }: Trained): Promise<TrustGauge> {
  const trust = await runStep(
    "Gauge",
    ({ signal, update }) =>
      gaugeTrust(scaled, {
        k: centroids.rows,
        centroids,
        random: seededRandom(2),
        signal,
        onProgress: (done, total) => update({ fraction: done / total, text: text`${done} of ${total} fits` }),
      }),
    (gauged) => describeTrust("this run", gauged).verdict,
  );
  const { verdict, found, stays, onTheFence } = describeTrust("this run", trust);
  markdown`**${verdict}**: ${found} ${stays} ${onTheFence}`;
  return trust;
}

/** Shows the customers who are hardly nearer to their own cluster's centre than to the next, the least clear first. */
export function showFence({ onTheFence, margins }: TrustGauge, { customers }: Clustering): void {
  const unclear = onTheFence.map((row) => {
    const { customerId, clusterName, distance } = customers[row]!;
    return { customer: customerId, cluster: clusterName, distance, margin: margins[row]! };
  });
  if (unclear.length > 0) showTable(unclear, { caption: "Customers on the fence, the least clear first", limit: 10 });
}

/** Gauges the published setting and its alternative side by side. */
export async function compare({ features }: ScaledFeatures): Promise<void> {
  const { table, conclusion } = await runStep(
    "Compare",
    ({ signal, update }) =>
      compareSettings(features, { random: seededRandom(3), signal, onStep: (step) => update({ text: step }) }),
    () => "both settings are gauged",
  );
  showTable(table, { caption: "As published, and the alternative" });
  markdown`${conclusion}`;
}

/** Shows what the choice of preparation does: the same lines, counted in the three ways, and for whom it matters most. */
export function showPreparations(
  { aggregate }: CustomerScan,
  analysisDate: string,
  { parameters }: Settings,
  { money }: Worded,
): void {
  const asOf = { analysisDate, cuts: cutsOf(parameters) };
  const ways = comparePreparations(aggregate, asOf);
  const [, sales, published] = ways as [PreparationRow, PreparationRow, PreparationRow];
  const differences = ways.map((way) => {
    const { recencyMedian: _, frequencyMedian: __, monetaryMedian: ___, onlyInNet: ____, ...rest } = way;
    return rest;
  });
  showTable(differences, {
    caption: "The three preparations; “differs” counts the customers whom net sees differently",
    money,
  });
  markdown`Leaving returns out changes the money of **${sales.monetaryDiffers} customers**. Counting as published adds ${published.onlyHere}, and puts **${published.segmentDiffers}** into another segment.`;
  const different = mostDifferent(aggregate, asOf, 5);
  if (different.length > 0) showTable(different, { caption: "The customers whose money differs most", money });
}

/** Shows where the scores from 1 to 5 begin and end, and says of which features they tell little. */
export function showCutoffs(scored: readonly ScoredCustomer[], { money }: Worded): void {
  for (const remark of scoreRemarks(scored)) markdown`${remark}`;
  showTable(cutoffsOf(scored), { caption: "Where the scores begin and end", money });
}

/** Holds the segments of a quarter ago against what their customers did since; null, with the reason, where the data are too short. */
export function backtest(scan: CustomerScan, { parameters }: Settings, { money }: Worded): SegmentBacktest | null {
  const { preparation } = parameters;
  const tested = backtestSegments(scan, { preparation, cuts: cutsOf(parameters), random: seededRandom(4) });
  if ("noBacktest" in tested) {
    markdown`**No backtest**: ${tested.noBacktest}`;
    return null;
  }
  const caption = `Segments as of ${tested.segmentedAt}, and what came of them by ${tested.until}`;
  showTable(backtestRows(tested), { caption, money });
  return tested;
}

/** Says who changed cluster since the last run, and lists them, those who moved first. */
export function showMovement({ moved, lastRun, isSample, inputs }: Clustering): void {
  const { money } = inputs.loaded;
  if (lastRun !== null && isSample) {
    markdown`Who moved is not told where not all customers are looked at: see \`sparkSample\`.`;
    return;
  }
  markdown`${movementFinding(moved, { money, lastRun: lastRun?.runId ?? null })}.`;
  const rows = moved === null ? [] : movementRows(moved, { money });
  if (rows.length > 0) showTable(rows, { caption: "Who went where since the last run", limit: rows.length, money });
}
