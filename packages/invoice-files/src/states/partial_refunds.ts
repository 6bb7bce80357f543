import { simplified } from "../columns/column_names.js";
import { isFlag } from "../columns/flags.js";
import type { Positions } from "../columns/map_columns.js";
import { type Table, trimmedAt } from "../columns/table.js";
import { isRefundAmount } from "../money/left_out.js";
import { CENT } from "../money/numbered_lines.js";
import { aboutReader, type NumberFormats, totalReader, worthReader } from "../money/worth.js";

/** Names of money that was paid back. */
const MONEY = /amount|total|value|sum|betrag|wert|montant|valeur|importe|importo|valor|bedrag|belop|kwota|wartosc/;
const BARE =
  /^(?:refund(?:ed|s)?|(?:ruck)?erstatt(?:ung|et)|remboursements?|rembourse|reembolso|rimborso|terugbetaling|zwrot)$/;
/** What is counted, or is but a part of what was paid back. */
const NO_MONEY =
  /tax|vat|gst|mwst|ust|tva|iva|btw|moms|shipping|freight|versand|fee|gebuhr|price|preis|prix|qty|quant|menge|anzahl|pieces|units|items?|count|number|num|nr$|ref$|days|able/;

/** Whether a column has by its name how much money was paid back. */
const isPaidBack = (name: string): boolean => {
  const simple = simplified(name);
  return BARE.test(simple) || (isRefundAmount(name) && MONEY.test(simple) && !NO_MONEY.test(simple));
};

/**
 * The columns with how much was paid back, of lines or of their orders: those that say of some that it was all of it. Others may be before
 * tax or discount, where the price is not.
 *
 * @param isMarked tells lines that a column says something was paid back of
 */
export function paidBackColumnsOf(
  table: Table,
  formats: NumberFormats,
  isMarked: (fields: readonly string[]) => boolean,
): number[] {
  const { header, lines, positions } = table;
  // A column of yes and no, as 1 and 0, has no amounts.
  const hasAmounts = (at: number): boolean => !isFlag([...table.countsAt(at).keys()], { withNumbers: true });
  const named = table.unused("cancelled").filter((at) => isPaidBack(header[at]!) && hasAmounts(at));
  if (named.length === 0) return [];
  const money = aboutReader(formats.price);
  const [worth, total] = [worthReader(positions, formats), totalReader(table, formats)];
  const isAll = (fields: readonly string[], at: number): boolean => {
    const back = Math.abs(money(fields, at));
    return back > 0 && [worth(fields), total(fields)].some((each) => Math.abs(each - back) < CENT);
  };
  const marked = lines.filter(({ fields }) => isMarked(fields));
  return named.filter((at) => marked.some(({ fields }) => isAll(fields, at)));
}

/** Tells, of one line of a file after the other, those of which less was paid back than they come to. */
export function partlyPaidBack(
  columns: readonly number[],
  positions: Positions,
  formats: NumberFormats,
): (fields: readonly string[], isFirst: boolean) => boolean {
  if (columns.length === 0) return () => false;
  const [money, worth] = [aboutReader(formats.price), worthReader(positions, formats)];
  const textOf = (fields: readonly string[]): string => columns.map((at) => trimmedAt(fields, at)).join("");
  const first = { text: "", isPartly: false };
  return (fields, isFirst) => {
    const text = textOf(fields);
    // What is said once of an order, or on each of its lines, is of all of them.
    if (!isFirst && (text === "" || text === first.text)) return first.isPartly;
    const back = Math.max(...columns.map((at) => Math.abs(money(fields, at))));
    const isPartly = back > 0 && back + CENT < worth(fields);
    if (isFirst) Object.assign(first, { text, isPartly });
    return isPartly;
  };
}
