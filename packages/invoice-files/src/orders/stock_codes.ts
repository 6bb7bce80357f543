import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import type { Decision, TableRecord } from "@keyspaces-segmentation/table-files";
import type { Positions } from "../columns/map_columns.js";
import { invoiceKeyReader } from "./purchases.js";

/** What stands for the stock code of a line that has none. */
export interface StockCodes {
  /** The description does. */
  readonly orDescription: boolean;
  /** No column has any, and a dash stands for all. */
  readonly areMissing: boolean;
  readonly text: string;
}

/** Of lines without a code, so many are a shop's way of selling, such as articles of the till; fewer are faults of single lines. */
const FEW = 0.05;

/** Finds whether a file's articles have codes. */
export function stockCodesOf(body: readonly TableRecord[], positions: Positions, shift: number): Decision<StockCodes> {
  const { stockCode, description } = positions;
  const result = (value: StockCodes, evidence: string): Decision<StockCodes> => ({
    value,
    evidence,
    confidence: "certain",
  });
  if (stockCode === undefined && description === undefined) {
    return result(
      { orDescription: false, areMissing: true, text: "none" },
      "there is no column for them, nor for descriptions",
    );
  }
  if (stockCode === undefined) {
    const blank = undescribed(body, positions, shift);
    if (2 * blank > body.length) {
      const evidence = `there is no column for them, and ${formatNumber(blank)} of ${formatPlural(body.length, "description")} ${blank === 1 ? "is" : "are"} empty`;
      return result({ orDescription: false, areMissing: true, text: "none" }, evidence);
    }
  }
  if (stockCode === undefined) {
    return result({ orDescription: true, areMissing: false, text: "the description" }, "there is no column for them");
  }
  const value = (fields: readonly string[], at: number | undefined): string =>
    at === undefined ? "" : (fields[at + shift]?.trim() ?? "");
  const without = body.filter(
    ({ fields }) => value(fields, stockCode) === "" && value(fields, description) !== "",
  ).length;
  if (without <= FEW * body.length) return result({ orDescription: false, areMissing: false, text: "" }, "");
  return result(
    { orDescription: true, areMissing: false, text: "the description where there is none" },
    `${formatPlural(without, "line")} of the sample ${without === 1 ? "has" : "have"} a description only`,
  );
}

/** How many lines have no description, of invoices that have none at all: beside others, such a line may add them up. */
function undescribed(body: readonly TableRecord[], positions: Positions, shift: number): number {
  const invoiceOf = invoiceKeyReader(positions, shift);
  const isDescribed = (fields: readonly string[]): boolean =>
    (fields[positions.description! + shift]?.trim() ?? "") !== "";
  const described = new Set(body.filter(({ fields }) => isDescribed(fields)).map(({ fields }) => invoiceOf(fields)));
  return body.filter(({ fields }) => !described.has(invoiceOf(fields))).length;
}
