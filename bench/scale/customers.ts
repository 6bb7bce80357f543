/**
 * A step of the notebook with so many customers, a process of its own: `customers.js fold|prepare|train|save <customers> <port> <keyspace> <folder>`.
 * Prints one line of JSON, an {@link OwnFigures}; what the step works on is made before it.
 */
import { join } from "node:path";
import { customersCsv, saveClusters } from "@keyspaces-segmentation/cluster-store";
import { moneyOf, writeWhole } from "@keyspaces-segmentation/common";
import { identifyClusters, profileClusters, withClusters } from "@keyspaces-segmentation/customer-clusters";
import { DAY_MS, foldInvoices, type RetailTotals, type ScoredCustomer } from "@keyspaces-segmentation/invoices";
import { assignClusters, kMeansInThreads, seededRandom } from "@keyspaces-segmentation/kmeans";
import { type DataFrame, loadDanfo, toFrame } from "@keyspaces-segmentation/notebook-charts";
import { trainingObjects } from "@keyspaces-segmentation/sagemaker-kmeans";
import {
  addScores,
  describeFrame,
  groupMeans,
  type ScaledFeatures,
  scaleFeatures,
  scoredCustomers,
} from "../../src/prepare.js";
import { connectPlainly } from "../connect.js";
import { customerFeatures } from "../kmeans/matrices.js";
import type { OwnFigures } from "../recorder.js";

const PARAMETERS = { preparation: "net", recencyCuts: null, frequencyCuts: null, monetaryCuts: null } as const;
const COUNTRIES = ["United Kingdom", "France", "Germany", "Norway"];

const LAST_DAY = Date.UTC(2011, 11, 9);

/** What a scan makes of invoices of so many customers, a line each: two of them bought twice, the second time after the cut; the third once. */
function foldedCustomers(count: number): RetailTotals {
  const fold = foldInvoices({ cut: new Date(LAST_DAY - 91 * DAY_MS) });
  const { add, end } = fold.invoices();
  const price = { unscaled: 295n, scale: 2 };
  for (let invoice = 0; invoice < 2 * count; invoice++) {
    const isSecond = invoice >= count;
    if (isSecond && invoice % 3 === 0) continue;
    // As tokens have it: in no order of the customers.
    const customerId = String(10_000_000 + ((7919 * (invoice % count)) % count));
    const days = isSecond ? invoice % 90 : 91 + (invoice % 600);
    const invoiceDate = new Date(LAST_DAY - days * DAY_MS - 1000 * (invoice % 1000));
    const quantity = { unscaled: BigInt(1 + (invoice % 40)), scale: 0 };
    const country = COUNTRIES[invoice % COUNTRIES.length]!;
    const number = String(100_000_000 + invoice);
    add({ invoice: number, stockCode: "85123A", quantity, invoiceDate, price, customerId, country });
    end();
  }
  return fold.totals();
}

/** The customers as step 6 begins with them. */
function framedCustomers(count: number): DataFrame {
  const { values } = customerFeatures({ rows: count, money: "pence", seed: 1 });
  function* rows(): Generator<object> {
    for (let i = 0; i < count; i++) {
      yield {
        customer_id: String(10_000_000 + i),
        country: COUNTRIES[i % COUNTRIES.length]!,
        recency_days: values[3 * i]!,
        frequency: values[3 * i + 1]!,
        monetary: Math.round(100 * values[3 * i + 2]!) / 100,
      };
    }
  }
  return toFrame(rows());
}

/** What the cells of step 6 do behind the scan. */
function prepare(customers: DataFrame): { scored: ScoredCustomer[]; scaled: ScaledFeatures } {
  const scored = addScores(customers, PARAMETERS);
  describeFrame(scored);
  groupMeans(scored, "segment");
  return { scored: scoredCustomers(scored), scaled: scaleFeatures(scored, "min_max") };
}

/** The training data as they go to S3, a fit such as a training job makes, and which customer belongs where. */
async function train({ scored, scaled }: ReturnType<typeof prepare>) {
  let bytes = 0;
  for (const object of trainingObjects(scaled.scaled, { random: seededRandom(1) })) bytes += object.bytes.length;
  if (bytes === 0) throw new Error("no training data were written");
  const { centroids } = await kMeansInThreads(scaled.scaled, { k: 6, random: seededRandom(2) });
  const assignment = assignClusters(scaled.scaled, centroids);
  const found = { customers: scored, clusters: assignment.clusters, scaler: scaled.scaler, centroids };
  const { clusters } = identifyClusters(found, null, { money: moneyOf(null) });
  const profiles = profileClusters(scored, assignment.clusters, clusters);
  return { profiles, customers: withClusters(scored, assignment, clusters) };
}

/** Runs a step and says how long it took. */
async function timed<T>(rows: number, step: () => T | Promise<T>): Promise<{ made: T; figures: OwnFigures }> {
  const start = performance.now();
  const made = await step();
  return { made, figures: { rows, seconds: (performance.now() - start) / 1000 } };
}

async function main([what, count, port, keyspace = "", folder = ""]: string[]): Promise<OwnFigures> {
  const rows = Number(count);
  if (what === "fold") return (await timed(rows, () => foldedCustomers(rows))).figures;
  loadDanfo();
  const customers = framedCustomers(rows);
  const prepared = await timed(rows, () => prepare(customers));
  if (what === "prepare") return prepared.figures;
  const trained = await timed(rows, () => train(prepared.made));
  if (what === "train") return trained.figures;
  const client = await connectPlainly(Number(port));
  try {
    const saved = await timed(rows, async () => {
      await saveClusters(client, { keyspace }, { runId: `run-${count}`, runDate: new Date(), ...trained.made });
      await writeWhole(join(folder, "customers.csv"), customersCsv(trained.made.customers));
    });
    return saved.figures;
  } finally {
    await client.shutdown();
  }
}

void main(process.argv.slice(2)).then(
  (figures) => console.log(JSON.stringify(figures)),
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
