import { formatNumber, formatPlural, pluralForm } from "@keyspaces-segmentation/common";
import type { Decision, TableRecord } from "@keyspaces-segmentation/table-files";
import { fieldAt, type Table } from "../columns/table.js";
import { saysTotal } from "../money/total_lines.js";
import { linesWorth, type NumberFormats, worthReader } from "../money/worth.js";
import { salesWithoutArticle } from "./lines_without_article.js";
import { invoiceKeyReader } from "./purchases.js";

/** What stands for the stock code of a line that has none. */
export interface StockCodes {
  /** The description does. */
  readonly orDescription: boolean;
  /** A dash does, where nothing else is there. */
  readonly areMissing: boolean;
  readonly text: string;
  /** What to look at before the figures are believed: money of lines that have no code. */
  readonly warnings: readonly string[];
}

/** So few lines with a description only are faults; shops have more of them for gift cards and what is sold once. */
const FEW_DESCRIBED = 0.005;
/** So few may be balances, payments or corrections beside articles that all have codes: what they come to is looked at, and said. */
const FEW = 0.05;
/** Each worth more than any line with a code, and so much of what all these come to, they are no sales. */
const MUCH = 0.5;
/** Less money of what has a code is not worth a warning. */
const LITTLE = 0.01;

/** Finds whether a file's articles have codes. */
export function stockCodesOf(table: Table, formats: NumberFormats): Decision<StockCodes> {
  const { lines: body, positions } = table;
  const { stockCode, description } = positions;
  const warnings: string[] = [];
  const result = (value: Omit<StockCodes, "warnings">, evidence: string): Decision<StockCodes> => ({
    value: { ...value, warnings },
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
  const sales = salesWithoutArticle(table, formats);
  const areMissing = sales.length > 0;
  const dash = areMissing ? ", or a dash" : "";
  const none = `${linesWorth(sales, positions, formats)} of the sample ${pluralForm(sales.length, "has", "have")} no article at all, nor any other of the same invoice`;
  if (areMissing) {
    warnings.push(
      `${none}: ${pluralForm(sales.length, "it counts as a sale", "they count as sales")}. Where they are payments of other invoices or add up other lines, that money counts twice: leave them out of the file.`,
    );
  }
  if (stockCode === undefined) {
    const evidence = `there is no column for them${areMissing ? `; ${none}` : ""}`;
    return result({ orDescription: true, areMissing, text: `the description${dash}` }, evidence);
  }
  const isDescribed = (text: string): boolean => text !== "" && !saysTotal(text);
  const without = body.filter(
    ({ fields }) => fieldAt(fields, stockCode) === "" && isDescribed(fieldAt(fields, description)),
  );
  if (without.length <= FEW_DESCRIBED * body.length) {
    const text = areMissing ? "a dash where there is none" : "";
    return result({ orDescription: areMissing, areMissing, text }, areMissing ? none : "");
  }
  const some = `${linesWorth(without, positions, formats)} of the sample ${pluralForm(without.length, "has", "have")} a description only`;
  if (without.length <= FEW * body.length) {
    const { share, areDear } = weightOf(without, table, formats);
    const isLeftOut = areDear && !areMissing;
    const count = isLeftOut
      ? pluralForm(without.length, "it is rejected", "they are rejected")
      : pluralForm(without.length, "it counts as a sale", "they count as sales");
    if (share > LITTLE) warnings.push(`${some}, and no stock code: ${count}.`);
    if (isLeftOut) {
      const evidence = `${some}, and more than half of what those with a code come to, each more than any of these`;
      return result({ orDescription: false, areMissing, text: "rejected where there is none" }, evidence);
    }
  }
  const text = `the description where there is none${dash}`;
  return result({ orDescription: true, areMissing, text }, areMissing ? `${some}; ${none}` : some);
}

/** What share some lines come to of what those with a code do, and whether they are much, each more than any of these. */
function weightOf(
  without: readonly TableRecord[],
  { lines, positions }: Table,
  formats: NumberFormats,
): { share: number; areDear: boolean } {
  const worth = worthReader(positions, formats);
  const sizesOf = (of: readonly TableRecord[]): number[] => of.map(({ fields }) => Math.abs(worth(fields)));
  const sumOf = (sizes: readonly number[]): number => sizes.reduce((sum, size) => sum + size, 0);
  const coded = sizesOf(lines.filter(({ fields }) => fieldAt(fields, positions.stockCode) !== ""));
  const sizes = sizesOf(without);
  const largest = coded.reduce((most, size) => Math.max(most, size), 0);
  const dear = sizes.filter((size) => size > largest);
  const all = sumOf(coded);
  return { share: all === 0 ? 0 : sumOf(sizes) / all, areDear: sumOf(dear) > MUCH * all };
}

/** How many lines have no description, of invoices that have none at all: beside others, such a line may add them up. */
function undescribed({ lines, positions }: Table): number {
  const invoiceOf = invoiceKeyReader(positions);
  const isDescribed = (fields: readonly string[]): boolean => fieldAt(fields, positions.description) !== "";
  const described = new Set(lines.filter(({ fields }) => isDescribed(fields)).map(({ fields }) => invoiceOf(fields)));
  return lines.filter(({ fields }) => !described.has(invoiceOf(fields))).length;
}
