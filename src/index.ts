export { type AwsSession, ownerOf, signIn, uploadFiles } from "@keyspaces-segmentation/aws-session";
export { ArgumentError, StepError } from "@keyspaces-segmentation/common";
export type { Identities, KnownClusters } from "@keyspaces-segmentation/customer-clusters";
export {
  applyScaler,
  type ClusterProfile,
  compareSettings,
  customersToAssign,
  describeIdentities,
  describeSeparation,
  describeTrust,
  explainWords,
  type FoundClusters,
  featureMatrix,
  fitScaler,
  identifyClusters,
  invertScaler,
  type Movement,
  movements,
  nameAnswers,
  type Place,
  placesOf,
  profileClusters,
  rememberClusters,
  type Scaler,
  type Scaling,
  type SegmentedCustomer,
  segmentCustomers,
} from "@keyspaces-segmentation/customer-clusters";
export type { InvoiceLine, LedgerBin, RetailTally } from "@keyspaces-segmentation/invoices";
export {
  backtestSegments,
  booksOf,
  type CustomerFeatures,
  comparePreparations,
  cutoffsOf,
  mostDifferent,
  type Preparation,
  prepareFeatures,
  quarterBefore,
  type ScoredCustomer,
  scoreCustomers,
} from "@keyspaces-segmentation/invoices";
export { connectToKeyspaces } from "@keyspaces-segmentation/keyspaces-bulk";
export type { Matrix } from "@keyspaces-segmentation/kmeans";
export {
  type AssignedCustomer,
  type Assignment,
  assignClusters,
  assignCustomers,
  assignmentOf,
  type CustomersToAssign,
  gaugeTrust,
  seededRandom,
  suggestK,
  sweepK,
} from "@keyspaces-segmentation/kmeans";
export type { Chart } from "@keyspaces-segmentation/notebook-charts";
export {
  backtestCard,
  clusterProfile,
  customerMargins,
  customersPerCluster,
  explainLastError,
  featureHistograms,
  interruptible,
  kQuality,
  ledgerWaterfall,
  loadCharts,
  loadProgress,
  movementFinding,
  movementMatrix,
  movementRows,
  type Progress,
  progress,
  rfGrid,
  rfmScatter3d,
  type Said,
  say,
  segmentTreemap,
  showChart,
  showChecks,
  showFrame,
  showTable,
  text,
  toFrame,
  warn,
} from "@keyspaces-segmentation/notebook-charts";
export {
  assignByBatchTransform,
  assignByEndpoint,
  fetchModel,
  followTraining,
  steadyHyperparameters,
  storeModel,
  type TrainingResult,
  trainKMeans,
  withEndpoint,
} from "@keyspaces-segmentation/sagemaker-kmeans";
export { backtestRows } from "./backtest_rows.js";
export { type ChosenKeyspace, chooseKeyspace } from "./choose_keyspace.js";
export { type Cleaned, cleanUp } from "./clean_up.js";
export { customersOfCluster, type MembersPage } from "./cluster_members.js";
export { type CustomerInRun, clusterOfCustomer, historyOfCustomer } from "./customer_lookup.js";
export type { LoadReport } from "./ingest_invoices.js";
export { ingestText, overlapText } from "./ingest_text.js";
export { type CustomerScan, type LineScan, readCustomers, readInvoiceLines } from "./invoices.js";
export { keyspaceText } from "./keyspace_text.js";
export { loadFile } from "./load_file.js";
export { type Load, loadsOf } from "./loads.js";
export type { Invoices } from "./marks.js";
export { type Remembered, recallRun, rememberRun } from "./memory.js";
export { placesOfRun } from "./places_of_run.js";
export { type Check, type Preflight, preflight } from "./preflight.js";
export {
  addScores,
  customersFrame,
  cutsOf,
  describeFrame,
  groupMeans,
  type ScaledFeatures,
  scaleFeatures,
  scoredCustomers,
} from "./prepare.js";
export { linkToResult, writeResults } from "./result_files.js";
export { saveClusters } from "./results.js";
export { downloadRetailData, invoicesOf, type RetailData } from "./retail_data.js";
export { runIdOf } from "./run_id.js";
export { createKeyspace, createResultTables, createRetailTable, listKeyspaces } from "./schema.js";
export { type Parameters, readSettings, type Settings } from "./settings.js";
export { showSettings } from "./show_settings.js";
export { buildSummary } from "./summary.js";
