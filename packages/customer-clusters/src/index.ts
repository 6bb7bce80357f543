export { explainWords } from "./claims.js";
export { compareSettings } from "./compare_settings.js";
export { describeVariety, requireEnoughCustomers } from "./enough_customers.js";
export { clustersToRegister, type FoundClusters, identifyClusters, registeredInCurrency } from "./identify.js";
export type { ClusterIdentity, IdentifiedCluster, Identities, RegisteredClusters } from "./identity.js";
export { describeIdentities, isRenamed } from "./identity_words.js";
export { isMove, type Membership, type Movement, membershipsOf, movements } from "./movement.js";
export { customersToAssign, nameAnswers } from "./name_answers.js";
export { type ClusteredCustomer, type ClusterProfile, profileClusters, withClusters } from "./profile.js";
export { isClusterName, isRunId } from "./registered_clusters.js";
export {
  entryText,
  type MadeOf,
  type RegistryEntry,
  readEntry,
  type StoredEntry,
  whyNotComparable,
} from "./registry_entry.js";
export { profilesOfAll, type WholeCluster, withCentres } from "./sampled.js";
export { applyScaler, featureMatrix, fitScaler, invertScaler, type Scaler, type Scaling } from "./scale.js";
export { describeSeparation } from "./separation.js";
export { mediansOf } from "./sorted_figures.js";
export { describeTrust } from "./trust_words.js";
