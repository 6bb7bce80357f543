import { quoteString, textLiteral } from "../cql/properties.js";
import type { Backend } from "../protocol/backend.js";
import type { Row } from "../protocol/rows.js";
import type { Autoscaling } from "./autoscaling.js";
import { mapOf, textOf } from "./cells.js";
import { keysOf, loadSchema, type SchemaNotes, type StoredSchema } from "./load_schema.js";
import type { KeyspaceRecord, TableKeys, TableRecord } from "./records.js";
import { createRegionStore, type Replica } from "./region_store.js";
import {
  columnColumns,
  MCS_KEYSPACE,
  reportedReplication,
  TABLES_SHADOW,
  TAGS_TABLE,
  tableOptionColumns,
} from "./system_tables.js";

/** What `system_schema_mcs` says, kept in the database: it outlives the gateway as the tables themselves do. */
export interface SchemaStore extends SchemaNotes {
  /** Reads back what is there, and brings `system_schema_mcs` in line with the tables that exist. */
  load(): Promise<StoredSchema>;
  /** The table must exist in Cassandra. */
  readKeys(keyspace: string, table: string): Promise<TableKeys>;
  setStatus(record: TableRecord, regions: readonly string[]): Promise<void>;
  saveAutoscaling(keyspace: string, table: string, scaling: Autoscaling, regions: readonly string[]): Promise<void>;
  changeTags(resource: Resource, added: ReadonlyMap<string, string>, dropped: readonly string[]): Promise<void>;
  /** Those of a table, or of a keyspace and all its tables. */
  removeTags(resource: Resource): Promise<void>;
  tagsOf(arn: string): Promise<ReadonlyMap<string, string>>;
  /** The same as it was last noted, for decisions that cannot wait. */
  tagsAt(arn: string): ReadonlyMap<string, string>;
}

/** What can have tags. */
export interface Resource {
  readonly arn: string;
  readonly keyspace: string;
  /** Undefined for the keyspace itself. */
  readonly table: string | undefined;
  /** The label of a stream of the table; undefined for the table itself. */
  readonly stream?: string | undefined;
}

const text = textOf;
const mcs = (table: string): string => `${MCS_KEYSPACE}.${table}`;
const where = (keyspace: string, table: string): string =>
  `WHERE keyspace_name = ${quoteString(keyspace)} AND table_name = ${quoteString(table)}`;

