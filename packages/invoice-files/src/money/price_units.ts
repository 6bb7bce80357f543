import { formatNumber, formatPlural, StepError } from "@keyspaces-segmentation/common";
import type { Decision } from "@keyspaces-segmentation/table-files";
import type { Table } from "../columns/table.js";

/** How many pieces a price is for, in a ledger: 1, 10, 100, with zeros behind a decimal sign or not. */
const UNIT = /^(10{0,4})(?:[.,]0+)?$/;

/** The number of pieces that a field says; undefined for none. */
export const priceUnitOf = (text: string): bigint | undefined => {
  const digits = UNIT.exec(text)?.[1];
  return digits === undefined ? undefined : BigInt(digits);
};

/** Whether a column, as SAP's price unit, says for how many pieces the price beside it is, and not for one always. */
export function hasPriceUnits(table: Table): Decision<boolean> {
  const none: Decision<boolean> = { value: false, evidence: "", confidence: "certain" };
  const { price, per } = table.positions;
  if (per === undefined || price === undefined) return none;
  const several = table.linesWith(per, (text) => (priceUnitOf(text) ?? 1n) > 1n);
  if (several === 0 || ![...table.countsOf("per").keys()].every((text) => priceUnitOf(text) !== undefined)) return none;
  const lines = table.linesWith(per, (text) => text !== "");
  return {
    value: true,
    evidence: `${formatNumber(several)} of ${formatPlural(lines, "line")} of the sample say that the price is for more than one piece`,
    confidence: "likely",
  };
}

/** @throws StepError where a quantity times a price would be of two measures */
export function refuseOtherMeasures(quantity: string | null, price: string | null): void {
  if (quantity === null || price === null || quantity === price) return;
  throw new StepError({
    tried: "tell how the file is meant",
    got: `quantities are in ${quantity} and prices for each ${price}`,
    hint: 'Bring both to one measure in the file, or name a column of amounts of lines: columns="price=-; amount=Name of the column".',
  });
}
