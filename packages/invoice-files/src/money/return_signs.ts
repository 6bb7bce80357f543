import { formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import type { Decision } from "@keyspaces-segmentation/table-files";
import { fieldAt, type Table } from "../columns/table.js";
import { signReader } from "./signs.js";
import type { NumberFormats } from "./worth.js";

/**
 * Finds whether a file's returns have their minus twice, before quantity and price alike: quantity × price would be a sale. Where prices
 * are below zero elsewhere too, as those of discounts, both signs are meant.
 */
export function returnSignsOf({ lines, positions }: Table, formats: NumberFormats): Decision<boolean> {
  const { quantity, price, amount } = positions;
  const none: Decision<boolean> = { value: false, evidence: "", confidence: "certain" };
  const money = price ?? amount;
  if (quantity === undefined || money === undefined) return none;
  const [readQuantity, readPrice] = [signReader(formats.quantity), signReader(formats.price)];
  let [returns, twice] = [0, 0];
  for (const { fields } of lines) {
    const pieces = readQuantity(fieldAt(fields, quantity));
    const each = readPrice(fieldAt(fields, money));
    // Of an amount it is the plus that contradicts a quantity below zero.
    const isBelowZero = price === undefined ? each < 0 !== pieces < 0 : each < 0;
    if (pieces > 0 && isBelowZero && each !== 0) return none;
    if (pieces >= 0 || each === 0) continue;
    returns++;
    if (isBelowZero) twice++;
  }
  if (returns === 0 || twice < returns) return none;
  const what = price === undefined ? "an amount above zero with a quantity below" : "quantity and price below zero";
  return {
    value: true,
    evidence: `${formatPlural(returns, "line")} of the sample ${pluralForm(returns, "has", "have")} ${what}`,
    confidence: "likely",
  };
}
