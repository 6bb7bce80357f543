import { type Client, type Host, types } from "cassandra-driver";

/** The client's own fields that are needed here; see `internals`. */
interface Inside {
  readonly options: { readonly pooling: { readonly coreConnectionsPerHost: Record<number, number> } };
  readonly controlConnection: {
    connection: Connection | null;
    _createConnection(contactPoint: string): Promise<Connection>;
    _borrowAConnection(hosts: Iterator<Host>): Connection;
    _refreshControlConnection(hosts: Iterator<Host>): Promise<void>;
  };
  /** Opens what is missing of each host's connections. */
  _warmup(): Promise<unknown>;
}

interface Connection {
  close(): void;
}

const inside = (client: Client): Inside => client as unknown as Inside;

/** How many connections are open, to all hosts together. Keyspaces takes 3,000 requests a second on each. */
export function openConnections(client: Client): number {
  const state = client.getState();
  return state.getConnectedHosts().reduce((sum, host) => sum + state.getOpenConnections(host), 0);
}

/**
 * Sees to it that at least `total` connections are opened and kept, the same number to each host. Never closes any.
 * AWS advises to plan with 500 requests a second on each, so that no peak meets the limit of 3,000.
 *
 * @returns how many are open now: fewer than asked for if the service did not take some; the driver goes on trying
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/connections.html
 */
export async function addConnections(client: Client, total: number): Promise<number> {
  const { coreConnectionsPerHost } = inside(client).options.pooling;
  const perHost = Math.ceil(total / Math.max(1, client.hosts.length));
  if (perHost > (coreConnectionsPerHost[types.distance.local] ?? 0)) {
    coreConnectionsPerHost[types.distance.local] = perHost;
    await inside(client)._warmup();
  }
  return openConnections(client);
}

/**
 * Keeps the driver from losing count of its connections. To be called before `connect`.
 *
 * When all hosts are lost, the driver starts over at the contact points: it puts new hosts in the place of the old ones, whose
 * connections come back as well and are never used or closed again, and listens twice for the next loss. One that comes while it is
 * still asking for the hosts then rejects a promise of the driver's own that nobody handles, which ends the process. As behind a
 * proxy with SNI, it waits here instead until one of its hosts has reconnected. And a connection whose first questions were not answered, with
 * permission missing, say, is left open.
 *
 * @returns closes what a failed `connect` has left open
 * @see https://github.com/apache/cassandra-nodejs-driver/pull/462
 */
export function keepCount(client: Client): () => void {
  const control = inside(client).controlConnection;
  const opened: Connection[] = [];
  const create = control._createConnection;
  control._createConnection = async (contactPoint) => {
    const connection = await create.call(control, contactPoint);
    opened.push(connection);
    return connection;
  };
  control._refreshControlConnection = async (hosts) => {
    control.connection = control._borrowAConnection(hosts);
  };
  return () => {
    for (const connection of opened) connection.close();
  };
}
