import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import type { Decision } from "@keyspaces-segmentation/table-files";
import { fieldAt, type Table } from "../columns/table.js";
import { invoiceKeyReader } from "./purchases.js";

/** What stands for the stock code of a line that has none. */
export interface StockCodes {
  /** The description does. */
  readonly orDescription: boolean;
  /** No column has any, and a dash stands for all. */
  readonly areMissing: boolean;
  readonly text: string;
}

/** Of lines without a code, more than either are a shop's way of selling, such as articles of the till; fewer are faults of single lines. */
const FEW = 0.05;
const FEW_OF_MANY = 0.01;
/** Fewer lines are no share. */
const SLIPS = 20;

/** Finds whether a file's articles have codes. */
export function stockCodesOf(table: Table): Decision<StockCodes> {
  const { lines: body, positions } = table;
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
    const blank = undescribed(table);
    if (2 * blank > body.length) {
      const evidence = `there is no column for them, and ${formatNumber(blank)} of ${formatPlural(body.length, "description")} ${blank === 1 ? "is" : "are"} empty`;
      return result({ orDescription: false, areMissing: true, text: "none" }, evidence);
    }
    return result({ orDescription: true, areMissing: false, text: "the description" }, "there is no column for them");
  }
  const without = body.filter(
    ({ fields }) => fieldAt(fields, stockCode) === "" && fieldAt(fields, description) !== "",
  ).length;
  const few = without < SLIPS ? FEW : FEW_OF_MANY;
  if (without <= few * body.length) return result({ orDescription: false, areMissing: false, text: "" }, "");
  return result(
    { orDescription: true, areMissing: false, text: "the description where there is none" },
    `${formatPlural(without, "line")} of the sample ${without === 1 ? "has" : "have"} a description only`,
  );
}

/** How many lines have no description, of invoices that have none at all: beside others, such a line may add them up. */
function undescribed({ lines, positions }: Table): number {
  const invoiceOf = invoiceKeyReader(positions);
  const isDescribed = (fields: readonly string[]): boolean => fieldAt(fields, positions.description) !== "";
  const described = new Set(lines.filter(({ fields }) => isDescribed(fields)).map(({ fields }) => invoiceOf(fields)));
  return lines.filter(({ fields }) => !described.has(invoiceOf(fields))).length;
}
