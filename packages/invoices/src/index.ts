export type { CustomerAggregate } from "./aggregate.js";
export type { AlikeIds } from "./alike_ids.js";
export type { Estimate } from "./backtest.js";
export { backtestSegments, quarterBefore, type SegmentBacktest } from "./backtest_segments.js";
export { comparePreparations, mostDifferent, type PreparationRow } from "./compare_preparations.js";
export {
  type CustomerIdReader,
  customerIdReader,
  type IdNotes,
  idsText,
  looksRounded,
  type NobodyOptions,
  nobodyReader,
  roundedIdsError,
  unwrapped,
} from "./customer_ids.js";
export { type CustomerList, customerList } from "./customer_list.js";
export { customerRemarks } from "./customer_remarks.js";
export { type CustomerRoom, roomIn } from "./customer_room.js";
export { DAY_MS, dayAfter, dayOf } from "./days.js";
export { type FileExtremes, noExtremes, warningsOf } from "./file_extremes.js";
export { createFileLedger, type FileLedger, reconcile } from "./file_ledger.js";
export { repeatCounter } from "./fingerprints.js";
export { type FoldOptions, foldInvoices, type RetailFold, type RetailTotals } from "./fold.js";
export type { FoldedLine } from "./invoices_of_number.js";
export { type KeptSums, readSums, type SumsBasis, sumsBasis, sumsOn } from "./kept_sums.js";
export type { Bin, LedgerBin } from "./ledger.js";
export { type LineAmount, lineAmount, pricePerPiece } from "./line_amount.js";
export type { Aside } from "./line_log.js";
export { type LineNumbering, lineNumbering, type UnnumberedLine } from "./line_numbers.js";
export {
  type CombinedRules,
  combineRules,
  evidenceOf,
  type FoundRules,
  type LineEvidence,
  type LineRules,
  noEvidence,
  onlineRetailRules,
  rulesOf,
  rulesText,
} from "./line_rules.js";
export { refuseNoLines } from "./no_lines.js";
export { numberRemarks } from "./number_remarks.js";
export {
  createLineMatcher,
  isOverlapState,
  type LineMatcher,
  noOverlap,
  type Overlap,
  type ReadInvoice,
} from "./overlap.js";
export type { InvoiceLine, ParsedChunk, Reject } from "./parse.js";
export { quantileOf, quantileOfSorted } from "./quantile.js";
export type { RetailAggregate } from "./retail_sums.js";
export { retailTable } from "./retail_table.js";
export {
  type CustomerFeatures,
  countCustomers,
  type Preparation,
  type PreparationOptions,
  prepareFeatures,
} from "./rfm.js";
export { scoreRemarks } from "./score_words.js";
export {
  cutoffsOf,
  type FeatureColumns,
  type ScoreColumns,
  type ScoreCuts,
  type ScoredCustomer,
  scoreColumns,
  scoreCustomers,
} from "./scores.js";
export { segmentOf } from "./segments.js";
