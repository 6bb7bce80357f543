import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitUntil } from "@keyspaces-segmentation/common";
import {
  qualified,
  splitTokenRing,
  type TableDefinition,
  type TableName,
} from "@keyspaces-segmentation/keyspaces-bulk";
import { makeCertificates, nodetool, startCassandra } from "@keyspaces-segmentation/keyspaces-local";
import { CASSANDRA_JARS } from "@keyspaces-segmentation/local-support";
import { Client, types } from "cassandra-driver";
import { DATA_CENTRE } from "./connect.js";

/** A plain Apache Cassandra that the measured programs share, and what is done to it between them. */
export interface BenchCassandra {
  /** For plain TCP and for TLS. */
  readonly port: number;
  /** PEM, to be trusted for TLS. */
  readonly ca: string;
  readonly pid: number;
  /** For files that go when it ends. */
  readonly directory: string;
  /** @param options.compaction whether Cassandra merges the table's files behind its back; default true */
  createTable(name: TableName, definition: TableDefinition, options?: { compaction?: boolean }): Promise<void>;
  /** Empties a table and waits until Cassandra has nothing left to do. */
  empty(name: TableName): Promise<void>;
  /** Waits until no write of memory to disk and no compaction is under way, so that no program pays for another's. */
  settle(): Promise<void>;
  /** Merges a table's files into one, as its compactions would in time; what is in memory is written first. */
  compact(name: TableName): Promise<void>;
  count(name: TableName): Promise<number>;
}

/**
 * Starts a Cassandra in a folder of its own, does `work` with it, and removes both, whatever happens.
 *
 * @param options.memtableMb see `CassandraOptions`
 */
export async function withCassandra<T>(
  work: (cassandra: BenchCassandra) => Promise<T>,
  signal: AbortSignal,
  options: { memtableMb?: number } = {},
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const { ca, ...certificate } = await makeCertificates();
    const service = await startCassandra({
      directory: join(directory, "cassandra"),
      jars: CASSANDRA_JARS,
      certificate,
      jmx: true,
      memtableMb: options.memtableMb,
      signal,
    });
    const node = { jmxPort: service.jmxPort!, jars: CASSANDRA_JARS, directory };
    const compact = async ({ keyspace, table }: TableName) => {
      // Merging files leaves alone what is in memory.
      for (const command of ["flush", "compact"]) await nodetool(node, [command, keyspace, table], signal);
    };
    const client = new Client({
      contactPoints: [`127.0.0.1:${service.port}`],
      localDataCenter: DATA_CENTRE,
      queryOptions: { consistency: types.consistencies.localQuorum },
      // Emptying a large table takes a while.
      socketOptions: { readTimeout: 120_000 },
    });
    try {
      const { port, pid } = service;
      return await work({ ...housekeeping(client, signal), compact, port, ca, pid, directory });
    } finally {
      await client.shutdown();
      await service.stop();
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The least ranges at which counting a million rows stays well below the server's own deadline for a query. */
const COUNT_RANGES = 64;

function housekeeping(
  client: Client,
  signal: AbortSignal,
): Pick<BenchCassandra, "createTable" | "empty" | "settle" | "count"> {
  const settle = async (): Promise<void> => {
    await waitUntil(
      "Cassandra to settle",
      async () => {
        const pools = await client.execute("SELECT name, active_tasks, pending_tasks FROM system_views.thread_pools");
        const busy = pools.rows.filter(
          ({ name, active_tasks, pending_tasks }) =>
            /Memtable|Compaction|Mutation/.test(name) && active_tasks + pending_tasks > 0,
        );
        if (busy.length === 0) return { done: true, seen: "idle" };
        return { seen: busy.map(({ name }) => name).join(", ") };
      },
      { deadlineMs: 120_000, firstDelayMs: 100, maxDelayMs: 1000, signal },
    );
  };
  return {
    settle,
    async createTable(name, { columns, primaryKey }, { compaction = true } = {}) {
      const listed = Object.entries(columns).map(([column, type]) => `${column} ${type}`);
      const replication = "{'class': 'SimpleStrategy', 'replication_factor': 1}";
      await client.execute(`CREATE KEYSPACE IF NOT EXISTS ${name.keyspace} WITH replication = ${replication}`);
      const settings = compaction
        ? ""
        : " WITH compaction = {'class': 'SizeTieredCompactionStrategy', 'enabled': 'false'}";
      await client.execute(
        `CREATE TABLE ${qualified(name)} (${listed.join(", ")}, PRIMARY KEY (${primaryKey}))${settings}`,
      );
    },
    async empty(name) {
      await client.execute(`TRUNCATE ${qualified(name)}`);
      await settle();
    },
    async count(name) {
      const query = `SELECT COUNT(*) FROM ${qualified(name)} WHERE token(invoice) >= ? AND token(invoice) <= ?`;
      let rows = 0;
      for (const { first, last } of splitTokenRing(COUNT_RANGES)) {
        signal.throwIfAborted();
        const range = [first, last].map((token) => types.Long.fromString(String(token)));
        const { rows: counted } = await client.execute(query, range, { prepare: true });
        rows += Number(counted[0]?.count);
      }
      return rows;
    },
  };
}
