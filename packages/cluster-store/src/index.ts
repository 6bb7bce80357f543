export { customersOfCluster } from "./cluster_members.js";
export { clusterOfCustomer, historyOfCustomer } from "./customer_lookup.js";
export { deleteKnown, knownClustersObject } from "./known_cluster_objects.js";
export { type MemoryPlace, recallRun, rememberRun } from "./memory.js";
export { placesOfRun } from "./places_of_run.js";
export { clustersCsv, customersCsv } from "./result_csv.js";
export { createResultTables, knownClustersTable, resultTables } from "./result_tables.js";
export { saveClusters } from "./results.js";
