export {
  type AssignedCustomer,
  type Assignment,
  assignClusters,
  assignCustomers,
  type CustomersToAssign,
} from "./assign.js";
export { fitEach, type KSweepOptions, type KSweepRow, ksFor, sweepK } from "./k_sweep.js";
export { kMeans, kMeansInThreads } from "./kmeans.js";
export { differentRows, type Matrix, matrixOf, requireFinite, sampleRows } from "./matrix.js";
export { optimalAssignment } from "./optimal_assignment.js";
export { seededRandom } from "./seeded_random.js";
export { type SuggestedK, suggestK } from "./suggest_k.js";
export { gaugeTrust, sweepRows, type TrustGauge } from "./trust.js";
