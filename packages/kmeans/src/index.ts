export { type Assignment, assignClusters } from "./assign.js";
export { type AssignedCustomer, assignCustomers, assignmentOf, type CustomersToAssign } from "./assigned.js";
export { fitEach, type KSweepOptions, type KSweepRow, sweepK } from "./k_sweep.js";
export { kMeans, kMeansInThreads } from "./kmeans.js";
export { type Matrix, matrixOf, requireFinite } from "./matrix.js";
export { optimalAssignment } from "./optimal_assignment.js";
export { seededRandom } from "./seeded_random.js";
export { type SuggestedK, suggestK } from "./suggest_k.js";
export { gaugeTrust, type TrustGauge } from "./trust.js";
