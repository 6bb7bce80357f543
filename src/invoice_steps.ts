/** The shop's invoices: the file, its ledger, what came of the segments that they make. */
export { download } from "./download.js";
export { backtest, showCutoffs, showPreparations } from "./going_further.js";
export { showLedger } from "./read.js";
