import { quoteName, quoteString } from "../cql/properties.js";
import type { Backend } from "../protocol/backend.js";
import type { Row } from "../protocol/rows.js";
import { textsOf } from "../schema/cells.js";
import type { TableRecord } from "../schema/records.js";
import { type CellValue, cellValue, type FieldsOf, userTypesIn } from "./cell_values.js";
import { type CqlType, parseCqlType } from "./cql_type.js";
import { scalarValues } from "./scalar_values.js";

/** When a cell, or a row, was written, in microseconds, and when it ends, in seconds: `KeyspacesMetadata` of the API. */
interface Metadata {
  readonly writeTime?: string | undefined;
  readonly expirationTime?: string | undefined;
}

type Cells = Readonly<Record<string, { readonly value: CellValue; readonly metadata?: Metadata | undefined }>>;

/** A row as the stream's records have it: `KeyspacesRow` of the API. Static columns are rows of their own. */
export interface RowImage {
  readonly valueCells: Cells;
  readonly staticCells: Cells;
  readonly rowMetadata?: Metadata | undefined;
}

/** One row that was read. */
export interface ReadRow {
  /** Stands for its primary key. */
  readonly key: string;
  readonly partitionKeys: Readonly<Record<string, CellValue>>;
  readonly clusteringKeys: Readonly<Record<string, CellValue>>;
  readonly image: RowImage;
  /** Stands for its values: two reads of a row that nothing has happened to have the same. */
  readonly content: string;
  /** The values of its primary key, to read it again by. */
  readonly keyCells: readonly Buffer[];
  /** Seconds until the first of its cells ends; undefined if none does. */
  readonly secondsLeft: number | undefined;
}

/** How rows of one table are read for its stream. */
export interface ImageReader {
  /** @param where with as many markers as there are values */
  read(where: string, values: readonly (Buffer | null)[], isStatic: boolean): Promise<ReadRow[]>;
  /** One row by the values of its primary key. */
  readOne(keyCells: readonly Buffer[]): Promise<ReadRow | undefined>;
}

interface Column {
  readonly name: string;
  readonly type: CqlType;
  readonly isStatic: boolean;
}

