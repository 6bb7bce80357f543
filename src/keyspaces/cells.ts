import type { Decimal } from "../retail/decimal.js";
import type { InvoiceLine } from "../retail/parse.js";

/** A value as the protocol carries it; undefined leaves the column unset, which costs nothing, where null would write a tombstone. */
export type Cell = Buffer | undefined;

/** As many distinct values of a column are kept; a shop has few thousand articles and prices. */
const REMEMBERED = 20_000;

/**
 * Turns invoice lines into the cells of a row of the table `online_retail`, in the order of its columns. The driver sends a Buffer
 * as it is, so that a value that comes again, as most do, is encoded once.
 *
 * @see https://github.com/apache/cassandra/blob/trunk/doc/native_protocol_v4.spec, section 6
 */
export function lineEncoder(): (line: InvoiceLine) => Cell[] {
  const invoice = remembered(textCell, 1);
  const stockCode = remembered(textCell);
  const description = remembered(textCell);
  const customerId = remembered(textCell);
  const country = remembered(textCell);
  const count = remembered(intCell);
  // The parser gives equal prices and dates as the same object.
  const price = remembered(decimalCell);
  const invoiceDate = remembered(timestampCell);
  return (line) => [
    invoice(line.invoice),
    stockCode(line.stockCode),
    count(line.line),
    line.description === null ? undefined : description(line.description),
    count(line.quantity),
    invoiceDate(line.invoiceDate),
    price(line.price),
    line.customerId === null ? undefined : customerId(line.customerId),
    line.country === null ? undefined : country(line.country),
  ];
}

function remembered<T>(encode: (value: T) => Buffer, limit = REMEMBERED): (value: T) => Buffer {
  const known = new Map<T, Buffer>();
  return (value) => {
    let cell = known.get(value);
    if (cell === undefined) {
      if (known.size >= limit) known.clear();
      cell = encode(value);
      known.set(value, cell);
    }
    return cell;
  };
}

function textCell(text: string): Buffer {
  return Buffer.from(text, "utf8");
}

function intCell(value: number): Buffer {
  const cell = Buffer.alloc(4);
  cell.writeInt32BE(value);
  return cell;
}

function timestampCell(moment: Date): Buffer {
  const cell = Buffer.alloc(8);
  cell.writeBigInt64BE(BigInt(moment.getTime()));
  return cell;
}

/** The scale, and the unscaled value in two's complement with as few bytes as hold it and its sign. */
function decimalCell({ unscaled, scale }: Decimal): Buffer {
  let bytes = 1;
  while (BigInt.asIntN(8 * bytes, unscaled) !== unscaled) bytes++;
  const cell = Buffer.alloc(4 + bytes);
  cell.writeInt32BE(scale);
  let rest = unscaled;
  for (let at = cell.length - 1; at >= 4; at--) {
    cell[at] = Number(BigInt.asUintN(8, rest));
    rest >>= 8n;
  }
  return cell;
}

/** The key of a row: invoice, stock code, line. */
export function keyOf([invoice, stockCode, line]: readonly Cell[]): [string, string, number] {
  return [String(invoice), String(stockCode), line!.readInt32BE()];
}
