import { formatNumber, formatPlural } from "@keyspaces-segmentation/common";
import { type NobodyOptions, nobodyReader } from "@keyspaces-segmentation/invoices";
import type { TableRecord } from "@keyspaces-segmentation/table-files";
import { tierOf } from "../columns/column_names.js";
import { listed, type Positions } from "../columns/map_columns.js";
import type { ReadingRow } from "../reading_row.js";
import { remembered } from "../remembered.js";

/** A smaller share of lines without a customer are those of guests as a rule. */
const MANY = 0.2;
const FEWEST = 3;

/** What is said of customers that a column leaves blank in many lines, where another column has them. */
export function otherCustomersOf(
  body: readonly TableRecord[],
  header: readonly string[],
  { positions, shift, nobody }: { positions: Positions; shift: number; nobody: NobodyOptions },
): ReadingRow[] {
  const { customerId } = positions;
  if (customerId === undefined) return [];
  const used = new Set<number>(Object.values(positions));
  const read = remembered(nobodyReader(nobody));
  const isNobody = (fields: readonly string[], at: number): boolean => read(fields[at + shift] ?? "") === null;
  const without = body.filter(({ fields }) => isNobody(fields, customerId));
  const few = Math.max(FEWEST, MANY * body.length);
  if (without.length < few) return [];
  const ofOther = [...header.keys()]
    .filter((at) => !used.has(at) && tierOf("customerId", header[at]!) !== null)
    .map((at) => ({ at, lines: without.filter(({ fields }) => !isNobody(fields, at)).length }))
    .find(({ lines }) => lines >= few);
  if (ofOther === undefined) return [];
  const [name, other] = [listed([header[customerId] ?? "-"]), listed([header[ofOther.at]!])];
  return [
    {
      what: "customers",
      readAs: `${name}, and nobody where it is blank`,
      because: `${formatNumber(ofOther.lines)} of ${formatPlural(body.length, "line")} of the sample have nobody there and something in ${other}; columns="customerId=${other}" takes that`,
      confidence: "likely",
    },
  ];
}
