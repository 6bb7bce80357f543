import { quoteString } from "../cql/properties.js";
import type { Backend } from "../protocol/backend.js";
import { type Autoscaling, READ_SCALING } from "./autoscaling.js";
import { MULTI_REGION_KEYSPACE } from "./system_tables.js";

/** A keyspace's replica in one Region, in the words of `system_multiregion_info.keyspaces`. */
export interface Replica {
  readonly region: string;
  readonly status: "Active" | "Updating" | "Creating";
  /** Of the tables, while they are being copied. */
  readonly progress?: string;
}

/**
 * What `system_multiregion_info` says of multi-Region keyspaces.
 *
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/keyspaces-multi-region-replica-status.html
 */
export interface RegionStore {
  saveKeyspace(keyspace: string, replicas: readonly Replica[]): Promise<void>;
  /** @param kind which of its tables */
  saveMember(kind: "table" | "type", member: Member, regions: readonly string[], status: string): Promise<void>;
  saveScaling(table: Member, scaling: Autoscaling, regions: readonly string[]): Promise<void>;
  removeMember(kind: "table" | "type", member: Member): Promise<void>;
  removeKeyspace(keyspace: string): Promise<void>;
}

/** A table or type. */
interface Member {
  readonly keyspace: string;
  readonly name: string;
}

export function createRegionStore(backend: Backend): RegionStore {
  const insert = (table: string, literals: Readonly<Record<string, string | null>>) => {
    const values = Object.values(literals).map((value) => (value === null ? "null" : quoteString(value)));
    const columns = Object.keys(literals).join(", ");
    return backend.query(`INSERT INTO ${MULTI_REGION_KEYSPACE}.${table} (${columns}) VALUES (${values.join(", ")})`);
  };
  const remove = (table: string, where: string) =>
    backend.query(`DELETE FROM ${MULTI_REGION_KEYSPACE}.${table} WHERE ${where}`);
  const ofKeyspace = (keyspace: string) => `keyspace_name = ${quoteString(keyspace)}`;
  return {
    saveKeyspace: async (keyspace, replicas) => {
      for (const { region, status, progress = null } of replicas) {
        await insert("keyspaces", { keyspace_name: keyspace, region, status, tables_replication_progress: progress });
      }
    },
    saveMember: async (kind, { keyspace, name }, regions, status) => {
      for (const region of regions) {
        await insert(`${kind}s`, { keyspace_name: keyspace, [`${kind}_name`]: name, region, status });
      }
    },
    saveScaling: async ({ keyspace, name }, { settings, replicas }, regions) => {
      for (const region of regions) {
        const own = replicas.get(region);
        const shown = new Map(own === undefined ? settings : [...settings, [READ_SCALING, own]]);
        const key = { keyspace_name: keyspace, table_name: name, region };
        if (shown.size > 0) await insert("autoscaling", { ...key, ...Object.fromEntries(shown) });
      }
    },
    removeMember: async (kind, { keyspace, name }) => {
      for (const table of kind === "table" ? ["tables", "autoscaling"] : ["types"])
        await remove(table, `${ofKeyspace(keyspace)} AND ${kind}_name = ${quoteString(name)}`);
    },
    removeKeyspace: async (keyspace) => {
      for (const table of ["keyspaces", "tables", "types", "autoscaling"]) await remove(table, ofKeyspace(keyspace));
    },
  };
}
