import { tokenize } from "../cql/lexer.js";
import { nativeTypes } from "../cql/native_types.js";
import { quoteString } from "../cql/properties.js";
import type { Backend } from "../protocol/backend.js";
import { textOf, textsOf } from "./cells.js";
import { createRegionStore } from "./region_store.js";
import { MCS_KEYSPACE } from "./system_tables.js";

/** A user-defined type, as `system_schema_mcs.types` and GetType show it. */
export interface TypeRecord {
  readonly name: string;
  /** Name and type of each field, in their order. */
  readonly fields: readonly (readonly [name: string, type: string])[];
  /** 1 for a type of native fields, one more for each type inside it. */
  readonly depth: number;
  readonly tables: readonly string[];
  readonly parents: readonly string[];
  readonly modified: Date;
}

/** The names in a type of CQL: `frozen<map<text, frozen<address>>>`. */
const namesIn = (type: string): string[] =>
  tokenize(type)
    .filter(({ kind, value }) => kind === "quoted" || (kind === "word" && !nativeTypes.has(value)))
    .map(({ value }) => value);

/** Reads the types of a keyspace, and who uses them, from what Cassandra has. */
export async function readTypes(backend: Backend, keyspace: string): Promise<TypeRecord[]> {
  const of = `WHERE keyspace_name = ${quoteString(keyspace)}`;
  const rows = await backend.query(`SELECT * FROM system_schema.types ${of}`);
  if (rows.length === 0) return [];
  const [columns, shown] = await Promise.all([
    backend.query(`SELECT table_name, type FROM system_schema.columns ${of}`),
    backend.query(`SELECT type_name, last_modified_timestamp FROM ${MCS_KEYSPACE}.types ${of}`),
  ]);
  const modified = new Map(shown.map((row) => [textOf(row, "type_name"), row.get("last_modified_timestamp")]));
  const fields = new Map(
    rows.map((row) => {
      const types = textsOf(row.get("field_types"));
      return [textOf(row, "type_name"), textsOf(row.get("field_names")).map((name, i) => [name, types[i]!] as const)];
    }),
  );
  const inside = (name: string): string[] =>
    (fields.get(name) ?? []).flatMap(([, type]) => namesIn(type)).filter((each) => fields.has(each));
  const depths = new Map<string, number>();
  // Each once: a type that holds two others, which hold the same two, would be asked for without end.
  const depthOf = (name: string): number => {
    const depth = depths.get(name) ?? 1 + Math.max(0, ...inside(name).map(depthOf));
    depths.set(name, depth);
    return depth;
  };
  return [...fields].map(([name, own]) => ({
    name,
    fields: own,
    depth: depthOf(name),
    tables: [
      ...new Set(
        columns.filter((row) => namesIn(textOf(row, "type")).includes(name)).map((row) => textOf(row, "table_name")),
      ),
    ],
    parents: [...fields.keys()].filter((other) => other !== name && inside(other).includes(name)),
    modified: new Date(Number(modified.get(name)?.readBigInt64BE() ?? 0n)),
  }));
}

const listLiteral = (texts: readonly string[]): string => `[${texts.map(quoteString).join(", ")}]`;

/** Brings `system_schema_mcs.types` in line after a definition in a keyspace. */
export async function showTypes(
  backend: Backend,
  keyspace: string,
  regions: readonly string[],
  now: Date,
): Promise<void> {
  const inRegions = createRegionStore(backend);
  const of = `WHERE keyspace_name = ${quoteString(keyspace)}`;
  const types = await readTypes(backend, keyspace);
  const shown = await backend.query(`SELECT type_name FROM ${MCS_KEYSPACE}.types ${of}`);
  const there = new Set(types.map(({ name }) => name));
  for (const name of shown.map((row) => textOf(row, "type_name")).filter((each) => !there.has(each))) {
    await backend.query(`DELETE FROM ${MCS_KEYSPACE}.types ${of} AND type_name = ${quoteString(name)}`);
    await inRegions.removeMember("type", { keyspace, name });
  }
  for (const { name, fields, depth, tables, parents, modified } of types) {
    const literals = {
      keyspace_name: quoteString(keyspace),
      type_name: quoteString(name),
      field_names: listLiteral(fields.map(([field]) => field)),
      field_types: listLiteral(fields.map(([, type]) => type)),
      max_nesting_depth: String(depth),
      last_modified_timestamp: String((modified.getTime() === 0 ? now : modified).getTime()),
      status: "'ACTIVE'",
      direct_referring_tables: listLiteral(tables),
      direct_parent_types: listLiteral(parents),
    };
    const values = Object.values(literals).join(", ");
    await backend.query(`INSERT INTO ${MCS_KEYSPACE}.types (${Object.keys(literals).join(", ")}) VALUES (${values})`);
    await inRegions.saveMember("type", { keyspace, name }, regions, "ACTIVE");
  }
}
