import { tokenize } from "../cql/lexer.js";
import { quoteName } from "../cql/properties.js";
import { fault } from "./errors.js";

/** A column, or the field of a type. */
export interface NamedType {
  readonly name: string;
  readonly type: string;
}

/** What a type may be made of besides names. */
const symbols = ["<", ">", ","];

/**
 * A column as CQL defines it.
 *
 * @throws AwsError for a type that is more than one
 */
export function columnText({ name, type }: NamedType): string {
  const fits = tokenize(type).every(
    ({ kind, value }) => ["word", "quoted", "number"].includes(kind) || symbols.includes(value),
  );
  if (!fits || /--|\/\/|\/\*/.test(type)) throw fault("ValidationException", `Invalid type of ${name}: ${type}`);
  return `${quoteName(name)} ${type}`;
}
