import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { simplified } from "../columns/column_names.js";
import type { Positions } from "../columns/map_columns.js";
import { fieldAt, type Table } from "../columns/table.js";
import { type CancelledColumn, isCancelled } from "./cancelled_columns.js";
import { mayBeNoSale, type StateColumn } from "./state_words.js";

/** What is called off, and neither void, a trial nor a draft. */
const CALLED_OFF = /cancel|storn|annul|anul|iptal|取消/;

/** Of what is called off, so much is below zero; of what is below zero, so much is called off, where corrections of stock are not. */
const ALL_BUT_SLIPS = 0.99;
const MOST = 0.5;

/** In front of the digits of a number. */
const PREFIX = /^\p{L}+(?=[-_/ ]?\d)/u;

/** Columns of states without those that call off lines below zero alone, which take back sales that the file has as well. */
export interface WithoutReturns {
  readonly columns: readonly StateColumn[];
  readonly cancelled: readonly CancelledColumn[];
  /** Positions of those left out. */
  readonly ofReturns: readonly number[];
}

/** Whether lines have numbers of credit notes: letters in front, with which those of sales do not begin. */
function areNumbered(off: readonly TableRecord[], sales: readonly TableRecord[], { invoice }: Positions): boolean {
  const prefixOf = ({ fields }: TableRecord): string => PREFIX.exec(fieldAt(fields, invoice))?.[0] ?? "";
  const ofSales = new Set(sales.map(prefixOf));
  return (
    off.filter((line) => prefixOf(line) !== "" && !ofSales.has(prefixOf(line))).length >= ALL_BUT_SLIPS * off.length
  );
}

/**
 * Whether most lines take back a sale that the file has, to the same customer and of as many of the same article. Sales that are like one
 * another more than half as often show that to be chance.
 */
function takeBack(
  off: readonly TableRecord[],
  sales: readonly TableRecord[],
  { customerId, stockCode, description, quantity, amount }: Positions,
): boolean {
  const keyOf = ({ fields }: TableRecord): string =>
    JSON.stringify([
      fieldAt(fields, customerId),
      fieldAt(fields, stockCode ?? description),
      fieldAt(fields, quantity ?? amount).replaceAll(/[-−()\s]/g, ""),
    ]);
  const counts = new Map<string, number>();
  for (const line of sales) counts.set(keyOf(line), (counts.get(keyOf(line)) ?? 0) + 1);
  const taken = off.filter((line) => fieldAt(line.fields, customerId) !== "" && counts.has(keyOf(line))).length;
  const alike = sales.filter((line) => counts.get(keyOf(line))! > 1).length;
  return taken >= MOST * off.length && alike * off.length <= MOST * taken * sales.length;
}

/**
 * Leaves out columns that say of nothing but the returns that they are cancelled, as many a list has that tells credit notes by their
 * numbers: the lines below zero are what the customer has got back. Where the sale is not in the file either, they are no return.
 */
export function withoutStatesOfReturns(
  { header, lines, positions }: Table,
  { columns, cancelled }: Pick<WithoutReturns, "columns" | "cancelled">,
  isBack: (fields: readonly string[]) => boolean,
): WithoutReturns {
  if (columns.length === 0 && cancelled.length === 0) return { columns, cancelled, ofReturns: [] };
  const backs = lines.filter(({ fields }) => isBack(fields)).length;
  const areReturns = (isOff: (fields: readonly string[]) => boolean): boolean => {
    const off = lines.filter(({ fields }) => isOff(fields));
    const ofBacks = off.filter(({ fields }) => isBack(fields)).length;
    if (ofBacks === 0 || ofBacks < ALL_BUT_SLIPS * off.length || ofBacks < MOST * backs) return false;
    const sales = lines.filter(({ fields }) => !isBack(fields));
    return areNumbered(off, sales, positions) || takeBack(off, sales, positions);
  };
  const ofReturns = [
    ...cancelled
      .filter(
        ({ at, by }) =>
          CALLED_OFF.test(simplified(header[at]!)) && areReturns((fields) => isCancelled(fieldAt(fields, at), by)),
      )
      .map(({ at }) => at),
    ...columns
      .filter(({ at }) =>
        areReturns((fields) => CALLED_OFF.test(simplified(fieldAt(fields, at))) && mayBeNoSale(fieldAt(fields, at))),
      )
      .map(({ at }) => at),
  ];
  return {
    columns: columns.filter(({ at }) => !ofReturns.includes(at)),
    cancelled: cancelled.filter(({ at }) => !ofReturns.includes(at)),
    ofReturns,
  };
}
