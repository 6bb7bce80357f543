import { invalid } from "../protocol/refusal.js";
import type { SchemaChange } from "../protocol/schema_change.js";
import type { KeyspaceRecord, TableKeys, TableRecord } from "./records.js";
import type { SchemaEvents } from "./schema_events.js";
import type { SchemaStore } from "./schema_store.js";

/**
 * The life of keyspaces and tables. In Keyspaces a definition returns at once and takes effect a while later: a table
 * is CREATING before it is ACTIVE, a keyspace cannot be used until it is listed, and what is dropped lingers.
 */
export interface Lifecycle {
  findKeyspace(keyspace: string): KeyspaceRecord | undefined;
  /** All of them, in whatever status. */
  keyspaces(): readonly KeyspaceRecord[];
  /** @throws Refusal `unconfigured keyspace …` until it is ready */
  requireKeyspace(keyspace: string): KeyspaceRecord;
  /** The table in whatever status. */
  findTable(keyspace: string, table: string): TableRecord | undefined;
  tablesOf(keyspace: string): readonly TableRecord[];
  countTables(): number;
  /** How many definitions have not taken effect yet; that of a keyspace is one, whatever tables it has. */
  countUnderWay(): number;
  /** @throws Refusal `unconfigured table …` until it is ready and once it is being dropped */
  requireTable(keyspace: string, table: string): TableRecord;
  keyspaceCreated(keyspace: string, regions: readonly string[]): void;
  /**
   * A keyspace is given Regions, with client-side timestamps for all of its tables: UPDATING until it has them.
   *
   * @param own the Region that is emulated, which every keyspace is in
   */
  keyspaceChanged(keyspace: string, regions: readonly string[], own: string): Promise<void>;
  keyspaceDropped(keyspace: string): Promise<void>;
  /** A table was created or altered: usable, and shown, as its status says until it is ACTIVE. */
  tableChanged(change: Omit<TableRecord, keyof TableKeys>): Promise<void>;
  tableDropped(keyspace: string, table: string): Promise<void>;
  /** Stops the clock; what was under way is taken up at the next start. */
  close(): Promise<void>;
}

const usable: readonly string[] = ["ACTIVE", "UPDATING"];
const pathOf = (keyspace: string, table: string): string => `${keyspace}.${table}`;
const effectOf = (status: string): "CREATED" | "UPDATED" => (status === "CREATING" ? "CREATED" : "UPDATED");
const timestamps = new Map([["status", "enabled"]]);

