export { customersOfCluster } from "./cluster_members.js";
export { clusterOfCustomer, historyOfCustomer } from "./customer_lookup.js";
export { membershipsOfRun } from "./memberships.js";
export { lastComparableRun, registerRun } from "./registry.js";
export type { RegistryLocation } from "./registry_objects.js";
export {
  deleteEntry,
  isRegistryKey,
  keyspaceOfEntry,
  keyspaceOfRegistry,
  lastReadObject,
  registryObject,
} from "./registry_objects.js";
export { registeredRuns } from "./registry_rows.js";
export { clustersCsv, customersCsv } from "./result_csv.js";
export { createResultTables, registryTable, resultTables, secondsToLive } from "./result_tables.js";
export { saveClusters } from "./results.js";
export { RUN_ID, runIdOf } from "./run_id.js";
