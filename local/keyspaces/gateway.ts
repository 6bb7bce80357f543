import { randomBytes } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { createServer } from "node:tls";
import type { Identity } from "../identities.js";
import { type Address, createBackend } from "./backend.js";
import type { Faults } from "./faults.js";
import type { PlainUser } from "./handshake.js";
import { createLifecycle } from "./lifecycle.js";
import { createPreparedStatements } from "./prepared.js";
import { createSchemaStore } from "./schema_store.js";
import { type SessionOptions, serveSession } from "./session.js";
import { prepareSystemTables } from "./system_tables.js";

export interface GatewayOptions {
  readonly region: string;
  readonly cassandra: Address;
  readonly identities: readonly Identity[];
  /** PEM. */
  readonly certificate: { readonly cert: string; readonly key: string };
  /** How long a table is CREATING, UPDATING or DELETING; a keyspace takes a third of it. */
  readonly activeAfterMs?: number;
  /** The service's documents disagree on LOGGED batches; refused unless told otherwise. */
  readonly loggedBatches?: "refuse" | "accept";
  readonly plainUsers?: readonly PlainUser[];
  /** How long a client may take for TLS, and then for its log-in. */
  readonly loginTimeoutMs?: number;
  readonly now?: () => Date;
  /** For tests: what goes wrong, see createFaults. */
  readonly faults?: Faults | undefined;
}

export interface Gateway {
  readonly port: number;
  close(): Promise<void>;
}

/** Opens Amazon Keyspaces' door, TLS and SigV4 and its rules, in front of an Apache Cassandra. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { region, cassandra, identities, certificate, activeAfterMs = 1500, loggedBatches = "refuse" } = options;
  const { plainUsers = [], now = () => new Date(), loginTimeoutMs = 10_000, faults } = options;
  const backend = createBackend(cassandra);
  try {
    await prepareSystemTables(backend, region);
    const store = createSchemaStore(backend);
    const lifecycle = await createLifecycle(store, activeAfterMs);
    const session: SessionOptions = {
      region,
      cassandra,
      backend,
      store,
      lifecycle,
      loggedBatches,
      loginTimeoutMs,
      faults,
      account: identities[0]?.account ?? "000000000000",
      prepared: createPreparedStatements(),
      door: { region, identities, plainUsers, now, newNonce: () => randomBytes(16).toString("hex") },
    };
    const tls = { ...certificate, noDelay: true, handshakeTimeout: loginTimeoutMs };
    const server = createServer(tls, (client) => serveSession(client, session));
    // Counted from before TLS, so that closing ends those too that never said a word.
    const clients = new Set<Socket>();
    server.on("connection", (client) => {
      clients.add(client);
      client.once("close", () => clients.delete(client));
    });
    // A client that does not speak TLS, or does not trust us, is its own problem.
    server.on("tlsClientError", (_, client) => client.destroy());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");

    const close = async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const client of clients) client.destroy();
      await lifecycle.close();
      backend.close();
      await closed;
    };
    let closing: Promise<void> | undefined;
    return {
      port: (server.address() as AddressInfo).port,
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
