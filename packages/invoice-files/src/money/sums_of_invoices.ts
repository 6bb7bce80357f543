import { formatPlural } from "@keyspaces-segmentation/common";
import type { TableRecord } from "@keyspaces-segmentation/table-files";
import type { Positions } from "../columns/map_columns.js";
import type { Table } from "../columns/table.js";
import { invoiceKeyReader } from "../orders/purchases.js";
import type { ReadingRow } from "../reading_row.js";
import { saysTotal } from "./total_lines.js";
import { aboutReader, linesWorth, type NumberFormats, worthReader } from "./worth.js";

/** Fewer invoices tell nothing. */
const FEWEST = 3;
const NEARLY_ALL = 0.9;
/** Of two lines that are alike none adds up the other. */
const SEVERAL = 3;
/** Amounts that differ by less are one. */
const LEAST = 0.005;

interface Valued {
  readonly record: TableRecord;
  readonly worth: number;
}

/**
 * What is said where the lines of nearly all invoices add up in a way that no sales do: one line comes to what all others come to, as a total,
 * the payment or a set beside its parts; or all of them come to nothing, as both sides of a ledger.
 */
export function sumsOfInvoicesOf(table: Table, formats: NumberFormats): ReadingRow[] {
  const invoices = [...invoicesOf(table, formats).values()];
  return [...addingRows(invoices, table.positions, formats), ...nothingRows(invoices)];
}

function invoicesOf(table: Table, formats: NumberFormats): Map<string, Valued[]> {
  const { lines, positions } = table;
  const invoiceOf = invoiceKeyReader(positions);
  const [worthOf, money] = [worthReader(positions, formats), aboutReader(formats.price)];
  const { credit, stockCode, description } = positions;
  const isTotal = table.linesTest([stockCode, description], saysTotal);
  const invoices = new Map<string, Valued[]>();
  for (const record of lines) {
    const { fields } = record;
    const worth = worthOf(fields) - (credit === undefined ? 0 : Math.abs(money(fields, credit)));
    if (Math.abs(worth) < LEAST || isTotal(fields)) continue;
    const number = invoiceOf(fields);
    const known = invoices.get(number);
    if (known) known.push({ record, worth });
    else invoices.set(number, [{ record, worth }]);
  }
  return invoices;
}

const totalOf = (lines: readonly Valued[]): number => lines.reduce((sum, { worth }) => sum + worth, 0);

/** The line that comes to what all others of its invoice come to. */
function addingLine(lines: readonly Valued[]): Valued | undefined {
  if (lines.length < 2) return undefined;
  const total = totalOf(lines);
  return lines.find(({ worth }) => Math.abs(2 * worth - total) < LEAST);
}

function addingRows(invoices: readonly Valued[][], positions: Positions, formats: NumberFormats): ReadingRow[] {
  const several = invoices.filter((lines) => lines.length >= SEVERAL);
  const adding = several.filter((lines) => addingLine(lines) !== undefined).length;
  if (adding < FEWEST || adding < NEARLY_ALL * several.length) return [];
  const found = invoices.flatMap((lines) => addingLine(lines)?.record ?? []);
  return [
    {
      what: "lines that add up others",
      readAs: "each counts",
      because: `${linesWorth(found, positions, formats)} of the sample come to what the other lines of their invoice come to, in ${adding} of ${formatPlural(several.length, "invoice")} of three lines and more: where they are totals, payments or sets beside their parts, that money counts twice; leave them out of the file`,
      confidence: "likely",
    },
  ];
}

function nothingRows(invoices: readonly Valued[][]): ReadingRow[] {
  const several = invoices.filter((lines) => lines.length > 1);
  const empty = several.filter((lines) => Math.abs(totalOf(lines)) < LEAST).length;
  if (empty < FEWEST || empty < NEARLY_ALL * several.length || 2 * empty < invoices.length) return [];
  return [
    {
      what: "invoices that come to nothing",
      readAs: "each line counts",
      because: `the lines of ${empty} of ${formatPlural(several.length, "invoice")} of several lines add up to 0: where some are payments, or the other side of a ledger, customers seem to have spent nothing; leave those out of the file`,
      confidence: "likely",
    },
  ];
}
