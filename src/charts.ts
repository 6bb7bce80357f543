/** The charts, each drawn in the notebook as one output. */

import type { TrustGauge } from "@keyspaces-segmentation/kmeans";
import {
  type Chart,
  backtestCard as makeBacktestCard,
  clusterProfile as makeClusterProfile,
  customerMargins as makeCustomerMargins,
  customersPerCluster as makeCustomersPerCluster,
  featureHistograms as makeFeatureHistograms,
  kQuality as makeKQuality,
  ledgerWaterfall as makeLedgerWaterfall,
  loadProgress as makeLoadProgress,
  movementMatrix as makeMovementMatrix,
  rfGrid as makeRfGrid,
  rfmScatter3d as makeRfmScatter3d,
  segmentTreemap as makeSegmentTreemap,
  showChart,
} from "@keyspaces-segmentation/notebook-charts";
import type { Clustering } from "./assign.js";

export { loadCharts as load } from "@keyspaces-segmentation/notebook-charts";

/** Draws the chart of these figures. @throws StepError when it cannot be drawn */
type Drawn<Make extends (...figures: never[]) => Chart> = (...figures: Parameters<Make>) => Promise<void>;

const drawn =
  <Figures extends unknown[]>(make: (...figures: Figures) => Chart) =>
  (...figures: Figures): Promise<void> =>
    showChart(make(...figures));

export const backtestCard: Drawn<typeof makeBacktestCard> = drawn(makeBacktestCard);
export const clusterProfile: Drawn<typeof makeClusterProfile> = drawn(makeClusterProfile);

/** Draws how clear each customer's place is, all customers together. @throws StepError when it cannot be drawn */
export function customerMargins({ margins, fence }: TrustGauge, { customers, clusters }: Clustering): Promise<void> {
  const ids = customers.map(({ cluster }) => cluster);
  return showChart(makeCustomerMargins(margins, ids, clusters, fence));
}

export const customersPerCluster: Drawn<typeof makeCustomersPerCluster> = drawn(makeCustomersPerCluster);
export const featureHistograms: Drawn<typeof makeFeatureHistograms> = drawn(makeFeatureHistograms);
export const kQuality: Drawn<typeof makeKQuality> = drawn(makeKQuality);
export const ledgerWaterfall: Drawn<typeof makeLedgerWaterfall> = drawn(makeLedgerWaterfall);
export const loadHistory: Drawn<typeof makeLoadProgress> = drawn(makeLoadProgress);
export const movementMatrix: Drawn<typeof makeMovementMatrix> = drawn(makeMovementMatrix);
export const rfGrid: Drawn<typeof makeRfGrid> = drawn(makeRfGrid);
export const rfmScatter3d: Drawn<typeof makeRfmScatter3d> = drawn(makeRfmScatter3d);
export const segmentTreemap: Drawn<typeof makeSegmentTreemap> = drawn(makeSegmentTreemap);
