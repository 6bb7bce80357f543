import { newerNames, withReplaced } from "../cql/manipulation.js";
import { type DataStatement, parseStatement } from "../cql/statement.js";
import { invalid } from "../protocol/refusal.js";
import { type Definition, readDefinition } from "../schema/ddl.js";
import { checkPartitioner, chosenPartitioner } from "../schema/partitioner.js";
import { findSystemTable, isSystemKeyspace, visibleSystemKeyspaces } from "../schema/system_tables.js";
import { batchRules } from "./batch_rules.js";
import { definitionRules } from "./definition_rules.js";
import { type Access, partitionerNeed } from "./needs.js";
import { checkMarkers, type DataContext, notModifiable, planData, type StatementInfo } from "./plan_data.js";
import { enforce, statementRules } from "./rules.js";

export type Plan =
  /** To Cassandra, with `text` instead of the client's words where it is given. */
  | { readonly kind: "forward"; readonly info: StatementInfo; readonly text?: string }
  | { readonly kind: "use"; readonly keyspace: string }
  | { readonly kind: "define"; readonly definition: Definition };

export interface PlanContext extends DataContext {
  readonly loggedBatches: "refuse" | "accept";
  /** The database's partitioner. */
  readonly database: string;
  /** For PREPARE, which takes less than QUERY. */
  readonly preparing: boolean;
  readonly access: Access;
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
      throw invalid(`${statement.what} is not supported`, "KL-STATEMENT");
    case "use":
      if (context.preparing) throw invalid("USE statements cannot be prepared", "KL-PREPARED");
      if (!visibleSystemKeyspaces.includes(statement.keyspace)) context.lifecycle.requireKeyspace(statement.keyspace);
      return { kind: "use", keyspace: statement.keyspace };
    case "create":
    case "alter":
    case "drop":
      if (context.preparing)
        throw invalid("Only SELECT, INSERT, UPDATE and DELETE statements can be prepared", "KL-PREPARED");
      return { kind: "define", definition: judgeDefinition(readDefinition(text, statement, context.keyspace)) };
    case "batch": {
      const infos: StatementInfo[] = [];
      const markers: (string | undefined)[] = [];
      const { loggedBatches } = context;
      const { batch, statements } = statement;
      // Counted first: all of them are to be read.
      const [size, bytes] = [statements.length, Buffer.byteLength(text)];
      enforce(batchRules, { type: batch, size, bytes, statements: [], loggedBatches });
      for (const inner of statements) {
        const { info } = planData(inner, text, context, markers.length);
        infos.push(info);
        for (const marker of info.markers) markers.push(marker);
      }
      enforce(batchRules, { type: batch, size, bytes, statements: infos, loggedBatches });
      checkMarkers(markers.length);
      const rows = infos.flatMap((info) => info.rows);
      const logged = statement.batch === "logged";
      const info = {
        writes: true,
        batchable: false,
        conditional: infos.some((info) => info.conditional),
        operators: new Set<string>(),
        counts: false,
        writesStatics: false,
        logged,
        rows,
        needs: infos.flatMap((info) => info.needs),
        markers,
        inLists: [],
        wholeTable: false,
        paged: undefined,
      };
      const calls = statements.flatMap(({ olderCalls }) => olderCalls);
      return calls.length > 0
        ? { kind: "forward", info, text: withReplaced(text, newerNames(calls)) }
        : { kind: "forward", info };
    }
    default: {
      const { keyspace = context.keyspace, name } = statement.target;
      if (statement.kind === "update" && keyspace === "system" && name === "local") {
        return planPartitioner(statement, text, context);
      }
      const { info, shadow, filtered } = planData(statement, text, context);
      const { start, end } = statement.target;
      const replacements = newerNames(statement.olderCalls);
      if (shadow !== undefined) replacements.push({ start, end, by: shadow });
      if (filtered) {
        const last = withoutEnd(text).length;
        replacements.push({ start: last, end: text.length, by: "\nALLOW FILTERING" });
      }
      return replacements.length > 0
        ? { kind: "forward", info, text: withReplaced(text, replacements) }
        : { kind: "forward", info };
    }
  }
}

/** The choice of the account's partitioner is an UPDATE of what system.local shows. */
function planPartitioner(statement: DataStatement, text: string, { access, nodes, database }: PlanContext): Plan {
  access.require([partitionerNeed]);
  const partitioner = chosenPartitioner(text);
  if (partitioner === undefined) throw notModifiable("system");
  checkPartitioner(partitioner, database);
  const info: StatementInfo = {
    writes: true,
    batchable: false,
    conditional: false,
    operators: statement.clauses.operators,
    counts: false,
    writesStatics: false,
    logged: false,
    rows: [],
    needs: [partitionerNeed],
    markers: [],
    inLists: [],
    wholeTable: false,
    paged: undefined,
  };
  const { start, end } = statement.target;
  const shown = findSystemTable("system", "local", nodes)?.shadow ?? "";
  return { kind: "forward", info, text: text.slice(0, start) + shown + text.slice(end) };
}

/** A statement without the semicolons and the space behind it: by hand, as a regular expression begins anew at every space of a text. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && " ;\t\r\n".includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}

/**
 * Reads a CREATE, ALTER or DROP.
 *
 * @throws Refusal for what Keyspaces would refuse, and for any other statement
 */
export function planDefinition(text: string, keyspace: string | undefined): Definition {
  const statement = parseStatement(text);
  if (statement.kind !== "create" && statement.kind !== "alter" && statement.kind !== "drop") {
    throw invalid("Only CREATE, ALTER and DROP define anything");
  }
  return judgeDefinition(readDefinition(text, statement, keyspace));
}

function judgeDefinition(definition: Definition): Definition {
  if (isSystemKeyspace(definition.keyspace)) throw notModifiable(definition.keyspace);
  enforce(definitionRules, definition);
  return definition;
}
