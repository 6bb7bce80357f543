import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import type { Decision } from "@keyspaces-segmentation/table-files";
import { fieldAt, type Table } from "../columns/table.js";
import { saysTotal } from "../money/total_lines.js";
import { invoiceKeyReader } from "./purchases.js";

/** What stands for the stock code of a line that has none. */
export interface StockCodes {
  /** The description does. */
  readonly orDescription: boolean;
  /** A dash does, where nothing else is there. */
  readonly areMissing: boolean;
  readonly text: string;
}

/** Of lines without an article, so few beside invoices of several lines are faults of single lines. */
const FEW = 0.05;
/** Of those with a description only, which shops have for gift cards and what is sold once, so few are. */
const FEW_DESCRIBED = 0.005;

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
  }
  const blank = salesWithoutArticle(table);
  const dash = blank === 0 ? "" : ", or a dash";
  const none = `${formatPlural(blank, "line")} of the sample ${blank === 1 ? "has" : "have"} no article at all, nor any other of the same invoice`;
  const areMissing = blank > 0;
  if (stockCode === undefined) {
    const evidence = `there is no column for them${areMissing ? `; ${none}` : ""}`;
    return result({ orDescription: true, areMissing, text: `the description${dash}` }, evidence);
  }
  const without = body.filter(
    ({ fields }) => fieldAt(fields, stockCode) === "" && fieldAt(fields, description) !== "",
  ).length;
  if (without <= FEW_DESCRIBED * body.length) {
    const text = areMissing ? "a dash where there is none" : "";
    return result({ orDescription: areMissing, areMissing, text }, areMissing ? none : "");
  }
  const some = `${formatPlural(without, "line")} of the sample ${without === 1 ? "has" : "have"} a description only`;
  const text = `the description where there is none${dash}`;
  return result({ orDescription: true, areMissing, text }, areMissing ? `${some}; ${none}` : some);
}

/** How many lines have no description, of invoices that have none at all: beside others, such a line may add them up. */
function undescribed({ lines, positions }: Table): number {
  const invoiceOf = invoiceKeyReader(positions);
  const isDescribed = (fields: readonly string[]): boolean => fieldAt(fields, positions.description) !== "";
  const described = new Set(lines.filter(({ fields }) => isDescribed(fields)).map(({ fields }) => invoiceOf(fields)));
  return lines.filter(({ fields }) => !described.has(invoiceOf(fields))).length;
}

/**
 * How many lines have neither code nor description and stand beside none that has, as payments that are of no article. None where some stand
 * beside others of their invoice, which they may add up, or where they are so few beside invoices of several lines that they may be faults.
 */
function salesWithoutArticle({ lines, positions }: Table): number {
  const { invoice, invoiceDate, stockCode, description } = positions;
  if (invoice === undefined) return 0;
  const numberOf = (fields: readonly string[]): string => fieldAt(fields, invoice);
  const hasArticle = (fields: readonly string[]): boolean =>
    fieldAt(fields, stockCode) !== "" || fieldAt(fields, description) !== "";
  const described = new Set(lines.filter(({ fields }) => hasArticle(fields)).map(({ fields }) => numberOf(fields)));
  const isSale = (fields: readonly string[]): boolean =>
    numberOf(fields) !== "" && fieldAt(fields, invoiceDate) !== "" && !saysTotal(numberOf(fields));
  const blank = lines.filter(({ fields }) => isSale(fields) && !hasArticle(fields));
  if (blank.some(({ fields }) => described.has(numberOf(fields)))) return 0;
  const invoices = new Set(lines.map(({ fields }) => numberOf(fields)));
  return invoices.size < lines.length && blank.length <= FEW * lines.length ? 0 : blank.length;
}
