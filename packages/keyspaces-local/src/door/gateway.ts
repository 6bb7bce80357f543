import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer } from "node:tls";
import type { Authoriser } from "@keyspaces-segmentation/iam-local";
import type { Identity } from "@keyspaces-segmentation/local-support";
import { type ControlPlane, createControlPlane } from "../control_plane/control_plane.js";
import { type HttpHandler, httpHandler } from "../control_plane/handler.js";
import { type Address, createBackend } from "../protocol/backend.js";
import { createCapacity, type Throughput, type UnitCounters } from "../rules/capacity.js";
import { createPages, type PageOptions } from "../rules/paging.js";
import { viewOf } from "../schema/custom_properties.js";
import { createLifecycle } from "../schema/lifecycle.js";
import { choosePartitioner, type Partitioner, partitionerBehind } from "../schema/partitioner.js";
import { type Quotas, quotasWith } from "../schema/quotas.js";
import { createSchemaEvents } from "../schema/schema_events.js";
import { createSchemaStore } from "../schema/schema_store.js";
import { createStreamStore } from "../schema/stream_store.js";
import { listSystemTables } from "../schema/system_listing.js";
import { isSystemKeyspace, keptPartitioner, loadBalancers, prepareSystemTables } from "../schema/system_tables.js";
import type { KeyLookup } from "../schema/table_key.js";
import { createCapture } from "../streams/capture.js";
import { createStreamsApi } from "../streams/streams_api.js";
import { accessTo } from "./access.js";
import { createConditionLocks } from "./condition_locks.js";
import type { Faults } from "./faults.js";
import type { PlainUser } from "./handshake.js";
import { createPreparedStatements } from "./prepared.js";
import { type SessionOptions, serveSession } from "./session.js";

export interface GatewayOptions {
  readonly region: string;
  readonly cassandra: Address;
  /** Who may log in; sessions may be added to it. */
  readonly identities: readonly Identity[];
  /** Decides, by the policies that IAM holds, what identities may do that have those permissions; without it they may do nothing. */
  readonly authoriser?: Authoriser | undefined;
  /** Asked for the keys of tables that callers under policies define; without it every key of the Region will do. */
  readonly keys?: KeyLookup | undefined;
  /** PEM. */
  readonly certificate: { readonly cert: string; readonly key: string };
  /** How long a table is CREATING, UPDATING or DELETING; a keyspace takes a third of it. */
  readonly activeAfterMs?: number;
  /** The service takes LOGGED batches since November 2025; "refuse" for how it was before. */
  readonly loggedBatches?: "refuse" | "accept";
  /** Other numbers of keyspaces, tables and types than the service's default quotas. */
  readonly quotas?: Partial<Quotas>;
  readonly plainUsers?: readonly PlainUser[];
  /** How long a client may take for TLS, and then for its log-in. */
  readonly loginTimeoutMs?: number;
  readonly now?: () => Date;
  /** Other limits than the service's default quotas. */
  readonly throughput?: Partial<Throughput>;
  /** Which one system.local names; it must have the tokens of Cassandra's. By default DefaultPartitioner where it can be. */
  readonly partitioner?: Partitioner | undefined;
  /** Other pages than the service's. */
  readonly pages?: Partial<PageOptions>;
  /**
   * Shows the nodes as the service does: system.peers has load balancers, whose addresses the gateway listens on instead
   * of 127.0.0.1, and system.local names 127.0.0.1 as its own address and has the host_id of one of them.
   */
  readonly hardMode?: boolean;
  /** The addresses of those load balancers; by default three of the loopback interface. */
  readonly peers?: readonly string[] | undefined;
  /** The addresses to listen on, by default 127.0.0.1, in hard mode those of the load balancers. */
  readonly addresses?: readonly string[] | undefined;
  /** By default one that is free. */
  readonly port?: number | undefined;
  /** For tests: what goes wrong, see createFaults. */
  readonly faults?: Faults | undefined;
}

export interface Gateway {
  /** The first address it listens on. */
  readonly host: string;
  readonly port: number;
  /** Those that clients have made, as long as they are not dropped. */
  keyspaces(): Promise<string[]>;
  /** Units that user tables have taken, by `keyspace.table`: what the service would bill. */
  units(): Record<string, UnitCounters>;
  /** The API of keyspaces and tables, for who mounts it in front of SDKs. */
  readonly controlPlane: ControlPlane;
  /** The API of tables' streams. */
  readonly streamsApi: ControlPlane;
  /** The same for a plain HTTP server. */
  readonly handleHttp: HttpHandler;
  close(): Promise<void>;
}

