import { createReader } from "../protocol/notation.js";
import type { CqlType } from "./cql_type.js";
import { scalarValues } from "./scalar_values.js";

/** One member, named for the type: `{ textT: "…" }`, a `KeyspacesCellValue` of the API. */
export type CellValue = Readonly<Record<string, unknown>>;

/** The fields of a user's type, in their order. */
export type FieldsOf = (type: string) => readonly { readonly name: string; readonly type: CqlType }[];

/** A value as the stream's records have it. */
export function cellValue(bytes: Buffer, type: CqlType, fieldsOf: FieldsOf): CellValue {
  const scalar = Object.hasOwn(scalarValues, type.name) ? scalarValues[type.name] : undefined;
  if (scalar) return scalar(bytes);
  const [first, second] = type.parameters;
  const reader = createReader(bytes);
  const value = (part: CqlType, cell: Buffer | null) => (cell === null ? undefined : cellValue(cell, part, fieldsOf));
  const elements = (part: CqlType) =>
    Array.from({ length: reader.int() }, () => ({ value: value(part, reader.bytes()) }));
  if (type.name === "list" && first) return { listT: elements(first) };
  if (type.name === "set" && first) return { setT: elements(first) };
  if (type.name === "map" && first && second) {
    const pairs = Array.from({ length: reader.int() }, () => ({
      key: value(first, reader.bytes()),
      value: value(second, reader.bytes()),
    }));
    return { mapT: pairs };
  }
  // Values that were written before a field was added end early.
  const next = () => (reader.position() < bytes.length ? reader.bytes() : null);
  if (type.name === "tuple") return { tupleT: type.parameters.map((part) => ({ value: value(part, next()) })) };
  const fields = fieldsOf(type.name).map((field) => [field.name, { value: value(field.type, next()) }] as const);
  return { udtT: Object.fromEntries(fields) };
}

/** The names of users' types in a type, also those inside of others that are known. */
export function userTypesIn({ name, parameters }: CqlType): string[] {
  const own = Object.hasOwn(scalarValues, name) || ["list", "set", "map", "tuple"].includes(name) ? [] : [name];
  return [...own, ...parameters.flatMap(userTypesIn)];
}
