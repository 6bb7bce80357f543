export { uploadFiles } from "./aws/objects.js";
export { type Check, type Preflight, preflight } from "./aws/preflight.js";
export { downloadRetailData, invoicesOf, type RetailData } from "./aws/retail_data.js";
export { type AwsSession, signIn } from "./aws/session.js";
export { type Cleaned, cleanUp } from "./clean_up.js";
export { type Assignment, assignClusters } from "./clustering/assign.js";
export {
  type AssignedCustomer,
  assignCustomers,
  assignmentOf,
  type CustomersToAssign,
  customersToAssign,
  nameAnswers,
} from "./clustering/assigned.js";
export { explainWords } from "./clustering/claims.js";
export { compareSettings } from "./clustering/compare_settings.js";
export { type FoundClusters, identifyClusters, rememberClusters } from "./clustering/identify.js";
export type { Identities, KnownClusters } from "./clustering/identity.js";
export { describeIdentities } from "./clustering/identity_words.js";
export { sweepK } from "./clustering/k_sweep.js";
export type { Matrix } from "./clustering/matrix.js";
export { type Movement, movements, type Place, placesOf } from "./clustering/movement.js";
export {
  type ClusterProfile,
  profileClusters,
  type SegmentedCustomer,
  segmentCustomers,
} from "./clustering/profile.js";
export { applyScaler, featureMatrix, fitScaler, invertScaler, type Scaler, type Scaling } from "./clustering/scale.js";
export { seededRandom } from "./clustering/seeded_random.js";
export { describeSeparation } from "./clustering/separation.js";
export { suggestK } from "./clustering/suggest_k.js";
export { gaugeTrust } from "./clustering/trust.js";
export { describeTrust } from "./clustering/trust_words.js";
export { ArgumentError, StepError } from "./errors.js";
export { type ChosenKeyspace, chooseKeyspace } from "./keyspaces/choose_keyspace.js";
export { customersOfCluster, type MembersPage } from "./keyspaces/cluster_members.js";
export { connectToKeyspaces } from "./keyspaces/connect.js";
export { type CustomerInRun, clusterOfCustomer, historyOfCustomer } from "./keyspaces/customer_lookup.js";
export { type IngestReport, ingestFile } from "./keyspaces/ingest.js";
export { type CustomerScan, type LineScan, readCustomers, readInvoiceLines } from "./keyspaces/invoices.js";
export { loadFile } from "./keyspaces/load_file.js";
export { type Load, loadsOf } from "./keyspaces/loads.js";
export { type Invoices, ownerOf } from "./keyspaces/marks.js";
export { saveClusters } from "./keyspaces/results.js";
export { createKeyspace, createResultTables, createRetailTable, listKeyspaces } from "./keyspaces/schema.js";
export { type Remembered, recallRun, rememberRun } from "./memory.js";
export { placesOfRun } from "./places_of_run.js";
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
export { backtestRows } from "./report/backtest_rows.js";
export { backtestCard } from "./report/charts/backtest_card.js";
export { clusterProfile } from "./report/charts/cluster_profile.js";
export { customerMargins } from "./report/charts/customer_margins.js";
export { customersPerCluster } from "./report/charts/customers_per_cluster.js";
export { featureHistograms } from "./report/charts/feature_histograms.js";
export { kQuality } from "./report/charts/k_quality.js";
export { ledgerWaterfall } from "./report/charts/ledger_waterfall.js";
export { loadProgress } from "./report/charts/load_progress.js";
export { movementMatrix } from "./report/charts/movement_matrix.js";
export { rfGrid } from "./report/charts/rf_grid.js";
export { rfmScatter3d } from "./report/charts/rfm_scatter.js";
export { segmentTreemap } from "./report/charts/segment_treemap.js";
export { explainLastError } from "./report/explain.js";
export type { Chart } from "./report/figure.js";
export { showFrame, toFrame } from "./report/frame.js";
export { ingestText, overlapText } from "./report/ingest_text.js";
export { interruptible } from "./report/interruptible.js";
export { keyspaceText } from "./report/keyspace_text.js";
export { movementFinding, movementRows } from "./report/movement_text.js";
export { type Progress, progress } from "./report/progress.js";
export { linkToResult, writeResults } from "./report/results.js";
export { type Said, say, text, warn } from "./report/say.js";
export { loadCharts, showChart } from "./report/show_chart.js";
export { showChecks } from "./report/show_checks.js";
export { showSettings } from "./report/show_settings.js";
export { showTable } from "./report/show_table.js";
export { buildSummary } from "./report/summary.js";
export { backtestSegments, quarterBefore } from "./retail/backtest_segments.js";
export { comparePreparations, mostDifferent } from "./retail/compare_preparations.js";
export { cutoffsOf } from "./retail/cutoffs.js";
export { booksOf } from "./retail/file_account.js";
export type { LedgerBin } from "./retail/ledger.js";
export type { InvoiceLine } from "./retail/parse.js";
export { type CustomerFeatures, type Preparation, prepareFeatures } from "./retail/rfm.js";
export { type ScoredCustomer, scoreCustomers } from "./retail/scores.js";
export type { RetailTally } from "./retail/tally.js";
export { runIdOf } from "./run_id.js";
export { assignByBatchTransform } from "./sagemaker/batch_transform.js";
export { assignByEndpoint, withEndpoint } from "./sagemaker/endpoint.js";
export { steadyHyperparameters } from "./sagemaker/hyperparameters.js";
export { fetchModel, storeModel } from "./sagemaker/model_file.js";
export { followTraining, type TrainingResult, trainKMeans } from "./sagemaker/training_job.js";
export { type Parameters, readSettings, type Settings } from "./settings.js";