/** @param limit how many rows a statement may hit at most */
export async function createImageReader(
  record: TableRecord,
  backend: Backend,
  limit: number,
  now: () => Date,
): Promise<ImageReader> {
  const { keyspace, table, partitionKey, clusteringKey } = record;
  const keyNames = [...partitionKey, ...clusteringKey].map(({ name }) => name);
  const columns: Column[] = [...record.columns].map(([name, type]) => ({
    name,
    type: parseCqlType(type),
    isStatic: record.statics.has(name),
  }));
  const others = columns.filter(({ name }) => !keyNames.includes(name));
  const fieldsOf = await readUserTypes(keyspace, columns, backend);
  const enabled = (property: string) => record.customProperties.get(property)?.get("status") === "enabled";
  // What TTL() and WRITETIME() take: neither keys nor collections nor counters.
  const timed = others.filter(({ type }) => Object.hasOwn(scalarValues, type.name) && type.name !== "counter");
  const functions = [...(enabled("ttl") ? ["TTL"] : []), ...(enabled("client_side_timestamps") ? ["WRITETIME"] : [])];
  const selected = [
    ...columns.map(({ name }) => quoteName(name)),
    ...functions.flatMap((each) =>
      timed.map(({ name }) => `${each}(${quoteName(name)}) AS ${quoteName(`${each} ${name}`)}`),
    ),
  ].join(", ");
  const path = `${quoteName(keyspace)}.${quoteName(table)}`;

  const ttlOf = (row: Row, { name }: Column) => row.get(`TTL ${name}`)?.readInt32BE();
  const cellsOf = (row: Row, of: readonly Column[]) =>
    Object.fromEntries(
      of.flatMap(({ name, type }) => {
        const bytes = row.get(name);
        return bytes ? [[name, { value: cellValue(bytes, type, fieldsOf) }] as const] : [];
      }),
    );
  const withMetadata = (row: Row, cells: Cells, of: readonly Column[], seconds: number): Cells => {
    const entries = of.flatMap((column) => {
      const cell = cells[column.name];
      const left = ttlOf(row, column);
      const written = row.get(`WRITETIME ${column.name}`)?.readBigInt64BE();
      const metadata: Metadata = {
        ...(written !== undefined && { writeTime: String(written) }),
        ...(left !== undefined && { expirationTime: String(seconds + left) }),
      };
      if (!cell) return [];
      return [[column.name, Object.keys(metadata).length > 0 ? { value: cell.value, metadata } : cell] as const];
    });
    return Object.fromEntries(entries);
  };
  const keysOf = (row: Row, names: readonly { readonly name: string }[]) =>
    Object.fromEntries(
      names.flatMap(({ name }) => {
        const bytes = row.get(name);
        const column = columns.find((each) => each.name === name);
        return bytes && column ? [[name, cellValue(bytes, column.type, fieldsOf)] as const] : [];
      }),
    );
  const rowOf = (row: Row, isStatic: boolean): ReadRow => {
    const clustering = isStatic ? [] : clusteringKey;
    const keyCells = [...partitionKey, ...clustering].map(({ name }) => row.get(name) ?? Buffer.alloc(0));
    const own = others.filter((column) => column.isStatic === isStatic);
    const left = own.flatMap((column) => ttlOf(row, column) ?? []);
    const values = cellsOf(row, own);
    const seconds = Math.floor(now().getTime() / 1000);
    const cells = withMetadata(row, values, own, seconds);
    // A row ends with the last of its cells.
    const ends = left.length > 0 && left.length === Object.keys(values).length;
    return {
      key: keyCells.map((cell) => cell.toString("hex")).join("."),
      partitionKeys: keysOf(row, partitionKey),
      clusteringKeys: keysOf(row, clustering),
      image: {
        valueCells: isStatic ? {} : cells,
        staticCells: isStatic ? cells : {},
        ...(ends && { rowMetadata: { expirationTime: String(seconds + Math.max(...left)) } }),
      },
      content: JSON.stringify(values),
      keyCells,
      secondsLeft: left.length > 0 ? Math.min(...left) : undefined,
    };
  };
  const read: ImageReader["read"] = async (where, values, isStatic) => {
    const query = `SELECT ${selected} FROM ${path} WHERE ${where} LIMIT ${isStatic ? 1 : limit + 1}`;
    const rows = await backend.query(query, values);
    return rows.flatMap((row) => {
      // Of a partition with nothing but static columns there is one row, without a clustering key.
      const isRow = clusteringKey.every(({ name }) => row.get(name));
      if (!isStatic) return isRow ? [rowOf(row, false)] : [];
      return others.some((column) => column.isStatic && row.get(column.name)) ? [rowOf(row, true)] : [];
    });
  };
  return {
    read,
    readOne: async (keyCells) => {
      const names = keyNames.slice(0, keyCells.length);
      const where = names.map((name) => `${quoteName(name)} = ?`).join(" AND ");
      const [row] = await read(where, keyCells, keyCells.length < keyNames.length);
      return row;
    },
  };
}

async function readUserTypes(keyspace: string, columns: readonly Column[], backend: Backend): Promise<FieldsOf> {
  const known = new Map<string, { readonly name: string; readonly type: CqlType }[]>();
  let wanted = columns.flatMap(({ type }) => userTypesIn(type));
  while (wanted.length > 0) {
    const found: CqlType[] = [];
    for (const name of new Set(wanted)) {
      const [row = new Map()] = await backend.query(
        `SELECT field_names, field_types FROM system_schema.types WHERE keyspace_name = ${quoteString(keyspace)} AND type_name = ${quoteString(name)}`,
      );
      const types = textsOf(row.get("field_types")).map(parseCqlType);
      known.set(
        name,
        textsOf(row.get("field_names")).map((field, index) => ({ name: field, type: types[index]! })),
      );
      found.push(...types);
    }
    wanted = found.flatMap(userTypesIn).filter((name) => !known.has(name));
  }
  return (type) => known.get(type) ?? [];
}
