import { invalid } from "../protocol/refusal.js";
import type { SchemaStore, TableKeys, TableRecord } from "./schema_store.js";

/**
 * The life of keyspaces and tables. In Keyspaces a definition returns at once and takes effect a while later: a table
 * is CREATING before it is ACTIVE, a keyspace cannot be used until it is listed, and what is dropped lingers.
 */
export interface Lifecycle {
  findKeyspace(keyspace: string): "CREATING" | "ACTIVE" | "DELETING" | undefined;
  /** @throws Refusal `unconfigured keyspace …` until it is ready */
  requireKeyspace(keyspace: string): void;
  /** The table in whatever status. */
  findTable(keyspace: string, table: string): TableRecord | undefined;
  /** @throws Refusal `unconfigured table …` until it is ready and once it is being dropped */
  requireTable(keyspace: string, table: string): TableRecord;
  keyspaceCreated(keyspace: string): void;
  keyspaceDropped(keyspace: string): Promise<void>;
  /** A table was created or altered: usable, and shown, as its status says until it is ACTIVE. */
  tableChanged(change: Omit<TableRecord, keyof TableKeys>): Promise<void>;
  tableDropped(keyspace: string, table: string): Promise<void>;
  /** Stops the clock; what was under way is taken up at the next start. */
  close(): Promise<void>;
}

const usable: readonly string[] = ["ACTIVE", "UPDATING"];
const pathOf = (keyspace: string, table: string): string => `${keyspace}.${table}`;

/** Reads back what the store has and keeps it up to date from there. */
export async function createLifecycle(store: SchemaStore, activeAfterMs: number): Promise<Lifecycle> {
  const keyspaceAfterMs = activeAfterMs / 3;
  const keyspaces = new Map<string, "CREATING" | "ACTIVE" | "DELETING">();
  const tables = new Map<string, TableRecord>();
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();

  const later = (delayMs: number, action: () => Promise<void>) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      // It can only fail with Cassandra gone, and then the next start reads back what is true.
      const run = action().catch(() => undefined);
      running.add(run);
      void run.then(() => running.delete(run));
    }, delayMs);
    timers.add(timer);
  };
  const activate = (record: TableRecord) =>
    later(activeAfterMs, async () => {
      const path = pathOf(record.keyspace, record.table);
      if (tables.get(path) !== record) return;
      const active: TableRecord = { ...record, status: "ACTIVE" };
      // Usable first, ACTIVE second: whoever reads ACTIVE may use it that moment.
      tables.set(path, active);
      await store.setStatus(active);
    });
  const markDeleting = async (record: TableRecord) => {
    const deleting: TableRecord = { ...record, status: "DELETING" };
    tables.set(pathOf(record.keyspace, record.table), deleting);
    await store.setStatus(deleting);
  };
  const forget = async ({ keyspace, table }: TableRecord) => {
    await store.removeTable(keyspace, table);
    tables.delete(pathOf(keyspace, table));
  };
  const tablesOf = (keyspace: string) => [...tables.values()].filter((record) => record.keyspace === keyspace);

  const stored = await store.load();
  for (const keyspace of stored.keyspaces) keyspaces.set(keyspace, "ACTIVE");
  for (const record of stored.tables) {
    tables.set(pathOf(record.keyspace, record.table), record);
    if (record.status !== "ACTIVE") activate(record);
  }

  return {
    findKeyspace: (keyspace) => keyspaces.get(keyspace),
    requireKeyspace: (keyspace) => {
      if (keyspaces.get(keyspace) !== "ACTIVE") throw invalid(`unconfigured keyspace ${keyspace}`);
    },
    findTable: (keyspace, table) => tables.get(pathOf(keyspace, table)),
    requireTable: (keyspace, table) => {
      const record = tables.get(pathOf(keyspace, table));
      if (!record || !usable.includes(record.status)) throw invalid(`unconfigured table ${keyspace}.${table}`);
      return record;
    },
    keyspaceCreated: (keyspace) => {
      keyspaces.set(keyspace, "CREATING");
      later(keyspaceAfterMs, async () => {
        keyspaces.set(keyspace, "ACTIVE");
        await store.saveKeyspace(keyspace);
      });
    },
    keyspaceDropped: async (keyspace) => {
      keyspaces.set(keyspace, "DELETING");
      const dropped = tablesOf(keyspace);
      for (const record of dropped) await markDeleting(record);
      later(activeAfterMs, async () => {
        for (const record of dropped) await forget(record);
        await store.removeKeyspace(keyspace);
        keyspaces.delete(keyspace);
      });
    },
    tableChanged: async (change) => {
      const path = pathOf(change.keyspace, change.table);
      const { partitionKey, clusteringKey, columns } = await store.readKeys(change.keyspace, change.table);
      const record: TableRecord = { ...change, partitionKey, clusteringKey, columns };
      tables.set(path, record);
      await store.saveTable(record);
      activate(record);
    },
    tableDropped: async (keyspace, table) => {
      const record = tables.get(pathOf(keyspace, table));
      if (!record) return;
      await markDeleting(record);
      later(activeAfterMs, () => forget(record));
    },
    close: async () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await Promise.all(running);
    },
  };
}