/** Opens Amazon Keyspaces' door, TLS and SigV4 and its rules, in front of an Apache Cassandra. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { region, cassandra, identities, certificate, activeAfterMs = 1500, loggedBatches = "accept" } = options;
  const { plainUsers = [], now = () => new Date(), loginTimeoutMs = 10_000, faults } = options;
  const account = identities[0]?.account ?? "000000000000";
  const nodes = options.hardMode ? "load balancers" : "single";
  const { peers = loadBalancers, addresses: hosts = options.hardMode ? peers : ["127.0.0.1"] } = options;
  const backend = createBackend(cassandra);
  try {
    const [local] = await backend.query("SELECT partitioner FROM system.local");
    const database = String(local?.get("partitioner"));
    const kept = (await keptPartitioner(backend, nodes)) as Partitioner | undefined;
    const wanted = options.partitioner ?? (kept && partitionerBehind(kept) === database ? kept : undefined);
    const partitioner = choosePartitioner(wanted, database);
    await prepareSystemTables(backend, { region, nodes, peers, partitioner });
    await listSystemTables(backend, nodes);
    const store = createSchemaStore(backend);
    const events = createSchemaEvents();
    const streams = await createStreamStore(backend, { region, account }, now);
    const lifecycle = await createLifecycle(store, activeAfterMs, events);
    // Of tables that were kept.
    for (const { keyspace } of lifecycle.keyspaces()) {
      for (const { table, cdc, customProperties } of lifecycle.tablesOf(keyspace)) {
        if (cdc) await streams.begin(keyspace, table, viewOf(customProperties));
      }
    }
    const capture = createCapture(backend, streams, lifecycle, now);
    const capacity = createCapacity(options.throughput);
    const session: SessionOptions = {
      region,
      cassandra,
      backend,
      store,
      lifecycle,
      streams,
      events,
      capture,
      conditions: createConditionLocks(),
      loggedBatches,
      loginTimeoutMs,
      nodes,
      capacity,
      pages: createPages(options.pages),
      faults,
      account,
      keys: options.keys,
      database,
      quotas: quotasWith(options.quotas),
      now,
      prepared: createPreparedStatements(),
      door: {
        region,
        identities,
        account,
        authoriser: options.authoriser,
        tagsAt: store.tagsAt,
        plainUsers,
        now,
        newNonce: () => randomBytes(16).toString("hex"),
      },
    };
    const tls = { ...certificate, noDelay: true, handshakeTimeout: loginTimeoutMs };
    const clients = new Set<Socket>();
    const newServer = () => {
      const server = createServer(tls, (client) => serveSession(client, session));
      // Counted from before TLS, so that closing ends those too that never said a word.
      server.on("connection", (client) => {
        clients.add(client);
        client.once("close", () => clients.delete(client));
      });
      // A client that does not speak TLS, or does not trust us, is its own problem.
      server.on("tlsClientError", (_, client) => client.destroy());
      return server;
    };
    const { port, servers } = await listenOnOnePort(hosts, options.port ?? 0, newServer);

    const close = async () => {
      const closed = Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      for (const client of clients) client.destroy();
      capture.close();
      await lifecycle.close();
      backend.close();
      await closed;
    };
    let closing: Promise<void> | undefined;
    const accessOf = (identity: Identity) => accessTo(identity, session.door);
    const controlPlane = createControlPlane(session, accessOf);
    const streamsApi = createStreamsApi(session, accessOf);
    return {
      host: hosts[0]!,
      port,
      keyspaces: async () => {
        const rows = await backend.query("SELECT keyspace_name FROM system_schema.keyspaces");
        const names = rows.map((row) => String(row.get("keyspace_name")));
        return names.filter((name) => !isSystemKeyspace(name));
      },
      units: () => capacity.counters(),
      controlPlane,
      streamsApi,
      handleHttp: httpHandler(
        { KeyspacesService: controlPlane, KeyspacesStreams: streamsApi },
        { region, identities, now },
      ),
      close: () => {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    backend.close();
    throw error;
  }
}

const ATTEMPTS = 20;

/**
 * Opens one server on each address, all on the same port.
 *
 * @param wanted 0 for a free one
 * @throws if an address is none of this machine's, or no port is free on all of them
 */
async function listenOnOnePort<T extends Server>(
  hosts: readonly string[],
  wanted: number,
  newServer: () => T,
): Promise<{ port: number; servers: T[] }> {
  for (let attempt = 1; ; attempt++) {
    const servers: T[] = [];
    let port = wanted;
    try {
      for (const host of hosts) {
        const server = newServer();
        servers.push(server);
        server.listen(port, host);
        await once(server, "listening");
        ({ port } = server.address() as AddressInfo);
      }
      return { port, servers };
    } catch (error) {
      for (const server of servers) server.close();
      const isTaken = wanted === 0 && (error as { code?: unknown }).code === "EADDRINUSE";
      if (!isTaken || attempt === ATTEMPTS) throw error;
    }
  }
}
