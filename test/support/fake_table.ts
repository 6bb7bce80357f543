import type { InvoiceLine } from "@keyspaces-segmentation/invoices";
import { PackedRows } from "@keyspaces-segmentation/keyspaces-bulk/dist/driver/packed_rows.js";
import { type Client, errors, types } from "cassandra-driver";

/** The bytes of a cell's value; null for none. */
export type CellBytes = Buffer | null;

/** Rows as they come over the wire, behind some bytes of something else. */
export function packedRows(rows: readonly (readonly CellBytes[])[]): PackedRows {
  const parts = rows.flat().map((cell) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(cell?.length ?? -1);
    return cell === null ? length : Buffer.concat([length, cell]);
  });
  return new PackedRows(rows.length, Buffer.concat([Buffer.from("before"), ...parts, Buffer.from("after")]), 6);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function int64(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** A varint, in two's complement with as few bytes as hold it and its sign. */
function varint(value: bigint): Buffer {
  let bits = 8;
  while (BigInt.asIntN(bits, value) !== value) bits += 8;
  return Buffer.from(
    BigInt.asUintN(bits, value)
      .toString(16)
      .padStart(bits / 4, "0"),
    "hex",
  );
}

export function readVarint(bytes: Buffer): bigint {
  return BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString("hex")}`));
}

/** A decimal with an unscaled value of eight bytes. */
const decimalBytes = (unscaled: bigint, scale: number): Buffer => Buffer.concat([int32(scale), int64(unscaled)]);

const text = (value: string | null): CellBytes => (value === null ? null : Buffer.from(value));

/** A line's cells, in the order in which `readCustomers` and `readInvoiceLines` ask for columns. */
export const cellsOf = (line: InvoiceLine): CellBytes[] => [
  text(line.invoice),
  text(line.stockCode),
  decimalBytes(line.quantity.unscaled, line.quantity.scale),
  int64(BigInt(line.invoiceDate.getTime())),
  decimalBytes(line.price.unscaled, line.price.scale),
  text(line.customerId),
  text(line.country),
  int32(line.line),
  text(line.description),
];

export interface FakePartition {
  token: bigint;
  /** In clustering order; the first cell is the partition key. */
  rows: CellBytes[][];
}

/** A request for a page of the table. */
interface PageRequest {
  query: string;
  params: unknown[];
  consistency: number | undefined;
  fetchSize: number | undefined;
  /** How many of the range's rows have been given before; undefined without a paging state. */
  from: number | undefined;
}

export interface FakeTable {
  client: Client;
  partitions: FakePartition[];
  pages: PageRequest[];
  tokenRequests: number;
}

export interface FakeOptions {
  partitioner?: string;
  /** How many rows a page holds; 0 for an empty one that is not the last. */
  pageSize?: (request: PageRequest) => number;
  /** Called before each page, to throw what the service would answer instead. */
  fault?: (request: PageRequest) => void;
}

const murmur3 = "org.apache.cassandra.dht.Murmur3Partitioner";

/** What Cassandra says of a paging state that it cannot read. */
export const badPagingState = (): errors.ResponseError =>
  new errors.ResponseError(types.responseErrorCodes.protocolError, "Invalid value for the paging state");

/** A client of a table that is not there: answers the requests of a scan as the service does, page after page, by token. */
export function fakeTable(partitions: FakePartition[], options: FakeOptions = {}): FakeTable {
  const { partitioner = murmur3, pageSize = () => 10, fault } = options;
  // The type of token(…): a bigint of Murmur3, a varint of the others.
  const isMurmur3 = partitioner.endsWith("Murmur3Partitioner");
  const table: FakeTable = { client: undefined as never, partitions, pages: [], tokenRequests: 0 };

  const rowsBetween = (query: string, params: Buffer[]): CellBytes[][] => {
    const bounds = params.map((bytes) => (isMurmur3 ? bytes.readBigInt64BE() : readVarint(bytes)));
    const first = query.includes(">=") ? bounds.shift() : undefined;
    const last = query.includes("<=") ? bounds.shift() : undefined;
    return table.partitions
      .filter(({ token }) => (first === undefined || token >= first) && (last === undefined || token <= last))
      .toSorted(
        (a, b) =>
          (a.token < b.token ? -1 : a.token > b.token ? 1 : 0) || Buffer.compare(a.rows[0]![0]!, b.rows[0]![0]!),
      )
      .flatMap(({ rows }) => rows);
  };

  const execute = async (
    query: string,
    params: Buffer[],
    { pageState, consistency, fetchSize }: { pageState?: string; consistency?: number; fetchSize?: number } = {},
  ): Promise<object> => {
    if (query.includes("system.local")) return { rows: [{ partitioner }] };
    const columns = query.slice("SELECT ".length, query.indexOf(" FROM ")).split(", ").length;
    if (query.startsWith("SELECT token(")) {
      table.tokenRequests++;
      const found = table.partitions.find(({ rows }) => rows[0]![0]!.equals(params[0]!));
      const token = found && (isMurmur3 ? int64(found.token) : varint(found.token));
      return { rows: packedRows(token ? [[token]] : []), pageState: null };
    }
    const from = pageState === undefined ? undefined : Number(pageState);
    const request = { query, params, consistency, fetchSize, from };
    table.pages.push(request);
    if (table.pages.length > 50_000) throw new Error("the scan has no end");
    fault?.(request);
    const all = rowsBetween(query, params);
    const end = (from ?? 0) + pageSize(request);
    const rows = all.slice(from ?? 0, end).map((cells) => cells.slice(0, columns));
    // Like the service, which does not look ahead: the last page may be followed by an empty one.
    return { rows: packedRows(rows), pageState: end <= all.length && all.length > 0 ? String(end) : null };
  };
  table.client = { execute } as unknown as Client;
  return table;
}
