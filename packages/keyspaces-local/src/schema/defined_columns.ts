import type { Token } from "../cql/lexer.js";

/** A column of a table or a field of a type, as a definition writes it. */
export interface DefinedColumn {
  readonly name: string;
  /** All that stands behind the name. */
  readonly type: readonly Token[];
}

/** What CREATE TABLE, CREATE TYPE and ALTER TABLE ADD define; a key that is named apart is left out. */
export function definedColumns(body: readonly Token[]): DefinedColumn[] {
  const columns: DefinedColumn[] = [];
  let part: Token[] = [];
  let depth = 0;
  const close = () => {
    const [name, ...type] = part;
    part = [];
    const isKey =
      name?.kind === "word" && name.value === "primary" && type[0]?.value === "key" && type[1]?.value === "(";
    if (name && type.length > 0 && !isKey) columns.push({ name: name.value, type });
  };
  const listed = body[0]?.kind === "word" && body[0].value === "add" ? body.slice(1) : body;
  // ADD takes them with and without parentheses.
  const outer = listed[0]?.value === "(" ? 1 : 0;
  for (const token of listed) {
    const { kind, value } = token;
    const isSymbol = kind === "symbol";
    if (isSymbol && (value === ")" || value === ">")) depth--;
    if (isSymbol && value === "," && depth === outer) close();
    else if (depth >= outer) part.push(token);
    if (isSymbol && (value === "(" || value === "<")) depth++;
  }
  close();
  return columns;
}
