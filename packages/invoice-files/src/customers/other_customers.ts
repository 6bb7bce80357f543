import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import { type NobodyOptions, nobodyReader } from "@keyspaces-segmentation/invoices";
import { tierOf } from "../columns/column_names.js";
import { fieldAt, type Table } from "../columns/table.js";
import type { ReadingRow } from "../reading_row.js";
import { remembered } from "../remembered.js";

/** A smaller share of lines without a customer are those of guests as a rule. */
const MANY = 0.2;
const FEWEST = 3;

/** What is said of customers that a column leaves blank in many lines, where another column has them. */
export function otherCustomersOf(table: Table, nobody: NobodyOptions): ReadingRow[] {
  const { header, lines: all } = table;
  const { customerId } = table.positions;
  if (customerId === undefined) return [];
  const read = remembered(nobodyReader(nobody));
  const isNobody = (text: string): boolean => read(text) === null;
  const few = Math.max(FEWEST, MANY * all.length);
  if (table.linesWith(customerId, isNobody) < few) return [];
  const without = all.filter(({ fields }) => isNobody(fieldAt(fields, customerId)));
  const ofOther = table
    .unused()
    .filter((at) => tierOf("customerId", header[at]!) !== null)
    .map((at) => ({ at, lines: without.filter(({ fields }) => !isNobody(fieldAt(fields, at))).length }))
    .find(({ lines }) => lines >= few);
  if (ofOther === undefined) return [];
  const [name, other] = [table.nameOf(customerId), table.nameOf(ofOther.at)];
  return [
    {
      what: "customers",
      readAs: `${name}, and nobody where it is blank`,
      because: `${formatNumber(ofOther.lines)} of ${formatPlural(all.length, "line")} of the sample have nobody there and something in ${other}; columns="customerId=${other}" takes that`,
      confidence: "likely",
    },
  ];
}
