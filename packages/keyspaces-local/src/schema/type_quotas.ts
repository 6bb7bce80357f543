import type { Token } from "../cql/lexer.js";
import { nativeTypes } from "../cql/native_types.js";
import type { Backend } from "../protocol/backend.js";
import type { Definition } from "./ddl.js";
import { definedColumns } from "./defined_columns.js";
import { type Quotas, requireAtMost, requireRoom } from "./quotas.js";
import { MCS_KEYSPACE } from "./system_tables.js";
import { readTypes, type TypeRecord } from "./type_store.js";

/**
 * Holds a definition against the quotas of user-defined types.
 *
 * @param used the types of the columns that the table has before
 * @throws Refusal
 * @see https://docs.aws.amazon.com/keyspaces/latest/devguide/quotas.html#quotas-udts
 */
export async function checkTypeQuotas(
  definition: Definition,
  used: Iterable<readonly Token[]>,
  { backend, quotas }: { readonly backend: Backend; readonly quotas: Quotas },
): Promise<void> {
  const { kind, object, keyspace, name, bodyTokens } = definition;
  if (object === "keyspace" || kind === "drop" || bodyTokens.length === 0) return;
  const types = new Map((await readTypes(backend, keyspace)).map((type) => [type.name, type]));
  const named = definedColumns(bodyTokens).map(({ type }) => type);
  if (object === "table") {
    if (types.size > 0) checkTable(name, typesIn(named, types), typesIn(used, types), quotas);
    return;
  }
  // There already: IF NOT EXISTS, or Cassandra's refusal.
  if (types.has(name)) return;
  const shown = await backend.query(`SELECT type_name FROM ${MCS_KEYSPACE}.types`);
  requireRoom("types", shown.length, quotas);
  const children = typesIn(named, types);
  requireAtMost(quotas.childTypes, children.size, `Types directly inside of ${name}`, "KL-TYPE-FAMILY");
  for (const child of children) {
    const parents = child.parents.length + 1;
    requireAtMost(quotas.parentTypes, parents, `Types that hold ${child.name} directly`, "KL-TYPE-FAMILY");
  }
  const depth = 1 + Math.max(0, ...[...children].map((child) => child.depth));
  requireAtMost(quotas.typeNesting, depth, `Levels of nesting of ${name}`, "KL-TYPE-NESTING");
}

function checkTable(table: string, named: Set<TypeRecord>, used: Set<TypeRecord>, quotas: Quotas): void {
  const all = new Set([...named, ...used]);
  requireAtMost(quotas.typesPerTable, all.size, `Types that ${table} refers to`, "KL-TYPE-TABLES");
  for (const { name, tables } of named) {
    const others = tables.filter((other) => other !== table).length + 1;
    requireAtMost(quotas.tablesPerType, others, `Tables that refer to type ${name}`, "KL-TYPE-TABLES");
  }
}

function typesIn(written: Iterable<readonly Token[]>, types: ReadonlyMap<string, TypeRecord>): Set<TypeRecord> {
  const found = new Set<TypeRecord>();
  for (const tokens of written) {
    for (const [index, { kind, value }] of tokens.entries()) {
      // Before the point stands a keyspace.
      const isName = kind === "quoted" || (kind === "word" && !nativeTypes.has(value));
      if (!isName || tokens[index + 1]?.value === ".") continue;
      const type = types.get(value);
      if (type) found.add(type);
    }
  }
  return found;
}
