export { startCassandra } from "./cassandra/cassandra.js";
export type { ControlPlane } from "./control_plane/control_plane.js";
export type { HttpHandler } from "./control_plane/handler.js";
export { makeCertificates } from "./door/certificates.js";
export type { Faults } from "./door/faults.js";
export { type Gateway, startGateway } from "./door/gateway.js";
export type { Reader } from "./protocol/notation.js";
export { DEFAULT_PARTITIONER, type Partitioner, partitionerBehind } from "./schema/partitioner.js";
