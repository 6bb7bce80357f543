export { explainWords } from "./claims.js";
export { compareSettings } from "./compare_settings.js";
export { describeVariety, requireEnoughCustomers } from "./enough_customers.js";
export { type FoundClusters, identifyClusters, knownInCurrency, rememberClusters } from "./identify.js";
export type { IdentifiedCluster, Identities, KnownCluster, KnownClusters } from "./identity.js";
export { describeIdentities, isRenamed } from "./identity_words.js";
export { isClusterName, isRunId } from "./known_clusters.js";
export { mediansOf } from "./means.js";
export { isMove, type Movement, movements, type Place, placesOf } from "./movement.js";
export { customersToAssign, nameAnswers } from "./name_answers.js";
export { type ClusterProfile, profileClusters, type SegmentedCustomer, segmentCustomers } from "./profile.js";
export {
  type KeptMemory,
  type MadeOf,
  memoryText,
  type RunMemory,
  readMemory,
  whyNotComparable,
} from "./run_memory.js";
export { applyScaler, featureMatrix, fitScaler, invertScaler, type Scaler, type Scaling } from "./scale.js";
export { describeSeparation } from "./separation.js";
export { describeTrust } from "./trust_words.js";
