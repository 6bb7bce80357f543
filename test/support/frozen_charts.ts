import { moneyOf } from "@keyspaces-segmentation/common";
import type { ClusteredCustomer, ClusterProfile, Movement } from "@keyspaces-segmentation/customer-clusters";
import type { SegmentBacktest } from "@keyspaces-segmentation/invoices";
import type { FileLedger } from "@keyspaces-segmentation/invoices/dist/file_ledger.js";
import type { Matrix } from "@keyspaces-segmentation/kmeans";
import type { KSweepRow } from "@keyspaces-segmentation/kmeans/dist/k_sweep.js";
import type { SuggestedK } from "@keyspaces-segmentation/kmeans/dist/suggest_k.js";
import {
  backtestCard,
  type Chart,
  clusterProfile,
  customerMargins,
  customersPerCluster,
  featureHistograms,
  kQuality,
  ledgerWaterfall,
  loadProgress,
  movementMatrix,
  rfGrid,
  rfmScatter3d,
  segmentTreemap,
} from "@keyspaces-segmentation/notebook-charts";
import { fixture } from "./oracle.js";

const gbp = { money: moneyOf("GBP") };

/** What a run on generated data handed to its charts; numbers only, so that a picture changes with its chart and with nothing else. */
interface FrozenRun {
  readonly customers: readonly (readonly [
    customerId: string,
    country: string,
    recencyDays: number,
    frequency: number,
    monetary: number,
    r: number,
    f: number,
    m: number,
    segment: string,
    cluster: number,
    distance: number,
    margin: number,
  ])[];
  readonly clusters: readonly ClusterProfile[];
  readonly sweep: readonly KSweepRow[];
  readonly suggestion: SuggestedK;
  readonly file: FileLedger;
  readonly movements: readonly Movement[];
  readonly backtest: SegmentBacktest;
  readonly course: Parameters<typeof loadProgress>[0];
}

const run: FrozenRun = fixture("charts/run.json");
const { clusters } = run;

const customers: readonly ClusteredCustomer[] = run.customers.map(
  ([customerId, country, recencyDays, frequency, monetary, r, f, m, segment, cluster, distance]) => ({
    customerId,
    country,
    recencyDays,
    frequency,
    monetary,
    r,
    f,
    m,
    segment,
    cluster,
    distance,
    clusterName: clusters.find((each) => each.cluster === cluster)!.name,
  }),
);
const margins = run.customers.map((fields) => fields[11]);

const raw: Matrix = {
  values: Float64Array.from(customers.flatMap((each) => [each.recencyDays, each.frequency, each.monetary])),
  rows: customers.length,
  columns: 3,
};

/** The features by column, each put on its scale. */
function scaledBy(scale: (column: readonly number[]) => (value: number) => number): Matrix {
  const { values } = raw;
  const scales = [0, 1, 2].map((column) => scale([...values].filter((_, at) => at % 3 === column)));
  return { ...raw, values: values.map((value, at) => scales[at % 3]!(value)) };
}

const minMax = (column: readonly number[]) => {
  const [least, most] = [Math.min(...column), Math.max(...column)];
  return (value: number) => (value - least) / (most - least);
};

const logStandard = (column: readonly number[]) => {
  const logs = column.map(Math.log1p);
  const mean = logs.reduce((sum, each) => sum + each, 0) / logs.length;
  const deviation = Math.sqrt(logs.reduce((sum, each) => sum + (each - mean) ** 2, 0) / logs.length);
  return (value: number) => (Math.log1p(value) - mean) / deviation;
};

/** Every chart of that run, by the name of its picture. */
export const frozenCharts: Readonly<Record<string, Chart>> = {
  backtestCard: backtestCard(run.backtest, gbp),
  clusterProfile: clusterProfile(clusters, gbp),
  customerMargins: customerMargins(
    margins,
    customers.map(({ cluster }) => cluster),
    clusters,
    0.1,
  ),
  customersPerCluster: customersPerCluster(clusters, gbp),
  featureHistograms: featureHistograms(raw, scaledBy(minMax), "min_max", gbp),
  "featureHistograms-log": featureHistograms(raw, scaledBy(logStandard), "log_standard", gbp),
  kQuality: kQuality(run.sweep, run.suggestion, 6),
  ledgerWaterfall: ledgerWaterfall(run.file, gbp),
  loadProgress: loadProgress(run.course),
  movementMatrix: movementMatrix(run.movements, gbp),
  rfGrid: rfGrid(customers, clusters),
  rfmScatter3d: rfmScatter3d(customers, clusters, gbp),
  segmentTreemap: segmentTreemap(customers, gbp),
};