export function createSchemaStore(backend: Backend): SchemaStore {
  const inRegions = createRegionStore(backend);
  const tagsByArn = new Map<string, ReadonlyMap<string, string>>();
  const insert = async (path: string, literals: Record<string, string>, cells: Row, columns: readonly string[]) => {
    const names = [...Object.keys(literals), ...columns].join(", ");
    const values = [...Object.values(literals), ...columns.map(() => "?")].join(", ");
    const bound = columns.map((column) => cells.get(column) ?? null);
    await backend.query(`INSERT INTO ${path} (${names}) VALUES (${values})`, bound);
  };

  const store: SchemaStore = {
    load: async () => {
      for (const row of await backend.query(`SELECT resource_id, tags FROM ${TAGS_TABLE}`))
        tagsByArn.set(text(row, "resource_id"), tagsIn(row));
      return loadSchema(backend, store);
    },
    saveKeyspace: async (record, before) => {
      const { keyspace, regions } = record;
      const replication = reportedReplication(regions);
      const literals = { keyspace_name: quoteString(keyspace), durable_writes: "true", replication };
      await insert(mcs("keyspaces"), literals, new Map(), []);
      await inRegions.saveKeyspace(keyspace, replicasOf(record, before));
    },
    removeKeyspace: async (keyspace) => {
      await inRegions.removeKeyspace(keyspace);
      await backend.query(`DELETE FROM ${mcs("types")} WHERE keyspace_name = ${quoteString(keyspace)}`);
      await backend.query(`DELETE FROM ${mcs("keyspaces")} WHERE keyspace_name = ${quoteString(keyspace)}`);
    },
    readKeys: async (keyspace, table) =>
      keysOf(await backend.query(`SELECT * FROM system_schema.columns ${where(keyspace, table)}`)),
    saveTable: async ({ keyspace, table, status, customProperties, cdc }, regions) => {
      await inRegions.saveMember("table", { keyspace, name: table }, regions, status);
      const key = { keyspace_name: quoteString(keyspace), table_name: quoteString(table) };
      const columns = await backend.query(`SELECT * FROM system_schema.columns ${where(keyspace, table)}`);
      for (const column of columns) {
        const name = quoteString(text(column, "column_name"));
        await insert(mcs("columns"), { ...key, column_name: name }, column, Object.keys(columnColumns));
      }
      const [options = new Map()] = await backend.query(`SELECT * FROM system_schema.tables ${where(keyspace, table)}`);
      const literals = {
        ...key,
        cdc: String(cdc),
        status: quoteString(status),
        custom_properties: textLiteral(customProperties),
      };
      await insert(mcs("tables"), literals, options, Object.keys(tableOptionColumns));
      await insert(TABLES_SHADOW, key, options, Object.keys(tableOptionColumns));
    },
    setStatus: async ({ keyspace, table, status }, regions) => {
      await inRegions.saveMember("table", { keyspace, name: table }, regions, status);
      const set = `SET status = ${quoteString(status)}`;
      await backend.query(`UPDATE ${mcs("tables")} ${set} ${where(keyspace, table)}`);
    },
    removeTable: async (keyspace, table) => {
      await inRegions.removeMember("table", { keyspace, name: table });
      // The one that tells that it is gone comes last: whoever sees that may ask for it, or make it again.
      for (const path of [TABLES_SHADOW, ...["columns", "autoscaling", "tables"].map(mcs)]) {
        await backend.query(`DELETE FROM ${path} ${where(keyspace, table)}`);
      }
    },
    saveAutoscaling: async (keyspace, table, scaling, regions) => {
      const { settings } = scaling;
      if (settings.size + scaling.replicas.size === 0) return;
      await inRegions.saveScaling({ keyspace, name: table }, scaling, regions);
      if (settings.size === 0) return;
      const key = { keyspace_name: quoteString(keyspace), table_name: quoteString(table) };
      const literals = Object.fromEntries([...settings].map(([name, json]) => [name, quoteString(json)]));
      await insert(mcs("autoscaling"), { ...key, ...literals }, new Map(), []);
    },
    changeTags: async ({ arn, keyspace, table, stream }, added, dropped) => {
      const about = {
        keyspace_name: keyspace,
        resource_name: stream ?? table ?? keyspace,
        resource_type: stream !== undefined ? "stream" : table !== undefined ? "table" : "keyspace",
      };
      const named = Object.entries(about).map(([column, value]) => `${column} = ${quoteString(value)}`);
      const set = added.size > 0 ? [...named, `tags = tags + ${textLiteral(added)}`].join(", ") : "";
      const unset = dropped.length > 0 ? `tags = tags - {${dropped.map(quoteString).join(", ")}}` : "";
      for (const change of [set, unset].filter(Boolean)) {
        await backend.query(`UPDATE ${TAGS_TABLE} SET ${change} WHERE resource_id = ${quoteString(arn)}`);
      }
      const left = [...store.tagsAt(arn), ...added].filter(([key]) => !dropped.includes(key));
      tagsByArn.set(arn, new Map(left));
    },
    removeTags: async ({ arn }) => {
      // A keyspace's name ends in a slash, and begins those of its tables; a table's begins those of its streams.
      const within = arn.endsWith("/") ? arn : `${arn}/`;
      const isMeant = (tagged: string) => tagged === arn || tagged.startsWith(within);
      const tagged = (await backend.query(`SELECT resource_id FROM ${TAGS_TABLE}`)).map((row) =>
        text(row, "resource_id"),
      );
      for (const name of tagged.filter(isMeant)) {
        tagsByArn.delete(name);
        await backend.query(`DELETE FROM ${TAGS_TABLE} WHERE resource_id = ${quoteString(name)}`);
      }
    },
    tagsOf: async (arn) => {
      const [row] = await backend.query(`SELECT tags FROM ${TAGS_TABLE} WHERE resource_id = ${quoteString(arn)}`);
      return tagsIn(row);
    },
    tagsAt: (arn) => tagsByArn.get(arn) ?? new Map(),
  };
  return store;
}

const tagsIn = (row: Row | undefined): ReadonlyMap<string, string> =>
  mapOf(row?.get("tags"), (value) => value.toString("utf8"));

/** In the Regions that it had before a keyspace is Updating, in a new one Creating. */
function replicasOf({ status, regions }: KeyspaceRecord, before: readonly string[] = regions): Replica[] {
  if (status === "ACTIVE") return regions.map((region) => ({ region, status: "Active" }));
  return regions.map((region) =>
    before.includes(region) ? { region, status: "Updating" } : { region, status: "Creating", progress: "0%" },
  );
}