/** Reads back what the store has and keeps it up to date from there. @param events told of what has taken effect */
export async function createLifecycle(
  store: SchemaStore,
  activeAfterMs: number,
  events: SchemaEvents,
): Promise<Lifecycle> {
  const keyspaceAfterMs = activeAfterMs / 3;
  const keyspaces = new Map<string, KeyspaceRecord>();
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
  const tell = (change: SchemaChange["change"], keyspace: string, table?: string) =>
    events.tell({ change, object: table === undefined ? "keyspace" : "table", keyspace, name: table ?? "" });
  const regionsOf = (keyspace: string) => keyspaces.get(keyspace)?.regions ?? [];
  const show = (record: TableRecord) => store.setStatus(record, regionsOf(record.keyspace));
  const activate = (record: TableRecord) =>
    later(activeAfterMs, async () => {
      const path = pathOf(record.keyspace, record.table);
      if (tables.get(path) !== record) return;
      const active: TableRecord = { ...record, status: "ACTIVE" };
      // Usable first, ACTIVE second: whoever reads ACTIVE may use it that moment.
      tables.set(path, active);
      await show(active);
      tell(effectOf(record.status), record.keyspace, record.table);
    });
  const activateKeyspace = (record: KeyspaceRecord, delayMs: number) =>
    later(delayMs, async () => {
      if (keyspaces.get(record.keyspace) !== record) return;
      const active: KeyspaceRecord = { ...record, status: "ACTIVE" };
      keyspaces.set(record.keyspace, active);
      await store.saveKeyspace(active);
      tell(effectOf(record.status), record.keyspace);
    });
  const markDeleting = async (record: TableRecord) => {
    const deleting: TableRecord = { ...record, status: "DELETING" };
    tables.set(pathOf(record.keyspace, record.table), deleting);
    await show(deleting);
  };
  const forget = async ({ keyspace, table }: TableRecord) => {
    await store.removeTable(keyspace, table);
    tables.delete(pathOf(keyspace, table));
    tell("DROPPED", keyspace, table);
  };
  const change = async (record: TableRecord) => {
    tables.set(pathOf(record.keyspace, record.table), record);
    await store.saveTable(record, regionsOf(record.keyspace));
    activate(record);
  };
  const tablesOf = (keyspace: string) => [...tables.values()].filter((record) => record.keyspace === keyspace);

  const stored = await store.load();
  for (const record of stored.keyspaces) keyspaces.set(record.keyspace, record);
  for (const record of stored.tables) {
    tables.set(pathOf(record.keyspace, record.table), record);
    if (record.status !== "ACTIVE") activate(record);
  }

  return {
    findKeyspace: (keyspace) => keyspaces.get(keyspace),
    keyspaces: () => [...keyspaces.values()],
    requireKeyspace: (keyspace) => {
      const record = keyspaces.get(keyspace);
      if (!record || !usable.includes(record.status))
        throw invalid(`unconfigured keyspace ${keyspace}`, "KL-UNCONFIGURED");
      return record;
    },
    findTable: (keyspace, table) => tables.get(pathOf(keyspace, table)),
    tablesOf,
    countTables: () => tables.size,
    countUnderWay: () => {
      const busy = [...keyspaces.values()].filter(({ status }) => status !== "ACTIVE");
      const isAlone = ({ keyspace, status }: TableRecord) =>
        status !== "ACTIVE" && keyspaces.get(keyspace)?.status === "ACTIVE";
      return busy.length + [...tables.values()].filter(isAlone).length;
    },
    requireTable: (keyspace, table) => {
      const record = tables.get(pathOf(keyspace, table));
      if (!record || !usable.includes(record.status)) {
        throw invalid(`unconfigured table ${keyspace}.${table}`, "KL-UNCONFIGURED");
      }
      return record;
    },
    keyspaceCreated: (keyspace, regions) => {
      const record: KeyspaceRecord = { keyspace, status: "CREATING", regions };
      keyspaces.set(keyspace, record);
      activateKeyspace(record, keyspaceAfterMs);
    },
    keyspaceChanged: async (keyspace, regions, own) => {
      const before = [own, ...regionsOf(keyspace)];
      const record: KeyspaceRecord = { keyspace, status: "UPDATING", regions };
      keyspaces.set(keyspace, record);
      await store.saveKeyspace(record, before);
      for (const table of tablesOf(keyspace).filter(({ status }) => status !== "DELETING")) {
        const customProperties = new Map([...table.customProperties, ["client_side_timestamps", timestamps] as const]);
        await change({ ...table, status: "UPDATING", customProperties });
      }
      activateKeyspace(record, activeAfterMs);
    },
    keyspaceDropped: async (keyspace) => {
      keyspaces.set(keyspace, { keyspace, status: "DELETING", regions: regionsOf(keyspace) });
      const dropped = tablesOf(keyspace);
      for (const record of dropped) await markDeleting(record);
      later(activeAfterMs, async () => {
        for (const record of dropped) await forget(record);
        await store.removeKeyspace(keyspace);
        keyspaces.delete(keyspace);
        tell("DROPPED", keyspace);
      });
    },
    tableChanged: async (changed) => {
      const keys = await store.readKeys(changed.keyspace, changed.table);
      const { partitionKey, clusteringKey, statics, columns } = keys;
      await change({ ...changed, partitionKey, clusteringKey, statics, columns });
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
