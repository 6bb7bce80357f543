export { backtestRows } from "./backtest_rows.js";
export { BIN_WORDS } from "./bin_words.js";
export { forCells } from "./cell_calls.js";
export { backtestCard, byRevenue, estimateText, NEWCOMERS } from "./charts/backtest_card.js";
export { clusterProfile } from "./charts/cluster_profile.js";
export { customerMargins } from "./charts/customer_margins.js";
export { customersPerCluster } from "./charts/customers_per_cluster.js";
export { featureHistograms } from "./charts/feature_histograms.js";
export { kQuality } from "./charts/k_quality.js";
export { ledgerWaterfall } from "./charts/ledger_waterfall.js";
export { loadProgress } from "./charts/load_progress.js";
export { movementMatrix } from "./charts/movement_matrix.js";
export { rfGrid } from "./charts/rf_grid.js";
export { rfmScatter3d } from "./charts/rfm_scatter.js";
export { segmentTreemap } from "./charts/segment_treemap.js";
export { clusterMark } from "./charts/style.js";
export { loadDanfo } from "./column_frame.js";
export type { Chart } from "./figure.js";
export {
  columnOf,
  type DataFrame,
  firstRows,
  mapRows,
  numbersOf,
  showFrame,
  toFrame,
  withColumns,
} from "./frame.js";
export { describeFrame, groupMeans } from "./frame_statistics.js";
export { handOut } from "./hand_out.js";
export { escapeHtml } from "./html.js";
export { interruptible } from "./interruptible.js";
export { linkToResult } from "./link.js";
export { explainLastError, markdown, type Said, text, warn } from "./markdown.js";
export { comingsAndGoings, movementFinding, movementRows } from "./movement_text.js";
export { type Progress, progress } from "./progress.js";
export { scaledFrame } from "./scaled_frame.js";
export { loadCharts, showChart } from "./show_chart.js";
export { showChecks } from "./show_checks.js";
export { showTable } from "./tables.js";
