import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { waitUntil } from "@keyspaces-segmentation/common";
import type { CassandraPartitioner } from "@keyspaces-segmentation/keyspaces-local/dist/cassandra/partitioner.js";
import { type Certificates, makeCertificates } from "@keyspaces-segmentation/keyspaces-local/dist/door/certificates.js";
import {
  type Gateway,
  type GatewayOptions,
  startGateway,
} from "@keyspaces-segmentation/keyspaces-local/dist/door/gateway.js";
import type { Identity } from "@keyspaces-segmentation/local-support";
import { auth, Client, type ClientOptions, types } from "cassandra-driver";
import { borrowCassandra } from "../../../test/support/borrow.js";

// AWS's plugin comes without types, and with a notice on standard error for every test file.
process.env.AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE = "1";
const { SigV4AuthProvider } = require("aws-sigv4-auth-cassandra-plugin") as {
  SigV4AuthProvider: new (options: Credentials & { region: string }) => auth.AuthProvider;
};

export const region = "eu-west-1";

/** An empty Cassandra, this suite's alone. */
export async function borrowedCassandra(
  partitioner: CassandraPartitioner = "org.apache.cassandra.dht.Murmur3Partitioner",
): Promise<{ host: string; port: number }> {
  return { host: "127.0.0.1", port: await borrowCassandra(partitioner) };
}

export interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}

/** The real driver, set up as against AWS: strict TLS, LOCAL_QUORUM. */
export function clientOf(port: number, { ca }: Pick<Certificates, "ca">, options: ClientOptions): Client {
  return new Client({
    contactPoints: [`127.0.0.1:${port}`],
    localDataCenter: region,
    sslOptions: { ca: [ca], servername: "localhost", rejectUnauthorized: true },
    queryOptions: { consistency: types.consistencies.localQuorum },
    ...options,
  });
}

/** AWS's own plugin signs. */
export function signedBy(credentials: Credentials, signedFor: string = region): ClientOptions {
  return { authProvider: new SigV4AuthProvider({ region: signedFor, ...credentials }) };
}

export function withPassword(userName: string, password: string): ClientOptions {
  return { authProvider: new auth.PlainTextAuthProvider(userName, password) };
}

export async function untilKeyspaceListed(client: Client, keyspace: string): Promise<void> {
  await waitUntil(
    `keyspace ${keyspace}`,
    async () => {
      const query = "SELECT keyspace_name FROM system_schema_mcs.keyspaces WHERE keyspace_name = ?";
      const { rowLength } = await client.execute(query, [keyspace], { prepare: true });
      return rowLength === 1 ? { done: true, seen: "listed" } : { seen: "not listed" };
    },
    { deadlineMs: 60_000, firstDelayMs: 20 },
  );
}

/** `gone` when there is no row any more. */
export async function untilTableIs(client: Client, keyspace: string, table: string, status: string): Promise<void> {
  await waitUntil(
    `table ${keyspace}.${table} to be ${status}`,
    async () => {
      const query = "SELECT status FROM system_schema_mcs.tables WHERE keyspace_name = ? AND table_name = ?";
      const row = (await client.execute(query, [keyspace, table], { prepare: true })).first();
      const seen: string = row?.get("status") ?? "gone";
      return seen === status ? { done: true, seen } : { seen };
    },
    { deadlineMs: 60_000, firstDelayMs: 20 },
  );
}

export async function createKeyspace(client: Client, keyspace: string): Promise<void> {
  await client.execute(`CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'SingleRegionStrategy'}`);
  await untilKeyspaceListed(client, keyspace);
}

export async function createTable(client: Client, keyspace: string, table: string, definition: string): Promise<void> {
  await client.execute(`CREATE TABLE ${keyspace}.${table} ${definition}`);
  await untilTableIs(client, keyspace, table, "ACTIVE");
}

/** Gateways and clients of one test file, before a Cassandra that it has for itself; `end` closes them all, the last one first. */
export interface GatewayBench {
  /** Of all its gateways. */
  certificates(): Certificates;
  cassandra(): { readonly host: string; readonly port: number };
  /** @param addresses that gateways are reached at, by default localhost */
  begin(addresses?: readonly string[]): Promise<void>;
  /** To be closed at the end as well. */
  closeLater(close: () => Promise<void>): void;
  gatewayWith(options?: Partial<GatewayOptions>): Promise<Gateway>;
  /** Serves a gateway's APIs over HTTP. @returns the URL */
  serveApis(gateway: Gateway): Promise<string>;
  /** By default as the bench's identity. */
  connectTo(gateway: Gateway, options?: ClientOptions): Promise<Client>;
  end(): Promise<void>;
}

export function gatewayBench(
  identity: Identity,
  defaults: Omit<GatewayOptions, "region" | "cassandra" | "certificate">,
): GatewayBench {
  let cassandra: Awaited<ReturnType<typeof borrowedCassandra>>;
  let certificates: Certificates;
  const open: (() => Promise<void>)[] = [];
  return {
    certificates: () => certificates,
    cassandra: () => cassandra,
    async begin(addresses) {
      [cassandra, certificates] = await Promise.all([borrowedCassandra(), makeCertificates(new Date(), addresses)]);
    },
    closeLater: (close) => void open.push(close),
    async gatewayWith(options = {}) {
      const started = await startGateway({ region, cassandra, certificate: certificates, ...defaults, ...options });
      open.push(() => started.close());
      return started;
    },
    async serveApis({ handleHttp }) {
      const server = createServer((request, response) => void handleHttp(request, response));
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      open.push(async () => {
        server.close();
        server.closeAllConnections();
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    async connectTo({ host, port }, options = {}) {
      const addresses = { contactPoints: [`${host}:${port}`], protocolOptions: { port } };
      const client = clientOf(port, certificates, { ...signedBy(identity), ...addresses, ...options });
      open.push(() => client.shutdown());
      await client.connect();
      return client;
    },
    async end() {
      for (const close of open.reverse()) await close();
    },
  };
}
