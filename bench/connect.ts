import { KeyspacesClient, reconnection } from "@keyspaces-segmentation/keyspaces-bulk";
import { types } from "cassandra-driver";

/** The name that Cassandra gives its one data centre. */
export const DATA_CENTRE = "datacenter1";

/** As `connectToKeyspaces` does, without what a plain Cassandra lacks: TLS, SigV4 and a region. */
export async function connectPlainly(port: number): Promise<KeyspacesClient> {
  const client = new KeyspacesClient({
    ...reconnection(DATA_CENTRE, "Cassandra").options,
    contactPoints: [`127.0.0.1:${port}`],
    localDataCenter: DATA_CENTRE,
    protocolOptions: { port, maxVersion: types.protocolVersion.v4 },
    queryOptions: { consistency: types.consistencies.localQuorum, isIdempotent: true, prepare: true },
    pooling: { coreConnectionsPerHost: { [types.distance.local]: 2 } },
    socketOptions: { defunctReadTimeoutThreshold: 4 },
    prepareOnAllHosts: false,
    rePrepareOnUp: false,
    isMetadataSyncEnabled: false,
    monitorReporting: { enabled: false },
  });
  await client.connect();
  return client;
}
