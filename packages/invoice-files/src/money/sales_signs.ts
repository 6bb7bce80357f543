import { formatNumber, formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import type { Decision } from "@keyspaces-segmentation/table-files";
import { fieldAt, type Table } from "../columns/table.js";
import { signReader } from "./signs.js";
import type { NumberFormats } from "./worth.js";

/** Lines of which more than this share of all look like returns are rather something else: payments, cards, a mark of another kind. */
export const LARGEST_SHARE_OF_RETURNS = 0.35;

/** In a sample of fewer lines any share may be of returns. */
export const FEWEST_LINES_FOR_SHARE = 20;

/**
 * How the sales of a file are signed: `usual`, above zero; `turned`, below it, as on the books of stock or revenue; `both`, with a minus
 * before the quantity that their money does not mean.
 */
export type SalesSigns = "usual" | "turned" | "both";

/** Of fewer lines, those below zero may all be returns. */
const FEWEST = 5;
/** Returns are not so many. */
const MOST = 0.65;

/** Finds how the sales of a file are signed, by the lines that are below zero: most lines are sales. */
export function salesSignsOf({ lines: body, positions }: Table, formats: NumberFormats): Decision<SalesSigns> {
  const { quantity, price, amount } = positions;
  const usual: Decision<SalesSigns> = { value: "usual", evidence: "", confidence: "certain" };
  const money = price ?? amount;
  if (money === undefined) return usual;
  const [readQuantity, readMoney] = [signReader(formats.quantity), signReader(formats.price)];
  let [lines, below, both] = [0, 0, 0];
  for (const { fields } of body) {
    const pieces = quantity === undefined ? 1 : readQuantity(fieldAt(fields, quantity));
    const each = readMoney(fieldAt(fields, money));
    if (pieces === 0 || each === 0) continue;
    lines++;
    const worth = price === undefined ? each : pieces * each;
    if (worth < 0) below++;
    else if (pieces < 0) both++;
  }
  if (lines < FEWEST) return usual;
  const evidence = (count: number, what: string): string =>
    `${formatNumber(count)} of ${formatPlural(lines, "line")} of the sample have ${what}, more than returns would`;
  if (below > MOST * lines)
    return { value: "turned", evidence: evidence(below, "money below zero"), confidence: "likely" };
  if (both > MOST * lines) {
    return {
      value: "both",
      evidence: evidence(both, "a quantity below zero that is worth something"),
      confidence: "likely",
    };
  }
  return usual;
}

/** The same in words. */
export const SALES_SIGNS: Readonly<Record<SalesSigns, string>> = {
  usual: "above zero",
  turned: "below zero; all signs are turned",
  both: "with a quantity below zero, whose sign is turned",
};

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
