export { startCassandra } from "./cassandra/cassandra.js";
export { makeCertificates } from "./certificates.js";
export type { Faults } from "./faults.js";
export { type Gateway, startGateway } from "./gateway.js";
export type { Reader } from "./notation.js";
export { DEFAULT_PARTITIONER, type Partitioner, partitionerBehind } from "./partitioner.js";
