import { looksBelowZero, looksLikeNumber, type NumberFormat, numberReader } from "@keyspaces-segmentation/table-files";
import type { Table } from "../columns/table.js";
import { remembered } from "../remembered.js";

/** Whether a field has a number other than zero, whatever its decimal sign is. */
export const isAmount = (text: string): boolean => /[1-9]/.test(text) && looksLikeNumber(text);

/** Whether it has one below zero. */
const isBelowZero = (text: string): boolean => isAmount(text) && looksBelowZero(text);

/** Whether it has one above zero. */
export const isAboveZero = (text: string): boolean => isAmount(text) && !looksBelowZero(text);

/** Tells the lines of which the quantity or the money is below zero. */
export function belowZeroReader(table: Table): (fields: readonly string[]) => boolean {
  const { quantity, price, amount } = table.positions;
  return table.linesTest([quantity, price ?? amount], isBelowZero);
}

/** Reads the sign of a number as a column writes them: −1, 1, and 0 for zero and for what is none. */
export function signReader(format: NumberFormat): (text: string) => number {
  const read = numberReader(format);
  return remembered((text) => {
    const { unscaled = 0n } = read(text) ?? {};
    return unscaled === 0n ? 0 : unscaled < 0n ? -1 : 1;
  });
}
