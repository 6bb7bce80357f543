import { type Definition, readDefinition } from "./ddl.js";
import { definitionRules } from "./definition_rules.js";
import type { Lifecycle } from "./lifecycle.js";
import type { InList } from "./manipulation.js";
import { invalid, unauthorized } from "./refusal.js";
import { batchRules, dataRules, enforce, statementRules } from "./rules.js";
import { type DataStatement, parseStatement } from "./statement.js";
import { findSystemTable, isSystemKeyspace, visibleSystemKeyspaces } from "./system_tables.js";

/** What is to be remembered of a statement to judge each of its executions. */
export interface StatementInfo {
  readonly writes: boolean;
  /** A single INSERT, UPDATE or DELETE: what a BATCH may hold. */
  readonly batchable: boolean;
  readonly conditional: boolean;
  /** The user tables that have to be there. */
  readonly tables: readonly { readonly keyspace: string; readonly table: string }[];
  /** Those of a SELECT, if the size of one of them is only known when it is bound. */
  readonly boundInLists: readonly InList[];
}

export type Plan =
  /** To Cassandra, with `text` instead of the client's words where it is given. */
  | { readonly kind: "forward"; readonly info: StatementInfo; readonly text?: string }
  | { readonly kind: "use"; readonly keyspace: string }
  | { readonly kind: "define"; readonly definition: Definition };

export interface PlanContext {
  /** The connection's keyspace, after USE. */
  readonly keyspace: string | undefined;
  readonly lifecycle: Lifecycle;
  readonly loggedBatches: "refuse" | "accept";
  /** For PREPARE, which takes less than QUERY. */
  readonly preparing: boolean;
}

/**
 * Decides what becomes of a statement.
 *
 * @throws Refusal for what Keyspaces would refuse
 */
export function planStatement(text: string, context: PlanContext): Plan {
  const statement = parseStatement(text);
  switch (statement.kind) {
    case "unsupported":
      enforce(statementRules, statement.what);
      throw invalid(`${statement.what} is not supported`);
    case "use":
      if (context.preparing) throw invalid("USE statements cannot be prepared");
      if (!visibleSystemKeyspaces.includes(statement.keyspace)) context.lifecycle.requireKeyspace(statement.keyspace);
      return { kind: "use", keyspace: statement.keyspace };
    case "create":
    case "alter":
    case "drop":
      if (context.preparing) throw invalid("Only SELECT, INSERT, UPDATE and DELETE statements can be prepared");
      return { kind: "define", definition: planDefinition(readDefinition(text, statement, context.keyspace)) };
    case "batch": {
      const infos = statement.statements.map((inner) => planData(inner, context).info);
      const conditional = infos.some((info) => info.conditional);
      const { loggedBatches } = context;
      enforce(batchRules, { type: statement.batch, size: infos.length, conditional, loggedBatches });
      const tables = infos.flatMap((info) => info.tables);
      return { kind: "forward", info: { writes: true, batchable: false, conditional, tables, boundInLists: [] } };
    }
    default: {
      const { info, shadow } = planData(statement, context);
      const { start, end } = statement.target;
      return shadow === undefined
        ? { kind: "forward", info }
        : { kind: "forward", info, text: text.slice(0, start) + shadow + text.slice(end) };
    }
  }
}

function planDefinition(definition: Definition): Definition {
  if (isSystemKeyspace(definition.keyspace)) throw notModifiable(definition.keyspace);
  enforce(definitionRules, definition);
  return definition;
}

const notModifiable = (keyspace: string) => unauthorized(`${keyspace} keyspace is not user-modifiable.`);

function planData(
  statement: DataStatement,
  { keyspace: current, lifecycle }: PlanContext,
): { info: StatementInfo; shadow?: string | undefined } {
  const keyspace = statement.target.keyspace ?? current;
  const { name: table } = statement.target;
  if (keyspace === undefined) {
    throw invalid("No keyspace has been specified. USE a keyspace, or explicitly specify keyspace.tablename");
  }
  const { kind, conditional, inLists } = statement;
  const writes = kind !== "select";
  const boundInLists = !writes && inLists.some((list) => "marker" in list) ? inLists : [];
  const info = { writes, batchable: writes, conditional, boundInLists };
  if (isSystemKeyspace(keyspace)) {
    if (writes) throw notModifiable(keyspace);
    const system = findSystemTable(keyspace, table);
    if (!system) throw invalid(`unconfigured table ${keyspace}.${table}`);
    enforce(dataRules, { statement, ttlEnabled: true, clientTimestampsEnabled: true });
    return { info: { ...info, tables: [] }, shadow: system.shadow };
  }
  const { customProperties } = lifecycle.requireTable(keyspace, table);
  const enabled = (property: string) => customProperties.get(property)?.get("status") === "enabled";
  const clientTimestampsEnabled = enabled("client_side_timestamps");
  enforce(dataRules, { statement, ttlEnabled: enabled("ttl"), clientTimestampsEnabled });
  return { info: { ...info, tables: [{ keyspace, table }] } };
}
