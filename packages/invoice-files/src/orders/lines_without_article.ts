import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { fieldAt, type Table } from "../columns/table.js";
import { saysTotal } from "../money/total_lines.js";
import { type NumberFormats, worthReader } from "../money/worth.js";
import { dayOf } from "./purchases.js";

/** Of lines without an article, so few beside invoices of several lines are faults of single lines. */
const FEW = 0.05;
/** Amounts that differ by less are one. */
const LEAST = 0.005;

/** Lines with an article, and lines with none. */
interface Parted {
  readonly sold: readonly TableRecord[];
  readonly blank: readonly TableRecord[];
}

const isMost = (lines: number, all: number): boolean => 2 * lines > all;

/**
 * The lines that have neither code nor description and stand beside none that has, as payments that are of no article. None where some stand
 * beside others of their invoice, which they may add up, or where they are so few beside invoices of several lines that they may be faults; nor,
 * where articles have codes, where anything else tells that they are no sales.
 */
export function salesWithoutArticle(table: Table, formats: NumberFormats): readonly TableRecord[] {
  const { lines, positions } = table;
  const { invoice, invoiceDate, stockCode, description } = positions;
  if (invoice === undefined) return [];
  const numberOf = ({ fields }: TableRecord): string => fieldAt(fields, invoice);
  const hasArticle = ({ fields }: TableRecord): boolean =>
    fieldAt(fields, stockCode) !== "" || fieldAt(fields, description) !== "";
  const sold = lines.filter(hasArticle);
  const isSale = (line: TableRecord): boolean =>
    numberOf(line) !== "" && fieldAt(line.fields, invoiceDate) !== "" && !saysTotal(numberOf(line));
  const blank = lines.filter((line) => !hasArticle(line) && isSale(line));
  if (blank.length === 0) return [];
  const described = new Set(sold.map(numberOf));
  if (blank.some((line) => described.has(numberOf(line)))) return [];
  const invoices = new Set(lines.map(numberOf));
  if (invoices.size < lines.length && blank.length <= FEW * lines.length) return [];
  return stockCode !== undefined && areNoSales(table, { sold, blank }, formats) ? [] : blank;
}

/** Whether lines without an article are rather payments of invoices, sums of customers or days, or what was taken out of the till. */
function areNoSales(table: Table, { sold, blank }: Parted, formats: NumberFormats): boolean {
  const { lines, positions } = table;
  const { invoice, quantity } = positions;
  const numberOf = ({ fields }: TableRecord): string => fieldAt(fields, invoice);
  const isCounted = ({ fields }: TableRecord): boolean => quantity !== undefined && fieldAt(fields, quantity) !== "";
  const counted = lines.filter(isCounted).length;
  if (2 * counted >= lines.length && !isMost(blank.filter(isCounted).length, blank.length)) return true;
  const invoicesSold = new Set(sold.map(numberOf));
  const areOfSeveral = sold.length - invoicesSold.size > FEW * invoicesSold.size;
  if (areOfSeveral && !isMost(blank.length, lines.length)) return true;
  if (areNumberedApart([...invoicesSold], blank.map(numberOf))) return true;
  const worth = worthReader(positions, formats);
  if (blank.every(({ fields }) => worth(fields) < 0)) return true;
  const addsUp = addingReader(table, { sold, blank }, worth);
  return isMost(blank.filter(addsUp).length, blank.length);
}

/** Whether numbers begin with letters of their own, as "Z9" beside "R1", "R2" and "R3", which share theirs. */
function areNumberedApart(sold: readonly string[], blank: readonly string[]): boolean {
  const lettersOf = (number: string): string => /^\p{L}*/u.exec(number)![0].toLowerCase();
  const known = new Set(sold.map(lettersOf));
  const apart = blank.filter((number) => !known.has(lettersOf(number)));
  return 2 * known.size <= sold.length && isMost(apart.length, blank.length);
}

/**
 * Tells the lines that come to what an invoice of their customer does, all of the customer or of the day, or the lines above them since the last
 * such line; and those whose number is that of others without what is behind it, as 12 of 12-1 and 12-2.
 */
function addingReader(
  { lines, positions }: Table,
  { sold, blank }: Parted,
  worth: (fields: readonly string[]) => number,
): (line: TableRecord) => boolean {
  const { invoice, invoiceDate, customerId } = positions;
  const stemOf = (number: string): string => number.replace(/[-/._ ]+[\p{L}\p{N}]+$/u, "");
  const keysOf = ({ fields }: TableRecord): string[] => {
    const [customer, day] = [fieldAt(fields, customerId), dayOf(fieldAt(fields, invoiceDate))];
    return [`day ${day}`, ...(customer === "" ? [] : [`customer ${customer}`, `both ${customer} ${day}`])];
  };
  const sums = new Map<string, number>();
  const ofInvoices = new Map<string, { customer: string; sum: number }>();
  const above = new Map<TableRecord, number>();
  const numbers = new Set<string>();
  const [soldLines, blankLines] = [new Set(sold), new Set(blank)];
  let since = 0;
  for (const line of lines) {
    const money = worth(line.fields);
    if (blankLines.has(line)) {
      above.set(line, since);
      since = 0;
    }
    if (!soldLines.has(line)) continue;
    since += money;
    for (const key of keysOf(line)) sums.set(key, (sums.get(key) ?? 0) + money);
    const number = fieldAt(line.fields, invoice);
    numbers.add(number).add(stemOf(number));
    const customer = fieldAt(line.fields, customerId);
    ofInvoices.set(number, { customer, sum: (ofInvoices.get(number)?.sum ?? 0) + money });
  }
  const inCents = (money: number): number => Math.round(Math.abs(money) * 100);
  const totals = new Set([...ofInvoices.values()].map(({ customer, sum }) => `${customer} ${inCents(sum)}`));
  return (line) => {
    const { fields } = line;
    const number = fieldAt(fields, invoice);
    if (numbers.has(number) || numbers.has(stemOf(number))) return true;
    const money = worth(fields);
    const customer = fieldAt(fields, customerId);
    if (customer !== "" && totals.has(`${customer} ${inCents(money)}`)) return true;
    const others = [above.get(line), ...keysOf(line).map((key) => sums.get(key))];
    return others.some((sum) => sum !== undefined && Math.abs(Math.abs(money) - Math.abs(sum)) < LEAST);
  };
}
